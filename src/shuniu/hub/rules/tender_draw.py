"""Drawing experts by lot, so that anybody can draw again: from the published seed and the fingerprint of the frame."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shuniu.hub.enums import TieKind
from shuniu.kernel.period import FOREVER


@dataclass(frozen=True, slots=True)
class Tie:
    """Something that binds an expert to a provider; `ends_on` is the first day without it."""

    kind: TieKind
    provider: int
    ends_on: date = FOREVER


def bars(tie: Tie, on: date, years: int) -> bool:
    """Whether the tie still keeps its holder from scoring that provider on `on`: kinship always, others for some years."""
    if tie.kind is TieKind.KIN or tie.ends_on > on:
        return True
    return tie.ends_on > _years_before(on, years)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def frame_hash(numbers: Iterable[str]) -> str:
    """The fingerprint of those among whom lots are drawn: SHA-256 of their numbers, sorted, one a line."""
    return hashlib.sha256("\n".join(sorted(numbers)).encode()).hexdigest()


def drawn_order(numbers: Iterable[str], seed: str) -> list[str]:
    """Everybody of the frame in the order of their lots, SHA-256 of `seed:frame hash:number`. The first ones are drawn."""
    frame = sorted(set(numbers))
    fingerprint = frame_hash(frame)
    return sorted(frame, key=lambda number: hashlib.sha256(f"{seed}:{fingerprint}:{number}".encode()).hexdigest())
