"""The registry in numbers on any day: what its first page and the page of areas show."""

from __future__ import annotations

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

REASON = "totals without a person in them; the caller narrows by the path it may see"
YEARS = 10
"""Years shown in the chart, the present one among them."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A body as a place to count in: its path on a day, and that of today. None: it did not stand on that day."""

    organisation: Organisation
    day: date
    path: str | None
    present: str

    @classmethod
    def of(cls, organisation: Organisation, day: date) -> Ground:
        """The whole site for a body at the only root, which is counted faster without looking at the tree."""
        path = path_of(organisation, day)
        if path is not None and organisation.parent_id is None and _is_only_root(organisation):
            path = ""
        return cls(organisation, day, path, "" if path == "" else organisation.path or "")


def _is_only_root(organisation: Organisation) -> bool:
    roots = Organisation.objects.unscoped(reason="where the top of the site lies").filter(parent=None)
    return not roots.exclude(pk=organisation.pk).exists()


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
class Overview:
    """What stands where on a day, compared with another day. `nameless`: members today without a checked number."""

    members: Growth
    women: int
    unions: Growth
    coverage: Coverages
    elections: InTime
    nameless: int
    areas: tuple[AreaLine, ...]


def overview(ground: Ground, since: date) -> Overview:
    """Counts of one body and all below it, on the ground's day and on an earlier one. Every union lies in an area."""
    lines = area_lines(ground, Ground.of(ground.organisation, since))
    return Overview(
        members=Growth(sum(line.members.before for line in lines), sum(line.members.now for line in lines)),
        women=counts.members_on(ground.day, ground.path).women if ground.path is not None else 0,
        unions=Growth(sum(line.unions.before for line in lines), sum(line.unions.now for line in lines)),
        coverage=sum((line.coverage for line in lines), NOTHING),
        elections=elected_in_time(ground.day, ground.present),
        nameless=_without_number(ground.present),
        areas=lines,
    )


def _by_area(ground: Ground) -> dict[int, tuple[int, int]]:
    return counts.by_area(ground.day, ground.path) if ground.path is not None else {}


def area_lines(ground: Ground, before: Ground) -> tuple[AreaLine, ...]:
    """Area by area, those in which there is anything to count."""
    now, then = _by_area(ground), _by_area(before)
    covered = coverage_by_area(ground.day, ground.present)
    found = now.keys() | then.keys() | covered.keys()
    return tuple(
        AreaLine(
            area,
            Growth(then.get(area.pk, (0, 0))[0], now.get(area.pk, (0, 0))[0]),
            Growth(then.get(area.pk, (0, 0))[1], now.get(area.pk, (0, 0))[1]),
            covered.get(area.pk, NOTHING),
        )
        for area in Area.objects.filter(pk__in=found).order_by("code")
    )


def _without_number(path: str) -> int:
    """Full members today of whom no identity number is known."""
    members = Person.objects.unscoped(reason=REASON).filter(id_index=None, standing=Standing.ACTIVE)
    return members.filter(path_range(path, "home__path")).count()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: unions and members of one kind."""

    key: str
    unions: int
    members: int


def by_category(ground: Ground) -> list[Line]:
    """Unions and members by the category of the employer, in the order of the official codes, then `joint`, then none."""
    found = counts.by_category(ground.day, ground.path) if ground.path is not None else {}
    order = [*EmployerCategory.values, "joint", ""]
    return [Line(key, *found[key]) for key in order if key in found]


def by_group(present: str) -> list[Line]:
    """Members today by the group they belong to."""
    tags = PersonTag.objects.unscoped(reason=REASON).filter(
        path_range(present, "person__home__path"), person__standing=Standing.ACTIVE
    )
    found = dict(tags.order_by().values_list("tag").annotate(Count("pk")))
    return [Line(tag, 0, found[tag]) for tag in GroupTag.values if tag in found]


def by_year(ground: Ground) -> list[Line]:
    """Unions and members at the end of each of the last years, and on the day itself."""
    if ground.path is None:
        return []
    first = ground.day.year - YEARS + 1
    members = counts.by_year(first, ground.day, ground.path)
    unions = counts.unions_by_year(first, ground.day, ground.path)
    return [Line(str(year), unions.get(year, 0), members[year].members) for year in sorted(members)]
