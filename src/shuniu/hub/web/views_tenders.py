"""Tenders: the list, one tender, its draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shuniu.hub.actions import tenders as actions
from shuniu.hub.enums import TenderState
from shuniu.hub.models import Tender, TenderAward
from shuniu.hub.queries import tender_papers
from shuniu.hub.queries import tenders as queries
from shuniu.hub.rules.tenders import BUTTONS, TENDER, TONES
from shuniu.hub.tendering import case_of, path_of, standing_award
from shuniu.hub.web import forms_tenders as own
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.files import workbook
from shuniu.kernel.web.formats import date_text, moment_text, money
from shuniu.kernel.web.lists import Column, Empty, Export, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

BOTH = ("GET", "POST")


def yuan(fen: int | None) -> str:
    """An amount with its unit."""
    return "" if fen is None else _("{amount} yuan").format(amount=money(fen))


COLUMNS: tuple[Column[Tender], ...] = (
    Column("number", pgettext_lazy("tender", "Number"), kind=Kind.CODE, narrow=False),
    Column("title", pgettext_lazy("tender", "Title"), link=True),
    Column(
        "state",
        pgettext_lazy("tender", "State"),
        value=lambda row: row.get_state_display(),
        tone=lambda row: TONES[TenderState(row.state)],
    ),
    Column("method", pgettext_lazy("tender", "Method"), value=lambda row: row.get_method_display()),
    Column("budget", gettext_lazy("Budget (yuan)"), kind=Kind.MONEY),
    Column("duty", gettext_lazy("Duty"), value="duty.name", narrow=False),
    Column("due_at", gettext_lazy("Bids due"), value=lambda row: moment_text(row.due_at), narrow=False),
)

LIST = ListPage[Tender](
    title=gettext_lazy("Tenders"),
    unit=pgettext_lazy("unit", "tenders"),
    columns=COLUMNS,
    default_order=("-created_at", "-pk"),
    filters=own.TenderFilter,
    row_url=lambda row: reverse("hub:tender", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No tenders yet"),
        gettext_lazy("A tender begins with a duty that is to be bought from outside."),
        gettext_lazy("Draft a tender"),
        "hub:tender_new",
        "tender.edit",
    ),
    exports=(Export(gettext_lazy("Export"), "hub:tenders_export", "tender.view"),),
    template="hub/tender_list.html",
)


@page("tender.view")
def tenders(request: PageRequest) -> HttpResponse:
    """All tenders in sight."""
    rows = queries.tenders(request.actor)
    return LIST.answer(request, rows, may_draft=request.actor.may("tender.edit"))


@page("tender.view")
def tenders_export(request: PageRequest) -> HttpResponse:
    """The tenders of the list as a workbook."""
    chosen = own.TenderFilter(request.GET, actor=request.actor, today=request.today)
    rows = chosen.narrow(queries.tenders(request.actor)).order_by(*LIST.default_order)
    cells = ([_plain(column, row) for column in COLUMNS] for row in rows.iterator(chunk_size=2000))
    return workbook(LIST.title, [column.title for column in COLUMNS], cells)


def _plain(column: Column[Tender], row: Tender) -> Any:
    value = column.of(row)
    if column.kind is Kind.MONEY:
        return money(value)
    return str(value) if isinstance(value, Promise) else value


@page("tender.edit", methods=BOTH)
def tender_new(request: PageRequest) -> HttpResponseBase:
    """Draft a tender of a duty."""
    form = own.DraftForm(posted(request), actor=request.actor, today=request.today)
    made: list[Tender] = []

    def act(data: dict[str, Any]) -> None:
        plan, where = form.plan(data, request.today), data["duty"].organisation
        made.append(actions.draft_tender(actor=request.actor, now=request.now, organisation=where, plan=plan))

    if done(form, act):
        messages.success(request, _("The tender is drafted. Next, name the opening committee."))
        return redirect("hub:tender", made[0].pk)
    context = {"form": form, "title": _("Draft a tender"), "submit": _("Save the draft"), "draft": "tender-new"}
    return render(request, "hub/tender_form.html", context | {"crumbs": crumbs(), "cancel_url": reverse("hub:tenders")})


@page("tender.edit", methods=BOTH)
def tender_edit(request: PageRequest, pk: int) -> HttpResponseBase:
    """Change a draft."""
    row = editable(request, pk)
    form = own.DraftForm(posted(request), actor=request.actor, today=request.today, tender=row)

    def act(data: dict[str, Any]) -> None:
        plan = form.plan(data, request.today)
        actions.edit_tender(actor=request.actor, now=request.now, tender=row, plan=plan)

    return answer_form(request, row, form, act, _("The draft is changed."), _("Change the draft"))


def editable(request: PageRequest, pk: int, permission: str = "tender.edit") -> Tender:
    """The tender, if it is in sight and the actor has the right where the buyer is."""
    row: Tender = get_or_404(queries.tenders(request.actor), pk=pk)
    if not request.actor.may_at(permission, path_of(row)):
        raise PermissionDenied(permission)
    return row


def crumbs(row: Tender | None = None) -> list[tuple[Any, str]]:
    first = [(LIST.title, reverse("hub:tenders"))]
    return [*first, (row.title, reverse("hub:tender", args=[row.pk]))] if row else first


def answer_form(
    request: PageRequest,
    row: Tender,
    form: Any,
    act: Any,
    said: str,
    title: Any,
    **context: Any,
) -> HttpResponseBase:
    """A form about one tender: shown, or carried out and back to the tender."""
    back = context.pop("back", "") or reverse("hub:tender", args=[row.pk])
    if request.method == "POST" and done(form, act):
        messages.success(request, said)
        return redirect(back)
    shown = {"form": form, "tender": row, "title": title, "crumbs": crumbs(row), "cancel_url": back}
    return render(request, "hub/tender_form.html", shown | context)


@page("tender.view")
def tender(request: PageRequest, pk: int) -> HttpResponse:
    """One tender: how far it is, what is due, what the rules say, what comes next."""
    row = get_or_404(queries.tenders(request.actor), pk=pk)
    award = standing_award(row)
    context = {
        "tender": row,
        "state": TENDER.of(TenderState(row.state)),
        "crumbs": crumbs(),
        "buttons": _buttons(request, row, award),
        "stages": stages(row),
        "clock": queries.clock_of(row, request.today),
        "verdicts": queries.verdicts(row, request.today),
        "facts": facts(row),
        "consulted": consulted(row),
        "events": events(row, award),
        "award": award,
        "agreement": row.agreements.order_by("pk").first() if row.state == TenderState.AWARDED else None,
        "labels": labels(row),
        "papers": tender_papers.at_hand(row),
        **_parts(request, row),
    }
    return render(request, "hub/tender.html", context)


def _parts(request: PageRequest, row: Tender) -> dict[str, Any]:
    """What is shown of lines, committee, bids and objections."""
    edits = request.actor.may_at("tender.edit", path_of(row))
    seats = list(row.seats.select_related("user"))
    return {
        "lines": row.lines.all(),
        "criteria": row.criteria.all(),
        "seats": seats,
        "own_seat": next((seat for seat in seats if seat.user_id == request.actor.user_id), None),
        "jurors": list(row.jurors.select_related("expert")),
        "bids": queries.opened_bids(row),
        "notes": row.notes.all(),
        "objections": queries.objections_of(row),
        "may_edit": edits,
        "may_answer": edits or request.actor.may_at("tender.decide", path_of(row)),
        "may_name": edits and row.state in {TenderState.DRAFT, TenderState.APPROVED},
        "may_note": edits and row.state == TenderState.PUBLISHED and bool(row.due_at and request.now < row.due_at),
        "may_draw": edits and row.state == TenderState.OPENED and row.drawn_at is None,
        "opening_now": row.is_secret and bool(row.due_at and request.now >= row.due_at),
        "is_public": row.published_at is not None,
        "bought": queries.bought_besides(row) if row.state in {TenderState.DRAFT, TenderState.APPROVED} else ([], []),
        "may_make_code": row.state in {TenderState.DRAFT, TenderState.APPROVED},
    }


CLOCKS = {
    TenderState.SCORED: gettext_lazy("To decide on the award"),
    TenderState.PROPOSED: gettext_lazy("To decide on the award"),
    TenderState.DECIDED: gettext_lazy("To announce the award"),
    TenderState.ANNOUNCED: gettext_lazy("Bidders may object"),
    TenderState.AWARDED: gettext_lazy("To make the agreement"),
}


def labels(row: Tender) -> dict[str, Any]:
    """Words of pills and clocks on the page of a tender."""
    return {
        "released": _("Took part"),
        "ready": _("Code confirmed"),
        "no_code": _("No code yet"),
        "upheld": pgettext("objection", "Upheld"),
        "stands": pgettext("objection", "Not upheld"),
        "clock": CLOCKS.get(TenderState(row.state), ""),
    }


def _buttons(request: PageRequest, row: Tender, award: TenderAward | None) -> list[dict[str, Any]]:
    moves = TENDER.available(case_of(row, award), request.actor, path_of(row))
    return [
        {"label": move.label, "url": reverse("hub:tender_step", args=[row.pk, move.name]), "danger": move.danger}
        for move in moves
        if move.name in BUTTONS and not (move.name == "fail" and row.due_at and request.now < row.due_at)
    ]


PHASES = (
    (pgettext_lazy("phase", "Plan"), {TenderState.DRAFT, TenderState.APPROVED}),
    (pgettext_lazy("phase", "Bids"), {TenderState.PUBLISHED, TenderState.CLOSED}),
    (pgettext_lazy("phase", "Scoring"), {TenderState.OPENED, TenderState.SCORED}),
    (pgettext_lazy("phase", "Decision"), {TenderState.PROPOSED, TenderState.DECIDED}),
    (pgettext_lazy("phase", "Announced"), {TenderState.ANNOUNCED}),
    (pgettext_lazy("phase", "Awarded"), {TenderState.AWARDED}),
)
"""The states of the way to an award, taken together so that they fit a phone."""


def stages(row: Tender) -> list[dict[str, Any]]:
    """The way to an award, with what was reached; a tender that ended shows where it stopped."""
    ended = row.state in {TenderState.FAILED, TenderState.CANCELLED}
    state = reached(row) if ended else TenderState(row.state)
    at = next(place for place, (_label, states) in enumerate(PHASES) if state in states)
    return [
        {"label": label, "done": place < at, "current": place == at and not ended}
        for place, (label, _states) in enumerate(PHASES)
    ]


def reached(row: Tender) -> TenderState:
    """How far a tender had come when it ended."""
    marks = (
        (row.scored_at, TenderState.SCORED),
        (row.opened_at, TenderState.OPENED),
        (row.published_at, TenderState.PUBLISHED),
        (row.approved_at, TenderState.APPROVED),
    )
    return next((state for moment, state in marks if moment), TenderState.DRAFT)


def facts(row: Tender) -> list[tuple[Any, Any]]:
    """What a tender is about, for everybody who may read its notice."""
    told = [
        (_("Buyer"), row.organisation),
        (_("Duty"), row.duty),
        (_("What is bought"), row.get_subject_display()),
        (pgettext("tender", "Method"), row.get_method_display()),
        (_("Reason for the method"), row.method_reason),
        (_("Budget and highest price"), yuan(row.budget)),
        (_("Bid bond"), yuan(row.bond) if row.bond else _("None asked")),
        (_("Discount on the price of small firms"), f"{row.small_discount}%" if row.small_discount else ""),
        (_("Fiscal year"), str(row.fiscal_year)),
        (_("Bids due and opened"), moment_text(row.due_at)),
        (_("Documents offered until"), date_text(row.documents_until)),
        (_("Ended because"), row.end_reason),
    ]
    return [(label, value) for label, value in told if value != ""]


def consulted(row: Tender) -> list[tuple[Any, Any]]:
    if not row.consulted_people:
        return []
    return [
        (_("Users asked on"), row.consulted_on),
        (_("How many were asked"), row.consulted_people),
        (_("How they were asked"), row.consulted_how),
    ]


def events(row: Tender, award: TenderAward | None) -> list[dict[str, Any]]:
    """What happened, newest first."""
    told: list[tuple[Any, Any, str, str]] = [
        (row.created_at, _("Drafted"), "", "neutral"),
        (row.approved_at, pgettext("tender event", "Approved"), row.split_reason, "neutral"),
        (row.published_at, pgettext("tender event", "Notice published"), "", "active"),
        *((note.at, _("Clarification {n}").format(n=note.number), note.text, "warn") for note in row.notes.all()),
        (row.opened_at, pgettext("tender event", "Bids opened"), "", "active"),
        (row.drawn_at, _("Experts drawn by lot"), "", "neutral"),
        (row.scored_at, pgettext("tender event", "Scoring closed"), "", "neutral"),
    ]
    if award is not None:
        told += [
            (award.proposed_at, _("Award proposed"), award.reason, "neutral"),
            (award.decided_at, _("Award decided"), "", "neutral"),
            (award.announced_at, _("Award announced"), "", "active"),
        ]
    ends = {TenderState.AWARDED: "good", TenderState.FAILED: "bad"}
    told.append((row.ended_at, row.get_state_display(), row.end_reason, ends.get(TenderState(row.state), "done")))
    happened = [one for one in told if one[0]]
    happened.sort(key=lambda one: one[0], reverse=True)
    return [{"at": at, "title": title, "text": text, "tone": tone} for at, title, text, tone in happened]


def refused(request: PageRequest, pk: int, error: ActionError) -> HttpResponseBase:
    """Back to the tender with the sentence."""
    messages.error(request, str(error))
    return redirect("hub:tender", pk)
