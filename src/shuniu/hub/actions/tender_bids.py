"""Bids: sent in sealed, replaced, withdrawn; after the opening explained, judged and refused."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shuniu.hub.bids import BidContent
from shuniu.hub.enums import BidState, LowPrice, TenderMethod, TenderState
from shuniu.hub.models import Provider, ProviderStaff, Tender, TenderBid
from shuniu.hub.queries.fitness import reason_not_to_engage
from shuniu.hub.rules.tender_sealing import seal_bid
from shuniu.hub.rules.tenders import NAMED
from shuniu.hub.tendering import changed, day_of, given, live_bids, locked
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.vault import blind_index
from shuniu.kernel.web.formats import moment_text

CONTROLLER = "controller of a bidder"
"""Purpose of the keyed hash by which two bidders of one controller are told, while bids are sealed."""


def provider_of(*, actor: Actor, now: datetime) -> Provider:
    """The provider for which the actor acts.

    Raises:
        PermissionDenied: she acts for none at `now`.
    """
    rows = ProviderStaff.objects.unscoped(reason="the account's own entry is asked for")
    staff = rows.filter(user_id=actor.user_id, ended_at=None, started_at__lte=now).select_related("provider").first()
    if staff is None or not actor.may("provider.own"):
        raise PermissionDenied("provider.own")
    provider: Provider = staff.provider
    return provider


@transaction.atomic(durable=True)
def submit_bid(
    *, actor: Actor, now: datetime, tender: Tender, content: BidContent, nonce: str, is_small: bool = False
) -> TenderBid:
    """Seal and keep a bid; one that the provider sent before is replaced. Sent twice with one `nonce` it is one bid.

    Args:
        nonce: 32 hexadecimal digits that the form was given.

    Raises:
        PermissionDenied: the actor acts for no provider.
        ActionError: too late, the provider may not bid, or one of its group or with its controller has bid already.
    """
    provider = provider_of(actor=actor, now=now)
    tender = locked(tender)
    refuse_bidder(provider=provider, actor=actor, now=now, tender=tender)
    rows = TenderBid.objects.unscoped(reason="the provider's own bids in this tender")
    mine = rows.filter(tender=tender, provider=provider)
    if (sent := mine.filter(nonce=nonce).first()) is not None:
        return sent  # type: ignore[no-any-return]
    replaced = mine.filter(state=BidState.SEALED).update(state=BidState.REPLACED, ended_at=now)
    bid = _seal(tender, provider, content, nonce)
    bid.sent_by_id, bid.received_at, bid.is_small = actor.user_id, now, is_small
    _keep(bid)
    detail = {"digest": bid.digest, "replaced": bool(replaced)}
    trail.record("tender.bid_received", tender, actor=actor, now=now, detail=detail)
    return bid


def refuse_bidder(*, provider: Provider, actor: Actor, now: datetime, tender: Tender) -> None:
    """Whether this provider may bid in this tender now.

    Raises:
        ActionError: it may not; the sentence says why.
    """
    if tender.state != TenderState.PUBLISHED or tender.due_at is None:
        raise ActionError(_("This tender takes no bids."))
    if now >= tender.due_at:
        raise ActionError(
            _("The deadline was {moment}. A bid that comes later is not taken.").format(
                moment=moment_text(tender.due_at)
            )
        )
    if reason := reason_not_to_engage(provider, day_of(now)):
        raise ActionError(reason)
    if provider.organisation_id != tender.organisation_id:
        raise ActionError(_("You are not in this buyer's register of providers. Apply there first."))
    if TenderMethod(tender.method) in NAMED and not tender.invitations.filter(provider=provider).exists():
        raise ActionError(_("Only providers that were asked may bid in this tender."))
    if tender.designed_by_id is not None and _family(provider) == _family(tender.designed_by):
        raise ActionError(_("Whoever designed the project does not bid in it."))


def _family(provider: Provider | None) -> int:
    """The group a provider belongs to, or itself."""
    return 0 if provider is None else provider.group_id or provider.pk


def _seal(tender: Tender, provider: Provider, content: BidContent, nonce: str) -> TenderBid:
    bid = TenderBid(tender=tender, provider=provider, nonce=nonce[:32], family=_family(provider))
    sealed = seal_bid(
        content.packed(),
        public=bytes(tender.key_public or b""),
        half=bytes.fromhex(tender.key_half),
        context=bid.context,
    )
    bid.sealed_key, bid.content, bid.digest = sealed.key, sealed.content, sealed.digest
    controller = normal(content.controller).casefold()
    bid.controller_index = blind_index(controller, CONTROLLER) if controller else None
    return bid


def _keep(bid: TenderBid) -> None:
    try:
        with transaction.atomic():
            bid.save(force_insert=True)
    except IntegrityError as error:
        raise ActionError(
            _(
                "Another provider of your group, or with the same controller, has a bid in this tender. Only one may bid."
            )
        ) from error


@transaction.atomic(durable=True)
def withdraw_bid(*, actor: Actor, now: datetime, bid: TenderBid) -> None:
    """Take one's own sealed bid back before the deadline.

    Raises:
        PermissionDenied: it is another provider's.
        ActionError: the deadline has passed, or the bid is not the latest one.
    """
    provider = provider_of(actor=actor, now=now)
    if bid.provider_id != provider.pk:
        raise PermissionDenied("not this provider's bid")
    tender = locked(bid.tender)
    if tender.state != TenderState.PUBLISHED or tender.due_at is None or now >= tender.due_at:
        raise ActionError(_("After the deadline a bid can neither be changed nor withdrawn."))
    rows = TenderBid.objects.unscoped(reason="the provider's own bid")
    if not rows.filter(pk=bid.pk, state=BidState.SEALED).update(state=BidState.WITHDRAWN, ended_at=now):
        raise ActionError(_("This bid was withdrawn or replaced already."))
    trail.record("tender.bid_withdrawn", tender, actor=actor, now=now, detail={"digest": bid.digest})


@transaction.atomic(durable=True)
def explain_low_price(*, actor: Actor, now: datetime, bid: TenderBid, text: str) -> None:
    """Explain, as the bidder, why the price can be so low.

    Raises:
        PermissionDenied: it is another provider's bid.
        ActionError: nothing was asked, or it is answered already.
    """
    if bid.provider_id != provider_of(actor=actor, now=now).pk:
        raise PermissionDenied("not this provider's bid")
    tender = locked(bid.tender)
    _turn(tender, bid, LowPrice.ASKED, low=LowPrice.EXPLAINED, low_answer=given(text))
    trail.record("tender.low_explained", tender, actor=actor, now=now, detail={"bid": bid.pk})


@transaction.atomic(durable=True)
def judge_low_price(*, actor: Actor, now: datetime, bid: TenderBid, accepted: bool, reason: str = "") -> None:
    """Accept a low price, or refuse the bid: the explanation does not hold, or none came.

    Raises:
        PermissionDenied: `tender.edit` is missing where the buyer is.
        ActionError: nothing is to be judged, or an acceptance without any explanation.
    """
    tender = locked(bid.tender)
    require(actor, "tender.edit", tender.organisation)
    if accepted:
        _turn(tender, bid, LowPrice.EXPLAINED, low=LowPrice.ACCEPTED)
    else:
        told = {"low": LowPrice.REFUSED, "state": BidState.INVALID, "reason": given(reason)[:300]}
        _turn(tender, bid, bid.low, **told)
    detail = {"bid": bid.pk, "accepted": accepted, "reason": reason.strip()}
    trail.record("tender.low_judged", tender, actor=actor, now=now, detail=detail)


@transaction.atomic(durable=True)
def reject_bid(*, actor: Actor, now: datetime, bid: TenderBid, reason: str) -> None:
    """Find a bid invalid on its face: a paper is missing, a condition not met.

    Raises:
        PermissionDenied: `tender.edit` is missing where the buyer is.
        ActionError: scoring is over, or the bid is not valid as it is.
    """
    tender = locked(bid.tender)
    require(actor, "tender.edit", tender.organisation)
    if tender.state != TenderState.OPENED:
        raise ActionError(_("Bids are checked between the opening and the end of scoring."))
    rows = live_bids(tender).filter(pk=bid.pk, state=BidState.VALID)
    if not rows.update(state=BidState.INVALID, reason=given(reason)[:300]):
        raise ActionError(_("This bid is not among the valid ones."))
    detail = {"bid": bid.pk, "reason": reason.strip()}
    trail.record("tender.bid_rejected", tender, actor=actor, now=now, detail=detail)


def _turn(tender: Tender, bid: TenderBid, was: str, **values: object) -> None:
    """Change what is known of a low price, while the award is open."""
    if tender.state not in {TenderState.OPENED, TenderState.SCORED} or not was:
        raise ActionError(_("There is no low price to be judged here."))
    states = {LowPrice.ASKED, LowPrice.EXPLAINED}
    if was not in states or not live_bids(tender).filter(pk=bid.pk, low=was).update(**values):
        raise changed()
