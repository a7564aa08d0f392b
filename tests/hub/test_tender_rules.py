"""Scores, lots and sealing, without a database."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.hub.enums import TenderMethod, TenderSubject, TieKind
from shuniu.hub.rules import tender_sealing as sealing
from shuniu.hub.rules.tender_draw import Tie, bars, drawn_order, frame_hash
from shuniu.hub.rules.tender_scoring import (
    Entry,
    looks_too_low,
    mean,
    price_score,
    ranking,
    rounded,
    scored_price,
    spread,
)
from shuniu.hub.rules.tenders import needs_reason, price_rule, proposed_method

M = TenderMethod
THRESHOLDS = {"open_from": 200_000_000, "consult_from": 20_000_000, "quote_from": 10_000_000}


def entry(bid: int, price: int, *marks: int, small: bool = False) -> Entry:
    return Entry(bid, price, small, marks)


def test_price_scores_of_the_vector() -> None:
    lowest = Fraction(100_000)

    scores = [price_score(Fraction(price), lowest, 20) for price in (100_000, 120_000, 150_000)]

    assert scores == [2000, 1667, 1333]


@pytest.mark.parametrize("price", [0, -1])
def test_a_price_that_is_not_above_zero_has_no_score(price: int) -> None:
    with pytest.raises(ValueError, match="above zero"):
        price_score(Fraction(price), Fraction(1), 20)


@given(prices=st.lists(st.integers(1, 10**9), min_size=1, max_size=8), points=st.integers(1, 100))
def test_the_lowest_price_has_all_points_and_none_has_more(prices: list[int], points: int) -> None:
    results = ranking([entry(i, price, 0) for i, price in enumerate(prices)], points=points, discount=0)

    by_price = sorted(results, key=lambda one: one.price)
    assert by_price[0].price_points == points * 100
    assert all(0 <= one.price_points <= points * 100 for one in results)
    assert [one.price_points for one in by_price] == sorted((one.price_points for one in results), reverse=True)


@given(st.fractions(min_value=0, max_value=100))
def test_rounding_is_to_the_nearest_and_halves_go_up(value: Fraction) -> None:
    assert rounded(value) - Fraction(1, 2) <= value < rounded(value) + Fraction(1, 2)


def test_a_small_firm_is_compared_by_a_lower_price_and_paid_the_full_one() -> None:
    results = ranking([entry(1, 100_000), entry(2, 110_000, small=True)], points=100, discount=10)

    assert [(one.bid, one.price, one.price_points) for one in results] == [(2, 110_000, 10000), (1, 100_000, 9900)]
    assert scored_price(110_000, small=True, discount=10) == 99_000


def test_ranking_goes_by_total_then_lower_price_then_quality() -> None:
    same_total = [entry(1, 200, 8000), entry(2, 100, 7000)]

    results = ranking(same_total, points=20, discount=0)

    assert [(one.bid, one.total, one.place) for one in results] == [(2, 9000, 1), (1, 9000, 2)]


def test_bids_that_nothing_tells_apart_share_a_place() -> None:
    results = ranking([entry(1, 100, 50), entry(2, 100, 50), entry(3, 200, 50)], points=20, discount=0)

    assert [(one.bid, one.place) for one in results] == [(1, 1), (2, 1), (3, 3)]


def test_the_mean_of_marks_is_rounded_once_and_their_spread_is_told() -> None:
    assert mean([8000, 8001]) == 8001
    assert (spread([7000, 8000, 9000]).lowest, spread([7000, 8000, 9000]).deviation) == (7000, 1000)
    assert spread([7000]).deviation == 0


def test_a_low_price_is_one_far_below_the_mean_or_the_ceiling() -> None:
    prices = [100, 100, 40]

    asked = [looks_too_low(price, prices, 100, of_mean=50, of_ceiling=40) for price in prices]

    assert asked == [False, False, False]
    assert looks_too_low(39, [100, 100, 39], 100, of_mean=50, of_ceiling=0)
    assert looks_too_low(44, [44], 100, of_mean=50, of_ceiling=45)
    assert not looks_too_low(45, [45], 100, of_mean=50, of_ceiling=45)


@pytest.mark.parametrize(
    ("amount", "method"),
    [
        (9_999_999, M.SINGLE),
        (10_000_000, M.QUOTATION),
        (19_999_999, M.QUOTATION),
        (20_000_000, M.CONSULTATION),
        (199_999_999, M.CONSULTATION),
        (200_000_000, M.OPEN),
    ],
)
def test_the_method_follows_from_the_amount(amount: int, method: TenderMethod) -> None:
    assert proposed_method(amount, **THRESHOLDS) is method


def test_less_competition_than_proposed_needs_a_reason_and_more_does_not() -> None:
    assert needs_reason(M.SINGLE, M.QUOTATION)
    assert needs_reason(M.INVITED, M.CONSULTATION)
    assert not needs_reason(M.OPEN, M.CONSULTATION)
    assert not needs_reason(M.SINGLE, M.SINGLE)


def test_points_for_the_price_are_bounded_by_method_and_subject() -> None:
    assert price_rule(M.OPEN, TenderSubject.SERVICES) == "tender.price_points.services"
    assert price_rule(M.CONSULTATION, TenderSubject.GOODS) == "tender.price_points.consulted_goods"
    assert price_rule(M.QUOTATION, TenderSubject.GOODS) == ""


def test_lots_can_be_drawn_again_by_anybody_from_the_seed_and_the_frame() -> None:
    frame = [f"E{number:03d}" for number in range(1, 8)]

    order = drawn_order(frame, "5eed")

    assert sorted(order) == frame
    assert drawn_order(reversed(frame), "5eed") == order
    assert drawn_order(frame, "5eee") != order
    assert drawn_order(frame[:-1], "5eed")[:3] != order[:3]
    assert frame_hash(frame) == frame_hash(reversed(frame))


def test_lots_fall_evenly() -> None:
    frame = [f"E{number:03d}" for number in range(10)]
    first = [drawn_order(frame, str(seed))[0] for seed in range(2000)]

    assert all(140 < first.count(number) < 260 for number in frame)


@pytest.mark.parametrize(
    ("kind", "ended", "barred"),
    [
        (TieKind.EMPLOYED, date(2023, 3, 6), True),
        (TieKind.EMPLOYED, date(2023, 3, 5), False),
        (TieKind.BOARD, date(9999, 12, 31), True),
        (TieKind.KIN, date(2001, 1, 1), True),
    ],
)
def test_a_tie_bars_for_three_years_after_its_end_and_kinship_for_good(
    kind: TieKind, ended: date, barred: bool
) -> None:
    assert bars(Tie(kind, 1, ended), date(2026, 3, 5), 3) is barred


def test_a_tie_is_counted_from_a_leap_day_too() -> None:
    assert bars(Tie(TieKind.EMPLOYED, 1, date(2021, 3, 1)), date(2024, 2, 29), 3)
    assert not bars(Tie(TieKind.EMPLOYED, 1, date(2021, 2, 28)), date(2024, 2, 29), 3)


@given(secret=st.binary(min_size=32, max_size=32), members=st.integers(3, 6))
def test_any_three_shares_make_the_secret_and_two_do_not(secret: bytes, members: int) -> None:
    shares = dict(enumerate(sealing.split(secret, members, 3), start=1))

    for chosen in combinations(shares, 3):
        assert sealing.combine({number: shares[number] for number in chosen}) == secret
    for chosen in combinations(shares, 2):
        assert sealing.combine({number: shares[number] for number in chosen}) != secret


def test_two_shares_fit_every_secret_there_is() -> None:
    """What makes two of three worthless: for each possible secret there is a third share that fits the two."""
    first, second, _ = sealing.split(b"\x2a", 3, 3)

    made = {sealing.combine({1: first, 2: second, 3: bytes([third])}) for third in range(256)}

    assert len(made) == 256


def test_a_false_share_is_found_out() -> None:
    key = sealing.new_tender_key(3, 3)
    shares = dict(enumerate(key.shares, start=1))
    forged = {**shares, 2: bytes(32)}

    assert sealing.public_bytes(sealing.rebuilt_key(shares, key.public)) == key.public
    with pytest.raises(sealing.SealError):
        sealing.rebuilt_key(forged, key.public)


def test_a_bid_opens_with_key_half_and_context_and_with_nothing_less() -> None:
    key = sealing.new_tender_key(3, 3)
    private = sealing.rebuilt_key(dict(enumerate(key.shares, start=1)), key.public)
    bid = sealing.seal_bid(b"120000", public=key.public, half=key.half, context="bid:1:2:a")

    opened = sealing.bid_key(bid.key, private=private, half=key.half, context="bid:1:2:a")

    assert sealing.open_bid(bid.content, opened, "bid:1:2:a") == b"120000"
    for half, context in ((bytes(32), "bid:1:2:a"), (key.half, "bid:1:3:a")):
        with pytest.raises(sealing.SealError):
            sealing.bid_key(bid.key, private=private, half=half, context=context)
    with pytest.raises(sealing.SealError):
        sealing.open_bid(bid.content[:-1] + b"\x00", opened, "bid:1:2:a")


def test_a_code_may_be_typed_in_small_letters_and_without_hyphens() -> None:
    code, salt = sealing.new_code(), b"0" * 16

    typed = code.lower().replace("-", " ")

    assert sealing.public_bytes(sealing.key_of_code(typed, salt)) == sealing.public_bytes(
        sealing.key_of_code(code, salt)
    )
    assert len(sealing.tidy_code(code)) == 24
