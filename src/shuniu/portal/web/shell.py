"""What the portal itself puts on the home page of a member."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shuniu.desk.public import lines_open_to
from shuniu.hub.enums import ServiceKind
from shuniu.kernel.scope import Actor
from shuniu.kernel.web import cards, nav

ICONS = {
    ServiceKind.ADVICE: "scale",
    ServiceKind.COUNSELLING: "heart-handshake",
    ServiceKind.GRIEVANCE: "message-2-exclamation",
    ServiceKind.MEDIATION: "users-group",
    ServiceKind.REPAIR: "tool",
    ServiceKind.LETTER: "mail",
    ServiceKind.TRAINING: "school",
    ServiceKind.ASSESSMENT: "clipboard-check",
}
TILES = 8
"""So many services fit the home page of a phone; the others stand on the page of all."""


def register() -> None:
    """Called once, when the site starts."""
    nav.register(
        nav.NavItem(_("Home"), "portal:home", "home", order=0, key="h"),
        nav.NavItem(
            _("Services and providers"), "portal:services", "building-community", order=790, section=nav.ACCOUNT
        ),
        nav.NavItem(_("Help"), "portal:help", "help-circle", order=800, section=nav.ACCOUNT),
    )
    cards.register(cards.Card("portal.help", find_help, cards.Slot.MINE, ("own.view",), 5))


def find_help(actor: Actor, today: date) -> cards.Mine | None:
    """What a member may ask for: one tile a service, and behind it its form."""
    lines = lines_open_to(actor)[: TILES + 1]
    if not lines:
        return None
    tiles = [
        {
            "name": line.name,
            "of": line.organisation,
            "icon": icon_of(line.kind),
            "url": reverse("desk:file", args=[line.key]),
        }
        for line in lines[:TILES]
    ]
    return cards.Mine(_("Find help"), "portal/_mine_help.html", {"tiles": tiles, "more": len(lines) > TILES})


def icon_of(kind: str) -> str:
    return ICONS.get(ServiceKind(kind), "lifebuoy")
