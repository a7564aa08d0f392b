"""Clocks of a case: when they start, stand still and stop as the case moves, and when what they limit is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shuniu.desk.rules.setup import Clock, Setup
from shuniu.kernel.calendar import Calendar, CalendarError
from shuniu.kernel.clock import ClockUnit, Segment, due_at, elapsed, running

SOON = timedelta(days=1)
"""How long before its end a limit is shown in amber."""


class Turn(StrEnum):
    """What becomes of a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


def turns(setup: Setup, before: str, after: str, live: Iterable[str]) -> list[tuple[Clock, Turn]]:
    """What becomes of each clock when a case goes from one state to another; `before` is empty for a new case.

    `live`: keys of the clocks that have started and not stopped. A clock that starts in a paused state starts paused:
    START and PAUSE both.
    """
    running_now, found = set(live), list[tuple[Clock, Turn]]()
    was, now = before in setup.paused, after in setup.paused
    for clock in setup.clocks:
        if clock.key in running_now:
            if after in clock.stops or after in setup.finals:
                found.append((clock, Turn.STOP))
            elif was != now:
                found.append((clock, Turn.PAUSE if now else Turn.RESUME))
        elif after in clock.starts and before not in clock.starts and after not in clock.stops:
            found += [(clock, Turn.START), *([(clock, Turn.PAUSE)] if now else [])]
    return found


def due(start: datetime, limit: int, pauses: Iterable[Segment], calendar: Calendar, unit: ClockUnit) -> datetime | None:
    """The last moment in time; None while a pause lasts, and where the official calendar does not reach that far."""
    try:
        return due_at(start, limit, pauses, calendar, unit)
    except CalendarError:
        return None


def used(
    start: datetime,
    stop: datetime | None,
    pauses: Sequence[Segment],
    now: datetime,
    calendar: Calendar,
    unit: ClockUnit,
) -> int | None:
    """Whole units that have run until `now`, or until the clock was stopped; None beyond the calendar."""
    try:
        return elapsed(running(start, pauses), min(now, stop) if stop else now, calendar, unit)
    except CalendarError:
        return None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a clock stands: `late` is None where that cannot be said."""

    due_at: datetime | None
    stopped_at: datetime | None
    paused: bool

    def late(self, now: datetime) -> bool | None:
        """Whether the limit was not kept, or is not being kept."""
        if self.due_at is None:
            return None
        return (self.stopped_at or now) > self.due_at

    def tone(self, now: datetime) -> str:
        """Colour: kept is good, missed is bad, the last day is amber, all else plain."""
        late = self.late(now)
        if late:
            return "bad"
        if self.stopped_at is not None:
            return "good" if late is False else "done"
        return "warn" if self.due_at is not None and self.due_at - now <= SOON else "active"


def ladder(due: datetime, now: datetime, calendar: Calendar, *, before: int, after: int, long_after: int) -> int:
    """How far up the ladder an open limit has come by `now`: 0 nothing, 1 nearly due, 2 overdue, 3 long overdue.

    `before` and `long_after` are working days, `after` calendar days: the day after it was due.

    Raises:
        CalendarError: a step lies beyond the calendar.
    """
    zone = calendar.hours.zone
    day, today = due.astimezone(zone).date(), now.astimezone(zone).date()
    if today > calendar.add_workdays(day, long_after):
        return 3
    if today >= day + timedelta(days=after) and now > due:
        return 2
    return 1 if today >= calendar.add_workdays(day, -before) and now <= due else 0
