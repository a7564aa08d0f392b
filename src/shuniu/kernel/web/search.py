"""The global search: each room registers what of its own can be found, and answers within the actor's sight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from shuniu.kernel.scope import Actor
from shuniu.kernel.web.registers import Register

LONGEST_QUERY = 80
"""Characters of a question that are looked at."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is called, where it is, and a line that tells it from its namesakes."""

    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SearchProvider:
    """`find(actor, query, limit)` gives at most `limit` hits, best first, only of rows that `actor` may see.

    `permissions`: any one of them lets the provider be asked; none: everybody who is signed in.
    `all_url(query)` is the list page where the search goes on.
    """

    key: str
    title: str | Promise
    permissions: tuple[str, ...]
    find: Callable[[Actor, str, int], list[Hit]]
    icon: str = "search"
    order: int = 100
    all_url: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one provider. `more`: it has further ones, which `all_url` (when not empty) shows."""

    key: str
    title: str | Promise
    icon: str
    hits: tuple[Hit, ...]
    more: bool
    all_url: str


_providers: Register[SearchProvider] = Register(rank=lambda provider: (provider.order, provider.key))


def register(*providers: SearchProvider) -> None:
    for provider in providers:
        _providers.add(provider.key, provider)


def tidy(text: str) -> str:
    """A question as providers get it: without outer blanks and control characters, cut to a sane length."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text[: LONGEST_QUERY * 4])
    return " ".join(printable.split())[:LONGEST_QUERY]


def find(actor: Actor, text: str, limit: int) -> list[Found]:
    """The groups that have hits, in the order of their providers. Nothing asked, nothing found."""
    query = tidy(text)
    if not query:
        return []
    asked = [one for one in _providers.all() if not one.permissions or actor.may(*one.permissions)]
    groups = [_ask(provider, actor, query, limit) for provider in asked]
    return [group for group in groups if group.hits]


def _ask(provider: SearchProvider, actor: Actor, query: str, limit: int) -> Found:
    hits = provider.find(actor, query, limit + 1)
    all_url = provider.all_url(query) if provider.all_url else ""
    return Found(provider.key, provider.title, provider.icon, tuple(hits[:limit]), len(hits) > limit, all_url)
