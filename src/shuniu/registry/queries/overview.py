"""The registry in numbers on any day: what its first page and the page of areas show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from shuniu.kernel.scope import path_range
from shuniu.registry.enums import EmployerCategory, GroupTag, Standing
from shuniu.registry.models import Area, Organisation, Person, PersonTag
from shuniu.registry.queries import counts
from shuniu.registry.queries.elections import InTime, elected_in_time
from shuniu.registry.queries.employers import NOTHING, Coverages, coverage_by_area
from shuniu.registry.queries.organisations import path_of
from shuniu.registry.rules.growth import Growth
from shuniu.registry.rules.handover import PARTS

REASON = "totals without a person in them; the caller narrows by the path it may see"
YEARS = 10
"""Years shown in the chart, the present one among them."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A body as a place to count in: its path on a day, and that of today. None: it did not stand on that day.

    Both are empty for the only root, so that the whole site is counted without looking at the tree.
    """

    organisation: Organisation
    day: date
    path: str | None
    present: str

    @classmethod
    def of(cls, organisation: Organisation, day: date) -> Ground:
        """The ground of a body on a day."""
        present = "" if _is_only_root(organisation) else organisation.path or ""
        return cls(organisation, day, None, present).on(day)

    def on(self, day: date) -> Ground:
        """The same body on another day."""
        path = path_of(self.organisation, day)
        return Ground(self.organisation, day, path if path is None or self.present else "", self.present)


def _is_only_root(organisation: Organisation) -> bool:
    roots = Organisation.objects.unscoped(reason="where the top of the site lies").filter(parent=None)
    return organisation.parent_id is None and not roots.exclude(pk=organisation.pk).exists()


@dataclass(frozen=True, slots=True)
class Census:
    """Members of each organisation, and the area of each union, on one day."""

    members: dict[int, int]
    unions: dict[int, int]

    def members_by_area(self, areas: Mapping[int, int]) -> Counter[int]:
        found: Counter[int] = Counter()
        for pk, number in self.members.items():
            found[areas[pk]] += number
        return found

    def unions_by_area(self) -> Counter[int]:
        return Counter(self.unions.values())


def census(ground: Ground) -> Census:
    """What was counted on the ground's day; nothing where the body did not stand."""
    if ground.path is None:
        return Census({}, {})
    members = counts.members_by(ground.day, "pk", ground.path)
    return Census(members, dict(counts.unions_standing(ground.day, ground.path).values_list("pk", "area_id")))


def _areas() -> dict[int, int]:
    """The area of each organisation there ever was."""
    return dict(Organisation.objects.unscoped(reason=REASON).values_list("pk", "area_id"))


def _wholes() -> dict[int, int]:
    """The union that each part belongs to."""
    parts = Organisation.objects.unscoped(reason=REASON).filter(type__in=PARTS)
    above = dict(parts.values_list("pk", "parent_id"))
    return {part: _whole(part, above) for part in above}


def _whole(part: int, above: Mapping[int, int | None]) -> int:
    while (parent := above.get(part)) is not None:
        part = parent
    return part


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area: unions and members on the day and before, and how many employers have a union."""

    area: Area
    unions: Growth
    members: Growth
    coverage: Coverages

    @classmethod
    def empty(cls, area: Area) -> AreaLine:
        """An area where there is nothing to count."""
        return cls(area, Growth(0, 0), Growth(0, 0), NOTHING)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: unions and members of one kind."""

    key: str
    unions: int
    members: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What stands where on a day, compared with another day. `nameless`: members today without a checked number."""

    members: Growth
    women: int
    unions: Growth
    coverage: Coverages
    elections: InTime
    nameless: int
    areas: tuple[AreaLine, ...]
    categories: tuple[Line, ...]
    years: tuple[Line, ...]


def overview(ground: Ground, since: date) -> Overview:
    """Counts of one body and all below it, on the ground's day and on an earlier one. Every union lies in an area."""
    now, before = census(ground), census(ground.on(since))
    lines = area_lines(ground, now, before)
    heads = headcount(ground)
    return Overview(
        members=Growth(sum(before.members.values()), heads.members),
        women=heads.women,
        unions=Growth(len(before.unions), len(now.unions)),
        coverage=sum((line.coverage for line in lines), NOTHING),
        elections=elected_in_time(ground.day, ground.present),
        nameless=_without_number(ground.present),
        areas=lines,
        categories=_by_category(ground.day, now),
        years=_by_year(ground, heads.members),
    )


def headcount(ground: Ground) -> counts.Headcount:
    """Full members there, none where the body did not stand."""
    return counts.members_on(ground.day, ground.path) if ground.path is not None else counts.Headcount(0, 0)


def area_lines(ground: Ground, now: Census, before: Census) -> tuple[AreaLine, ...]:
    """Area by area, those in which there is anything to count."""
    areas = _areas()
    members, members_then = now.members_by_area(areas), before.members_by_area(areas)
    unions, unions_then = now.unions_by_area(), before.unions_by_area()
    covered = coverage_by_area(ground.day, ground.present)
    found = members.keys() | members_then.keys() | unions.keys() | unions_then.keys() | covered.keys()
    return tuple(
        AreaLine(
            area,
            Growth(unions_then[area.pk], unions[area.pk]),
            Growth(members_then[area.pk], members[area.pk]),
            covered.get(area.pk, NOTHING),
        )
        for area in Area.objects.filter(pk__in=found).order_by("code")
    )


def _without_number(path: str) -> int:
    """Full members today of whom no identity number is known."""
    members = Person.objects.unscoped(reason=REASON).filter(id_index=None, standing=Standing.ACTIVE)
    return members.filter(path_range(path, "home__path")).count()


def _by_category(day: date, now: Census) -> tuple[Line, ...]:
    """Unions and members by the category of the employer, in the order of the official codes, then `joint`, then none."""
    category = counts.category_by_union(day)
    unions = Counter(category.get(pk, "") for pk in now.unions)
    members: Counter[str] = Counter()
    wholes = _wholes()
    for pk, number in now.members.items():
        members[category.get(wholes.get(pk, pk), "")] += number
    order = [*EmployerCategory.values, "joint", ""]
    return tuple(Line(key, unions[key], members[key]) for key in order if key in unions or key in members)


def _by_year(ground: Ground, members: int) -> tuple[Line, ...]:
    """Unions and members at the end of each of the last years, and on the day itself."""
    if ground.path is None:
        return ()
    first, year = ground.day.year - YEARS + 1, ground.day.year
    ends = counts.year_ends(first, ground.day, ground.path)
    heads = {**{one: found.members for one, found in ends.items()}, year: members}
    unions = counts.unions_by_year(first, ground.day, ground.path)
    return tuple(Line(str(one), unions.get(one, 0), heads[one]) for one in sorted(heads))


def by_group(present: str) -> list[Line]:
    """Members today by the group they belong to."""
    tags = PersonTag.objects.unscoped(reason=REASON).filter(
        path_range(present, "person__home__path"), person__standing=Standing.ACTIVE
    )
    found = dict(tags.order_by().values_list("tag").annotate(Count("pk")))
    return [Line(tag, 0, found[tag]) for tag in GroupTag.values if tag in found]
