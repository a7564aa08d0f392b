"""What the address of a page asks about: a day, a row."""

from __future__ import annotations

from datetime import date

from django.utils.dateparse import parse_date

from shuniu.kernel.web.requests import PageRequest

FIRST = date(1949, 10, 1)
"""Earlier days are a slip of the hand."""


def day_asked(request: PageRequest, name: str = "on") -> date:
    """The day in the address, today without one or where it makes no sense. No day after today: nothing is known of it."""
    return day_or_none(request.GET.get(name, ""), request.today) or request.today


def day_or_none(text: str, latest: date) -> date | None:
    """A day as date fields write it, none later than `latest`; None where there is none."""
    try:
        found = parse_date(text.strip())
    except ValueError:
        return None
    return min(found, latest) if found and found >= FIRST else None


def number_asked(request: PageRequest, name: str) -> int:
    """The key of a row in the address; 0, which no row has, where it makes no sense."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
