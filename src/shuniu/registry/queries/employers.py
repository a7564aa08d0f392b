"""Reads of employers: which have a union, which should have one, area by area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from shuniu.kernel.period import FOREVER, on_day
from shuniu.kernel.scope import Actor, path_range
from shuniu.kernel.text import normal
from shuniu.registry.enums import ABOVE_PRIMARY
from shuniu.registry.models import Coverage, Employer, Organisation
from shuniu.rulebook.public import Place, find

REASON = "totals without a person in them; the caller narrows by the path it may see"


def with_unions(rows: QuerySet[Employer], day: date) -> QuerySet[Employer]:
    """Rows that say whether a union covered the employer on `day`: `has_union`."""
    covered = Coverage.objects.unscoped(reason="whether there is a union").filter(on_day(day), employer=OuterRef("pk"))
    return rows.annotate(has_union=Exists(covered))


def open_on(day: date) -> Q:
    """Employers that had not ceased on `day`, as far as is known."""
    return (Q(opened_on=None) | Q(opened_on__lte=day)) & (Q(closed_on=None) | Q(closed_on__gt=day))


def coverage_of(employer: Employer) -> QuerySet[Coverage]:
    """The unions that cover or covered an employer, the latest first. The caller has reached the employer."""
    rows = Coverage.objects.unscoped(reason="who covers an employer is known to those who see the employer")
    return rows.filter(employer=employer).select_related("organisation").order_by("-starts_on", "-pk")


def should_have_union(on: date) -> int:
    """The staff from which an employer should have a union of its own: the number from which a committee is due."""
    return find("committee.threshold", on=on, at=Place()).rule.number


@dataclass(frozen=True, slots=True)
class Coverages:
    """Employers with enough staff for a union, and those of them that have one; staff of all employers with a union."""

    organised: int
    due: int
    staff: int

    def __add__(self, other: Coverages) -> Coverages:
        return Coverages(self.organised + other.organised, self.due + other.due, self.staff + other.staff)


NOTHING = Coverages(0, 0, 0)


def coverage_by_area(day: date, path: str = "") -> dict[int, Coverages]:
    """Coverage on `day` of the employers in the ground below a path of today's tree, by the area's id."""
    enough = Q(headcount__gte=should_have_union(day))
    employers = Employer.objects.unscoped(reason=REASON).filter(open_on(day), path_range(path, "territory__path"))
    rows = (
        with_unions(employers, day)
        .values_list("area_id")
        .annotate(
            organised=Count("pk", filter=enough & Q(has_union=True)),
            due=Count("pk", filter=enough),
            staff=Sum("headcount", filter=Q(has_union=True), default=0),
        )
        .order_by()
    )
    return {area: Coverages(organised, due, staff) for area, organised, due, staff in rows}


def employers_of(actor: Actor) -> QuerySet[Employer]:
    """The employers an actor may see, with what a line of the list shows."""
    return Employer.objects.visible_to(actor).select_related("area", "territory")


def may_edit(actor: Actor, employer: Employer) -> bool:
    """Whether an actor may correct an employer: at the body in whose ground it lies, or at a union that covers it."""
    if actor.may_at("employer.edit", employer.territory.path or ""):
        return True
    covering = coverage_of(employer).filter(ends_on=FOREVER).values_list("organisation__path", flat=True)
    return any(actor.may_at("employer.edit", path) for path in covering if path)


def known(keys: QuerySet[Any]) -> QuerySet[Employer]:
    """The employers of some keys that the caller has come by within the actor's sight."""
    return Employer.objects.unscoped(reason="the caller has reached them").filter(pk__in=keys).order_by("name", "pk")


def named(rows: QuerySet[Employer], text: str) -> QuerySet[Employer]:
    """Those of `rows` with `text` in their name, or with that credit code or pinyin initials that begin so."""
    plain = normal(text)
    found = Q(name__contains=plain)
    if plain.isascii() and plain.isalnum():
        found |= Q(initials__startswith=plain.lower()) | Q(credit_code__startswith=plain.upper())
    return rows.filter(found)


def territories(actor: Actor, employer: Employer | None = None) -> QuerySet[Organisation]:
    """The bodies in whose ground an actor may enter employers: those above unions, and the top of the site.

    With an `employer`, the body in whose ground it lies is among them, whoever answers for it.
    """
    reach = actor.reach("employer.edit")
    rows = Organisation.objects.unscoped(reason="narrowed by the right to edit employers")
    answering = Q(type__in=ABOVE_PRIMARY) | Q(parent=None)
    own = Q(pk=employer.territory_id) if employer else Q(pk__in=[])
    return rows.filter(reach.condition("path") & answering | own, dissolved_on=FOREVER).order_by("path")


def seen_coverage(actor: Actor) -> QuerySet[Coverage]:
    """What unions within an actor's sight cover."""
    return Coverage.objects.visible_to(actor).select_related("employer", "organisation__parent")
