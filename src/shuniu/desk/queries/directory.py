"""What everybody may know of the services on offer, and of who is there today."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from shuniu.desk.enums import Half, RosterState
from shuniu.desk.models import ServiceLine, Shift
from shuniu.desk.queries.rosters import OnDuty, present_name

PUBLISHED = "what is offered, and who is on duty, is published"


def public_lines() -> QuerySet[ServiceLine]:
    """The service lines that take new cases, with whose they are."""
    rows: QuerySet[ServiceLine] = ServiceLine.objects.unscoped(reason=PUBLISHED)
    return rows.filter(is_open=True).select_related("organisation", "duty")


def on_duty_by_line(lines: Collection[int], first: date, last: date) -> dict[int, list[OnDuty]]:
    """Who is on duty for each of these lines from one day to another, both included; one query."""
    rows = Shift.objects.unscoped(reason=PUBLISHED).filter(line_id__in=lines, day__gte=first, day__lte=last)
    published = rows.filter(roster__state=RosterState.PUBLISHED)
    found: dict[int, list[OnDuty]] = {}
    for shift in published.select_related("roster", "professional__provider", "substitute").order_by(
        "day", "half", "seat"
    ):
        half = str(Half(shift.half).label)
        duty = OnDuty(
            shift.day, half, present_name(shift), shift.professional.provider.name, shift.roster.place,
            shift.roster.phone,
        )  # fmt: skip
        found.setdefault(shift.line_id, []).append(duty)
    return found
