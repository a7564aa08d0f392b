"""Mediations: the list, the dossier on the page of the case, what is entered beside its steps, papers, figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shuniu.desk.actions import mediation as actions
from shuniu.desk.enums import Signer
from shuniu.desk.lineage import state_of
from shuniu.desk.mediating import group_verdict
from shuniu.desk.models import Case
from shuniu.desk.papers import PAPERS
from shuniu.desk.queries import mediation as queries
from shuniu.desk.rules.mediation import whole
from shuniu.desk.sight import SERVES, Sight
from shuniu.desk.web import forms_mediation as own
from shuniu.desk.web.panels import Panel
from shuniu.desk.web.views_statutory import shown
from shuniu.kernel.documents import answer
from shuniu.kernel.scope import Actor
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.formats import moment_text
from shuniu.kernel.web.lists import Column, Empty, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

BOTH = ("GET", "POST")
STAFF = ("case.view", "case.enter", "service.give")

LIST = ListPage[Case](
    title=gettext_lazy("Mediations"),
    unit=pgettext_lazy("unit", "mediations"),
    columns=(
        Column("number", pgettext_lazy("case", "Number"), link=True, kind=Kind.CODE),
        Column("state", gettext_lazy("State"), value=lambda row: state_of(row)[0], tone=lambda row: state_of(row)[1]),
        Column("handler", gettext_lazy("Mediator"), value=lambda row: row.handler.name if row.handler else ""),
        Column("due", gettext_lazy("Next limit"), value=lambda row: moment_text(row.due_at) if row.due_at else ""),
        Column("opened", gettext_lazy("Received at"), value=lambda row: moment_text(row.opened_at), narrow=False),
    ),
    default_order=("-opened_at", "-pk"),
    row_url=lambda row: reverse("desk:case", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No mediations yet"),
        gettext_lazy("Applications come in by the web, the desk, or handed over from legal advice."),
    ),
    template="desk/mediation_list.html",
)


@page(*STAFF)
def mediations(request: PageRequest) -> HttpResponse:
    """Mediations in sight: numbers, states, limits. What they say stands on their own pages, for those who serve them."""
    return LIST.answer(request, queries.mediations(request.actor), may_count=request.actor.may("case.view"))


@page("case.view")
def mediation_figures(request: PageRequest) -> HttpResponse:
    """A year by the five classes of dispute, each share with its base."""
    form = own.YearForm(request.GET, request.today)
    year = form.chosen()
    rows = queries.counted_mediations(request.actor)
    by_class = queries.figures(rows, date(year, 1, 1), date(year + 1, 1, 1), request.today)
    context = {
        "form": form,
        "year": year,
        "by_class": [(kind.label, one) for kind, one in by_class.items()],
        "whole": whole(by_class),
        "chart": _chart([str(kind.label) for kind in by_class], list(by_class.values())),
    }
    return render(request, "desk/mediation_figures.html", context)


def _chart(names: list[str], found: list[Any]) -> dict[str, Any]:
    return {
        "grid": {"left": 8, "right": 32, "top": 32, "bottom": 8, "containLabel": True},
        "legend": {},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "inverse": True, "data": names},
        "series": [
            {"type": "bar", "name": pgettext("mediation", "Received"), "data": [one.received for one in found]},
            {"type": "bar", "name": pgettext("mediation", "Agreements"), "data": [one.agreed for one in found]},
        ],
    }


Make = Callable[[Any, Case, date], forms.Form]
Act = Callable[[Case, dict[str, Any], Actor, Any], object]


ENTRIES: dict[str, tuple[Any, Make, Act]] = {
    "consent": (
        gettext_lazy("Record the other side's answer"), own.ConsentForm,
        lambda case, data, actor, now: actions.record_consent(case, actor=actor, now=now, **data),
    ),
    "representatives": (
        gettext_lazy("Enter representatives"), own.RepresentativesForm,
        lambda case, data, actor, now: actions.elect_representatives(case, data["names"], actor=actor, now=now),
    ),
    "tie": (
        gettext_lazy("Enter a tie that bars somebody"), own.TieForm,
        lambda case, data, actor, now: actions.declare_tie(case, data["user"], data["note"], actor=actor, now=now),
    ),
    "session": (
        gettext_lazy("Keep the record of a session"), own.SessionForm,
        lambda case, data, actor, now: actions.hold_session(case, actor=actor, now=now, **data),
    ),
    "more-time": (
        gettext_lazy("Go on beyond the time"), own.MoreTimeForm,
        lambda case, data, actor, now: actions.agree_on_more_time(case, actor=actor, now=now, **data),
    ),
    "agreement": (
        gettext_lazy("Draw up the agreement"), own.AgreementForm,
        lambda case, data, actor, now: actions.draw_up_agreement(case, actor=actor, now=now, **data),
    ),
    "sign": (
        gettext_lazy("Record a signature or the seal"), own.SignForm,
        lambda case, data, actor, now: actions.sign_agreement(
            case, Signer(data["signer"]), on=data["on"], actor=actor, now=now
        ),
    ),
    "confirmation": (
        gettext_lazy("Record the commission's confirmation"), own.ConfirmationForm,
        lambda case, data, actor, now: actions.record_confirmation(case, on=data["on"], actor=actor, now=now),
    ),
    "follow-up": (
        gettext_lazy("Follow up the agreement"), own.FollowUpForm,
        lambda case, data, actor, now: actions.follow_up(case, actor=actor, now=now, **data),
    ),
}  # fmt: skip
"""What is entered in a mediation beside the steps of its case: title, form, action, by their names in the address."""


@page(*STAFF, methods=BOTH)
def mediation_enter(request: PageRequest, pk: int, what: str) -> HttpResponseBase:
    """One of `ENTRIES`, for those who serve the case."""
    if what not in ENTRIES:
        raise Http404
    row = _served(request, pk)
    title, make, act = ENTRIES[what]
    form = make(posted(request), row, request.today)
    back = reverse("desk:case", args=[row.pk])
    if request.method == "POST" and done(form, lambda data: act(row, data, request.actor, request.now)):
        messages.success(request, _("Entered."))
        return redirect(back)
    crumbs = [(_("Mediations"), reverse("desk:mediations")), (row.number, back)]
    context = {
        "form": form,
        "title": title,
        "submit": _("Enter"),
        "cancel_url": back,
        "crumbs": crumbs,
        "lead": row.number,
    }
    return render(request, "desk/dispute_form.html", context)


@page(*STAFF)
def mediation_paper(request: PageRequest, pk: int, paper: str, form: str) -> HttpResponse:
    """One of the papers of a mediation as a file."""
    row = _served(request, pk)
    found = queries.dossier(row)
    mediation = found["mediation"]
    if paper not in _papers(found):
        raise Http404
    days = {step.key: step.day for step, _rule in queries.limits_of(row, mediation, found["agreement"], request.today)}
    return answer(request, PAPERS[paper](row, mediation, found | days), f"{row.number}-{paper}", form)


def _papers(found: dict[str, Any]) -> list[str]:
    """The papers for which there is something to write."""
    row, agreement = found["mediation"], found["agreement"]
    if row is None:
        return []
    able = {
        "application": True,
        "acceptance": row.accepted_on is not None,
        "record": bool(found["sessions"]),
        "agreement": agreement is not None,
        "end": row.ended_on is not None and row.agreed_on is None,
    }
    return [name for name, is_able in able.items() if is_able]


PAPER_NAMES = {
    "application": gettext_lazy("Application for mediation of a labour dispute"),
    "acceptance": gettext_lazy("Notice of acceptance"),
    "record": gettext_lazy("Record of mediation"),
    "agreement": gettext_lazy("Mediation agreement"),
    "end": gettext_lazy("Notice that the mediation has ended"),
}


def _served(request: PageRequest, pk: int) -> Case:
    row: Case = get_or_404(queries.mediations(request.actor).select_related("organisation__area", "filer"), pk=pk)
    if not Sight.of(request.actor).roles(row) & SERVES:
        raise PermissionDenied
    return row


def mediation_panel(request: PageRequest, case: Case, sight: Sight) -> Panel | None:
    """What the page of a mediation shows beside its case; the applicant sees no ties and no contact of the other side."""
    found = queries.dossier(case)
    row = found["mediation"]
    if row is None:
        return None
    serves = bool(sight.roles(case) & SERVES)
    limits = queries.limits_of(case, row, found["agreement"], request.today)
    context = {
        **found,
        "serves": serves,
        "case": case,
        "limits": [shown(request, step, rule) for step, rule in limits],
        "group": group_verdict(case, row, request.today) if row.people > 1 else None,
        "entries": [(key, ENTRIES[key][0]) for key in _entries(case, found)] if serves else [],
        "papers": [(name, PAPER_NAMES[name]) for name in _papers(found)] if serves else [],
    }
    return Panel("desk/_mediation.html", context)


def _entries(case: Case, found: dict[str, Any]) -> list[str]:
    """What can be entered now."""
    row, agreement = found["mediation"], found["agreement"]
    working, is_over = case.state == "working", row.ended_on is not None
    able = {
        "consent": row.is_consented is None and not is_over,
        "representatives": row.people > 1 and not is_over,
        "session": working,
        "agreement": working and (agreement is None or agreement.signatures.binding_on is None),
        "sign": agreement is not None and agreement.signatures.binding_on is None,
        "more-time": working,
        "confirmation": agreement is not None and case.state == "agreed" and agreement.confirmed_on is None,
        "follow-up": case.state == "agreed",
        "tie": not is_over,
    }
    return [key for key, is_able in able.items() if is_able]
