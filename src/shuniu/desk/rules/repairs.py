"""Repairs: how long they may take, what counts as the same fault again, who is sent, whom one calls back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from shuniu.desk.enums import PlaceKind

PHONE_HOURS: Final = "repair.phone_hours"
REPEAT_DAYS: Final = "repair.repeat_days"
CALLBACK: Final = "repair.callback_share"
HUNDRED: Final = 100


def is_charged(place: str) -> bool:
    """Whether a repair is paid for by whoever uses the place."""
    return place != PlaceKind.PUBLIC


@dataclass(frozen=True, slots=True)
class Repairer:
    """Somebody who could be sent: what is in hand, whether the fault is in her line, when she was sent last."""

    user_id: int
    name: str
    is_skilled: bool = True
    in_hand: int = 0
    urgent_in_hand: int = 0
    sent_at: datetime | None = None


def by_fitness(repairers: Iterable[Repairer]) -> list[Repairer]:
    """Whom to send first: who knows the trade, has fewest urgent jobs, fewest jobs, and was sent longest ago."""
    return sorted(
        repairers,
        key=lambda one: (
            not one.is_skilled,
            one.urgent_in_hand,
            one.in_hand,
            one.sent_at.timestamp() if one.sent_at else 0.0,
            one.user_id,
        ),
    )


def is_repeat(fixed_at: datetime, reported_at: datetime, days: int) -> bool:
    """Whether a fault reported after a repair counts as the same again: within so many days, the last one included."""
    return timedelta() <= reported_at - fixed_at <= timedelta(days=days)


def sample(keys: Collection[int], share: int, seed: int, kept: Collection[int] = ()) -> set[int]:
    """At least `share` percent of the keys, drawn by `seed`; those `kept` from an earlier draw stay in it.

    The same seed and keys give the same draw, so that nobody picks whom to call.
    """
    drawn = set(kept) & set(keys)
    wanted = -(-len(keys) * share // HUNDRED)
    left = sorted(set(keys) - drawn)
    Random(seed).shuffle(left)  # noqa: S311 -- anybody may draw it again
    return drawn | set(left[: max(wanted - len(drawn), 0)])


def total(quantity: int, price: int) -> int:
    """Fen for a quantity in hundredths at a price in fen a unit, rounded half up."""
    return (quantity * price * 2 + HUNDRED) // (2 * HUNDRED)


def waited(waits: Sequence[tuple[datetime, datetime | None]], until: datetime) -> timedelta:
    """How long a repair stood still for parts, up to `until`; waits do not overlap."""
    return sum(((min(end or until, until) - start) for start, end in waits if start < until), timedelta())


def clock_text(number: int) -> str:
    """An hour of the phone line as the rule keeps it: 730 is 7:30."""
    return f"{number // HUNDRED}:{number % HUNDRED:02d}"


def phone_is_staffed(hours: Sequence[int], at: datetime) -> bool:
    """Whether somebody answers the phone at a moment of the site's zone; outside its hours a report is taken by itself."""
    now = at.hour * HUNDRED + at.minute
    return hours[0] <= now < hours[1]
