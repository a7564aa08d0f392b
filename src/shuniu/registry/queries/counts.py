"""How many: members and unions on any day, whole or by area, category and year.

A count of members on a day is the tally of the years before it and the periods that began or ended within its year,
so that its cost does not follow the number of members. Places are those of the day asked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from shuniu.kernel.period import FOREVER, on_day
from shuniu.kernel.scope import path_range
from shuniu.registry.enums import UNION_TYPES, OrganisationType, Sex, Standing
from shuniu.registry.models import Coverage, Membership, Organisation, Placement, YearTally

REASON = "totals without a person in them; the caller narrows by the path it may see"


@dataclass(frozen=True, slots=True)
class Headcount:
    """Full members, and the women among them."""

    members: int
    women: int


def _in_subtree(day: date, path: str, column: str = "organisation_id") -> Q:
    """Rows of the organisations that stood below `path` on `day`; everything for an empty path."""
    if not path:
        return Q()
    there = Placement.objects.unscoped(reason=REASON).filter(on_day(day), path_range(path, "path"))
    return Q(**{f"{column}__in": there.values("organisation_id")})


def _tallies(before_year: int) -> QuerySet[YearTally]:
    return YearTally.objects.unscoped(reason=REASON).filter(year__lt=before_year)


def _within_year(day: date, column: str) -> QuerySet[Membership]:
    first = date(day.year, 1, 1)
    return Membership.objects.unscoped(reason=REASON).filter(
        standing=Standing.ACTIVE, **{f"{column}__gte": first, f"{column}__lte": day}
    )


def members_on(day: date, path: str = "") -> Headcount:
    """Full members on `day` in the subtree that lay at `path` on that day."""
    place = _in_subtree(day, path)
    before = _tallies(day.year).filter(place).aggregate(
        members=Sum(F("joined") - F("left"), default=0),
        women=Sum(F("women_joined") - F("women_left"), default=0),
    )
    members, women = before["members"], before["women"]
    for column, sign in (("starts_on", 1), ("ends_on", -1)):
        within = _within_year(day, column).filter(place).aggregate(
            members=Count("pk"), women=Count("pk", filter=Q(person__sex=Sex.FEMALE))
        )
        members += sign * within["members"]
        women += sign * within["women"]
    return Headcount(members, women)


def members_by(day: date, by: str, path: str = "") -> dict[Any, int]:
    """Full members on `day`, by a column reached from the organisation, e.g. `area_id` or `pk`."""
    place, key = _in_subtree(day, path), "organisation_id" if by == "pk" else f"organisation__{by}"
    found: Counter[Hashable] = Counter()
    for value, number in _tallies(day.year).filter(place).values_list(key).annotate(Sum(F("joined") - F("left"))):
        found[value] += number
    for column, sign in (("starts_on", 1), ("ends_on", -1)):
        for value, number in _within_year(day, column).filter(place).values_list(key).annotate(Count("pk")):
            found[value] += sign * number
    return {value: number for value, number in found.items() if number}


def unions_standing(day: date, path: str = "") -> QuerySet[Organisation]:
    """The established unions (primary, joint, single organiser) that stood on `day` below `path`."""
    return Organisation.objects.unscoped(reason=REASON).filter(
        _in_subtree(day, path, "pk"), type__in=UNION_TYPES, founded_on__lte=day, dissolved_on__gt=day
    )


def unions_on(day: date, path: str = "") -> int:
    """Established unions on `day` below `path`."""
    return unions_standing(day, path).count()


def by_area(day: date, path: str = "") -> dict[int, tuple[int, int]]:
    """Unions and members on `day` by the area's id."""
    unions = dict(unions_standing(day, path).values_list("area_id").annotate(Count("pk")))
    members = members_by(day, "area_id", path)
    return {area: (unions.get(area, 0), members.get(area, 0)) for area in unions.keys() | members.keys()}


def by_category(day: date, path: str = "") -> dict[str, tuple[int, int]]:
    """Unions and members on `day` by the category of the union's employer; joint unions under `"joint"`.

    A joint union has employers of several categories, and which of them a member works for is not in the registry.
    """
    category = _category_by_union(day)
    unions: Counter[str] = Counter()
    for pk in unions_standing(day, path).values_list("pk", flat=True):
        unions[category.get(pk, "")] += 1
    members: Counter[str] = Counter()
    for pk, number in members_by(day, "pk", path).items():
        members[category.get(pk, "")] += number
    return {key: (unions[key], members[key]) for key in sorted(unions.keys() | members.keys())}


def _category_by_union(day: date) -> dict[int, str]:
    covered = Coverage.objects.unscoped(reason=REASON).filter(on_day(day))
    found = dict(covered.values_list("organisation_id", "employer__category"))
    joint = Organisation.objects.unscoped(reason=REASON).filter(type=OrganisationType.JOINT)
    found.update(dict.fromkeys(joint.values_list("pk", flat=True), "joint"))
    return found


def by_year(first: int, day: date, path: str = "") -> dict[int, Headcount]:
    """Full members at the end of each year from `first`, and on `day` in its own; by the tree of `day`."""
    place = _in_subtree(day, path)
    rows = (
        _tallies(day.year)
        .filter(place)
        .values_list("year")
        .annotate(Sum(F("joined") - F("left")), Sum(F("women_joined") - F("women_left")))
        .order_by("year")
    )
    found: dict[int, Headcount] = {}
    members = women = 0
    growth = {year: (more, more_women) for year, more, more_women in rows}
    for year in range(min([first, *growth]), day.year):
        members, women = members + growth.get(year, (0, 0))[0], women + growth.get(year, (0, 0))[1]
        if year >= first:
            found[year] = Headcount(members, women)
    found[day.year] = members_on(day, path)
    return found


def unions_by_year(first: int, day: date, path: str = "") -> dict[int, int]:
    """Established unions at the end of each year from `first`, and on `day` in its own; by the tree of `day`."""
    standing = Organisation.objects.unscoped(reason=REASON).filter(_in_subtree(day, path, "pk"), type__in=UNION_TYPES)
    founded = Counter(dict(standing.filter(founded_on__lte=day).values_list("founded_on__year").annotate(Count("pk"))))
    ended = Counter(
        dict(standing.filter(dissolved_on__lte=day, dissolved_on__lt=FOREVER).values_list("dissolved_on__year").annotate(Count("pk")))
    )
    return {
        year: sum(number for y, number in founded.items() if y <= year)
        - sum(number for y, number in ended.items() if y <= year)
        for year in range(first, day.year + 1)
    }


def by_area_category_year(day: date, path: str = "") -> dict[tuple[int, str, int], int]:
    """Growth of full members by area, category of employer and year, up to `day`: what the district table shows."""
    place, category = _in_subtree(day, path), _category_by_union(day)
    area = dict(Organisation.objects.unscoped(reason=REASON).values_list("pk", "area_id"))
    found: Counter[tuple[int, str, int]] = Counter()
    for pk, year, more in (
        _tallies(day.year).filter(place).values_list("organisation_id", "year", F("joined") - F("left"))
    ):
        found[area[pk], category.get(pk, ""), year] += more
    for column, sign in (("starts_on", 1), ("ends_on", -1)):
        rows = _within_year(day, column).filter(place).values_list("organisation_id").annotate(Count("pk"))
        for pk, number in rows:
            found[area[pk], category.get(pk, ""), day.year] += sign * number
    return dict(found)
