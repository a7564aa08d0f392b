"""Sealed bids under attack: what nobody may get at before the hour, and what no single one may get at ever."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from secrets import token_hex

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from shuniu.hub.actions import tender_bids, tender_opening, tenders
from shuniu.hub.bids import content_of
from shuniu.hub.enums import BidState, TenderState
from shuniu.hub.models import TenderBid, TenderRelease, TenderSeat
from shuniu.hub.rules import tender_sealing as sealing
from shuniu.kernel.errors import ActionError
from shuniu.kernel.models import TrailEntry
from tests.hub.tendering import (
    DUE,
    NOW,
    YUAN,
    Stage,
    content,
    draft,
    make_provider,
    manager_of,
    opened,
    published,
    ready,
    release,
    send,
    set_stage,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
PRICE = 1234 * YUAN


@pytest.fixture
def stage() -> Stage:
    return set_stage()


def dump() -> bytes:
    """Everything the tables of tenders hold, as whoever steals the database has it."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("hub_", "kernel_")):
                cursor.execute(f'SELECT * FROM "{table}"')
                parts += [repr(bytes(one) if isinstance(one, memoryview) else one) for row in cursor for one in row]
    return "\n".join(parts).encode()


def test_the_database_tells_nothing_of_a_bid(stage: Stage) -> None:
    published(stage)
    tender = stage.tender
    bid = tender_bids.submit_bid(
        actor=manager_of(make_provider(stage.district)),
        now=NOW,
        tender=tender,
        content=content(tender, 98_765_43, controller="某控股集团"),
        nonce=token_hex(16),
    )

    stolen = dump()

    assert bid.digest.encode() in stolen
    for secret in ("9876543", "98765.43", "应答内容", "某控股集团", *stage.codes.values()):
        assert secret.encode() not in stolen
        assert sealing.tidy_code(secret).encode() not in stolen or not sealing.tidy_code(secret)


def test_database_and_vault_key_together_do_not_open_a_bid(stage: Stage) -> None:
    """The operator reads every `EncryptedField`, the site's half among them; the members' shares are not the site's."""
    published(stage)
    bid = send(stage, PRICE)
    tender, half = stage.tender, bytes.fromhex(stage.tender.key_half)
    seats = list(TenderSeat.everything.filter(tender=tender))

    known = [bytes(seat.share) for seat in seats] + [bytes(seat.public_key) for seat in seats] + [half]

    for key in known:
        candidate = sealing.X25519PrivateKey.from_private_bytes(key[:32])
        with pytest.raises(sealing.SealError):
            sealing.bid_key(bytes(bid.sealed_key), private=candidate, half=half, context=bid.context)
    with pytest.raises(sealing.SealError):
        sealing.rebuilt_key({seat.number: bytes(seat.share)[-32:] for seat in seats}, bytes(tender.key_public))


def test_two_of_three_members_open_nothing_even_with_database_and_vault(stage: Stage) -> None:
    published(stage)
    bid = send(stage, PRICE)
    half = bytes.fromhex(stage.tender.key_half)
    shares = {seat.number: _share(seat, stage.codes[seat.number - 1]) for seat in stage.tender.seats.all()}

    for two in combinations(shares, 2):
        with pytest.raises(sealing.SealError):
            sealing.rebuilt_key({one: shares[one] for one in two}, bytes(stage.tender.key_public))

    private = sealing.rebuilt_key(shares, bytes(stage.tender.key_public))
    with pytest.raises(sealing.SealError):
        sealing.bid_key(bytes(bid.sealed_key), private=private, half=bytes(32), context=bid.context)
    assert sealing.bid_key(bytes(bid.sealed_key), private=private, half=half, context=bid.context)


def _share(seat: TenderSeat, code: str) -> bytes:
    private = sealing.key_of_code(code, bytes(seat.salt))
    return sealing.open_with(private, bytes(seat.share), f"share:{seat.tender_id}:{seat.number}:{seat.user_id}")


def test_nobody_takes_part_in_the_opening_before_the_hour(stage: Stage) -> None:
    published(stage)
    send(stage, PRICE)

    with pytest.raises(ActionError, match=r"开启|opened from"):
        release(stage, (0,), now=DUE - SECOND)

    assert not TenderSeat.everything.exclude(released_at=None).exists()


def test_two_members_open_nothing_and_the_third_opens_all(stage: Stage) -> None:
    published(stage)
    for price in (PRICE, PRICE + 1, PRICE + 2):
        send(stage, price)

    release(stage, (0, 2))
    waiting = set(TenderBid.everything.values_list("state", "total", "opened_key"))
    tender = release(stage, (1,), now=DUE + timedelta(minutes=20))

    assert waiting == {(BidState.SEALED, None, "")}
    assert tender.state == TenderState.OPENED
    assert sorted(TenderBid.everything.values_list("total", flat=True)) == [
        250 * one for one in (PRICE, PRICE + 1, PRICE + 2)
    ]
    assert content_of(stage.bids[0].__class__.everything.get(pk=stage.bids[0].pk)).prices


def test_any_three_of_five_are_enough(stage: Stage) -> None:
    stage = set_stage(members=5, district=stage.district)
    published(stage)
    for price in (PRICE, PRICE, PRICE):
        send(stage, price)

    tender = release(stage, (4, 1, 3))

    assert tender.state == TenderState.OPENED


def test_a_member_cannot_open_with_anothers_code_nor_for_another(stage: Stage) -> None:
    published(stage)
    for price in (PRICE, PRICE, PRICE):
        send(stage, price)

    with pytest.raises(ActionError):
        tender_opening.release_key(actor=stage.member(0), now=DUE, tender=stage.tender, code=stage.codes[1])
    with pytest.raises(PermissionDenied):
        tender_opening.release_key(actor=stage.clerk, now=DUE, tender=stage.tender, code=stage.codes[1])
    for _ in range(3):
        tender_opening.release_key(actor=stage.member(1), now=DUE, tender=stage.tender, code=stage.codes[1])
    assert stage.again().state == TenderState.CLOSED


def test_an_altered_bid_is_found_out_and_the_others_open(stage: Stage) -> None:
    published(stage)
    for price in (PRICE, PRICE + 1, PRICE + 2, PRICE + 3):
        send(stage, price)
    first, second, third, fourth = stage.bids
    TenderBid.everything.filter(pk=first.pk).update(content=bytes(first.content)[:-1] + b"\x00")
    TenderBid.everything.filter(pk=second.pk).update(
        content=bytes(third.content), sealed_key=bytes(third.sealed_key), digest=third.digest
    )

    release(stage)

    states = dict(TenderBid.everything.values_list("pk", "state"))
    assert states[first.pk] == states[second.pk] == BidState.DAMAGED
    assert states[third.pk] == states[fourth.pk] == BidState.VALID


def test_a_bid_is_taken_until_the_second_before_the_deadline(stage: Stage) -> None:
    published(stage)

    kept = send(stage, PRICE, now=DUE - SECOND)
    with pytest.raises(ActionError, match=r"截止|deadline"):
        send(stage, PRICE, now=DUE)

    assert kept.received_at == DUE - SECOND


def test_a_later_bid_replaces_the_earlier_one_and_only_it_is_opened(stage: Stage) -> None:
    published(stage)
    provider = make_provider(stage.district)
    manager = manager_of(provider)
    for price in (PRICE, PRICE - 100):
        tender_bids.submit_bid(
            actor=manager, now=NOW, tender=stage.tender, content=content(stage.tender, price), nonce=token_hex(16)
        )
    send(stage, PRICE)
    send(stage, PRICE)

    release(stage)

    mine = dict(TenderBid.everything.filter(provider=provider).values_list("state", "total"))
    assert mine == {BidState.REPLACED: None, BidState.VALID: 250 * (PRICE - 100)}


def test_a_bid_that_is_sent_twice_is_one_bid(stage: Stage) -> None:
    published(stage)
    manager, nonce = manager_of(make_provider(stage.district)), token_hex(16)

    twice = [
        tender_bids.submit_bid(
            actor=manager, now=NOW, tender=stage.tender, content=content(stage.tender, PRICE), nonce=nonce
        )
        for _ in range(2)
    ]

    assert twice[0].pk == twice[1].pk
    assert TenderBid.everything.count() == 1


def test_a_withdrawn_bid_is_never_opened(stage: Stage) -> None:
    published(stage)
    bids = [send(stage, PRICE) for _ in range(4)]

    tender_bids.withdraw_bid(actor=stage.managers[0], now=DUE - SECOND, bid=bids[0])
    with pytest.raises(ActionError):
        tender_bids.withdraw_bid(actor=stage.managers[1], now=DUE, bid=bids[1])
    with pytest.raises(PermissionDenied):
        tender_bids.withdraw_bid(actor=stage.managers[1], now=NOW, bid=bids[2])
    release(stage)

    kept = TenderBid.everything.get(pk=bids[0].pk)
    assert (kept.state, kept.total, kept.opened_key) == (BidState.WITHDRAWN, None, "")


def test_with_too_few_bids_the_tender_fails_and_nothing_is_opened(stage: Stage) -> None:
    published(stage)
    for _ in range(2):
        send(stage, PRICE)

    tender = release(stage, (0,))

    assert tender.state == TenderState.FAILED
    assert set(TenderBid.everything.values_list("state", "opened_key")) == {(BidState.RETURNED, "")}
    assert TenderRelease.everything.filter(tender=tender, tag="tenderCancellation").count() == 1
    assert "2" in tender.end_reason


def test_a_firm_of_the_same_group_or_controller_does_not_bid_twice(stage: Stage) -> None:
    published(stage)
    group = make_provider(stage.district)
    send(stage, PRICE, provider=group)
    firm = manager_of(make_provider(stage.district, group=group))
    other, third = manager_of(make_provider(stage.district)), manager_of(make_provider(stage.district))
    mine = content(stage.tender, PRICE, controller="云川 法联控股")
    tender_bids.submit_bid(actor=other, now=NOW, tender=stage.tender, content=mine, nonce=token_hex(16))

    for manager, sent in ((firm, content(stage.tender, PRICE)), (third, mine)):
        with pytest.raises(ActionError, match=r"只能|Only one"):
            tender_bids.submit_bid(actor=manager, now=NOW, tender=stage.tender, content=sent, nonce=token_hex(16))
    assert TenderBid.everything.count() == 2


@pytest.mark.parametrize("fields", [{"state": "suspended"}, {"state": "applied"}])
def test_only_active_providers_bid(stage: Stage, fields: dict[str, str]) -> None:
    published(stage)

    with pytest.raises(ActionError):
        send(stage, PRICE, provider=make_provider(stage.district, **fields))


def test_who_designed_the_project_does_not_bid_in_it(stage: Stage) -> None:
    designer = make_provider(stage.district)
    published(stage, designed_by=designer)

    with pytest.raises(ActionError):
        send(stage, PRICE, provider=make_provider(stage.district, group=designer))


def test_the_committee_cannot_be_changed_once_bids_are_sealed_for_it(stage: Stage) -> None:
    published(stage)

    with pytest.raises(ActionError):
        tender_opening.name_opening_committee(
            actor=stage.clerk, now=NOW, tender=stage.tender, members=list(reversed(stage.committee))
        )


def test_a_committee_of_two_is_too_small(stage: Stage) -> None:
    draft(stage)

    with pytest.raises(ActionError, match="3"):
        tender_opening.name_opening_committee(
            actor=stage.clerk, now=NOW, tender=stage.tender, members=[*stage.committee[:2], stage.committee[0]]
        )


def test_no_notice_goes_out_before_each_member_has_confirmed_a_code(stage: Stage) -> None:
    draft(stage)
    tender_opening.name_opening_committee(actor=stage.clerk, now=NOW, tender=stage.tender, members=stage.committee)
    tenders.approve_tender(actor=stage.chief, now=NOW, tender=stage.tender)
    code = tender_opening.make_opening_code(actor=stage.member(0), now=NOW, tender=stage.tender)

    with pytest.raises(ActionError):
        tender_opening.confirm_opening_code(
            actor=stage.member(0), now=NOW, tender=stage.tender, code=code[:-1] + ("2" if code[-1] != "2" else "3")
        )
    tender_opening.confirm_opening_code(actor=stage.member(0), now=NOW, tender=stage.tender, code=code)
    with pytest.raises(ActionError):
        tender_opening.make_opening_code(actor=stage.member(0), now=NOW, tender=stage.tender)
    with pytest.raises(ActionError, match=r"开标小组|opening committee"):
        tenders.publish_tender(actor=stage.clerk, now=NOW, tender=stage.again(), due_at=DUE)


def test_naming_the_committee_anew_voids_the_codes_made_before(stage: Stage) -> None:
    ready(stage)
    tender_opening.name_opening_committee(actor=stage.clerk, now=NOW, tender=stage.tender, members=stage.committee)

    tender = stage.again()

    assert (tender.key_public, tender.key_half) == (None, "")
    assert not tender.seats.exclude(confirmed_at=None).exists()


def test_the_trail_tells_of_opening_and_keeps_no_secret(stage: Stage) -> None:
    opened(stage)

    told = "".join(str(entry.changes) for entry in TrailEntry.objects.all())

    assert all(bid.digest in told for bid in stage.bids)
    assert not any(code in told or sealing.tidy_code(code) in told for code in stage.codes.values())
    assert stage.tender.key_half not in told
