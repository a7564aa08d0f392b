"""The official calendar of working days, as dated data, and deadlines counted in days.

A calendar is a value; only `Calendar.official` and `Calendar.load` touch files.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.toml import DataFileError, Table, read_toml

DATA = Path(__file__).parent / "data" / "calendar.toml"
DAY = timedelta(days=1)
SATURDAY = 5
TICK = timedelta(microseconds=1)


class CalendarError(ActionError):
    """A day lies outside the years that the calendar knows."""


class DayUnit(StrEnum):
    """The two kinds of day in which laws count."""

    WORKDAY = "workday"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days off that follow one another, as the notice names them; `last` is included."""

    zh: str
    en: str
    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return list(_days(self.first, self.last))


@dataclass(frozen=True, slots=True)
class Year:
    """A year as its notices set it: the holidays and the weekend days that are worked instead."""

    year: int
    source: str
    workdays: tuple[date, ...]
    holidays: tuple[Holiday, ...]


@dataclass(frozen=True, slots=True)
class WorkHours:
    """The hours of a working day: shifts in order, each from its first moment up to its end, in one time zone."""

    zone: ZoneInfo
    shifts: tuple[tuple[time, time], ...]

    @property
    def length(self) -> timedelta:
        """Working time in a whole day."""
        return self.worked_by(time.max)

    def worked_by(self, moment: time) -> timedelta:
        """How much of the day's working time lies before `moment`."""
        return sum(
            (since_midnight(min(end, max(start, moment))) - since_midnight(start) for start, end in self.shifts),
            timedelta(),
        )

    def reached(self, worked: timedelta) -> timedelta:
        """The time since midnight at which `worked`, more than nothing and at most a whole day, has been worked."""
        for start, end in self.shifts:
            length = since_midnight(end) - since_midnight(start)
            if worked <= length:
                return since_midnight(start) + worked
            worked -= length
        raise ValueError("More than a whole day.")


@dataclass(frozen=True)
class Calendar:
    """Working days of the years covered, which follow one another without a gap. Outside them: `CalendarError`."""

    years: tuple[Year, ...]
    hours: WorkHours

    @classmethod
    def official(cls) -> Calendar:
        """The years shipped with Shuniu and those in the directory of the setting `SHUNIU_CALENDAR_DIR`."""
        return _official(str(getattr(settings, "SHUNIU_CALENDAR_DIR", "")))

    @classmethod
    def load(cls, files: Iterable[Path]) -> Calendar:
        """The calendar that the files state. A later file restates a year, or the hours, as a whole.

        Raises:
            DataFileError: a file is not as `docs/rooms/kernel-clock.md` says, or a year is missing between others.
        """
        years: dict[int, Year] = {}
        hours: WorkHours | None = None
        for file in map(read_toml, files):
            file.only("hours", "year")
            hours = _read_hours(file.table("hours")) if "hours" in file else hours
            years |= {year.year: year for year in map(_read_year, file.tables("year"))}
        if hours is None or not years:
            raise DataFileError(_("The calendar needs office hours and at least one year."))
        _refuse_gaps(sorted(years))
        return cls(tuple(years[number] for number in sorted(years)), hours)

    @property
    def first(self) -> date:
        return date(self.years[0].year, 1, 1)

    @property
    def last(self) -> date:
        return date(self.years[-1].year, 12, 31)

    def is_workday(self, day: date) -> bool:
        self._refuse_outside(day)
        return self._works(day)

    def holiday_on(self, day: date) -> Holiday | None:
        """The holiday a notice puts on the day; None on working days and common weekends."""
        self._refuse_outside(day)
        return next((it for year in self.years for it in year.holidays if it.first <= day <= it.last), None)

    def next_workday(self, day: date) -> date:
        """The first working day after `day`."""
        return self.add_workdays(day, 1)

    def workday_from(self, day: date) -> date:
        """`day` itself where it is worked, else the next working day."""
        return day if self.is_workday(day) else self.next_workday(day)

    def add_workdays(self, start: date, n: int) -> date:
        """The `n`-th working day after `start`, or before it where `n` is negative. `start` itself never counts."""
        self._refuse_outside(start)
        if n == 0:
            return start
        days = self._workdays
        return self._workday(bisect_right(days, start) + n - 1 if n > 0 else bisect_left(days, start) + n)

    def workdays_between(self, a: date, b: date) -> int:
        """Working days after `a` up to and including `b`; negative, from `b` up to but excluding `a`, where `b` is earlier.

        It undoes `add_workdays`: `workdays_between(a, add_workdays(a, n)) == n`.
        """
        self._refuse_outside(a)
        self._refuse_outside(b)
        bisect = bisect_right if a <= b else bisect_left
        return bisect(self._workdays, b) - bisect(self._workdays, a)

    def days_between(self, a: date, b: date, unit: DayUnit) -> int:
        """Days of the unit after `a` up to and including `b`."""
        return (b - a).days if unit is DayUnit.CALENDAR else self.workdays_between(a, b)

    def due_date(self, start: date, n: int, unit: DayUnit) -> date:
        """The last day of a period of `n` days that begins on `start` (Civil Code, articles 200 to 204).

        The day of the start does not count. A period in calendar days that ends on a day off ends on the next
        working day.

        Raises:
            CalendarError: the period ends beyond the years covered.
            ValueError: `n` is negative.
        """
        if n < 0:
            raise ValueError("A period does not end before it begins.")
        if unit is DayUnit.WORKDAY:
            return self.add_workdays(start, n)
        self._refuse_outside(start)
        return self.workday_from(start + min(n, (self.last - start).days + 1) * DAY)

    def position(self, moment: datetime) -> int:
        """Working time in microseconds from the first day covered until `moment`."""
        local = moment.astimezone(self.hours.zone)
        whole = bisect_left(self._workdays, local.date()) * self.hours.length
        today = self.hours.worked_by(local.time()) if self.is_workday(local.date()) else timedelta()
        return (whole + today) // TICK

    def moment(self, position: int) -> datetime:
        """The first moment by which `position` microseconds of working time, at least one, have passed."""
        before, worked = divmod(position * TICK - TICK, self.hours.length)
        return midnight(self._workday(before), self.hours.zone) + self.hours.reached(worked + TICK)

    @cached_property
    def _stated(self) -> dict[date, bool]:
        """Whether a day is worked, for the days that a notice names."""
        off = {day: False for year in self.years for holiday in year.holidays for day in holiday.days}
        return off | {day: True for year in self.years for day in year.workdays}

    @cached_property
    def _workdays(self) -> tuple[date, ...]:
        return tuple(day for day in _days(self.first, self.last) if self._works(day))

    def _works(self, day: date) -> bool:
        return self._stated.get(day, day.weekday() < SATURDAY)

    def _workday(self, index: int) -> date:
        if not 0 <= index < len(self._workdays):
            self._refuse_outside(self.first - DAY if index < 0 else self.last + DAY)
        return self._workdays[index]

    def _refuse_outside(self, day: date) -> None:
        if self.first <= day <= self.last:
            return
        message = _(
            "The working calendar covers {first} to {last}, so working days in {year} are not known. "
            "The operator can add the year as a file in the directory {setting}."
        )
        values = {"first": self.first.year, "last": self.last.year, "year": day.year, "setting": "SHUNIU_CALENDAR_DIR"}
        raise CalendarError(message.format(**values))


@lru_cache(maxsize=4)
def _official(directory: str) -> Calendar:
    return Calendar.load([DATA, *sorted(Path(directory).glob("*.toml"))] if directory else [DATA])


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * DAY for n in range((last - first).days + 1))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of the day."""
    return datetime.combine(day, time.min, zone)


def since_midnight(moment: time) -> timedelta:
    return datetime.combine(date.min, moment) - datetime.combine(date.min, time.min)


def _refuse_gaps(years: list[int]) -> None:
    for year, following in pairwise(years):
        if following != year + 1:
            raise DataFileError(_("The calendar lacks the year {year}.").format(year=year + 1))


def _read_hours(table: Table) -> WorkHours:
    table.only("zone", "shifts")
    expected = _("shifts in order such as [[09:00:00, 12:00:00], [13:30:00, 17:30:00]]")
    pairs = table.list_of("shifts", list, expected)
    moments = [moment for pair in pairs for moment in pair if type(moment) is time]
    if not pairs or any(len(pair) != 2 for pair in pairs) or len(moments) != 2 * len(pairs):
        table.refuse("shifts", expected)
    if any(a >= b for a, b in pairwise(moments)):
        table.refuse("shifts", expected)
    try:
        zone = ZoneInfo(table.text("zone"))
    except (ZoneInfoNotFoundError, ValueError):
        table.refuse("zone", _("a time zone such as Asia/Shanghai"))
    return WorkHours(zone, tuple(zip(moments[::2], moments[1::2], strict=True)))


def _read_year(table: Table) -> Year:
    table.only("year", "source", "workdays", "holidays")
    year = Year(
        year=table.integer("year"),
        source=table.text("source"),
        workdays=table.days("workdays"),
        holidays=tuple(map(_read_holiday, table.tables("holidays"))),
    )
    named = [*year.workdays, *(day for holiday in year.holidays for day in holiday.days)]
    for day in named:
        if day.year != year.year and (day.year, day.month) != (year.year - 1, 12):
            table.refuse("year", _("the year of every day named, {day} among them").format(day=day))
    if len(set(named)) != len(named):
        table.refuse("workdays", _("days that are named once and are not holidays too"))
    return year


def _read_holiday(table: Table) -> Holiday:
    table.only("zh", "en", "from", "to")
    holiday = Holiday(table.text("zh"), table.text("en"), table.day("from"), table.day("to"))
    if holiday.last < holiday.first:
        table.refuse("to", _("no earlier than “from”"))
    return holiday
