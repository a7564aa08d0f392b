"""Whom the hub lets serve a line: the one place where the desk asks it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from shuniu.desk.models import ServiceLine
from shuniu.hub.public import Absence, Professional, conflicting_providers, fit_professionals

REASON = "the line's organisation keeps the register of those who serve it"


def fit_for(line: ServiceLine, on: date) -> QuerySet[Professional]:
    """Everybody who may take new work of the line on a day, by firm and name."""
    rows = fit_professionals(line.kind, on).filter(provider__organisation_id=line.organisation_id)
    return rows.order_by("provider__name", "name", "pk")


def is_fit(professional: Professional, line: ServiceLine, on: date) -> bool:
    """Whether somebody may take new work of the line on a day."""
    return fit_for(line, on).filter(pk=professional.pk).exists()


def absences(keys: Iterable[int], starts_on: date, ends_on: date) -> dict[int, list[tuple[date, date]]]:
    """Half-open periods in which each of these professionals is away, cut to a period."""
    rows = Absence.objects.unscoped(reason=REASON).filter(
        professional__in=list(keys), starts_on__lt=ends_on, ends_on__gt=starts_on
    )
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for key, start, end in rows.values_list("professional_id", "starts_on", "ends_on"):
        found[key].append((max(start, starts_on), min(end, ends_on)))
    return found


def conflicting(employer_id: int | None, on: date) -> set[int]:
    """Providers that serve an employer on a day, so that none of their people may act against it."""
    return conflicting_providers(employer_id, on) if employer_id is not None else set()


def people_of(keys: Iterable[int]) -> QuerySet[Professional]:
    """Professionals by key, by firm and name."""
    rows: QuerySet[Professional] = Professional.objects.unscoped(reason=REASON)
    return rows.filter(pk__in=list(keys)).select_related("provider").order_by("provider__name", "name", "pk")


def own_professional(user_id: int | None) -> Professional | None:
    """The professional behind an account."""
    if user_id is None:
        return None
    rows = Professional.objects.unscoped(reason="one's own entry").select_related("provider")
    found: Professional | None = rows.filter(user_id=user_id).first()
    return found
