"""Which committees must be elected anew, and how many were in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Count, DateField, F, Q, QuerySet, Value

from shuniu.kernel.scope import Actor, path_range
from shuniu.registry.models import Organisation, Term
from shuniu.registry.rules.terms import months_later
from shuniu.rulebook.public import Place, find

REASON = "numbers about terms; the caller narrows by the path it may see"


@lru_cache(maxsize=16)
def warning_months(on: date) -> tuple[int, ...]:
    """The months before the end of a term at which an election is called to mind everywhere, the longest first."""
    return tuple(sorted(find("term.warning_months", on=on, at=Place()).rule.numbers, reverse=True))


def present_terms(actor: Actor) -> QuerySet[Term]:
    """The terms in which committees are in office today, of bodies an actor may see."""
    return Term.objects.visible_to(actor).filter(ended_on=None).select_related("organisation__parent")


def seen_on(rows: QuerySet[Term], day: date) -> QuerySet[Any]:
    """Rows that know the day they are looked at: `seen_on`."""
    return rows.annotate(seen_on=Value(day, output_field=DateField()))


def due_terms(actor: Actor, today: date) -> QuerySet[Term]:
    """Terms that are over or end within the longest warning, of bodies an actor may see."""
    return present_terms(actor).filter(due_on__lte=months_later(today, warning_months(today)[0]))


@dataclass(frozen=True, slots=True)
class InTime:
    """Committees whose term ended within a year, and those of them that were elected anew by then."""

    in_time: int
    due: int


def elected_in_time(day: date, path: str = "") -> InTime:
    """Elections due in the year up to `day` below a path of today's tree, and those held no later than the due day."""
    due = Term.objects.unscoped(reason=REASON).filter(
        path_range(path, "organisation__path"),
        due_on__gt=months_later(day, -12),
        due_on__lte=day,
        organisation__dissolved_on__gt=F("due_on"),
    )
    found = due.aggregate(in_time=Count("pk", filter=Q(ended_on__lte=F("due_on"))), due=Count("pk"))
    return InTime(**found)


def without_term(actor: Actor) -> QuerySet[Organisation]:
    """Bodies an actor may see that have no committee in office."""
    in_office = Term.objects.unscoped(reason=REASON).filter(ended_on=None)
    return Organisation.objects.visible_to(actor).exclude(pk__in=in_office.values("organisation_id"))
