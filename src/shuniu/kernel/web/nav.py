"""The navigation: rooms register items in `AppConfig.ready`, each person sees those her rights open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

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

    def open_to(self, actor: Actor) -> bool:
        return actor.user_id is not None and (not self.permissions or actor.may(*self.permissions))


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


@dataclass(frozen=True, slots=True)
class Menu:
    """The navigation of one person on one page."""

    sections: tuple[MenuSection, ...]
    account: tuple[Link, ...]

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
    items = [(item, item.url) for item in _items.all() if item.open_to(actor)]
    here = current_url([url for _item, url in items], path)

    def links(section: str) -> tuple[Link, ...]:
        return tuple(
            Link(item.label, url, item.icon, item.post, item.key, url == here)
            for item, url in items
            if item.section == section
        )

    groups = [(section, links(section.key)) for section in _sections.all()]
    short = sum(len(group) for _section, group in groups) <= SHORT
    sections = (
        MenuSection(section.label, group, short or not section.key or any(link.current for link in group))
        for section, group in groups
        if group
    )
    return Menu(tuple(sections), links(ACCOUNT))
