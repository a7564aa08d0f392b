"""What this room adds to the navigation, the home page and the search."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.scope import Actor
from shuniu.kernel.web import cards, nav
from shuniu.voice.queries.invitations import waiting_invitations
from shuniu.voice.queries.results import comments_waiting

SECTION = "voice"
MOST = 3
"""Invitations shown on the home page at a time."""


def register() -> None:
    """Called once, when the site starts."""
    nav.register_section(SECTION, _("Voice"), order=60)
    nav.register(nav.NavItem(_("Ratings"), "voice:results", "star", ("rating.view",), order=610, section=SECTION))
    cards.register(
        cards.Card("voice.comments", _waiting, slot=cards.Slot.DUE, permissions=("rating.moderate",), order=60),
        cards.Card("voice.to_rate", _to_rate, slot=cards.Slot.MINE, permissions=("own.view",), order=15),
    )


def _waiting(actor: Actor, today: date) -> cards.Due | None:
    """Comments that wait for a moderator."""
    count = comments_waiting(actor).count()
    if not count:
        return None
    return cards.Due(_("Comments to be moderated"), count, reverse("voice:comments"), tone="neutral")


def _to_rate(actor: Actor, today: date) -> cards.Mine | None:
    """Services that a member was given and has not rated yet."""
    rows = waiting_invitations(actor, today)[:MOST]
    asked = [{"pk": row.pk, "service": row.service.get("line_name", ""), "until": row.expires_on} for row in rows]
    return cards.Mine(_("How was it?"), "voice/_mine_rate.html", {"asked": asked}) if asked else None
