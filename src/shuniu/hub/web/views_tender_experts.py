"""The pool of experts, and the figures of tenders."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.hub.actions import tender_experts as actions
from shuniu.hub.enums import ServiceKind, TenderMethod, TieKind
from shuniu.hub.models import Provider, TenderExpert
from shuniu.hub.queries import tenders as queries
from shuniu.hub.web import forms_tenders as own
from shuniu.hub.web.views_tenders import BOTH
from shuniu.hub.web.views_tenders import crumbs as tender_crumbs
from shuniu.kernel.web.doing import done, offer, posted
from shuniu.kernel.web.lists import Column, Empty, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.registry.public import Organisation

FEN = 100

EXPERTS = ListPage[TenderExpert](
    title=gettext_lazy("Experts"),
    unit=pgettext_lazy("unit", "experts"),
    columns=(
        Column("number", pgettext_lazy("expert", "Number"), link=True, kind=Kind.CODE, order=("number", "pk")),
        Column("name", pgettext_lazy("expert", "Name")),
        Column("fields", pgettext_lazy("expert", "Fields"), value=lambda row: _("; ").join(row.field_names)),
        Column("employer", gettext_lazy("Place of work"), narrow=False),
        Column(
            "is_active",
            pgettext_lazy("expert", "State"),
            value=lambda row: _("May be drawn") if row.is_active else _("Not drawn"),
            tone=lambda row: "good" if row.is_active else "done",
        ),
    ),
    default_order=("number", "pk"),
    filters=own.ExpertFilter,
    row_url=lambda row: reverse("hub:expert", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No experts yet"),
        gettext_lazy("Those who score bids are drawn by lot from this pool."),
        gettext_lazy("Enter an expert"),
        "hub:expert_new",
        "tender.edit",
    ),
    template="hub/expert_list.html",
)


@page("tender.view")
def experts(request: PageRequest) -> HttpResponse:
    """The pools in sight."""
    return EXPERTS.answer(request, queries.experts(request.actor), may_enter=request.actor.may("tender.edit"))


@page("tender.edit", methods=BOTH)
def expert_new(request: PageRequest) -> HttpResponseBase:
    """Put somebody with the role of an expert into the pool."""
    form = own.ExpertNewForm(posted(request), label_suffix="")
    offer(form, "user", queries.expert_candidates(request.today))
    made: list[TenderExpert] = []

    def act(data: dict[str, Any]) -> None:
        told = {"user": data["user"], "fields": _kinds(data), "employer": data["employer"]}
        where = _buyer(request)
        made.append(actions.enter_expert(actor=request.actor, now=request.now, organisation=where, **told))

    if done(form, act):
        messages.success(request, _("The expert is in the pool."))
        return redirect("hub:expert", made[0].pk)
    context = {"form": form, "title": _("Enter an expert"), "cancel_url": reverse("hub:experts")}
    return render(request, "hub/tender_form.html", context | {"crumbs": [(EXPERTS.title, reverse("hub:experts"))]})


def _kinds(data: dict[str, Any]) -> list[ServiceKind]:
    return [ServiceKind(one) for one in data["fields_of"]]


def _buyer(request: PageRequest) -> Organisation:
    """The body at the top of where the actor prepares tenders."""
    return queries.buyer_of(request.actor)


@page("tender.view", methods=BOTH)
def expert(request: PageRequest, pk: int) -> HttpResponseBase:
    """One expert: fields, ties; a form for whoever keeps the pool."""
    row: TenderExpert = get_or_404(queries.experts(request.actor), pk=pk)
    edits = request.actor.may_at("tender.edit", row.organisation.path or "")
    if request.method == "POST" and not edits:
        raise PermissionDenied("tender.edit")
    initial = {"fields_of": row.fields, "employer": row.employer, "is_active": row.is_active}
    form = own.ExpertEditForm(posted(request), label_suffix="", initial=initial)

    def act(data: dict[str, Any]) -> None:
        told = {"fields": _kinds(data), "employer": data["employer"], "is_active": data["is_active"]}
        actions.edit_expert(actor=request.actor, now=request.now, expert=row, **told)

    if done(form, act):
        messages.success(request, _("Saved."))
        return redirect("hub:expert", pk)
    ties = row.ties.select_related("provider").order_by("-starts_on", "-pk")
    context = {"expert": row, "form": form, "ties": ties, "may_edit": edits}
    return render(request, "hub/expert.html", context | {"crumbs": [(EXPERTS.title, reverse("hub:experts"))]})


@page("tender.edit", methods=BOTH)
def expert_tie(request: PageRequest, pk: int) -> HttpResponseBase:
    """Record a tie of an expert."""
    row: TenderExpert = get_or_404(queries.experts(request.actor), pk=pk)
    if not request.actor.may_at("tender.edit", row.organisation.path or ""):
        raise PermissionDenied("tender.edit")
    form = own.TieForm(posted(request), label_suffix="")
    offer(form, "provider", Provider.objects.visible_to(request.actor).order_by("name", "pk"))

    def act(data: dict[str, Any]) -> None:
        told = {**data, "kind": TieKind(data["kind"])}
        actions.record_tie(actor=request.actor, now=request.now, expert=row, **told)

    back = reverse("hub:expert", args=[pk])
    if done(form, act):
        messages.success(request, _("The tie is recorded."))
        return redirect(back)
    above = [(EXPERTS.title, reverse("hub:experts")), (row.name, back)]
    context = {"form": form, "title": _("Record a tie"), "crumbs": above, "cancel_url": back}
    return render(request, "hub/tender_form.html", context)


@page("tender.view")
def tender_figures(request: PageRequest) -> HttpResponse:
    """How many tenders, for how much, with how many bidders, and how they went."""
    chosen = own.TenderFilter(request.GET, actor=request.actor, today=request.today)
    rows = queries.figures(chosen.narrow(queries.tenders(request.actor)))
    total = queries.summed(rows)
    context = {
        "rows": [(TenderMethod(one.method).label, one) for one in rows],
        "total": total,
        "saved_yuan": total.saved // FEN,
        "budget_yuan": total.award_budget // FEN,
        "bids_each": _("{n} a tender").format(n=total.bids_each) if total.bids_each else "",
        "form": chosen,
        "crumbs": tender_crumbs(),
    }
    return render(request, "hub/tender_figures.html", context)
