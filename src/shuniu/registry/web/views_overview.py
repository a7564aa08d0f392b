"""The first page of the registry, and the page of areas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.formats import date_text, thousands
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.registry.actions.areas import AreaDetails, edit_area, enter_area
from shuniu.registry.enums import AreaKind, EmployerCategory, GroupTag
from shuniu.registry.queries import areas as area_queries
from shuniu.registry.queries import employers, organisations, overview
from shuniu.registry.rules.growth import Growth
from shuniu.registry.rules.terms import years_later
from shuniu.registry.web import links
from shuniu.registry.web.asked import day_asked, day_or_none
from shuniu.registry.web.forms_employers import AreaForm
from shuniu.registry.web.forms_overview import OverviewForm
from shuniu.rulebook.public import official

BOTH = ("GET", "POST")
COMPARED = 5
"""Years back that the figures are compared with where no other day is asked for."""


@page("organisation.view")
def home(request: PageRequest) -> HttpResponse:
    """Unions, members and coverage of a body and all below it, on any day."""
    tops = organisations.tops(request.actor)
    if not tops:
        return render(request, "registry/home_empty.html")
    form = OverviewForm(request.GET, actor=request.actor, top=tops[0])
    organisation = form.organisation
    day = day_asked(request)
    since = min(day_or_none(request.GET.get("since", ""), request.today) or years_later(day, -COMPARED), day)
    ground = overview.Ground.of(organisation, day)
    found = overview.overview(ground, since)
    context = {
        "form": form.shown(organisation, day, since),
        "organisation": organisation,
        "tops": tops if len(tops) > 1 else (),
        "day": day,
        "since": since,
        "is_today": day == request.today,
        "stands": ground.path is not None,
        "found": found,
        "named": found.members.now - found.nameless,
        "members_growth": _told(found.members, since),
        "unions_growth": _told(found.unions, since),
        "enough": employers.should_have_union(day),
        "chart": _chart(found.years),
        "categories": _named(found.categories, _category),
        "groups_url": f"{reverse('registry:groups')}?{urlencode({'org': organisation.code})}",
        "members_url": links.members(request.actor, organisation, day, request.today),
        "unions_url": links.unions(organisation, day),
        "employers_url": links.unorganised(organisation) if request.actor.may("employer.view") else "",
        "elections_url": links.elections(organisation),
        "under": urlencode({"under": organisation.code, "on": day.isoformat()}),
    }
    return render(request, "registry/home.html", context)


@page("organisation.view")
def groups(request: PageRequest) -> HttpResponse:
    """Members today by the group of workers they belong to: a page, or the part that the first page fetches later."""
    tops = organisations.tops(request.actor)
    if not tops:
        return render(request, "registry/home_empty.html")
    organisation = OverviewForm(request.GET, actor=request.actor, top=tops[0]).organisation
    ground = overview.Ground.of(organisation, request.today)
    context = {
        "organisation": organisation,
        "groups": _named(overview.by_group(ground.present), lambda key: GroupTag(key).label),
        "members": overview.headcount(ground).members,
    }
    return render(request, "registry/_groups.html" if request.htmx else "registry/groups.html", context)


def _told(growth: Growth, since: date) -> str:
    """What became of a count since a day, as a sentence."""
    if not growth.before:
        return _("none on {day}").format(day=date_text(since))
    more = _("{n} more than on {day}, {times} times as many")
    fewer = _("{n} fewer than on {day}")
    sentence = more if growth.difference >= 0 else fewer
    return sentence.format(n=thousands(abs(growth.difference)), day=date_text(since), times=growth.times)


def _category(key: str) -> str:
    if key == "joint":
        return _("Joint unions of several employers")
    return str(EmployerCategory(key).label) if key else _("No employer recorded")


def _named(lines: Sequence[overview.Line], name: Callable[[str], object]) -> list[tuple[str, overview.Line]]:
    return [(str(name(line.key)), line) for line in lines]


def _chart(lines: Sequence[overview.Line]) -> dict[str, Any]:
    """Members as bars, unions as a line with an axis of its own."""
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {"left": 0},
        "xAxis": {"type": "category", "data": [line.key for line in lines]},
        "yAxis": [{"type": "value"}, {"type": "value"}],
        "series": [
            {"name": _("Members (left)"), "type": "bar", "data": [line.members for line in lines]},
            {"name": _("Unions (right)"), "type": "line", "yAxisIndex": 1, "data": [line.unions for line in lines]},
        ],
    }


@page("organisation.view")
def areas(request: PageRequest) -> HttpResponse:
    """The map with what stands in each area."""
    tops = organisations.tops(request.actor)
    day = day_asked(request)
    lines: dict[int, overview.AreaLine] = {}
    if tops:
        ground = overview.Ground.of(tops[0], day)
        now = overview.census(ground)
        lines = {line.area.pk: line for line in overview.area_lines(ground, now, now)}
    named = official().jurisdictions
    rows = [
        (
            area,
            lines.get(area.pk) or overview.AreaLine.empty(area),
            named[area.jurisdiction].name if area.jurisdiction in named else "",
        )
        for area in area_queries.areas()
    ]
    context = {
        "rows": rows,
        "organisation": tops[0] if tops else None,
        "day": day,
        "enough": employers.should_have_union(day),
        "may_edit": area_queries.keeps_map(request.actor),
    }
    return render(request, "registry/areas.html", context)


@page("organisation.restructure", methods=BOTH)
def area_new(request: PageRequest) -> HttpResponseBase:
    """Enter an area."""
    return _area_form(request, AreaForm(posted(request), actor=request.actor, today=request.today), _("Enter an area"))


@page("organisation.restructure", methods=BOTH)
def area_edit(request: PageRequest, pk: int) -> HttpResponseBase:
    """Correct an area."""
    area = get_or_404(area_queries.areas(), pk=pk)
    form = AreaForm(posted(request), actor=request.actor, today=request.today, area=area)
    return _area_form(request, form, _("Edit {name}").format(name=area))


def _area_form(request: PageRequest, form: AreaForm, title: str) -> HttpResponseBase:
    if not area_queries.keeps_map(request.actor):
        raise PermissionDenied

    def act(data: dict[str, Any]) -> None:
        details = AreaDetails(**{**data, "kind": AreaKind(data["kind"])})
        if form.area:
            edit_area(actor=request.actor, now=request.now, area=form.area, details=details)
        else:
            enter_area(actor=request.actor, now=request.now, details=details)

    if request.method == "POST" and done(form, act):
        return redirect("registry:areas")
    context = {"form": form, "title": title, "cancel_url": reverse("registry:areas")}
    return render(request, "registry/organisation_form.html", context)
