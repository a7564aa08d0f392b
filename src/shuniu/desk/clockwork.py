"""The clocks of cases in the database: started, paused and stopped as cases move, and what follows from that.

What each limit is comes from the rulebook at the place of the line on the day the clock starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from shuniu.desk.lineage import setup_of
from shuniu.desk.models import Case, CaseClock, ClockPause, LineVersion
from shuniu.desk.rules.clocks import Turn, due, turns
from shuniu.desk.rules.setup import Clock
from shuniu.kernel.clock import Calendar, ClockUnit, Segment
from shuniu.rulebook.public import Place, place_of, snapshot


def limits(
    clocks: Iterable[Clock], answers: Mapping[str, Any], place: Place, now: datetime
) -> dict[str, tuple[str, int]]:
    """The rule and its number for each clock; a clock whose rule is not in force there limits nothing and is left out."""
    rules = snapshot(on=timezone.localtime(now).date())
    found = {}
    for clock in clocks:
        rule_id = clock.rule_for(answers)
        rule = rules.get(rule_id, place)
        if rule is not None and rule.rule.number > 0:
            found[clock.key] = (rule_id, rule.rule.number)
    return found


def begin(case: Case, version: LineVersion, answers: Mapping[str, Any], now: datetime) -> list[CaseClock]:
    """The clocks of a new case, not saved yet; sets the case's due time."""
    starting = [clock for clock, turn in turns(setup_of(version), "", case.state, ()) if turn is Turn.START]
    numbers = limits(starting, answers, place_of(case.organisation), now) if starting else {}
    made = [_clock(case, clock, numbers[clock.key], now) for clock in starting if clock.key in numbers]
    case.due_at = min((clock.due_at for clock in made if clock.due_at), default=None)
    return made


def _clock(case: Case, clock: Clock, number: tuple[str, int], now: datetime, round_: int = 1) -> CaseClock:
    rule, limit = number
    ends = due(now, limit, (), Calendar.official(), clock.unit)
    return CaseClock(
        case=case, key=clock.key, round=round_, unit=clock.unit, rule=rule, limit=limit, started_at=now, due_at=ends
    )


def follow(case: Case, before: str, after: str, now: datetime) -> None:
    """Turn the clocks of a case that went from one state to another, and keep its due time; `case` is not saved."""
    setup = setup_of(case.version)
    live = {clock.key: clock for clock in case.clocks.filter(stopped_at=None)}
    changes = turns(setup, before, after, live)
    starting = [clock for clock, turn in changes if turn is Turn.START]
    numbers = limits(starting, case.answered, place_of(case.organisation), now) if starting else {}
    for clock, turn in changes:
        if turn is Turn.START and clock.key in numbers:
            rounds = case.clocks.filter(key=clock.key).count()
            live[clock.key] = _clock(case, clock, numbers[clock.key], now, rounds + 1)
            live[clock.key].save(force_insert=True)
        elif turn is not Turn.START and clock.key in live:
            _turn(live[clock.key], turn, now, reason=after)
    case.due_at = nearest(live.values())


def _turn(clock: CaseClock, turn: Turn, now: datetime, reason: str) -> None:
    match turn:
        case Turn.STOP:
            clock.stopped_at = now
            clock.pauses.filter(ended_at=None).update(ended_at=now)
        case Turn.PAUSE:
            ClockPause.everything.create(clock=clock, started_at=now, reason=reason)
        case _:
            clock.pauses.filter(ended_at=None).update(ended_at=now)
    reckon(clock)


def stop(case: Case, keys: Iterable[str], now: datetime) -> None:
    """Stop some clocks of a case, such as that of the first answer; sets the case's due time and does not save it."""
    wanted = set(keys)
    live = list(case.clocks.filter(stopped_at=None))
    for clock in live:
        if clock.key in wanted:
            _turn(clock, Turn.STOP, now, reason="")
    case.due_at = nearest(live)


def reckon(clock: CaseClock) -> None:
    """Work out anew when a clock is due, from its segments, and save it. A clock that was stopped while it stood still
    was kept if it was kept when the pause began.
    """
    rows = clock.pauses.order_by("started_at")
    pauses = [Segment(row.started_at, row.ended_at, row.reason) for row in rows]
    calendar, unit = Calendar.official(), ClockUnit(clock.unit)
    clock.due_at = due(clock.started_at, clock.limit + clock.extra, pauses, calendar, unit)
    clock.save(update_fields=["stopped_at", "due_at", "extra"])


def nearest(clocks: Iterable[CaseClock]) -> datetime | None:
    """The nearest end of the clocks that still run."""
    return min((clock.due_at for clock in clocks if clock.due_at and clock.stopped_at is None), default=None)
