"""What rooms and installations announce once: kinds of notices, gateways, and where people are reached."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise

from shuniu.kernel.scope import Actor
from shuniu.kernel.web.registers import Register

EMAIL = "email"
SMS = "sms"
Text = str | Promise
Addresses = Callable[[Collection[int]], Mapping[int, str]]
"""From accounts to where they are reached by a channel; whoever is not reached by it is left out."""


class GatewayError(Exception):
    """A message was not taken. `for_good`: trying again is of no use. The text is a code, never an address."""

    def __init__(self, code: str, *, for_good: bool = False) -> None:
        super().__init__(code)
        self.for_good = for_good


class UnclearError(Exception):
    """The line broke while the message was handed over: it may have arrived, and is not sent again."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice. `channels`: where it goes unless its reader chose otherwise. `permissions`: whoever holds any
    of them may receive it and is offered the choice; none: everybody.
    """

    key: str
    label: Text
    channels: tuple[str, ...] = (EMAIL,)
    permissions: tuple[str, ...] = ()
    order: int = 100

    def concerns(self, actor: Actor) -> bool:
        return not self.permissions or actor.may(*self.permissions)


@dataclass(frozen=True, slots=True)
class Message:
    """A notice on its way to one address. `url` is absolute where the site knows its own name."""

    number: int
    to: str
    title: str
    text: str
    url: str


class Gateway(Protocol):
    """A way out of the site: e-mail, text messages, a messenger at work."""

    key: str
    label: Text

    def send(self, message: Message) -> None:
        """Hand the message over.

        Raises:
            GatewayError: it was not taken.
            UnclearError: nobody can say.
        """


_kinds: Register[Kind] = Register(rank=lambda kind: (kind.order, kind.key))
_gateways: dict[str, Gateway] = {}
_addresses: dict[str, Addresses] = {}
_address_pages: dict[str, str] = {}


def register_kind(*kinds: Kind) -> None:
    for kind in kinds:
        _kinds.add(kind.key, kind)


def register_gateway(gateway: Gateway) -> None:
    """Have notices go out by this gateway; a later one with the same key takes the place of an earlier one."""
    _gateways[gateway.key] = gateway


def register_addresses(channel: str, read: Addresses, *, page: str = "") -> None:
    """Say where people are reached by a channel; `page` names the page on which one changes one's own address."""
    _addresses[channel] = read
    _address_pages[channel] = page


def kinds_for(actor: Actor) -> list[Kind]:
    return [kind for kind in _kinds.all() if kind.concerns(actor)]


def kind_of(key: str) -> Kind | None:
    return _kinds.get(key)


def gateways() -> dict[str, Gateway]:
    """The gateways that somebody can be reached by."""
    return {key: gateway for key, gateway in _gateways.items() if key in _addresses}


def addresses(channel: str, users: Collection[int]) -> Mapping[int, str]:
    return _addresses[channel](users) if users and channel in _addresses else {}


def address_page(channel: str) -> str:
    """The name of the page on which one says where one is reached by the channel; empty where there is none."""
    return _address_pages.get(channel, "")
