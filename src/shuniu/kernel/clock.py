"""Clocks that can be paused, in minutes, working minutes, working days or calendar days: how much has run, when it is due.

Pure functions over segments of time. The calendar they count on is in `shuniu.kernel.calendar`, offered here as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

from shuniu.kernel.calendar import DAY, TICK, Calendar, CalendarError, DayUnit, Holiday, WorkHours, Year, midnight

__all__ = [
    "Calendar",
    "CalendarError",
    "ClockUnit",
    "DayUnit",
    "Holiday",
    "Segment",
    "WorkHours",
    "Year",
    "due_at",
    "elapsed",
    "running",
]


class ClockUnit(StrEnum):
    """What a clock counts in."""

    MINUTE = "minute"
    WORK_MINUTE = "work_minute"
    WORKDAY = "workday"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time, up to but excluding its end; without one it still lasts. Time zones are required."""

    start: datetime
    end: datetime | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        moments = [self.start] if self.end is None else [self.start, self.end]
        if any(moment.tzinfo is None for moment in moments):
            raise ValueError("A segment needs moments with a time zone.")
        if moments != sorted(moments):
            raise ValueError("A segment ends before it starts.")


def running(start: datetime, pauses: Iterable[Segment]) -> list[Segment]:
    """What the pauses leave of the time from `start` on.

    The first segment begins at `start`, be it empty; the last one is open, unless a pause still lasts.
    """
    segments: list[Segment] = []
    since = start
    for pause in sorted(pauses, key=lambda pause: pause.start):
        if pause.start > since or not segments:
            segments.append(Segment(since, max(since, pause.start), pause.reason))
        if pause.end is None:
            return segments
        since = max(since, pause.end)
    return [*segments, Segment(since)]


def elapsed(segments: Sequence[Segment], now: datetime, calendar: Calendar, unit: ClockUnit) -> int:
    """Whole units that a clock has counted by `now`, over the segments in which it ran.

    Days: the day of the start does not count; another day counts when the clock runs as the day ends, today while it
    runs now. A pause within one day therefore costs nothing, a pause over `n` nights takes out `n` days.

    Raises:
        CalendarError: the clock runs beyond the years covered.
        ValueError: segments overlap.
    """
    ran = sorted((it for it in segments if it.start <= now), key=lambda segment: segment.start)
    if any(a.end is None or a.end > b.start for a, b in pairwise(ran)):
        raise ValueError("The segments of a clock overlap.")
    if not ran:
        return 0
    ruler = _ruler(ran[0].start, calendar, unit)
    ends = (it.end if it.end is not None and it.end <= now else ruler.until(now) for it in ran)
    return sum(ruler.between(it.start, end) for it, end in zip(ran, ends, strict=True)) // ruler.one


def due_at(
    start: datetime, limit: int, pauses: Iterable[Segment], calendar: Calendar, unit: ClockUnit
) -> datetime | None:
    """The last moment in time for what must be done within `limit` units from `start`; None while a pause lasts.

    Days end at midnight, and are counted as in `elapsed`; a limit in calendar days that would end on a day off ends
    on the next working day.

    Raises:
        CalendarError: the limit falls beyond the years covered.
        ValueError: the limit is not at least one unit.
    """
    if limit < 1:
        raise ValueError("A limit is at least one unit.")
    ruler = _ruler(start, calendar, unit)
    left = limit * ruler.one
    for segment in running(start, pauses):
        due = ruler.reach(segment.start, left)
        if segment.end is None or due <= segment.end:
            return due
        # One is left where the days have run out on days off: the next day on which the clock runs is the last.
        left = max(left - ruler.between(segment.start, segment.end), 1)
    return None


class _Ruler(Protocol):
    """Lays off amounts of time in ticks; `one` is how many ticks make a unit."""

    @property
    def one(self) -> int: ...
    def between(self, a: datetime, b: datetime) -> int: ...
    def reach(self, a: datetime, ticks: int) -> datetime: ...
    def until(self, now: datetime) -> datetime: ...


@dataclass(frozen=True, slots=True)
class _MinuteRuler:
    """Round the clock: no calendar is asked, so no year is missing from it."""

    one: int = timedelta(minutes=1) // TICK

    def between(self, a: datetime, b: datetime) -> int:
        return (b - a) // TICK

    def reach(self, a: datetime, ticks: int) -> datetime:
        return a + ticks * TICK

    def until(self, now: datetime) -> datetime:
        return now


@dataclass(frozen=True, slots=True)
class _WorkRuler:
    calendar: Calendar
    one: int = timedelta(minutes=1) // TICK

    def between(self, a: datetime, b: datetime) -> int:
        return self.calendar.position(b) - self.calendar.position(a)

    def reach(self, a: datetime, ticks: int) -> datetime:
        return self.calendar.moment(self.calendar.position(a) + ticks)

    def until(self, now: datetime) -> datetime:
        return now


@dataclass(frozen=True, slots=True)
class _DayRuler:
    calendar: Calendar
    start: date
    unit: DayUnit
    one: int = 1

    def between(self, a: datetime, b: datetime) -> int:
        return self.calendar.days_between(self._over(a), self._over(b), self.unit)

    def reach(self, a: datetime, ticks: int) -> datetime:
        day = self.calendar.due_date(self._over(a), ticks, self.unit)
        return midnight(day, self.calendar.hours.zone) + DAY - TICK

    def until(self, now: datetime) -> datetime:
        return midnight(now.astimezone(self.calendar.hours.zone).date(), self.calendar.hours.zone) + DAY

    def _over(self, moment: datetime) -> date:
        """The last day that is over at `moment`; the day of the start counts as over from the beginning."""
        return max(moment.astimezone(self.calendar.hours.zone).date() - DAY, self.start)


def _ruler(start: datetime, calendar: Calendar, unit: ClockUnit) -> _Ruler:
    if unit is ClockUnit.MINUTE:
        return _MinuteRuler()
    if unit is ClockUnit.WORK_MINUTE:
        return _WorkRuler(calendar)
    return _DayRuler(calendar, start.astimezone(calendar.hours.zone).date(), DayUnit(unit.value))
