"""Reads of union bodies: who stood where on any day, and what a change would touch."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat

from shuniu.kernel.period import FOREVER, on_day
from shuniu.kernel.scope import Actor, Reach, path_range
from shuniu.kernel.text import normal
from shuniu.registry.enums import UNION_TYPES, OrganisationType, PostKind, Standing, TransferState
from shuniu.registry.handover import people_of
from shuniu.registry.models import (
    Coverage,
    Employer,
    Guidance,
    Lead,
    Membership,
    Organisation,
    Person,
    Placement,
    Post,
    Term,
    Transfer,
    YearTally,
)
from shuniu.registry.rules.handover import PARTS
from shuniu.registry.rules.tree import ancestors

REASON = "the caller has reached the organisation within the actor's sight"
NOW_AND_LATER = 9999
"""`YearTally.until` of the tally in force now."""
MOST_DEPARTMENTS = 200


def path_of(organisation: Organisation, day: date) -> str | None:
    """The path at which an organisation stood on `day`; None where it did not stand anywhere."""
    placements = Placement.objects.unscoped(reason=REASON).filter(on_day(day), organisation=organisation)
    return placements.values_list("path", flat=True).first()


def subtree_on(day: date, organisation: Organisation) -> QuerySet[Organisation]:
    """The organisation and all that stood below it on `day`, whoever looks."""
    return within_path(day, path_of(organisation, day))


def within_path(day: date, path: str | None) -> QuerySet[Organisation]:
    """What stood on `day` at the path and below it, whoever looks; nothing for no path."""
    return _standing(day, path_range(path, "path")) if path is not None else Organisation.everything.none()


def children_on(day: date, organisation: Organisation) -> QuerySet[Organisation]:
    """What stood directly below the organisation on `day`, whoever looks."""
    return _standing(day, Q(parent=organisation))


def above_path(day: date, path: str | None) -> list[Organisation]:
    """The bodies that stood above the path on `day`, the highest first, whoever looks."""
    return list(_standing(day, Q(path__in=ancestors(path))).order_by("path")) if path else []


def _standing(day: date, where: Q) -> QuerySet[Organisation]:
    placements = Placement.objects.unscoped(reason=REASON).filter(on_day(day), where)
    return Organisation.objects.unscoped(reason=REASON).filter(pk__in=placements.values("organisation_id"))


def tops(actor: Actor) -> list[Organisation]:
    """The highest bodies an actor may see: where looking begins."""
    reach = actor.reach("organisation.view")
    rows = Organisation.objects.visible_to(actor).order_by("path")
    return list(rows.filter(parent=None) if reach.everything else rows.filter(path__in=reach.paths))


def seen(actor: Actor) -> QuerySet[Organisation]:
    """The bodies an actor may see, dissolved ones among them, with what a line of the list shows."""
    rows = Organisation.objects.visible_to(actor).filter(path__isnull=False)
    return rows.select_related("area", "parent")


def standing(rows: QuerySet[Organisation], day: date) -> QuerySet[Organisation]:
    """Those of `rows` that stood somewhere in the tree on `day`."""
    return rows.filter(Exists(Placement.everything.filter(on_day(day), organisation=OuterRef("pk"))))


def within(reach: Reach) -> QuerySet[Organisation]:
    """The living bodies in which an actor holds the permission that `reach` was asked for."""
    rows = Organisation.objects.unscoped(reason="narrowed by the reach of a permission")
    return rows.filter(reach.condition("path"), dissolved_on=FOREVER)


def named(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Those of `rows` with `text` in their names or number, or with pinyin initials that begin so."""
    plain = normal(text)
    found = Q(name__contains=plain) | Q(short_name__contains=plain) | Q(code__istartswith=plain)
    if plain.isascii() and plain.isalnum():
        found |= Q(initials__startswith=plain.lower()) | Q(credit_code=plain.upper())
    return rows.filter(found)


def children_with_more(day: date, organisation: Organisation) -> QuerySet[Organisation]:
    """What stood directly below on `day`, in the order of the tree; `has_children` says whether something stood there."""
    below = Placement.everything.filter(on_day(day), parent=OuterRef("pk"))
    return children_on(day, organisation).annotate(has_children=Exists(below)).order_by("path")


def with_figures(rows: QuerySet[Organisation], day: date, today: date) -> QuerySet[Any]:
    """Rows with what a line of the list shows: `members` (of unions, with their parts), `chairs`, `due_on`."""
    return rows.annotate(
        seen_on=Value(day, output_field=DateField()),
        members=Case(
            When(type__in=UNION_TYPES, then=_members_today() if day >= today else _members_then(day)),
            output_field=IntegerField(),
        ),
        chairs=Exists(_chairs(day).filter(organisation=OuterRef("pk"))),
        due_on=Subquery(_terms(day).filter(organisation=OuterRef("pk")).order_by("-number").values("due_on")[:1]),
    )


def _members_today() -> Coalesce:
    tallies = _tallies_now().filter(
        organisation__path__gte=OuterRef("path"),
        organisation__path__lt=Concat(OuterRef("path"), Value("{")),
    )
    return _sum(tallies, F("members"))


def _tallies_now() -> QuerySet[YearTally]:
    # `>=` rather than `=`: SQLite would begin with the tallies of all unions instead of with those of one
    return YearTally.objects.unscoped(reason=REASON).filter(until__gte=NOW_AND_LATER)


def _members_then(day: date) -> Coalesce:
    held = Membership.objects.unscoped(reason=REASON).filter(
        on_day(day), organisation=OuterRef("pk"), standing=Standing.ACTIVE
    )
    return _sum(held, Value(1))


def _sum(rows: QuerySet[Any, Any], column: F | Value) -> Coalesce:
    # not an aggregate for Django, which would group by a column, for which SQLite would begin with the wrong index
    total = Func(column, function="SUM", output_field=IntegerField())
    return Coalesce(Subquery(rows.order_by().annotate(total=total).values("total")), 0)


def _chairs(day: date) -> QuerySet[Post]:
    return Post.objects.unscoped(reason="whether there is a chair, not who").filter(on_day(day), kind=PostKind.CHAIR)


def _terms(day: date) -> QuerySet[Term]:
    ended = Q(ended_on=None) | Q(ended_on__gt=day)
    return Term.objects.unscoped(reason=REASON).filter(ended, starts_on__lte=day)


def with_chair(rows: QuerySet[Any], day: date, *, has: bool) -> QuerySet[Any]:
    """Those of `rows` that had a chair on `day`, or had none."""
    chaired = Q(pk__in=_chairs(day).values("organisation_id"))
    return rows.filter(chaired if has else ~chaired)


def due_between(rows: QuerySet[Any], day: date, first: date, last: date) -> QuerySet[Any]:
    """Those of `rows` whose committee in office on `day` had a term that ended from `first` to `last`."""
    return rows.filter(pk__in=_terms(day).filter(due_on__gte=first, due_on__lte=last).values("organisation_id"))


def without_committee(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Those of `rows`, parts of unions aside, that had no committee in office on `day`."""
    return rows.exclude(pk__in=_terms(day).values("organisation_id")).exclude(type__in=PARTS)


def sized(rows: QuerySet[Any], low: int, high: int | None, *, past: bool) -> QuerySet[Any]:
    """Those of `rows`, as made by `with_figures`, that are unions with so many members. `past`: on a day before today.

    Today's unions without parts are found by their tallies, which is faster than counting for each.
    """
    counted = Q(members__gte=low) if high is None else Q(members__gte=low, members__lte=high)
    unions = rows.filter(type__in=UNION_TYPES)
    if past:
        return unions.filter(counted)
    parts = Organisation.everything.filter(type__in=PARTS, dissolved_on=FOREVER)
    is_whole = ~Q(pk__in=parts.values("parent_id"))
    tallied = _has_at_least(low) if high is None else _has_at_least(low) & ~_has_at_least(high + 1)
    return unions.filter((is_whole & tallied) | (~is_whole & counted))


def _has_at_least(number: int) -> Q:
    tallies = _tallies_now().filter(members__gte=number)
    return Q(pk__in=tallies.values("organisation_id")) if number else Q()


def term_on(organisation: Organisation, day: date) -> Term | None:
    """The committee's term on `day`."""
    return _terms(day).filter(organisation=organisation).order_by("-number").first()


def guide_on(organisation: Organisation, day: date) -> Organisation | None:
    """The industry body that guided the organisation on `day`."""
    held = Guidance.objects.unscoped(reason=REASON).filter(on_day(day), organisation=organisation)
    row = held.select_related("parent").first()
    return row.parent if row else None


def coverage_on(organisation: Organisation, day: date) -> QuerySet[Coverage]:
    """The employers an organisation covered on `day`."""
    rows = Coverage.objects.unscoped(reason=REASON).filter(on_day(day), organisation=organisation)
    return rows.select_related("employer").order_by("employer__name", "pk")


def officers_on(organisation: Organisation, day: date) -> QuerySet[Post]:
    """The posts held in an organisation on `day`. The caller has checked `officer.view` there."""
    rows = Post.objects.unscoped(reason=REASON).filter(on_day(day), organisation=organisation)
    return rows.select_related("person")


def reserved_on(organisation: Organisation, day: date) -> int:
    """Memberships that the organisation itself kept in reserve on `day`."""
    held = Membership.objects.unscoped(reason="a number").filter(on_day(day), organisation=organisation)
    return held.filter(standing=Standing.RESERVED).count()


def industry_unions() -> QuerySet[Organisation]:
    """The industry unions there are: every body may know who could guide its work."""
    rows = Organisation.objects.unscoped(reason="names of industry unions are known to all")
    return rows.filter(type=OrganisationType.INDUSTRY, dissolved_on=FOREVER)


def departments_of(organisation: Organisation) -> list[tuple[str, int]]:
    """The departments that people of an organisation belong to, with how many, the largest first."""
    rows = people_of(organisation).order_by().values_list("department").annotate(number=Count("pk"))
    return list(rows.order_by("-number", "department")[:MOST_DEPARTMENTS])


def people_in(organisation: Organisation, departments: Collection[str]) -> list[int]:
    """The keys of the people of an organisation who belong to one of the departments."""
    return list(people_of(organisation).filter(department__in=departments).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a merger or dissolution would touch, counted before it is confirmed."""

    members: int
    reserved: int
    applicants: int
    bodies: int
    employers: int
    posts: int
    transfers: int
    guided: int
    ground: int


def consequences(organisation: Organisation, *, with_parts: bool = False) -> Consequences:
    """What belongs to an organisation today; `with_parts`: to the bodies below it as well."""
    below = Organisation.objects.unscoped(reason=REASON).filter(
        path_range(organisation.path or "", "path"), dissolved_on=FOREVER
    )
    touched = below if with_parts else below.filter(pk=organisation.pk)
    people = Person.objects.unscoped(reason="numbers").filter(home__in=touched.values("pk")).order_by()
    standings = dict(people.values_list("standing").annotate(Count("pk")))
    at = Q(organisation__in=touched.values("pk"), ends_on=FOREVER)
    moving = Q(origin=organisation) | Q(destination=organisation)
    return Consequences(
        members=standings.get(Standing.ACTIVE, 0),
        reserved=standings.get(Standing.RESERVED, 0),
        applicants=standings.get(Standing.APPLIED, 0),
        bodies=below.count() - 1,
        employers=Coverage.objects.unscoped(reason=REASON).filter(at).count(),
        posts=Post.objects.unscoped(reason=REASON).filter(at).count(),
        transfers=Transfer.objects.unscoped(reason=REASON).filter(moving, state=TransferState.OPEN).count(),
        guided=Guidance.objects.unscoped(reason=REASON).filter(parent=organisation, ends_on=FOREVER).count(),
        ground=Employer.objects.unscoped(reason=REASON).filter(territory=organisation).count()
        + Lead.objects.unscoped(reason=REASON).filter(territory=organisation, closed_on=None).count(),
    )
