"""The navigation: rooms register items in `AppConfig.ready`, each person sees those her rights open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

from shuniu.kernel.scope import Actor
from shuniu.kernel.web.registers import Register

ACCOUNT = "account"
"""The section shown as the menu under the user's name."""
PHONE_BAR = 4
"""Items in the bottom bar of a phone; a fifth place opens the rest."""
SHORT = 12
"""As many items are shown at once; of a longer menu, only the section that one is in."""


@dataclass(frozen=True, slots=True)
class NavSection:
    key: str
    label: str | Promise
    order: int = 100


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place to go. `permissions`: any one of them opens it; none: everybody who is signed in.

    `post` makes it a button that posts (sign out). `key` is the letter of the keyboard shortcut `g <key>`.
    """

    label: str | Promise
    url_name: str
    icon: str
    permissions: tuple[str, ...] = ()
    order: int = 100
    section: str = ""
    post: bool = False
    key: str = ""

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True, slots=True)
class Link:
    """A navigation item as one page shows it."""

    label: str | Promise
    url: str
    icon: str
    post: bool
    key: str
    current: bool


@dataclass(frozen=True, slots=True)
class MenuSection:
    """The items of one section; `unfolded` says whether they are shown before anybody asks for them."""

    label: str | Promise
    links: tuple[Link, ...]
    unfolded: bool = True


@dataclass(frozen=True)
class Menu:
    """The navigation of one person on one page."""

    sections: tuple[MenuSection, ...]
    account: tuple[Link, ...]

    @cached_property
    def drawn(self) -> str:
        """The sections as HTML, in the language that the menu was made in."""
        return render_to_string("kernel/components/menu.html", {"menu": self})

    @property
    def links(self) -> tuple[Link, ...]:
        return tuple(link for section in self.sections for link in section.links)

    @property
    def phone(self) -> tuple[Link, ...]:
        return self.links[:PHONE_BAR]


_items: Register[NavItem] = Register(rank=lambda item: (item.order, item.url_name))
_sections: Register[NavSection] = Register(rank=lambda section: (section.order, section.key))
_sections.add("", NavSection("", "", 0))


def register(*items: NavItem) -> None:
    for item in items:
        _items.add(f"{item.section}:{item.url_name}", item)


def register_section(key: str, label: str | Promise, order: int = 100) -> None:
    _sections.add(key, NavSection(key, label, order))


def current_url(urls: Sequence[str], path: str) -> str:
    """The longest of `urls` that `path` lies under; the site's root only counts for itself."""
    return max((url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default="")


def menu(actor: Actor, path: str) -> Menu:
    """What `actor` may go to, with the place of `path` marked. Nothing for strangers."""
    if actor.user_id is None:
        return Menu((), ())
    known = _Known(_items, len(_items), _sections, len(_sections), settings.ROOT_URLCONF)
    held = frozenset[str]().union(*(grant.permissions for grant in actor.grants))
    here = current_url([url for _item, url in _open(known, held)], path)
    return _made(known, held, here, get_language() or "")


class _Known(NamedTuple):
    """What rooms have announced: as long as it stays the same, a menu follows from permissions, place and language."""

    items: Register[NavItem]
    number: int
    sections: Register[NavSection]
    number_of_sections: int
    addresses: str


@lru_cache(maxsize=256)
def _open(known: _Known, held: frozenset[str]) -> tuple[tuple[NavItem, str], ...]:
    """The items that these permissions open, and their addresses."""
    items = known.items.all()
    return tuple((item, item.url) for item in items if not item.permissions or held.intersection(item.permissions))


@lru_cache(maxsize=512)
def _made(known: _Known, held: frozenset[str], here: str, language: str) -> Menu:
    items = _open(known, held)

    def links(section: str) -> tuple[Link, ...]:
        return tuple(
            Link(str(item.label), url, item.icon, item.post, item.key, url == here)
            for item, url in items
            if item.section == section
        )

    groups = [(section, links(section.key)) for section in known.sections.all()]
    short = sum(len(group) for _section, group in groups) <= SHORT
    sections = (
        MenuSection(str(section.label), group, short or not section.key or any(link.current for link in group))
        for section, group in groups
        if group
    )
    return Menu(tuple(sections), links(ACCOUNT))
