"""What rooms put on the home page: each card is read anew for the person who looks, on the day she looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

from shuniu.kernel.scope import Actor
from shuniu.kernel.web.registers import Register

Text = str | Promise


class Slot(StrEnum):
    """Where on the home page a card stands."""

    DUE = "due"
    NUMBERS = "numbers"
    SHORTCUTS = "shortcuts"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class DueLine:
    """One thing that waits; `on` is the day by which it should be done."""

    text: Text
    url: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Work that waits: how many there are, the first few of them, and the list of all. `tone`: warn, bad or neutral."""

    title: Text
    count: int
    url: str
    tone: str = "warn"
    lines: tuple[DueLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """A figure with its base. With `of` it is a share of it."""

    title: Text
    value: int
    unit: Text = ""
    of: int | None = None
    base: Text = ""
    note: Text = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shortcut:
    label: Text
    url: str
    icon: str
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Mine:
    """Something of the reader's own, drawn by its room's template."""

    title: Text
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Content = Due | Number | Shortcut | Mine


@dataclass(frozen=True, slots=True)
class Card:
    """`read(actor, today)` gives what is shown, or None. `permissions`: any one of them; none: everybody signed in."""

    key: str
    read: Callable[[Actor, date], Content | None]
    slot: Slot
    permissions: tuple[str, ...] = ()
    order: int = 100


_cards: Register[Card] = Register(rank=lambda card: (card.order, card.key))


def register(*cards: Card) -> None:
    for card in cards:
        _cards.add(card.key, card)


def offered(slot: Slot, actor: Actor) -> list[Card]:
    """The cards that this actor's rights open, whether they have something to say today or not."""
    return [
        card for card in _cards.all() if card.slot == slot and (not card.permissions or actor.may(*card.permissions))
    ]


def read(slot: Slot, actor: Actor, today: date) -> list[Content]:
    """What the cards of one place on the page say to this actor today."""
    said = (card.read(actor, today) for card in offered(slot, actor))
    return [content for content in said if content is not None]
