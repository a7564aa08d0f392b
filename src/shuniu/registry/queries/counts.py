"""How many: members and unions on any day, whole or by area, category and year.

A count of members on a day is the tally of the years before it and the periods that began or ended within its year,
so that its cost does not follow the number of members. Places are those of the day asked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import connection
from django.db.models import CharField, Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce, Substr

from shuniu.kernel.period import FOREVER, on_day
from shuniu.kernel.scope import STEP, path_range
from shuniu.registry.enums import UNION_TYPES, Standing
from shuniu.registry.models import Coverage, Membership, Organisation, Placement, YearTally

Rows = TypeVar("Rows", bound=QuerySet[Any])
REASON = "totals without a person in them; the caller narrows by the path it may see"


@dataclass(frozen=True, slots=True)
class Headcount:
    """Full members, and the women among them."""

    members: int
    women: int


def _in_subtree(rows: Rows, day: date, path: str, column: str = "organisation_id") -> Rows:
    """The rows of organisations that stood below `path` on `day`; all of them where nothing stood elsewhere.

    The column is hidden in a sum, so that the database begins with the days and years, which are few, and not with
    every row of every organisation below the path.
    """
    standing = Placement.objects.unscoped(reason=REASON).filter(on_day(day))
    below = path_range(path, "path")
    if not path or (
        len(path) == STEP and not standing.exclude(below).exists()
    ):  # below a root, the root stands elsewhere
        return rows
    return rows.alias(place=F(column) + 0).filter(place__in=standing.filter(below).values("organisation_id"))


def _at_end_of(year: int) -> QuerySet[YearTally]:
    """The tallies in force at the end of a year: at most one a union."""
    return YearTally.objects.unscoped(reason=REASON).filter(year__lte=year, until__gt=year)


def _within_year(day: date, column: str) -> QuerySet[Membership]:
    first = date(day.year, 1, 1)
    return Membership.objects.unscoped(reason=REASON).filter(
        standing=Standing.ACTIVE, **{f"{column}__gte": first, f"{column}__lte": day}
    )


_SIGNS = (("starts_on", 1), ("ends_on", -1))


def members_on(day: date, path: str = "") -> Headcount:
    """Full members on `day` in the subtree that lay at `path` on that day."""
    before = _in_subtree(_at_end_of(day.year - 1), day, path).aggregate(
        all=Coalesce(Sum("members"), 0), women=Coalesce(Sum("women"), 0)
    )
    members, women = before["all"], before["women"]
    for column, sign in _SIGNS:
        within = _in_subtree(_within_year(day, column), day, path).aggregate(
            all=Count("*"), women=Count("pk", filter=Q(woman=True))
        )
        members += sign * within["all"]
        women += sign * within["women"]
    return Headcount(members, women)


def members_by(day: date, by: str, path: str = "") -> dict[Any, int]:
    """Full members on `day`, by a column reached from the organisation, e.g. `area_id` or `pk`."""
    key = "organisation_id" if by == "pk" else f"organisation__{by}"
    found: Counter[Hashable] = Counter()
    before = _in_subtree(_at_end_of(day.year - 1), day, path)
    for value, number in before.values_list(key).annotate(number=Sum("members")):
        found[value] += number
    for column, sign in _SIGNS:
        within = _in_subtree(_within_year(day, column), day, path)
        for value, number in within.values_list(key).annotate(number=Count("*")):
            found[value] += sign * number
    return {value: number for value, number in found.items() if number}


def unions_standing(day: date, path: str = "") -> QuerySet[Organisation]:
    """The established unions (primary, joint, single organiser) that stood on `day` below `path`."""
    rows: QuerySet[Organisation] = Organisation.objects.unscoped(reason=REASON)
    standing = rows.filter(type__in=UNION_TYPES, founded_on__lte=day, dissolved_on__gt=day)
    return _in_subtree(standing, day, path, "pk")


def unions_on(day: date, path: str = "") -> int:
    """Established unions on `day` below `path`."""
    return unions_standing(day, path).count()


def by_area(day: date, path: str = "") -> dict[int, tuple[int, int]]:
    """Unions and members on `day` by the area's id."""
    unions = dict(unions_standing(day, path).values_list("area_id").annotate(number=Count("pk")))
    members = members_by(day, "area_id", path)
    return {area: (unions.get(area, 0), members.get(area, 0)) for area in unions.keys() | members.keys()}


def by_category(day: date, path: str = "") -> dict[str, tuple[int, int]]:
    """Unions and members on `day` by the category of the union's employer; joint unions under `"joint"`.

    A joint union has employers of several categories, and which of them a member works for is not in the registry.
    """
    category = category_by_union(day)
    unions: Counter[str] = Counter()
    for pk in unions_standing(day, path).values_list("pk", flat=True):
        unions[category.get(pk, "")] += 1
    members: Counter[str] = Counter()
    for pk, number in members_by(day, "pk", path).items():
        members[category.get(pk, "")] += number
    return {key: (unions[key], members[key]) for key in sorted(unions.keys() | members.keys())}


def category_by_union(day: date) -> dict[int, str]:
    covered = Coverage.objects.unscoped(reason=REASON).filter(on_day(day)).values_list("organisation_id")
    rows = covered.annotate(number=Count("*"), category=Min("employer__category"))
    return {pk: "joint" if number > 1 else category for pk, number, category in rows}


def by_year(first: int, day: date, path: str = "") -> dict[int, Headcount]:
    """Full members at the end of each year from `first`, and on `day` in its own; by the tree of `day`."""
    return {**year_ends(first, day, path), day.year: members_on(day, path)}


def year_ends(first: int, day: date, path: str = "") -> dict[int, Headcount]:
    """Full members at the end of each year from `first` to the one before that of `day`; by the tree of `day`."""
    tallies = YearTally.objects.unscoped(reason=REASON).filter(year__lt=day.year, until__gt=first)
    rows = _in_subtree(tallies, day, path).values_list("year", "until").annotate(Sum("members"), Sum("women"))
    spells = list(rows.order_by())
    found: dict[int, Headcount] = {}
    for year in range(first, day.year):
        holding = [(members, women) for since, until, members, women in spells if since <= year < until]
        found[year] = Headcount(sum(members for members, _women in holding), sum(women for _members, women in holding))
    return found


def unions_by_year(first: int, day: date, path: str = "") -> dict[int, int]:
    """Established unions at the end of each year from `first`, and on `day` in its own; by the tree of `day`."""
    rows: QuerySet[Organisation] = Organisation.objects.unscoped(reason=REASON)
    standing = _in_subtree(rows.filter(type__in=UNION_TYPES), day, path, "pk")
    founded = _by_year_of("founded_on", standing.filter(founded_on__lte=day))
    ended = _by_year_of("dissolved_on", standing.filter(dissolved_on__lte=day, dissolved_on__lt=FOREVER))
    return {
        year: sum(founded[earlier] - ended[earlier] for earlier in founded.keys() | ended.keys() if earlier <= year)
        for year in range(first, day.year + 1)
    }


def _by_year_of(column: str, rows: QuerySet[Organisation]) -> Counter[int]:
    """Rows by the year of a day. Its first four letters: SQLite would ask Python for the year of each."""
    years = rows.annotate(in_year=Substr(Cast(column, CharField()), 1, 4)).values_list("in_year")
    return Counter({int(year): number for year, number in years.annotate(number=Count("pk"))})


JOINT = 1
"""Stands for the category of a union that covers several employers; official codes have three digits."""
_GROWTH = """
WITH place AS (
  SELECT o.id, o.area_id * 10000000 + coalesce(c.category, 0) * 10000 AS cell
  FROM registry_organisation o LEFT JOIN (
    SELECT v.organisation_id AS union_id,
           CASE WHEN count(*) > 1 THEN %(joint)s ELSE CAST(min(e.category) AS integer) END AS category
    FROM registry_coverage v JOIN registry_employer e ON e.id = v.employer_id
    WHERE v.starts_on <= %(day)s AND v.ends_on > %(day)s GROUP BY v.organisation_id
  ) c ON c.union_id = o.id
)
SELECT place.cell + t.year, sum(t.joined - t."left")
FROM registry_yeartally t JOIN place ON place.id = t.organisation_id WHERE t.year <= %(year)s GROUP BY 1
"""


def growth(day: date) -> dict[tuple[int, str, int], int]:
    """How full membership of the whole site grew, by area, category of employer and year, to the end of `day`'s year.

    A union that covers several employers stands under `"joint"`. Area, category and year are grouped as one number,
    which a database sorts three times as fast as three columns.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GROWTH, {"day": day.isoformat(), "year": day.year, "joint": JOINT})
        return {_cell(int(key)): int(number) for key, number in cursor.fetchall()}


def _cell(key: int) -> tuple[int, str, int]:
    rest, year = divmod(key, 10_000)
    area, category = divmod(rest, 1_000)
    return area, "joint" if category == JOINT else str(category or ""), year
