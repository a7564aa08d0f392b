"""What members of the opening committee see: their code, and the opening."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shuniu.hub.actions import tender_opening as actions
from shuniu.hub.models import Tender, TenderSeat
from shuniu.hub.queries import tenders as queries
from shuniu.hub.web import forms_tenders as own
from shuniu.hub.web.views_tenders import BOTH, answer_form, crumbs, refused
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404


def _own(request: PageRequest, pk: int) -> tuple[Tender, TenderSeat]:
    row: Tender = get_or_404(queries.tenders(request.actor), pk=pk)
    seat: TenderSeat | None = row.seats.filter(user_id=request.actor.user_id or 0).first()
    if seat is None:
        raise PermissionDenied("no seat on the opening committee")
    return row, seat


@page("tender.view")
def tender_code(request: PageRequest, pk: int) -> HttpResponseBase:
    """What an opening code is, and the button that makes one."""
    row, seat = _own(request, pk)
    if seat.confirmed_at:
        messages.info(request, _("Your opening code is confirmed. It cannot be shown again."))
        return redirect("hub:tender", pk)
    context = {"tender": row, "crumbs": crumbs(row), "has_code": seat.public_key is not None, "form": _code_form(None)}
    return render(request, "hub/tender_code.html", context)


@page("tender.view", methods=["POST"])
def tender_code_make(request: PageRequest, pk: int) -> HttpResponseBase:
    """Make a code and show it, this once."""
    row, _seat = _own(request, pk)
    try:
        code = actions.make_opening_code(actor=request.actor, now=request.now, tender=row)
    except ActionError as error:
        return refused(request, pk, error)
    context = {"tender": row, "crumbs": crumbs(row), "code": code, "form": _code_form(None)}
    return render(request, "hub/tender_code.html", context)


@page("tender.view", methods=["POST"])
def tender_code_confirm(request: PageRequest, pk: int) -> HttpResponseBase:
    """Take the code back in, to be sure that the member has it."""
    row, _seat = _own(request, pk)
    form = _code_form(posted(request))

    def act(data: dict[str, Any]) -> None:
        actions.confirm_opening_code(actor=request.actor, now=request.now, tender=row, code=data["code"])

    if done(form, act):
        messages.success(request, _("Your opening code is confirmed. Keep it until the opening."))
        return redirect("hub:tender", pk)
    context = {"tender": row, "crumbs": crumbs(row), "has_code": True, "form": form}
    return render(request, "hub/tender_code.html", context)


def _code_form(data: Any) -> own.CodeForm:
    return own.CodeForm(data, label_suffix="")


@page("tender.view", methods=BOTH)
def tender_open(request: PageRequest, pk: int) -> HttpResponseBase:
    """Take part in the opening with one's own code."""
    row, seat = _own(request, pk)
    if seat.released_at or not row.is_secret:
        return redirect("hub:tender", pk)
    form = _code_form(posted(request))

    def act(data: dict[str, Any]) -> None:
        actions.release_key(actor=request.actor, now=request.now, tender=row, code=data["code"])

    context = {
        "submit": _("Take part in the opening"),
        "consequence": _("Bids are opened when {n} members have entered their codes.").format(n=row.keys_needed),
        "early": bool(row.due_at and request.now < row.due_at),
    }
    return answer_form(request, row, form, act, _("You took part in the opening."), _("Open the bids"), **context)


@page("tender.view", "tender.score")
def my_tenders(request: PageRequest) -> HttpResponse:
    """Tenders that one opens or scores."""
    context = {
        "seats": queries.seats_of(request.actor)[:50],
        "juries": queries.juries_of(request.actor)[:50],
    }
    return render(request, "hub/my_tenders.html", context)
