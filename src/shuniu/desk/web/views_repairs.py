"""Repairs: the board of who hands them out, the repairer's jobs on a phone, one repair's forms, figures, the public board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.desk.actions import repairs as actions
from shuniu.desk.actions.cases import assign_case
from shuniu.desk.lineage import state_of
from shuniu.desk.models import Material, Repair, ServiceLine
from shuniu.desk.papers import repair_order
from shuniu.desk.queries import repairs as queries
from shuniu.desk.rules.repairs import CALLBACK, PHONE_HOURS, clock_text, phone_is_staffed
from shuniu.desk.sight import SERVES, Sight
from shuniu.desk.web import forms_repairs as own
from shuniu.desk.web.panels import Panel
from shuniu.kernel.documents import answer
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.formats import moment_text, month_text
from shuniu.kernel.web.lists import Column, Empty, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.rulebook.public import check, find, place_of
from shuniu.voice.public import Of, Result, result

BOTH = ("GET", "POST")
STAFF = ("case.view", "case.enter", "service.give")
ONE_TAP = frozenset({"arrive", "go_on"})
"""Steps that ask for nothing more, so that a thumb on the page is enough."""
MOST = 60


def due_words(row: Repair, now: datetime) -> str:
    """How long is left, or how long it is overdue."""
    due = row.case.due_at
    if row.case.closed_at or row.fixed_at:
        return _("mended") if row.fixed_at else _("closed")
    if due is None:
        return _("waits for parts") if row.case.state == "parts" else "—"
    minutes = int((due - now).total_seconds() // 60)
    said = queries.minutes_text(abs(minutes))
    return _("{time} left").format(time=said) if minutes >= 0 else _("{time} overdue").format(time=said)


def due_tone(row: Repair, now: datetime) -> str:
    """Red where it is overdue, amber in the last hour and while it waits, plain otherwise."""
    due = row.case.due_at
    if row.case.closed_at or row.fixed_at:
        return "done"
    if due is None:
        return "warn"
    return "bad" if due < now else "warn" if (due - now).total_seconds() < 3600 else "active"


def _columns(now: datetime) -> tuple[Column[Repair], ...]:
    return (
        Column("number", pgettext_lazy("case", "Number"), value="case.number", link=True, kind=Kind.CODE),
        Column("fault", gettext_lazy("What is broken"), value=queries.fault_name),
        Column("place", pgettext_lazy("repair", "Place"), value=own.place_of),
        Column(
            "due", gettext_lazy("Time"), value=lambda row: due_words(row, now), tone=lambda row: due_tone(row, now),
            order=("case__due_at", "pk"),
        ),
        Column(
            "state", pgettext_lazy("repair", "State"), value=lambda row: state_of(row.case)[0],
            tone=lambda row: state_of(row.case)[1],
        ),
        Column("handler", gettext_lazy("Repairer"), value=lambda row: row.case.handler.name if row.case.handler else ""),
        Column("reported", gettext_lazy("Reported at"), value=lambda row: moment_text(row.reported_at), narrow=False),
    )  # fmt: skip


@page("case.view", "case.enter")
def repairs(request: PageRequest) -> HttpResponse:
    """Every repair in sight, what is overdue in red; those that nobody has yet are handed out from here."""
    board = ListPage[Repair](
        title=gettext_lazy("Repairs"),
        unit=pgettext_lazy("unit", "repairs"),
        columns=_columns(request.now),
        default_order=("-reported_at", "-pk"),
        filters=own.RepairFilter,
        row_url=lambda row: reverse("desk:case", args=[row.pk]),
        empty=Empty(
            gettext_lazy("No repairs here"),
            gettext_lazy("Choose another state above. New ones come in by the web, the telephone and the desk."),
        ),
        template="desk/repair_list.html",
    )
    return board.answer(request, queries.repairs(request.actor), may_count=request.actor.may("case.view"))


@page("service.give")
def repair_jobs(request: PageRequest) -> HttpResponse:
    """A repairer's own page, made for a phone: the next job with its buttons, then the others."""
    rows = list(queries.jobs(request.actor)[:MOST])
    shown = [_job(row, request.now) for row in rows]
    return render(request, "desk/repair_jobs.html", {"next": shown[0] if shown else None, "others": shown[1:]})


def _job(row: Repair, now: datetime) -> dict[str, Any]:
    label, tone, _share = state_of(row.case)
    return {
        "row": row,
        "fault": queries.fault_name(row),
        "place": own.place_of(row),
        "state": label,
        "state_tone": tone,
        "due": due_words(row, now),
        "due_tone": due_tone(row, now),
        "can_arrive": row.case.state == "assigned",
        "is_there": row.case.state == "arrived",
        "waits": row.case.state == "parts",
    }


@page("service.give", "own.view", methods=["POST"])
def repair_tap(request: PageRequest, pk: int, move: str) -> HttpResponseBase:
    """A step by one tap. Sent twice it is done once."""
    row = get_or_404(queries.repairs(request.actor), pk=pk)
    if move in ONE_TAP:
        try:
            actions.move_repair(row.case, move, actor=request.actor, now=request.now)
        except ActionError as error:
            messages.error(request, str(error))
    return redirect("desk:repair_jobs")


@page("case.view", "case.enter", methods=BOTH)
def repair_send(request: PageRequest, pk: int) -> HttpResponseBase:
    """Hand a repair out: the fittest repairer is chosen already."""
    row = get_or_404(queries.repairs(request.actor), pk=pk)
    form = own.SendForm(posted(request), row.case, request.today)

    def act(data: dict[str, Any]) -> None:
        assign_case(row.case, form.handlers[data["handler"]], actor=request.actor, now=request.now)

    return _form(request, row, form, act, _("The repair is handed out."), _("Hand out a repair"), _("Hand out"))


@page(*STAFF, methods=BOTH)
def repair_material(request: PageRequest, pk: int) -> HttpResponseBase:
    """Enter a line of material."""
    row = _served(request, pk)
    form = own.MaterialForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        actions.add_material(row, actor=request.actor, now=request.now, **data)

    return _form(request, row, form, act, _("The material is entered."), _("Enter material"), _("Enter"))


@page(*STAFF, methods=["POST"])
def repair_material_remove(request: PageRequest, pk: int, line: int) -> HttpResponseBase:
    """Take a line of material out."""
    row = _served(request, pk)
    material: Material = get_or_404(row.materials.all(), pk=line)
    actions.remove_material(material, actor=request.actor, now=request.now)
    return redirect("desk:case", pk)


@page(*STAFF, methods=BOTH)
def repair_labour(request: PageRequest, pk: int) -> HttpResponseBase:
    """Charge the work."""
    row = _served(request, pk)
    form = own.LabourForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        actions.charge_labour(row, data["fen"], actor=request.actor, now=request.now)

    return _form(request, row, form, act, _("The work is charged."), _("Charge the work"), _("Charge"))


@page("case.view", "case.enter", methods=BOTH)
def repair_call(request: PageRequest, pk: int) -> HttpResponseBase:
    """Record a call back."""
    row = get_or_404(queries.repairs(request.actor), pk=pk)
    form = own.CallForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        actions.call_back(row, actor=request.actor, now=request.now, **data)

    return _form(request, row, form, act, _("The call is recorded."), _("Call back about a repair"), _("Record"))


@page(*STAFF)
def repair_paper(request: PageRequest, pk: int, form: str) -> HttpResponse:
    """The repair order as a file."""
    row = _served(request, pk)
    return answer(request, repair_order(row, queries.fault_name(row)), row.case.number, form)


def _served(request: PageRequest, pk: int) -> Repair:
    row: Repair = get_or_404(queries.repairs(request.actor), pk=pk)
    if not Sight.of(request.actor).roles(row.case) & SERVES:
        raise PermissionDenied
    return row


Act = Callable[[dict[str, Any]], object]


def _form(
    request: PageRequest, row: Repair, form: forms.Form, act: Act, said: str, title: str, submit: str
) -> HttpResponseBase:
    back = reverse("desk:case", args=[row.pk])
    if request.method == "POST" and done(form, act):
        messages.success(request, said)
        return redirect(back)
    crumbs = [(_("Repairs"), reverse("desk:repairs")), (row.case.number, back)]
    lead = f"{queries.fault_name(row)} · {own.place_of(row)}"
    context = {"form": form, "title": title, "submit": submit, "cancel_url": back, "crumbs": crumbs, "lead": lead}
    return render(request, "desk/dispute_form.html", context)


@page("case.view", methods=BOTH)
def repair_figures(request: PageRequest) -> HttpResponseBase:
    """A month of repairs: in time, repeats, calls back, what people say; a post draws whom to call."""
    lines = list(queries.repair_lines(request.actor).order_by("name", "pk"))
    form = own.MonthForm(request.GET, [(line.pk, line.name) for line in lines], request.today)
    first = form.first()
    line = next(
        (one for one in lines if str(one.pk) == str(form.cleaned_data.get("line"))), lines[0] if lines else None
    )
    if request.method == "POST" and line is not None:
        drawn = actions.draw_calls(line.organisation, first, actor=request.actor, now=request.now)
        messages.success(request, _("{n} repairs of the month are to be called back.").format(n=drawn))
        return redirect(request.get_full_path())
    context: dict[str, Any] = {"form": form, "month": month_text(first), "line": line}
    if line is not None:
        context |= _figures(line, first, request)
    return render(request, "desk/repair_figures.html", context)


def _figures(line: ServiceLine, first: date, request: PageRequest) -> dict[str, Any]:
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    counted = queries.figures(queries.public_repairs(line), first, after, request.now)
    rule = find(CALLBACK, on=first, at=place_of(line.organisation)).rule
    said = result(Of(date(first.year, 1, 1), date(first.year + 1, 1, 1), lines=[line.key]), on=request.today)
    rows = queries.to_call(request.actor).filter(organisation_id=line.organisation_id)[:20]
    return {
        "figures": counted,
        "mean_hours": round(counted.mean.total_seconds() / 3600, 1) if counted.mean else None,
        "said": said,
        "bounds": bounds_text(said),
        "verdict": check(rule, counted.called, base=counted.mended) if counted.mended else None,
        "to_call": [(row, queries.fault_name(row)) for row in rows],
        "may_draw": request.actor.may_at("case.assign", line.organisation.path or ""),
    }


@page(public=True)
def repair_board(request: PageRequest) -> HttpResponse:
    """What the repairs lines promise, and how they kept it last month, for everybody."""
    last = (request.today.replace(day=1) - date.resolution).replace(day=1)
    lines = [_public(line, last, request) for line in queries.public_lines().order_by("name", "pk")[:20]]
    return render(request, "desk/repair_board.html", {"lines": lines, "month": month_text(last)})


def _public(line: ServiceLine, first: date, request: PageRequest) -> dict[str, Any]:
    at = place_of(line.organisation)
    hours = find(PHONE_HOURS, on=request.today, at=at).rule.numbers
    counted = queries.figures(queries.public_repairs(line), first, request.today.replace(day=1), request.now)
    said = result(Of(date(request.today.year, 1, 1), lines=[line.key]), on=request.today, at=at)
    return {
        "line": line,
        "promises": queries.promises(line, request.today),
        "hours": " – ".join(clock_text(int(one)) for one in hours),
        "is_staffed": phone_is_staffed([int(one) for one in hours], request.now.astimezone()),
        "figures": counted if counted.received >= said.minimum else None,
        "said": said,
        "bounds": bounds_text(said),
    }


def bounds_text(said: Result) -> str:
    """The interval of the share of the satisfied, e.g. `91.2%–95.1%`."""
    return f"{said.share.low:.1%}–{said.share.high:.1%}" if said.share else ""


def repair_panel(request: PageRequest, case: Any, sight: Sight) -> Panel | None:
    """What the page of a repair shows beside its case."""
    row = queries.repairs(request.actor).filter(pk=case.pk).select_related("repeat_of__case").first()
    if row is None:
        return None
    materials = list(row.materials.order_by("pk"))
    serves = bool(sight.roles(case) & SERVES)
    context = {
        "row": row,
        "fault": queries.fault_name(row),
        "place": own.place_of(row),
        "waits": list(row.waits.order_by("started_at")),
        "materials": materials,
        "material_sum": sum(one.total for one in materials),
        "total": sum(one.total for one in materials) + row.labour,
        "serves": serves,
        "is_open": case.closed_at is None,
        "may_send": case.state == "new" and serves,
        "may_call": serves and row.is_drawn and row.called_at is None and case.handler_id != request.actor.user_id,
    }
    return Panel("desk/_repair.html", context)
