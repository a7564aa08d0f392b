"""Scores of bids, in hundredths of a point: what is printed adds up. Exact integers, rounded half up once a figure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import stdev
from typing import Any

HUNDRED = 100


def rounded(value: Fraction) -> int:
    """The nearest whole number, halves up."""
    return int((value * 2 + 1) // 2)


def scored_price(price: int, *, small: bool, discount: int) -> Fraction:
    """The price, in fen, that is compared: that of a small firm less `discount` per cent. It is paid in full anyway."""
    return Fraction(price * (HUNDRED - discount), HUNDRED) if small else Fraction(price)


def price_score(price: Fraction, lowest: Fraction, points: int) -> int:
    """`lowest / price x points`, in hundredths. Prices 100,000, 120,000, 150,000 and 20 points: 20.00, 16.67, 13.33."""
    if price <= 0:
        raise ValueError("A price that is not above zero is invalid and has no score.")
    return rounded(lowest / price * points * HUNDRED)


def mean(marks: Sequence[int]) -> int:
    """The mean of what all who score gave, in hundredths."""
    return rounded(Fraction(sum(marks), len(marks)))


@dataclass(frozen=True, slots=True)
class Spread:
    """How far those who score lie apart on one bid, in hundredths."""

    lowest: int
    highest: int
    deviation: int


def spread(marks: Sequence[int]) -> Spread:
    """Lowest, highest and standard deviation of a sample; the deviation of a single one is nought."""
    return Spread(min(marks), max(marks), round(stdev(marks)) if len(marks) > 1 else 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A valid bid to be ranked. `marks` are the quality points that each juror gave in all, in hundredths."""

    bid: int
    price: int
    small: bool
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A bid with its scores in hundredths. Bids that nothing tells apart share a place."""

    bid: int
    place: int
    price: int
    price_points: int
    quality_points: int
    total: int
    spread: Spread | None


def ranking(entries: Iterable[Entry], *, points: int, discount: int) -> list[Result]:
    """Bids from the best: by total, then the lower price, then quality (order 87, article 57).

    Args:
        points: for the price, of 100 in all; 100 where the lowest price wins.
        discount: per cent off the price of small firms, for the comparison only.
    """
    listed = list(entries)
    prices = {one.bid: scored_price(one.price, small=one.small, discount=discount) for one in listed}
    lowest = min(prices.values(), default=Fraction(1))
    found = []
    for one in listed:
        quality = mean(one.marks) if one.marks else 0
        earned = price_score(prices[one.bid], lowest, points)
        apart = spread(one.marks) if one.marks else None
        found.append(Result(one.bid, 0, one.price, earned, quality, earned + quality, apart))
    return _placed(sorted(found, key=lambda one: (*_merit(one), one.bid)))


def _merit(one: Result) -> tuple[int, int, int]:
    return -one.total, one.price, -one.quality_points


def _placed(sorted_results: list[Result]) -> list[Result]:
    placed: list[Result] = []
    for number, one in enumerate(sorted_results, start=1):
        same = placed and _merit(placed[-1]) == _merit(one)
        place = placed[-1].place if same else number
        placed.append(Result(one.bid, place, one.price, one.price_points, one.quality_points, one.total, one.spread))
    return placed


def looks_too_low(price: int, prices: Sequence[int], ceiling: int, *, of_mean: int, of_ceiling: int) -> bool:
    """Whether a price must be explained: below `of_mean` per cent of the mean, or `of_ceiling` per cent of the ceiling."""
    below_mean = len(prices) > 1 and price * HUNDRED * len(prices) < sum(prices) * of_mean
    return below_mean or price * HUNDRED < ceiling * of_ceiling


def sheet_hash(criteria: Iterable[Mapping[str, Any]], **figures: int) -> str:
    """The fingerprint of a score sheet, fixed before bids are opened."""
    told = {"criteria": [dict(one) for one in criteria], **figures}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def bid_total(prices: Mapping[int, int], quantities: Mapping[int, int]) -> int:
    """What a bid comes to, in fen: unit prices by line, times the quantities asked for."""
    return sum(prices[line] * quantity for line, quantity in quantities.items())
