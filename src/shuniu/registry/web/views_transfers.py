"""Transfers: those on their way, those that have waited too long, and one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shuniu.kernel.flow import Transition
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.fields import suggestions
from shuniu.kernel.web.lists import Column, Empty, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.registry.actions import transfers as actions
from shuniu.registry.enums import TransferState
from shuniu.registry.models import Transfer
from shuniu.registry.queries import transfers as queries
from shuniu.registry.queries.organisations import named
from shuniu.registry.rules.transfers import TRANSFER, Handover
from shuniu.registry.web import forms_transfers as own

BOTH = ("GET", "POST")

TRANSFERS = ListPage[Transfer](
    title=gettext_lazy("Transfers"),
    unit=pgettext_lazy("unit", "transfers"),
    columns=(
        Column("person", gettext_lazy("Name"), value="person.name", link=True),
        Column("origin", gettext_lazy("From the union"), value="origin.name"),
        Column("destination", gettext_lazy("To the union"), value="destination.name"),
        Column("out_on", pgettext_lazy("transfer", "Issued on"), kind=Kind.DATE, order=("out_on", "pk")),
        Column("in_on", gettext_lazy("Received on"), kind=Kind.DATE, narrow=False),
        Column(
            "state",
            pgettext_lazy("transfer", "State"),
            value=lambda row: row.get_state_display(),
            tone=lambda row: TRANSFER.of(TransferState(row.state)).tone,
        ),
    ),
    default_order=("-out_on", "-pk"),
    filters=own.TransferFilter,
    row_url=lambda row: reverse("registry:transfer", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No transfers yet"),
        gettext_lazy("A transfer begins on the page of a member whose employment has moved to another unit."),
        gettext_lazy("Look for the member"),
        "registry:members",
        "member.view",
    ),
)


@page("member.view")
def transfers(request: PageRequest) -> HttpResponse:
    """Transfers from and to the unions in sight."""
    return TRANSFERS.answer(request, queries.visible_transfers(request.actor))


@page("transfer.edit")
def destinations_suggest(request: PageRequest) -> HttpResponse:
    """What is offered below the box in which the receiving union is named: names and numbers of unions anywhere."""
    rows = queries.destinations(request.today)
    return suggestions(request, lambda typed: named(rows, typed).order_by("name", "pk"), own.DestinationField())


@page("member.view")
def transfer(request: PageRequest, pk: int) -> HttpResponse:
    """One transfer: from where, to where, since when, and what comes next."""
    row = get_or_404(queries.visible_transfers(request.actor), pk=pk)
    moves = TRANSFER.available(actions.handover(row), request.actor)
    context = {
        "transfer": row,
        "state": TRANSFER.of(TransferState(row.state)),
        "crumbs": [(TRANSFERS.title, reverse("registry:transfers"))],
        "buttons": [_button(row, move) for move in moves],
        "may_see_person": request.actor.may_at("member.view", _path(row)),
        "verdict": queries.open_verdict(row, request.today),
        "facts": _facts(row),
        "stages": _stages(row),
    }
    return render(request, "registry/transfer.html", context)


def _path(row: Transfer) -> str:
    return (row.person.home.path or "") if row.person.home else ""


def _button(row: Transfer, move: Transition[Handover]) -> dict[str, Any]:
    return {"label": move.label, "url": reverse("registry:transfer_move", args=[row.pk, move.name]), "move": move}


def _facts(row: Transfer) -> list[tuple[Any, Any]]:
    return [
        (_("From the union"), row.origin),
        (_("To the union"), row.destination),
        (pgettext("transfer", "Issued on"), row.out_on),
        (_("Received on"), row.in_on),
        (_("Reason"), row.reason),
        (_("Answer"), row.answer),
    ]


def _stages(row: Transfer) -> list[dict[str, Any]]:
    """Issued, and then what came of it."""
    issued = {"label": _("Issued by {union}").format(union=row.origin), "done": True}
    label = TRANSFER.of(TransferState(row.state)).label
    return [issued, {"label": label, "current": True}]


@page("transfer.edit", methods=BOTH)
def transfer_move(request: PageRequest, pk: int, move: str) -> HttpResponseBase:
    """Receive, refuse or withdraw a transfer."""
    row = get_or_404(queries.visible_transfers(request.actor), pk=pk)
    step = next((one for one in TRANSFER.transitions if one.name == move), None)
    if step is None:
        raise Http404
    if not step.permitted(actions.handover(row), request.actor, ""):
        raise PermissionDenied
    form: forms.Form = own.AnswerForm(posted(request), label_suffix="")
    if move == "receive":
        form = own.ReceiveForm(posted(request), today=request.today)

    def act(data: dict[str, Any]) -> None:
        deed: dict[str, Callable[..., None]] = {
            "receive": actions.receive_transfer,
            "refuse": actions.refuse_transfer,
            "withdraw": actions.withdraw_transfer,
        }
        deed[move](row, actor=request.actor, now=request.now, **data)

    if done(form, act):
        messages.success(request, _("Recorded: {step}.").format(step=step.label))
        return redirect("registry:transfer", pk)
    here = reverse("registry:transfer", args=[pk])
    context = {"form": form, "transfer": row, "title": step.label, "submit": step.label, "danger": step.danger}
    crumbs = [(TRANSFERS.title, reverse("registry:transfers")), (row.person.name, here)]
    return render(request, "registry/transfer_form.html", context | {"crumbs": crumbs, "cancel_url": here})
