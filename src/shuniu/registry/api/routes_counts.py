"""How many, on any day: in all, by area, by category, by year; and the rules that figures are held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router

from shuniu.kernel.scope import Actor
from shuniu.kernel.web.asking import REFUSALS, asker
from shuniu.registry.api.asking import On, Under, body
from shuniu.registry.api.schemas import AreaFiguresOut, CategoryFiguresOut, FiguresOut, RuleOut, YearFiguresOut
from shuniu.registry.enums import EmployerCategory
from shuniu.registry.models import Area
from shuniu.registry.places import place_of
from shuniu.registry.queries import counts, organisations
from shuniu.rulebook.public import Place, find

router = Router(tags=["counts"])
OPEN = "organisation.view"
LONGEST = 60
"""Years that are told at once."""

First = Annotated[
    int | None, Query(ge=1949, le=9998, description=gettext_noop("the first year; ten years back if left out"))
]


def paths(actor: Actor, under: int | None, day: date) -> list[str]:
    """Where the places asked about stood on the day: one body, or all of the actor's."""
    tops = [body(actor, under)] if under is not None else organisations.tops(actor)
    return [path for top in tops if (path := organisations.path_of(top, day)) is not None]


@router.get("/counts", response={200: FiguresOut, **REFUSALS}, summary=gettext_noop("Unions and members on a day"))
def figures(request: HttpRequest, on: On = None, under: Under = None) -> Any:
    """Within sight, or at and below one body."""
    actor, today = asker(request, OPEN)
    day = on or today
    places = paths(actor, under, day)
    heads = [counts.members_on(day, path) for path in places]
    return {
        "on": day,
        "unions": sum(counts.unions_on(day, path) for path in places),
        "members": sum(one.members for one in heads),
        "women": sum(one.women for one in heads),
    }


@router.get("/counts/areas", response={200: list[AreaFiguresOut], **REFUSALS}, summary=gettext_noop("Counts by area"))
def by_area(request: HttpRequest, on: On = None, under: Under = None) -> Any:
    """Areas with a union or a member on the day."""
    actor, today = asker(request, OPEN)
    day = on or today
    found = _added(counts.by_area(day, path) for path in paths(actor, under, day))
    names = dict(Area.objects.values_list("pk", "name"))
    return [
        {"area_id": area, "area": names[area], "unions": unions, "members": members}
        for area, (unions, members) in found.items()
    ]


@router.get(
    "/counts/categories",
    response={200: list[CategoryFiguresOut], **REFUSALS},
    summary=gettext_noop("Counts by category of employer"),
)
def by_category(request: HttpRequest, on: On = None, under: Under = None) -> Any:
    """By the category of the union's employer on the day."""
    actor, today = asker(request, OPEN)
    day = on or today
    found = _added(counts.by_category(day, path) for path in paths(actor, under, day))
    return [
        {"category": code, "label": category_label(code), "unions": unions, "members": members}
        for code, (unions, members) in found.items()
    ]


@router.get("/counts/years", response={200: list[YearFiguresOut], **REFUSALS}, summary=gettext_noop("Counts by year"))
def by_year(request: HttpRequest, first: First = None, on: On = None, under: Under = None) -> Any:
    """At the end of each year, and on the day in its own year, in the tree of the day."""
    actor, today = asker(request, OPEN)
    day = on or today
    start = max(first if first is not None else day.year - 10, day.year - LONGEST)
    places = paths(actor, under, day)
    heads = [counts.by_year(start, day, path) for path in places]
    unions = [counts.unions_by_year(start, day, path) for path in places]
    return [
        {
            "year": year,
            "unions": sum(one[year] for one in unions),
            "members": sum(one[year].members for one in heads),
            "women": sum(one[year].women for one in heads),
        }
        for year in range(start, day.year + 1)
    ]


@router.get("/rules/{rule}", response={200: RuleOut, **REFUSALS}, summary=gettext_noop("The rule in force"))
def rule(request: HttpRequest, rule: str, on: On = None, under: Under = None) -> Any:
    """At a union body, or nationally; with its source and why it stands."""
    actor, today = asker(request, "rule.view")
    found = find(rule, on=on or today, at=place_of(body(actor, under)) if under is not None else Place())
    known = found.rule.valid_from > date.min
    return {
        "id": found.rule.id,
        "title": str(found.rule.topic.title),
        "value": str(found.rule.value),
        "place": str(found.rule.place),
        "source": str(found.rule.citation),
        "valid_from": found.rule.valid_from if known else None,
        "confirmed": found.rule.confirmed,
        "why": found.why,
    }


def category_label(code: str) -> str:
    """What a category is called in the reader's language."""
    if code == "joint":
        return _("Several employers")
    return str(EmployerCategory(code).label) if code else _("Without an employer")


def _added(parts: Iterable[dict[Any, tuple[int, int]]]) -> dict[Any, tuple[int, int]]:
    """The sums of several places, in the order of the keys."""
    unions: Counter[Any] = Counter()
    members: Counter[Any] = Counter()
    for part in parts:
        for key, (number, heads) in part.items():
            unions[key] += number
            members[key] += heads
    return {key: (unions[key], members[key]) for key in sorted(unions)}
