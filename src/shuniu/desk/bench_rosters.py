"""Figures of rosters and bookings for `shuniu bench desk`: a year solved, an absence mended, a crowd at ten places."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from threading import Barrier, Thread
from typing import Any

from django.db import connection, connections

from shuniu.desk.actions.bookings import hold_slot
from shuniu.desk.models import Booking, ServiceLine, WorkPlan
from shuniu.desk.rules.rosters import Candidate, Plan, Task, changed, halves_of, places_of, spread
from shuniu.desk.rules.slots import workdays
from shuniu.desk.rules.solving import repaired, solve, without
from shuniu.hub.public import Professional
from shuniu.kernel.calendar import Calendar
from shuniu.kernel.errors import ActionError
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor

Figure = dict[str, Any]
LAWYERS, PLACES, CROWD, ABSENCES = 22, 10, 100, 20
NOW = datetime(2026, 9, 30, 1, tzinfo=UTC)
NINE = datetime(2026, 10, 8, 1, tzinfo=UTC)


def figures(line: ServiceLine | None = None, professional: Professional | None = None) -> Iterator[Figure]:
    """A year of 22 lawyers of 11 firms, absences in it, and, given a line and somebody who serves, a crowd."""
    task = _year()
    started = time.perf_counter()
    plan = solve(task).plan
    yield _figure("roster of a year", time.perf_counter() - started, "s", limit=10)
    yield _figure("uncovered days", len(task.places) - len(plan), "days", limit=0)
    yield _figure("spread of loads", spread(plan, task.people), "duties", limit=1)
    yield _figure("other days changed after an absence, most of 20", _most_changed(task, plan), "days", limit=3)
    if line is not None and professional is not None:
        yield _figure("of 100 at 10 places, got one", _crowd(line, professional), "bookings", limit=PLACES)


def _year() -> Task:
    days = workdays(date(2026, 1, 1), date(2027, 1, 1), Calendar.official())
    people = tuple(
        Candidate(
            key,
            f"L{key}",
            (key + 1) // 2,
            f"F{(key + 1) // 2}",
            away=frozenset(day for day in days if day.month == key % 12 + 1 and day.day < 8),
        )
        for key in range(1, LAWYERS + 1)
    )
    return Task(places_of(days, halves_of(whole_days=True), 1), people)


def _most_changed(task: Task, plan: Plan) -> int:
    most = 0
    for place in Random(1).sample(sorted(plan), ABSENCES):  # noqa: S311 -- a sample, the same each time
        team = tuple(without(one, {place.day}) if one.key == plan[place] else one for one in task.people)
        found = repaired(Task(task.places, team, task.limits), plan)
        most = max(most, len(set(changed(plan, found.plan)) - {place.day}))
    return most


def _crowd(line: ServiceLine, professional: Professional) -> int:
    """How many bookings there are after all have asked at one moment."""
    WorkPlan.everything.create(
        line=line, professional=professional, starts_on=date(2026, 9, 1), ends_on=FOREVER, minutes=50,
        capacity=PLACES, hours={"a": {"3": "09:00-10:00"}},
    )  # fmt: skip
    start = Barrier(CROWD)
    actor = Actor.system("bench")

    def want() -> None:
        start.wait()
        try:
            hold_slot(line, professional.pk, NINE, actor=actor, now=NOW, for_others=True)
        except ActionError:
            pass
        finally:
            connections.close_all()

    _together([want] * CROWD)
    return Booking.everything.filter(line=line, starts_at=NINE, made_at__gte=NOW - timedelta(hours=1)).count()


def _together(deeds: list[Callable[[], None]]) -> None:
    threads = [Thread(target=deed) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _figure(name: str, value: float, unit: str, limit: float) -> Figure:
    return {
        "figure": name, "part": "rosters", "database": connection.vendor, "rows": LAWYERS,
        "value": round(value, 2), "unit": unit, "limit": limit,
    }  # fmt: skip
