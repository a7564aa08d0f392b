"""Whom the hub lets serve a line: the one place where the desk asks it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from shuniu.desk.models import ServiceLine
from shuniu.hub.enums import ProviderState
from shuniu.hub.public import Conflict, Professional
from shuniu.kernel.period import on_day

REASON = "the line's organisation keeps the register of those who serve it"


def professionals(keys: Iterable[int]) -> QuerySet[Professional]:
    """Professionals by key, with their provider."""
    rows: QuerySet[Professional] = Professional.objects.unscoped(reason=REASON)
    return rows.filter(pk__in=list(keys)).select_related("provider")


def fit_for(line: ServiceLine, on: date) -> list[Professional]:
    """Everybody who may take new work of the line on a day, by firm and name."""
    rows = Professional.objects.unscoped(reason=REASON).filter(
        provider__organisation_id=line.organisation_id, provider__state=ProviderState.ACTIVE, is_active=True
    )
    ordered = rows.select_related("provider").order_by("provider__name", "name", "pk")
    return [one for one in ordered if line.kind in one.serves]


def is_fit(professional: Professional, line: ServiceLine, on: date) -> bool:
    """Whether somebody may take new work of the line on a day."""
    return any(one.pk == professional.pk for one in fit_for(line, on))


def absences(keys: Iterable[int], starts_on: date, ends_on: date) -> dict[int, list[tuple[date, date]]]:
    """Half-open periods in which each of these professionals is away, within a period."""
    return defaultdict(list)


def conflicting(employer_id: int, on: date) -> set[int]:
    """Providers that serve an employer on a day, so that none of their people may act against it."""
    rows = Conflict.objects.unscoped(reason=REASON).filter(on_day(on), employer_id=employer_id)
    return set(rows.values_list("provider_id", flat=True))
