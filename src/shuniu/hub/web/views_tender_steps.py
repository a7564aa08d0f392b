"""The steps of a tender that somebody presses, its opening committee, its clarifications, the draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuniu.hub.actions import tender_award, tender_experts, tender_notes, tender_opening
from shuniu.hub.actions import tenders as actions
from shuniu.hub.enums import TenderMethod
from shuniu.hub.models import Tender, TenderBid
from shuniu.hub.queries import tenders as queries
from shuniu.hub.ranking import candidates
from shuniu.hub.rules.tenders import BUTTONS, TENDER, TENDERED
from shuniu.hub.tendering import case_of, path_of, standing_award
from shuniu.hub.web import forms_tenders as own
from shuniu.hub.web.views_tenders import BOTH, answer_form, editable, refused, yuan
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.doing import offer, posted
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

Do = Callable[..., object]
PLAIN: dict[str, Do] = {
    "decide": tender_award.decide_award,
    "announce": tender_award.announce_award,
    "settle": tender_award.settle_award,
}
REASONED: dict[str, Do] = {
    "send_back": actions.send_back_tender,
    "cancel": actions.cancel_tender,
    "fail": actions.fail_tender,
    "take_back": tender_award.take_award_back,
}


@page("tender.edit", "tender.decide", methods=BOTH)
def tender_step(request: PageRequest, pk: int, move: str) -> HttpResponseBase:
    """One step: its form, or a question whether to take it."""
    if move not in BUTTONS:
        raise Http404
    row: Tender = get_or_404(queries.tenders(request.actor), pk=pk)
    try:
        step = TENDER.check(move, case_of(row, standing_award(row)), request.actor, path_of(row))
    except ActionError as error:
        return refused(request, pk, error)
    form, act = _form(request, row, move)
    said = _("Recorded: {step}.").format(step=step.label)
    context = {"submit": step.label, "danger": step.danger, "consequence": _consequence(row, move)}
    return answer_form(request, row, form, act, said, step.label, **context)


def _form(request: PageRequest, row: Tender, move: str) -> tuple[Any, Callable[[dict[str, Any]], object]]:
    who: dict[str, Any] = {"actor": request.actor, "now": request.now, "tender": row}
    data = posted(request)
    if move in REASONED:
        return own.ReasonForm(data, label_suffix=""), lambda given: REASONED[move](**who, **given)
    if move == "approve":
        return own.ApproveForm(data, label_suffix=""), lambda given: actions.approve_tender(**who, **given)
    if move == "publish":
        return _publish(data, who)
    if move == "propose":
        return _propose(data, row, who)
    return own.NothingForm(data), lambda given: PLAIN[move](**who, **given)


def _publish(data: Any, who: dict[str, Any]) -> tuple[Any, Callable[[dict[str, Any]], object]]:
    form = own.PublishForm(data, label_suffix="")

    def act(given: dict[str, Any]) -> None:
        until = given["documents_until"]
        actions.publish_tender(**who, due_at=form.moment(given), documents_until=until)

    return form, act


class BidChoice:
    """Writes a bid as a choice: who, for how much."""

    def __call__(self, bid: TenderBid) -> str:
        return f"{bid.provider.name} · {yuan(bid.total)}"


def _propose(data: Any, row: Tender, who: dict[str, Any]) -> tuple[Any, Callable[[dict[str, Any]], object]]:
    first = candidates(row)
    form = own.ProposeForm(data, label_suffix="", initial={"bid": min(first, default=None)})
    bids = [bid.pk for bid in queries.opened_bids(row) if bid.pk in first]
    offer(form, "bid", TenderBid.objects.visible_to(who["actor"]).filter(pk__in=bids).select_related("provider"))
    form.fields["bid"].label_from_instance = BidChoice()  # type: ignore[attr-defined]  # Django's own hook
    return form, lambda given: tender_award.propose_award(**who, **given)


def _consequence(row: Tender, move: str) -> str:
    return {
        "publish": _("From now on the plan cannot be changed, and bids come in sealed."),
        "decide": _("The award proposed goes to the provider in first place."),
        "announce": _("Everybody can read the result, and bidders may object to it."),
        "settle": _("The agreement with the provider is drafted from the award."),
        "cancel": _("Bids that were sealed stay sealed for good."),
        "fail": _("Bids that were sealed stay sealed for good."),
        "take_back": _("This bid is out; the next of the ranking may be proposed."),
    }.get(move, "")


@page("tender.edit", methods=BOTH)
def tender_committee(request: PageRequest, pk: int) -> HttpResponseBase:
    """Name those who open the bids."""
    row = editable(request, pk)
    initial = {"members": list(row.seats.values_list("user_id", flat=True))}
    people = queries.committee_candidates(row, request.today)
    form = own.CommitteeForm(posted(request), candidates=people, initial=initial)

    def act(data: dict[str, Any]) -> None:
        members = list(data["members"])
        tender_opening.name_opening_committee(actor=request.actor, now=request.now, tender=row, members=members)

    said = _("The committee is named. Each member now makes an opening code.")
    consequence = _("Opening codes that were made before become void.") if initial["members"] else ""
    return answer_form(request, row, form, act, said, _("Name the opening committee"), consequence=consequence)


@page("tender.edit", methods=BOTH)
def tender_note(request: PageRequest, pk: int) -> HttpResponseBase:
    """Publish a clarification or change."""
    row = editable(request, pk)
    form = own.NoteForm(posted(request), label_suffix="")

    def act(data: dict[str, Any]) -> None:
        told = {key: data[key] for key in ("text", "question", "asked_on")}
        due = form.due(data)
        tender_notes.publish_note(actor=request.actor, now=request.now, tender=row, new_due_at=due, **told)

    return answer_form(request, row, form, act, _("The clarification is published."), _("Publish a clarification"))


@page("tender.edit", methods=BOTH)
def tender_draw(request: PageRequest, pk: int) -> HttpResponseBase:
    """Draw those who score."""
    row = editable(request, pk)
    initial = {"experts": 5 if TenderMethod(row.method) in TENDERED else 3}
    people = queries.committee_candidates(row, request.today)
    form = own.DrawForm(posted(request), candidates=people, initial=initial)

    def act(data: dict[str, Any]) -> None:
        told = {**data, "representatives": list(data["representatives"])}
        tender_experts.draw_experts(actor=request.actor, now=request.now, tender=row, **told)

    consequence = _("Experts tied to a bidder are left out. Lots are drawn once; the seed is published.")
    return answer_form(
        request, row, form, act, _("The experts are drawn."), _("Draw the experts"), consequence=consequence
    )


@page("tender.edit", "tender.decide", methods=BOTH)
def tender_objection(request: PageRequest, pk: int, number: int) -> HttpResponseBase:
    """Answer an objection."""
    row: Tender = get_or_404(queries.tenders(request.actor), pk=pk)
    if not any(request.actor.may_at(right, path_of(row)) for right in ("tender.edit", "tender.decide")):
        raise PermissionDenied("tender.edit")
    objection = get_or_404(row.objections.select_related("provider", "tender"), pk=number)
    form = own.AnswerForm(posted(request), label_suffix="")

    def act(data: dict[str, Any]) -> None:
        told = {"answer": data["answer"], "upheld": data["upheld"] == "yes"}
        tender_award.answer_objection(actor=request.actor, now=request.now, objection=objection, **told)

    context = {"quoted": objection.text, "quoted_by": objection.provider.name}
    return answer_form(
        request, row, form, act, _("The answer is sent."), pgettext("tender", "Answer the objection"), **context
    )


def back_to(row: Tender) -> str:
    return reverse("hub:tender", args=[row.pk])
