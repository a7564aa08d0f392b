"""What may be said of a number of ratings: shares and means with their intervals, and what must be held back."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, TypeVar

from shuniu.voice.rules.services import is_satisfied

K = TypeVar("K", bound=Hashable)

Z: Final = 1.959963984540054
"""The normal quantile of 97.5 %: all intervals here are at 95 %."""
LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Result:
    """What ratings say of a service, or that there are too few of them to say it.

    `spread` is the number of ratings with one to five stars. `asked` is how many were invited, `solved` of
    `solved_asked` said that their matter was solved. Where `is_hidden`, all of them but `minimum` are zero or None.
    """

    n: int
    minimum: int
    is_hidden: bool = False
    asked: int = 0
    spread: tuple[int, ...] = (0, 0, 0, 0, 0)
    mean: Interval | None = None
    satisfied: int = 0
    share: Interval | None = None
    solved: int = 0
    solved_asked: int = 0


def wilson(hits: int, n: int) -> Interval:
    """The Wilson interval of a share, which holds for small numbers and for shares near none or all.

    Raises:
        ValueError: nobody was counted, or more hits than counted.
    """
    if not 0 <= hits <= n or n == 0:
        raise ValueError("A share needs a base and at most as many hits.")
    p, square = hits / n, Z * Z
    middle = (p + square / (2 * n)) / (1 + square / n)
    half = Z / (1 + square / n) * sqrt(p * (1 - p) / n + square / (4 * n * n))
    return Interval(p, max(0.0, middle - half), min(1.0, middle + half))


def student(freedom: int) -> float:
    """The 97.5 % quantile of Student's distribution, good to 0.03 from four degrees of freedom on, 0.001 from ten.

    The asymptotic series of Abramowitz and Stegun, 26.7.5.
    """
    z = Z
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(freedom) ** power for power, term in enumerate(terms, 1))


def mean_of(spread: Sequence[int]) -> Interval:
    """The mean of stars with Student's interval, cut at one and five.

    Where all gave the same, Student's interval would be a point and claim certainty; the interval of Wilson, stretched
    over the scale, is given instead.

    Raises:
        ValueError: fewer than two ratings.
    """
    n = sum(spread)
    if n < 2:
        raise ValueError("An interval needs at least two ratings.")
    total = sum(stars * count for stars, count in enumerate(spread, LOWEST))
    mean = total / n
    variance = sum(count * (stars - mean) ** 2 for stars, count in enumerate(spread, LOWEST)) / (n - 1)
    if variance == 0:
        stretch = HIGHEST - LOWEST
        wide = wilson(round((mean - LOWEST) / stretch * n), n)
        return Interval(mean, min(mean, LOWEST + stretch * wide.low), max(mean, LOWEST + stretch * wide.high))
    half = student(n - 1) * sqrt(variance / n)
    return Interval(mean, max(LOWEST, mean - half), min(HIGHEST, mean + half))


def result_of(
    spread: Sequence[int],
    *,
    minimum: int,
    solved: int = 0,
    solved_asked: int = 0,
    asked: int = 0,
    is_hidden: bool = False,
) -> Result:
    """The result of so many ratings with one to five stars, held back where there are fewer than `minimum`."""
    n = sum(spread)
    if is_hidden or n < max(minimum, 2):
        return Result(0, minimum, is_hidden=n > 0 or is_hidden)
    satisfied = sum(count for stars, count in enumerate(spread, LOWEST) if is_satisfied(stars))
    if solved_asked < minimum:
        solved = solved_asked = 0
    return Result(
        n, minimum, asked=max(asked, n), spread=tuple(spread), mean=mean_of(spread), satisfied=satisfied,
        share=wilson(satisfied, n), solved=solved, solved_asked=solved_asked,
    )  # fmt: skip


def held_back(counts: Mapping[K, int], minimum: int) -> frozenset[K]:
    """The groups that must not be shown beside the sum of all, so that no subtraction gives a small group away.

    A group with somebody in it but fewer than `minimum` is small. What is held back together must be at least two groups
    and at least `minimum` people; the smallest of the others join them until it is. An empty group gives nobody away.
    """
    filled = sorted((n, str(key), key) for key, n in counts.items() if n)
    hidden = [key for n, _name, key in filled if n < minimum]
    if not hidden:
        return frozenset()
    for _n, _name, key in filled[len(hidden) :]:
        if len(hidden) > 1 and sum(counts[one] for one in hidden) >= minimum:
            break
        hidden.append(key)
    return frozenset(hidden)
