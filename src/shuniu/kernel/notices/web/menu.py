"""Where notices stand in the shell."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.notices import queries
from shuniu.kernel.scope import Actor
from shuniu.kernel.web import cards, nav

RECENT = timedelta(days=7)


def register() -> None:
    nav.register(
        nav.NavItem(_("Notices"), "notices:list", "bell", order=12, section=nav.ACCOUNT),
        nav.NavItem(_("What I am told"), "notices:channels", "bell-cog", order=14, section=nav.ACCOUNT),
    )
    cards.register(
        cards.Card("notices.troubled", _troubled, slot=cards.Slot.DUE, permissions=("site.operate",), order=950)
    )


def _troubled(actor: Actor, today: date) -> cards.Due | None:
    """Messages of the last week that did not arrive."""
    since = timezone.make_aware(datetime.combine(today, time.min)) - RECENT
    count = queries.troubled(since).count()
    url = reverse("notices:troubled")
    return cards.Due(_("Messages that did not go out"), count, url, "warn") if count else None
