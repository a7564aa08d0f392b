"""When a committee's term is over, and how loudly that is called to mind."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shuniu.registry.enums import ABOVE_PRIMARY, OrganisationType


def months_later(day: date, months: int) -> date:
    """The same day some months on (or back); the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_later(day: date, years: int) -> date:
    """The same day some years on; 28 February for a 29 February that does not exist."""
    return months_later(day, years * 12)


def whole_months(since: date, day: date) -> int:
    """Whole months that have passed from `since` to `day`; none where `day` is earlier."""
    months = (day.year - since.year) * 12 + day.month - since.month
    return max(0, months - (months_later(since, months) > day))


def rule_of_years(kind: OrganisationType) -> str:
    """The rule by which a committee's term is so long: one for unions, one for the bodies above them."""
    return "term.years_local" if kind in ABOVE_PRIMARY else "term.years"


@dataclass(frozen=True, slots=True)
class ElectionDue:
    """How near an election is. `within`: the smallest of the months of warning that it falls in, None where in none."""

    due_on: date
    days: int
    within: int | None

    @property
    def is_overdue(self) -> bool:
        """Whether the term is over: the due day itself still belongs to it."""
        return self.days < 0

    @property
    def tone(self) -> str:
        """The tone of its pill."""
        if self.is_overdue:
            return "bad"
        return "warn" if self.within is not None else "good"


def warning(due_on: date, day: date, months: Iterable[int]) -> ElectionDue:
    """How near an election due on a day is, seen from `day`, with warnings some months before."""
    within = min((number for number in months if months_later(day, number) >= due_on), default=None)
    return ElectionDue(due_on, (due_on - day).days, within)
