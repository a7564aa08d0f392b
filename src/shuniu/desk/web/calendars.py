"""A month as a page shows it, and duties as a calendar file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from icalendar import Calendar as File
from icalendar import Event

from shuniu.kernel.calendar import Calendar, CalendarError, Holiday


@dataclass(frozen=True, slots=True)
class Month:
    """A month within a period; `before` and `after` are its neighbours as `YYYY-MM`, empty where the period ends."""

    first: date
    last: date
    before: str
    after: str

    def __str__(self) -> str:
        return date_format(self.first, "YEAR_MONTH_FORMAT")

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar. `entries` is whatever the page puts there."""

    day: date
    entries: list[Any]
    inside: bool
    is_today: bool
    is_worked: bool
    holiday: Holiday | None
    is_empty: bool


def month_in(text: str, today: date, first: date, last: date) -> Month:
    """The month that is asked for as `YYYY-MM`, today's where nothing sensible is, within the period."""
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        asked = today
    day = min(max(asked, first), last).replace(day=1)
    following = (day + timedelta(days=32)).replace(day=1)
    before = (day - timedelta(days=1)).strftime("%Y-%m") if day > first.replace(day=1) else ""
    return Month(day, following - timedelta(days=1), before, f"{following:%Y-%m}" if following <= last else "")


def weeks_of(
    month: Month, entries: Mapping[date, list[Any]], today: date, needed: Iterable[date] = ()
) -> list[list[Day]]:
    """The weeks of a month, from Monday; days of its neighbours stand there empty. `needed` days must have entries."""
    calendar, wanted = Calendar.official(), set(needed)
    start = month.first - timedelta(days=month.first.weekday())
    weeks = []
    while start <= month.last:
        days = [start + timedelta(days=number) for number in range(7)]
        weeks.append([_day(day, month, entries, today, calendar, wanted) for day in days])
        start += timedelta(days=7)
    return weeks


def _day(
    day: date, month: Month, entries: Mapping[date, list[Any]], today: date, calendar: Calendar, wanted: set[date]
) -> Day:
    inside = month.first <= day <= month.last
    found = entries.get(day, []) if inside else []
    try:
        worked, holiday = calendar.is_workday(day), calendar.holiday_on(day)
    except CalendarError:
        worked, holiday = day.weekday() < 5, None
    return Day(day, found, inside, day == today, worked, holiday, inside and day in wanted and not found)


def weekdays() -> list[Any]:
    """The short names of the weekdays, Monday first."""
    return [WEEKDAYS_ABBR[number] for number in range(7)]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a calendar file. `key` tells it from all others for good."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""


def calendar_file(name: str, entries: Iterable[Entry], now: datetime) -> bytes:
    """An iCalendar file (RFC 5545)."""
    file = File()
    file.add("prodid", "-//Shuniu//duty//EN")
    file.add("version", "2.0")
    file.add("x-wr-calname", name)
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.key}@shuniu")
        event.add("dtstamp", now)
        event.add("dtstart", entry.starts_at)
        event.add("dtend", entry.ends_at)
        event.add("summary", entry.title)
        if entry.place:
            event.add("location", entry.place)
        file.add_component(event)
    return bytes(file.to_ical())
