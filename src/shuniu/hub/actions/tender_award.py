"""The award: proposed, decided by somebody else, announced, objected to, answered, made final or taken back."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from shuniu.hub.actions.tender_bids import provider_of
from shuniu.hub.enums import LowPrice, ReleaseTag, TenderState
from shuniu.hub.models import Tender, TenderAward, TenderBid, TenderObjection
from shuniu.hub.ranking import candidates
from shuniu.hub.releases import write_release
from shuniu.hub.rules.tender_rules import AGREEMENT_DAYS, ANSWER_WORKDAYS, OBJECTION_WORKDAYS
from shuniu.hub.tendering import (
    changed,
    day_of,
    due_on,
    given,
    live_bids,
    locked,
    move,
    path_of,
    rule_for,
    standing_award,
    step,
    valid_bids,
)
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor
from shuniu.kernel.web.formats import date_text


@transaction.atomic(durable=True)
def propose_award(*, actor: Actor, now: datetime, tender: Tender, bid: TenderBid, reason: str = "") -> TenderAward:
    """Propose the first of the ranking; where several share the first place, one of them, with the reason.

    Raises:
        PermissionDenied: `tender.edit` is missing where the buyer is.
        ActionError: the bid is not first, or a low price is still to be explained or judged.
    """
    tender = locked(tender)
    target = step("propose", tender, actor).target
    if valid_bids(tender).filter(low__in=[LowPrice.ASKED, LowPrice.EXPLAINED]).exists():
        raise ActionError(_("A price that looks too low is still to be explained or judged. Settle that first."))
    first = candidates(tender)
    if bid.pk not in first:
        raise ActionError(_("The award goes by the ranking: propose the bid in first place."))
    if len(first) > 1 and not reason.strip():
        raise ActionError(_("Several bids share the first place. Say why you propose this one."))
    award: TenderAward = TenderAward.everything.create(
        tender=tender,
        bid=bid,
        amount=bid.total or 0,
        reason=reason.strip()[:300],
        proposed_by_id=actor.user_id,
        proposed_at=now,
    )
    move(tender, target)
    detail = {"provider": bid.provider.name, "amount": award.amount}
    trail.record("tender.award_proposed", tender, actor=actor, now=now, detail=detail)
    return award


@transaction.atomic(durable=True)
def decide_award(*, actor: Actor, now: datetime, tender: Tender) -> None:
    """Decide on the award that somebody else proposed.

    Raises:
        PermissionDenied: `tender.decide` is missing where the buyer is.
        ActionError: the actor proposed it, or the state is another one.
    """
    tender = locked(tender)
    award = _award(tender)
    move(tender, step("decide", tender, actor, award).target)
    _update(award, decided_by_id=actor.user_id, decided_at=now)
    trail.record("tender.award_decided", tender, actor=actor, now=now, detail={"amount": award.amount})


@transaction.atomic(durable=True)
def announce_award(*, actor: Actor, now: datetime, tender: Tender) -> None:
    """Publish the result. From now on bidders may object, and the agreement is due. Raises as `decide_award`."""
    tender = locked(tender)
    award, today = _award(tender), day_of(now)
    move(tender, step("announce", tender, actor).target)
    _update(
        award,
        announced_at=now,
        objections_until=due_on(rule_for(tender, OBJECTION_WORKDAYS, today), today),
        agreement_due=due_on(rule_for(tender, AGREEMENT_DAYS, today), today),
    )
    write_release(tender, ReleaseTag.AWARD, now, award=award)
    trail.record("tender.award_announced", tender, actor=actor, now=now, detail={"provider": award.bid.provider.name})


@transaction.atomic(durable=True)
def object_to_award(*, actor: Actor, now: datetime, tender: Tender, text: str) -> TenderObjection:
    """Object, as a bidder, to the announced result. Sent twice with the same text it is one objection.

    Raises:
        PermissionDenied: the actor acts for no provider that has bid.
        ActionError: nothing is announced, or the time to object is over.
    """
    provider = provider_of(actor=actor, now=now)
    tender = locked(tender)
    if not live_bids(tender).filter(provider=provider).exists():
        raise PermissionDenied("no bid in this tender")
    award = standing_award(tender)
    if tender.state != TenderState.ANNOUNCED or award is None:
        raise ActionError(_("Objections are taken from the announcement of the result until the award is final."))
    if award.objections_until is not None and day_of(now) > award.objections_until:
        raise ActionError(_("The time to object ended on {day}.").format(day=date_text(award.objections_until)))
    rule = rule_for(tender, ANSWER_WORKDAYS, day_of(now))
    objection, made = tender.objections.get_or_create(
        provider=provider,
        text=given(text),
        defaults={"received_at": now, "due_on": due_on(rule, day_of(now))},
    )
    if made:
        trail.record("tender.objected", tender, actor=actor, now=now, detail={"objection": objection.pk})
    return objection


@transaction.atomic(durable=True)
def answer_objection(*, actor: Actor, now: datetime, objection: TenderObjection, answer: str, upheld: bool) -> None:
    """Answer an objection; whoever proposed or decided the award does not.

    Raises:
        PermissionDenied: neither `tender.edit` nor `tender.decide` is held where the buyer is.
        ActionError: the actor proposed or decided it, or it is answered.
    """
    tender = locked(objection.tender)
    if not (actor.may_at("tender.edit", path_of(tender)) or actor.may_at("tender.decide", path_of(tender))):
        raise PermissionDenied("tender.edit")
    award = _award(tender)
    if actor.user_id is not None and actor.user_id in {award.proposed_by_id, award.decided_by_id}:
        raise ActionError(_("Somebody who neither proposed nor decided this award answers the objection."))
    rows = TenderObjection.objects.unscoped(reason="the right was checked where the buyer is")
    values = {"answer": given(answer), "upheld": upheld, "answered_by_id": actor.user_id, "answered_at": now}
    if not rows.filter(pk=objection.pk, answered_at=None).update(**values):
        raise changed()
    detail = {"objection": objection.pk, "upheld": upheld}
    trail.record("tender.objection_answered", tender, actor=actor, now=now, detail=detail)


@transaction.atomic(durable=True)
def settle_award(*, actor: Actor, now: datetime, tender: Tender) -> None:
    """Make the award final: the time to object is over, everything is answered and nothing was upheld.

    Raises:
        PermissionDenied: `tender.edit` is missing where the buyer is.
        ActionError: one of these is not so.
    """
    tender = locked(tender)
    target = step("settle", tender, actor).target
    award = _award(tender)
    _refuse_open(tender, award, now)
    move(tender, target, ended_at=now)
    _update(award, final_at=now)
    write_release(tender, ReleaseTag.AWARD_UPDATE, now, award=award)
    trail.record("tender.award_settled", tender, actor=actor, now=now, detail={"amount": award.amount})


def _refuse_open(tender: Tender, award: TenderAward, now: datetime) -> None:
    announced = day_of(award.announced_at or now)
    until = award.objections_until or due_on(rule_for(tender, OBJECTION_WORKDAYS, announced), announced)
    if until is None:
        raise ActionError(_("The working calendar of the year in which objections end is not loaded yet."))
    if day_of(now) <= until:
        raise ActionError(_("Bidders may object until {day}.").format(day=date_text(until)))
    if tender.objections.filter(answered_at=None).exists():
        raise ActionError(_("An objection is still to be answered."))
    if tender.objections.filter(upheld=True, received_at__gte=award.announced_at).exists():
        raise ActionError(_("An objection was upheld: take the award back."))


@transaction.atomic(durable=True)
def take_award_back(*, actor: Actor, now: datetime, tender: Tender, reason: str) -> None:
    """Take an award back before it is final; the bid is out, and the next of the ranking may be proposed.

    Raises:
        PermissionDenied: `tender.decide` is missing where the buyer is.
        ActionError: no reason, or the award is final.
    """
    tender = locked(tender)
    target = step("take_back", tender, actor).target
    award = _award(tender)
    announced = award.announced_at is not None
    _update(award, taken_back_at=now, reason=given(reason)[:300])
    move(tender, target)
    if announced:
        write_release(tender, ReleaseTag.AWARD_CANCELLATION, now, award=award)
    trail.record("tender.award_taken_back", tender, actor=actor, now=now, detail={"reason": award.reason})


def _award(tender: Tender) -> TenderAward:
    award = standing_award(tender)
    if award is None:
        raise ActionError(_("No award is proposed."))
    return award


def _update(award: TenderAward, **values: object) -> None:
    for key, value in values.items():
        setattr(award, key, value)
    award.save(update_fields=[key.removesuffix("_id") for key in values])
