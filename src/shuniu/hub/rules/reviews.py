"""When a decision about a duty is looked at again."""

from __future__ import annotations

from datetime import date


def months_between(start: date, end: date) -> int:
    """Months from one day to another; a month that has begun counts as one. Negative where `end` is before `start`."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months + (end.day > start.day)


def months_on(start: date, months: int) -> date:
    """The day so many months later, or the last of a month that is too short for it."""
    year, month = divmod(start.month - 1 + months, 12)
    day = start.day
    while day > 27:
        try:
            return date(start.year + year, month + 1, day)
        except ValueError:
            day -= 1
    return date(start.year + year, month + 1, day)
