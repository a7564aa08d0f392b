"""What providers and professionals did, as sums of indexed rows: the hub's scores and standings go by it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Now

from shuniu.desk.enums import BookingState
from shuniu.desk.models import Booking, Case, CaseClock
from shuniu.hub.enums import ServiceKind
from shuniu.hub.public import ServiceFacts, register_facts, register_professional_facts
from shuniu.kernel.calendar import Calendar, midnight
from shuniu.voice.public import Rating

FIRST = ("first", "contact", "accept", "visit")
"""Clocks that a first answer stops, in the templates of lines; a repair's first answer is that somebody comes."""
SOLUTION = ("solve",)
KEPT = (BookingState.ATTENDED, BookingState.MISSED)
"""Appointments that the professional kept, whether or not the other one came."""
SUMS = "sums by provider or professional; no row of a case is returned"


def register() -> None:
    """Called once, when the site starts."""
    register_facts(provider_facts)
    register_professional_facts(professional_facts)


def provider_facts(
    provider_ids: Collection[int], kinds: Collection[ServiceKind], start: date, end: date
) -> ServiceFacts:
    """What the providers did of these kinds in `[start, end)`. Five queries, whatever the number of providers."""
    return _facts("provider_id", provider_ids, kinds, start, end)


def professional_facts(
    professional_ids: Collection[int], kinds: Collection[ServiceKind], start: date, end: date
) -> ServiceFacts:
    """The same by professional."""
    return _facts("professional_id", professional_ids, kinds, start, end)


def _facts(column: str, ids: Collection[int], kinds: Collection[ServiceKind], start: date, end: date) -> ServiceFacts:
    zone = Calendar.official().hours.zone
    since, until = midnight(start, zone), midnight(end, zone)
    of_cases = Q(**{f"{column}__in": list(ids)}, line__kind__in=list(kinds))
    answered, in_time = _clocks(FIRST, column, ids, kinds, since, until)
    solved, solved_in_time = _clocks(SOLUTION, column, ids, kinds, since, until)
    booked, kept = _bookings(column, ids, kinds, since, until)
    ended = Case.objects.unscoped(reason=SUMS).filter(of_cases, closed_at__gte=since, closed_at__lt=until)
    return ServiceFacts(
        answered=answered, answered_in_time=in_time, solved=solved, solved_in_time=solved_in_time, booked=booked, kept=kept,
        served=ended.count(), **_ratings(column, ids, kinds, start, end),
    )  # fmt: skip


def _clocks(
    keys: tuple[str, ...],
    column: str,
    ids: Collection[int],
    kinds: Collection[ServiceKind],
    since: datetime,
    until: datetime,
) -> tuple[int, int]:
    """Clocks that were decided in the period, each once: kept when it was stopped, missed when it fell due."""
    kept = Q(stopped_at__lte=F("due_at"), stopped_at__gte=since, stopped_at__lt=until)
    missed = Q(due_at__gte=since, due_at__lt=until, due_at__lte=Now())
    missed &= Q(stopped_at=None) | Q(stopped_at__gt=F("due_at"))
    rows = CaseClock.everything.filter(
        kept | missed, key__in=keys, **{f"case__{column}__in": list(ids)}, case__line__kind__in=list(kinds)
    )
    found = rows.aggregate(n=Count("pk"), kept=Count("pk", filter=Q(stopped_at__lte=F("due_at"))))
    return found["n"], found["kept"]


def _bookings(
    column: str, ids: Collection[int], kinds: Collection[ServiceKind], since: datetime, until: datetime
) -> tuple[int, int]:
    whose = "professional_id__in" if column == "professional_id" else "professional__provider_id__in"
    rows = Booking.objects.unscoped(reason=SUMS).filter(
        **{whose: list(ids)},
        line__kind__in=list(kinds),
        starts_at__gte=since,
        starts_at__lt=until,
        state__in=(*KEPT, BookingState.WITHDRAWN),
    )
    found = rows.aggregate(n=Count("pk"), kept=Count("pk", filter=Q(state__in=KEPT)))
    return found["n"], found["kept"]


def _ratings(
    column: str, ids: Collection[int], kinds: Collection[ServiceKind], start: date, end: date
) -> dict[str, Any]:
    rows = Rating.objects.unscoped(reason=SUMS).filter(
        **{f"{column}__in": list(ids)}, kind__in=list(kinds), given_on__gte=start, given_on__lt=end
    )
    found = rows.aggregate(n=Count("pk"), total=Sum("stars"), satisfied=Count("pk", filter=Q(stars__gte=4)))
    return {"ratings": found["n"], "stars": found["total"] or 0, "satisfied": found["satisfied"]}
