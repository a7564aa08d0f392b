"""Slot arithmetic: from weekly hours and dated exceptions, or from duties, to the times that can be booked.

Pure. A day that the official calendar does not know yet counts by its weekday: nobody is kept from booking for January
because the notice about its holidays is not out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext as _

from shuniu.desk.enums import Half, Meeting
from shuniu.kernel.calendar import SATURDAY, Calendar, CalendarError
from shuniu.kernel.errors import ActionError
from shuniu.kernel.text import normal

WEEK_A, WEEK_B = "a", "b"
RANGE = re.compile(r"(\d{1,2}):?(\d{2})?\s*[-–—~至到]\s*(\d{1,2}):?(\d{2})?")
MIDDAY: Final = time(12, 30)


class HoursError(ActionError):
    """Hours as typed that cannot be read. The sentence says what is expected."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Time of a day, from `starts` up to `ends`, in the site's zone."""

    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Special:
    """A dated exception: open or closed on these spans; without spans, all day closed, or open as on that weekday."""

    day: date
    is_open: bool
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Weekly:
    """The hours of one who receives people.

    Args:
        anchor: the week that this day lies in is a week A.
        weeks: spans by week (`a`, `b`) and weekday (Monday 0); no `b` means that every week is the same.
        minutes: the length of an appointment; `buffer` lies between two.
    """

    anchor: date
    weeks: Mapping[str, Mapping[int, tuple[Span, ...]]]
    minutes: int
    buffer: int = 0
    exceptions: tuple[Special, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """A time that can be booked with somebody, for as many as `capacity`."""

    starts_at: datetime
    ends_at: datetime
    professional: int
    capacity: int = field(default=1, compare=False)
    meeting: str = field(default=Meeting.VISIT, compare=False)
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class With:
    """Whom one meets, how, where, and how many at a time."""

    professional: int
    meeting: str = Meeting.VISIT
    place: str = ""
    capacity: int = 1


def works(day: date, calendar: Calendar) -> bool:
    """Whether the day is worked; by its weekday where the calendar does not know the year yet."""
    try:
        return calendar.is_workday(day)
    except CalendarError:
        return day.weekday() < SATURDAY


def workdays(starts_on: date, ends_on: date, calendar: Calendar) -> list[date]:
    """The working days of a half-open period, make-up days included.

    Raises:
        CalendarError: the calendar does not know a year of it.
    """
    return [day for day in days_of(starts_on, ends_on) if calendar.is_workday(day)]


def days_of(starts_on: date, ends_on: date) -> Iterator[date]:
    """Every day of a half-open period."""
    return (starts_on + timedelta(days=number) for number in range((ends_on - starts_on).days))


def read_spans(text: str) -> tuple[Span, ...]:
    """Hours as people write them, such as `9:00-12:00, 13:30-17:00`.

    Raises:
        HoursError: something else is written, or the spans overlap.
    """
    written = normal(text)
    spans = sorted(_span(match) for match in RANGE.finditer(written))
    if RANGE.sub("", written).strip(" ,;，；、和and"):
        raise HoursError(_("“{text}” is no time. Write for example 9:00-12:00, 13:30-17:00.").format(text=text.strip()))
    if any(one.ends > other.starts for one, other in pairwise(spans)):
        raise HoursError(_("The times {text} overlap.").format(text=text.strip()))
    return tuple(spans)


def spans_text(spans: Iterable[Span]) -> str:
    """Spans as they are written in a form."""
    return ", ".join(f"{span.starts:%H:%M}-{span.ends:%H:%M}" for span in spans)


def week_of(day: date, anchor: date) -> str:
    """Whether a day lies in a week A or B, counted from the anchor's week; years of 53 weeks do not matter."""
    monday, first = day - timedelta(days=day.weekday()), anchor - timedelta(days=anchor.weekday())
    return WEEK_A if (monday - first).days // 7 % 2 == 0 else WEEK_B


def spans_on(weekly: Weekly, day: date, calendar: Calendar) -> tuple[Span, ...]:
    """The spans in which somebody receives people on a day: weekly hours on working days, then the exceptions."""
    week = weekly.weeks.get(week_of(day, weekly.anchor) if WEEK_B in weekly.weeks else WEEK_A, {})
    usual = tuple(week.get(day.weekday(), ()))
    spans = usual if works(day, calendar) else ()
    for exception in weekly.exceptions:
        if exception.day == day:
            spans = _excepted(spans, usual, exception)
    return spans


def cut(spans: Iterable[Span], minutes: int, buffer: int = 0) -> list[Span]:
    """Appointments of `minutes` within the spans, `buffer` minutes apart; none begins that would not end in time."""
    found = []
    for span in spans:
        start, end = _minute(span.starts), _minute(span.ends)
        while start + minutes <= end:
            found.append(Span(_time(start), _time(start + minutes)))
            start += minutes + buffer
    return found


def openings(weekly: Weekly, days: Iterable[date], calendar: Calendar, of: With) -> Iterator[Opening]:
    """What can be booked on these days."""
    for day in days:
        for span in cut(spans_on(weekly, day, calendar), weekly.minutes, weekly.buffer):
            yield at(day, span, calendar, of)


def duty_spans(half: str, calendar: Calendar) -> tuple[Span, ...]:
    """The office hours that a duty takes."""
    shifts = tuple(Span(start, end) for start, end in calendar.hours.shifts)
    if half == Half.MORNING:
        return tuple(span for span in shifts if span.starts < MIDDAY)
    if half == Half.AFTERNOON:
        return tuple(span for span in shifts if span.starts >= MIDDAY)
    return shifts


def duty_hours(day: date, half: str, calendar: Calendar) -> tuple[datetime, datetime]:
    """From when until when a duty lasts."""
    spans, zone = duty_spans(half, calendar), calendar.hours.zone
    return datetime.combine(day, spans[0].starts, zone), datetime.combine(day, spans[-1].ends, zone)


def at(day: date, span: Span, calendar: Calendar, of: With) -> Opening:
    """One appointment on one day."""
    zone = calendar.hours.zone
    starts_at, ends_at = datetime.combine(day, span.starts, zone), datetime.combine(day, span.ends, zone)
    return Opening(starts_at, ends_at, of.professional, of.capacity, of.meeting, of.place)


def free(
    offered: Iterable[Opening], booked: Sequence[tuple[int, datetime, datetime]], *, now: datetime
) -> list[tuple[Opening, int]]:
    """The openings still to be had and how many may still book each, in order of time.

    Args:
        offered: openings, in any order.
        booked: professional, start and end of each booking that holds a place. One that begins and ends as the opening
            takes a place of it; any other that overlaps it takes it whole.
        now: what has begun is over.
    """
    by_person: dict[int, list[tuple[datetime, datetime]]] = {}
    for professional, starts_at, ends_at in booked:
        by_person.setdefault(professional, []).append((starts_at, ends_at))
    left = ((opening, _left(opening, by_person.get(opening.professional, ()))) for opening in sorted(offered))
    return [(opening, places) for opening, places in left if opening.starts_at > now and places > 0]


def _left(opening: Opening, taken: Iterable[tuple[datetime, datetime]]) -> int:
    left = opening.capacity
    for starts_at, ends_at in taken:
        if (starts_at, ends_at) == (opening.starts_at, opening.ends_at):
            left -= 1
        elif starts_at < opening.ends_at and opening.starts_at < ends_at:
            return 0
    return left


def _span(match: re.Match[str]) -> Span:
    hour, minute, to_hour, to_minute = (int(part or 0) for part in match.groups())
    try:
        span = Span(time(hour, minute), time(to_hour, to_minute))
    except ValueError as error:
        raise HoursError(_("“{text}” is no time of the day.").format(text=match.group())) from error
    if span.starts >= span.ends:
        raise HoursError(_("“{text}” ends before it begins.").format(text=match.group()))
    return span


def _excepted(spans: tuple[Span, ...], usual: tuple[Span, ...], exception: Special) -> tuple[Span, ...]:
    if exception.is_open:
        return _joined([*spans, *(exception.spans or usual)])
    return _less(spans, exception.spans) if exception.spans else ()


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.starts <= found[-1].ends:
            found[-1] = Span(found[-1].starts, max(found[-1].ends, span.ends))
        else:
            found.append(span)
    return tuple(found)


def _less(spans: Iterable[Span], closed: Iterable[Span]) -> tuple[Span, ...]:
    left = list(spans)
    for gap in closed:
        pieces = []
        for span in left:
            pieces += [Span(span.starts, min(span.ends, gap.starts)), Span(max(span.starts, gap.ends), span.ends)]
        left = [piece for piece in pieces if piece.starts < piece.ends]
    return tuple(left)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)
