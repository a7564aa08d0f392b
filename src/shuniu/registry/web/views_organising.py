"""Organising as a whole: one's own round, who covers which area, the gaps, the funnel and what was earned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.kernel.money import format_yuan
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.files import workbook
from shuniu.kernel.web.lists import Column, Empty, Export, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.registry.actions import organising as actions
from shuniu.registry.models import Employer, Territory
from shuniu.registry.queries import organising
from shuniu.registry.queries.organising import Flowed
from shuniu.registry.rules.organising import ENROLLED, FOUNDED, LEADS
from shuniu.registry.web import forms_organising as own

BOTH = ("GET", "POST")
AHEAD = 7
"""Days ahead that the list of visits looks."""
SHOWN = 50

GAPS = ListPage[Employer](
    title=gettext_lazy("Employers that should have a union"),
    unit=pgettext_lazy("unit", "employers"),
    columns=(
        Column("name", gettext_lazy("Employer"), link=True, order=("name", "pk")),
        Column("headcount", gettext_lazy("Staff"), kind=Kind.NUMBER, order=("headcount", "pk")),
        Column("area", gettext_lazy("Area"), value="area.name"),
        Column("category", gettext_lazy("Category"), value=lambda row: row.get_category_display(), narrow=False),
        Column("industry", gettext_lazy("Industry"), value=lambda row: row.get_industry_display(), narrow=False),
        Column("opened_on", gettext_lazy("Opened for business"), kind=Kind.DATE, narrow=False),
    ),
    default_order=("-headcount", "-pk"),
    filters=own.GapFilter,
    row_url=lambda row: reverse("registry:lead_open", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No gap here"),
        gettext_lazy("Every employer with so many staff has a union, or a lead is open about it."),
    ),
    exports=(Export(gettext_lazy("Export"), "registry:organising_gaps_export", "lead.view"),),
    template="registry/organising_gaps.html",
)

SHORTCUTS = (
    (gettext_lazy("Organising leads"), "registry:leads", "list-details"),
    (gettext_lazy("Organisers and areas"), "registry:organising_coverage", "map-2"),
    (gettext_lazy("Employers that should have a union"), "registry:organising_gaps", "building-community"),
    (gettext_lazy("How far leads come"), "registry:organising_funnel", "filter"),
    (gettext_lazy("Allowances of organisers"), "registry:allowances", "coin"),
)


@page("lead.view")
def my_organising(request: PageRequest) -> HttpResponse:
    """An organiser's own page: areas, visits that are due, leads in hand."""
    posts = organising.own_posts(request.today, request.actor)
    mine = organising.leads(request.actor).filter(organiser__in=posts) if posts else organising.leads(request.actor)
    context = {
        "posts": posts,
        "areas": organising.areas_of(posts, request.today),
        "visits": organising.due_visits(mine, request.today, AHEAD)[:SHOWN],
        "leads": [(lead, LEADS.of(lead.state).tone) for lead in organising.in_hand(mine)[:SHOWN]],
        "may_open": request.actor.may("lead.edit"),
        "counts": organising.counts(mine, request.today),
        "shortcuts": [(label, reverse(name), glyph) for label, name, glyph in SHORTCUTS],
    }
    return render(request, "registry/organising_mine.html", context)


@page("lead.view")
def coverage(request: PageRequest) -> HttpResponse:
    """Every town, street and zone with its organisers, and those with nobody."""
    threshold = organising.threshold_rule(request.actor, request.today)
    areas = organising.coverage_on(request.today, request.actor, threshold.number)
    context = {
        "areas": areas,
        "gaps": [area for area in areas if area.is_gap],
        "covered": sum(not area.is_gap for area in areas),
        "employers": sum(area.employers for area in areas),
        "threshold": threshold,
        "may_assign": request.actor.may("lead.approve"),
    }
    return render(request, "registry/organising_coverage.html", context)


def _gap_rows(request: PageRequest) -> Any:
    threshold = organising.threshold_rule(request.actor, request.today).number
    return organising.employers_without(request.today, request.actor, threshold).select_related("area")


@page("lead.view")
def gaps(request: PageRequest) -> HttpResponse:
    """Employers large enough, without a union and without a lead."""
    rows = _gap_rows(request)
    threshold = organising.threshold_rule(request.actor, request.today)
    label = _("all employers with at least {n} staff, no union and no lead").format(n=threshold.number)
    return GAPS.answer(request, rows, base=rows.count(), base_label=label, threshold=threshold)


@page("lead.view")
def gaps_export(request: PageRequest) -> HttpResponse:
    """The employers of the list as a workbook."""
    chosen = own.GapFilter(request.GET, actor=request.actor, today=request.today)
    rows = chosen.narrow(_gap_rows(request)).order_by(*GAPS.default_order)
    cells = (
        [row.name, row.headcount, row.area.name, row.get_category_display(), row.get_industry_display(), row.opened_on]
        for row in rows.iterator(chunk_size=2000)
    )
    return workbook(GAPS.title, [column.title for column in GAPS.columns], cells)


@page("lead.view")
def funnel(request: PageRequest) -> HttpResponse:
    """How far the leads of a period came, as a whole, by area and by organiser."""
    form = own.PeriodForm(request.GET, actor=request.actor, today=request.today)
    first, last, area = form.period()
    found = organising.funnels(request.actor, first, last, area=area)
    context = {
        "form": form,
        "first": first,
        "last": last,
        "funnels": found,
        "stages": _stages(found.whole),
        "chart": _chart(found.whole),
        "heads": [stage.state.label for stage in found.whole.stages],
        "tables": [(_("Area"), found.by_area), (_("Organiser"), found.by_organiser)],
    }
    return render(request, "registry/organising_funnel.html", context)


def _stages(flowed: Flowed) -> list[dict[str, Any]]:
    """Each stage with its base: all leads, and those that came to the stage before."""
    return [
        {"stage": stage, "base": flowed.opened, "before": flowed.stages[place - 1].reached if place else None}
        for place, stage in enumerate(flowed.stages)
    ]


def _chart(flowed: Flowed) -> dict[str, Any]:
    labels = [str(stage.state.label) for stage in flowed.stages]
    reached = [stage.reached for stage in flowed.stages]
    return {
        "grid": {"left": 8, "right": 48, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "inverse": True, "data": labels},
        "series": [{"type": "bar", "name": _("Leads"), "data": reached, "label": {"show": True, "position": "right"}}],
    }


@page("lead.view")
def allowances(request: PageRequest) -> HttpResponse:
    """What the organisers earned in a month, and for what."""
    form, first, last = _month(request)
    rows = organising.allowances(request.actor, first, last)
    sums = organising.earned(rows)
    context = {
        "form": form,
        "first": first,
        "sums": sums,
        "total": sum(one.amount for one in sums),
        "unions": sum(one.unions for one in sums),
        "members": sum(one.members for one in sums),
        "rows": rows.order_by("post__person__name", "on", "pk")[:500],
        "export_url": reverse("registry:allowances_export") + "?" + urlencode({"month": f"{first:%Y-%m}"}),
    }
    return render(request, "registry/organising_allowances.html", context)


def _month(request: PageRequest) -> tuple[own.MonthForm, date, date]:
    form = own.MonthForm(request.GET, today=request.today)
    first = form.first()
    following = (first + timedelta(days=31)).replace(day=1)
    return form, first, following - timedelta(days=1)


RESULTS = {FOUNDED: gettext_lazy("Union founded"), ENROLLED: gettext_lazy("Members enrolled")}
SHEET: Sequence[Any] = (
    gettext_lazy("Organiser"),
    gettext_lazy("Employed by"),
    gettext_lazy("Employer"),
    gettext_lazy("Result"),
    gettext_lazy("Quantity"),
    gettext_lazy("Amount in yuan"),
    gettext_lazy("Rule"),
    gettext_lazy("Recorded on"),
)


@page("lead.view")
def allowances_export(request: PageRequest) -> HttpResponse:
    """The allowance sheet of a month as a workbook."""
    _form, first, last = _month(request)
    rows = organising.allowances(request.actor, first, last).order_by("post__person__name", "on", "pk")
    cells = (
        [
            row.post.person.name,
            row.post.organisation.name,
            row.lead.employer.name,
            RESULTS[row.result],
            row.quantity,
            format_yuan(row.amount),
            row.rule_id,
            row.on,
        ]
        for row in rows
    )
    return workbook(_("Allowances {month}").format(month=f"{first:%Y-%m}"), SHEET, cells)


@page("lead.approve", methods=BOTH)
def territory_new(request: PageRequest) -> HttpResponseBase:
    """Let an organiser answer for an area."""
    given = request.GET.get("area", "")
    form = own.TerritoryForm(posted(request), actor=request.actor, today=request.today, area=given)

    def act(data: dict[str, Any]) -> None:
        actions.assign_territory(actor=request.actor, now=request.now, **data)

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The area has its organiser."))
        return redirect("registry:organising_coverage")
    title = _("Give an area to an organiser")
    return render(request, "registry/lead_form.html", _form_context(form, title, _("Give")))


@page("lead.approve", methods=BOTH)
def territory_end(request: PageRequest, pk: int) -> HttpResponseBase:
    """End an organiser's answering for an area."""
    row = get_or_404(
        Territory.objects.visible_to(request.actor).select_related("post__person", "post__organisation", "area"), pk=pk
    )
    if not request.actor.may_at("lead.approve", row.post.organisation.path or ""):
        raise PermissionDenied("lead.approve")
    form = own.EndForm(posted(request), today=request.today)

    def act(data: dict[str, Any]) -> None:
        actions.end_territory(actor=request.actor, now=request.now, territory=row, **data)

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The organiser no longer answers for the area."))
        return redirect("registry:organising_coverage")
    title = _("{name} no longer answers for {area}").format(name=row.post.person.name, area=row.area)
    return render(request, "registry/lead_form.html", _form_context(form, title, _("End"), danger=True))


def _form_context(form: Any, title: str, submit: str, **context: Any) -> dict[str, Any]:
    url = reverse("registry:organising_coverage")
    crumbs = [(_("Organisers and areas"), url)]
    return {"form": form, "title": title, "submit": submit, "cancel_url": url, "crumbs": crumbs, **context}
