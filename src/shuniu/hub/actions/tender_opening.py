"""The opening committee: its codes, and the opening of the bids by enough of its members, not before the hour.

What is promised and what is not stands in docs/adr/0008-sealed-bids.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import combinations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from shuniu.accounts.public import User, actor_for
from shuniu.hub.bids import content_of, low_prices, total_of
from shuniu.hub.enums import BidState, LowPrice, ReleaseTag, TenderState
from shuniu.hub.models import Tender, TenderBid, TenderSeat
from shuniu.hub.releases import write_release
from shuniu.hub.rules.tender_rules import LOW_OF_CEILING, LOW_OF_MEAN, OPENING_COMMITTEE
from shuniu.hub.rules.tender_sealing import (
    SealError,
    bid_key,
    digest_of,
    key_of_code,
    new_code,
    new_tender_key,
    open_with,
    public_bytes,
    rebuilt_key,
    seal_for,
)
from shuniu.hub.tendering import (
    bidders_verdict,
    day_of,
    end,
    live_bids,
    locked,
    move,
    path_of,
    refuse_unless,
    require_part,
    rule_for,
    verdict_for,
)
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.kernel.web.formats import moment_text

SALT = 16


@transaction.atomic(durable=True)
def name_opening_committee(*, actor: Actor, now: datetime, tender: Tender, members: Sequence[User]) -> None:
    """Name those who will open the bids. Codes that were made before are void.

    Raises:
        PermissionDenied: `tender.edit` is missing where the buyer is.
        ActionError: the notice is out already, they are too few, or one of them may not see tenders.
    """
    tender = locked(tender)
    require(actor, "tender.edit", tender.organisation)
    if tender.state not in {TenderState.DRAFT, TenderState.APPROVED}:
        raise ActionError(_("The notice is published: bids are sealed for this committee, and it cannot be changed."))
    unique = list({user.pk: user for user in members}.values())
    refuse_unless(verdict_for(tender, OPENING_COMMITTEE, day_of(now), len(unique)))
    for user in unique:
        _refuse_outsider(tender, user, now)
    tender.seats.all().delete()
    TenderSeat.everything.bulk_create(
        TenderSeat(tender=tender, number=number, user=user) for number, user in enumerate(unique, start=1)
    )
    move(tender, tender.state, key_public=None, key_half="", keys_needed=0)
    names = [user.name for user in unique]
    trail.record("tender.committee_named", tender, actor=actor, now=now, detail={"members": names})


def _refuse_outsider(tender: Tender, user: User, now: datetime) -> None:
    member = actor_for(user, day_of(now))
    if not (member.may_at("tender.view", path_of(tender)) or member.may("tender.score")):
        raise ActionError(
            _("{name} may not see tenders here. Have the role given first, or name somebody else.").format(
                name=user.name
            )
        )


@transaction.atomic(durable=True)
def make_opening_code(*, actor: Actor, now: datetime, tender: Tender) -> str:
    """Make the actor's opening code and return it: this is the only time it is known outside her own hands.

    Raises:
        PermissionDenied: the actor has no seat on the opening committee.
        ActionError: she has confirmed a code already, or the notice is out.
    """
    tender = locked(tender)
    seat = _own_seat(tender, actor)
    _refuse_settled(tender, seat)
    code, salt = new_code(), secrets.token_bytes(SALT)
    seat.salt, seat.public_key = salt, public_bytes(key_of_code(code, salt))
    seat.save(update_fields=["salt", "public_key"])
    trail.record("tender.code_made", tender, actor=actor, now=now)
    return code


@transaction.atomic(durable=True)
def confirm_opening_code(*, actor: Actor, now: datetime, tender: Tender, code: str) -> None:
    """Confirm, by writing the code again, that the member has it. With the last one the tender gets its key.

    Raises:
        PermissionDenied: the actor has no seat on the opening committee.
        ActionError: the code is not the one that was shown.
    """
    tender = locked(tender)
    seat = _own_seat(tender, actor)
    if seat.confirmed_at:
        return
    _refuse_settled(tender, seat)
    _private_key(seat, code)
    seat.confirmed_at = now
    seat.save(update_fields=["confirmed_at"])
    seats = list(tender.seats.all())
    if all(one.confirmed_at for one in seats):
        _make_key(tender, seats, day_of(now))
    trail.record("tender.code_confirmed", tender, actor=actor, now=now)


def _refuse_settled(tender: Tender, seat: TenderSeat) -> None:
    if tender.key_public is not None or seat.confirmed_at:
        raise ActionError(_("Your opening code is confirmed. It cannot be shown again."))
    if tender.state not in {TenderState.DRAFT, TenderState.APPROVED}:
        raise ActionError(_("The notice is published; codes are not made any more."))


def _make_key(tender: Tender, seats: Sequence[TenderSeat], today: date) -> None:
    """The ceremony: the tender's key is made, split among the members, and its private half forgotten."""
    needed = rule_for(tender, OPENING_COMMITTEE, today).number
    made = new_tender_key(len(seats), needed)
    for seat, share in zip(seats, made.shares, strict=True):
        seat.share = seal_for(bytes(seat.public_key or b""), share, _share_context(seat))
        seat.save(update_fields=["share"])
    move(tender, tender.state, key_public=made.public, key_half=made.half.hex(), keys_needed=needed)


def _share_context(seat: TenderSeat) -> str:
    return f"share:{seat.tender_id}:{seat.number}:{seat.user_id}"


def _own_seat(tender: Tender, actor: Actor) -> TenderSeat:
    require_part(actor)
    seat: TenderSeat | None = tender.seats.filter(user_id=actor.user_id).first() if actor.user_id else None
    if seat is None:
        raise PermissionDenied("no seat on the opening committee")
    return seat


def _private_key(seat: TenderSeat, code: str) -> X25519PrivateKey:
    private = key_of_code(code, bytes(seat.salt or b""))
    if public_bytes(private) != bytes(seat.public_key or b""):
        raise ActionError(_("This is not your opening code for this tender. Compare it letter by letter."))
    return private


@transaction.atomic(durable=True)
def release_key(*, actor: Actor, now: datetime, tender: Tender, code: str) -> None:
    """Take part in the opening with one's own code. With the first, too few bids end the tender unopened; with enough
    members, all bids are opened at once.

    Raises:
        PermissionDenied: the actor has no seat on the opening committee.
        ActionError: it is before the opening hour, the code is wrong, or the bids are open already.
    """
    tender = locked(tender)
    seat = _own_seat(tender, actor)
    _refuse_early(tender, now)
    if not seat.released_at:
        private = _private_key(seat, code)
        seat.released, seat.released_at = _own_share(seat, private).hex(), now
        seat.save(update_fields=["released", "released_at"])
    if tender.state == TenderState.PUBLISHED:
        _close(tender, now)
    if tender.state == TenderState.CLOSED:
        _open_if_enough(tender, now)
    trail.record("tender.key_released", tender, actor=actor, now=now, detail={"state": tender.state})


def _refuse_early(tender: Tender, now: datetime) -> None:
    if tender.state not in {TenderState.PUBLISHED, TenderState.CLOSED}:
        raise ActionError(
            _("There is nothing to open: the tender is “{state}”.").format(state=tender.get_state_display())
        )
    if tender.due_at is None or now < tender.due_at:
        raise ActionError(
            _("Bids are opened from {moment} on, and not before.").format(moment=moment_text(tender.due_at))
        )


def _own_share(seat: TenderSeat, private: X25519PrivateKey) -> bytes:
    try:
        return open_with(private, bytes(seat.share or b""), _share_context(seat))
    except SealError as error:
        raise ActionError(_("Your share of the key was altered and does not open. Tell the audit officer.")) from error


def _close(tender: Tender, now: datetime) -> None:
    """The deadline has passed: go on if enough have bid, otherwise end the tender with the bids unopened."""
    verdict = bidders_verdict(tender, live_bids(tender).count(), day_of(now))
    if verdict.ok is False:
        end(tender, TenderState.FAILED, verdict.sentence_zh, now)
    else:
        move(tender, TenderState.CLOSED)


def _open_if_enough(tender: Tender, now: datetime) -> None:
    released = {seat.number: bytes.fromhex(seat.released) for seat in tender.seats.exclude(released_at=None)}
    if len(released) < tender.keys_needed:
        return
    private = _rebuilt(tender, released)
    if private is None:
        return
    bids = list(live_bids(tender).filter(state=BidState.SEALED).select_related("provider").order_by("pk"))
    for bid in bids:
        _open(tender, bid, private)
    _ask_about_low_prices(tender, bids, day_of(now))
    move(tender, TenderState.OPENED, opened_at=now)
    write_release(tender, ReleaseTag.TENDER_UPDATE, now)


def _rebuilt(tender: Tender, released: dict[int, bytes]) -> X25519PrivateKey | None:
    """The tender's private key, from those shares among the released ones that fit together."""
    for chosen in _choices(released, tender.keys_needed):
        try:
            return rebuilt_key(chosen, bytes(tender.key_public or b""))
        except SealError:
            continue
    return None


def _choices(released: dict[int, bytes], needed: int) -> Iterator[dict[int, bytes]]:
    for members in combinations(sorted(released), needed):
        yield {member: released[member] for member in members}


def _open(tender: Tender, bid: TenderBid, private: X25519PrivateKey) -> None:
    """Open one bid. One that was altered since its receipt is kept as damaged and does not hold up the others."""
    sealed, half = bytes(bid.sealed_key), bytes.fromhex(tender.key_half)
    try:
        if digest_of(sealed, bytes(bid.content)) != bid.digest:
            raise SealError("not as received")
        key = bid_key(sealed, private=private, half=half, context=bid.context)
        bid.opened_key = key.hex()
        content = content_of(bid)
    except SealError:
        bid.opened_key, bid.state = "", BidState.DAMAGED
        bid.reason = _("The sealed bid is not as it was received and does not open.")
    else:
        bid.total, bid.reason = total_of(content, tender)
        bid.state = BidState.INVALID if bid.reason else BidState.VALID
    bid.save(update_fields=["opened_key", "state", "total", "reason"])


def _ask_about_low_prices(tender: Tender, bids: Sequence[TenderBid], today: date) -> None:
    """Bidders whose price looks too low have to explain it before anything is awarded."""
    mean = rule_for(tender, LOW_OF_MEAN, today).number
    ceiling = rule_for(tender, LOW_OF_CEILING, today).number
    for bid in low_prices(tender, bids, of_mean=mean, of_ceiling=ceiling):
        bid.low = LowPrice.ASKED
        bid.save(update_fields=["low"])
