"""What duties add to the navigation, the home page and the search."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shuniu.hub.queries import duties as queries
from shuniu.kernel.scope import Actor
from shuniu.kernel.web import cards, nav, search

SEES = ("duty.view",)
DECIDES = ("duty.decide",)
LINES = 5


def to_review(actor: Actor, today: date) -> cards.Due | None:
    """Decisions that are to be looked at again, the longest overdue at the top."""
    days = max(queries.warning_days(queries.WARNING, actor, "duty.decide", today))
    rows = queries.to_review(queries.duties(actor), today, days).order_by("review_on", "pk")
    lines = tuple(cards.DueLine(row.name, reverse("hub:duty", args=[row.pk]), row.review_on) for row in rows[:LINES])
    if not lines:
        return None
    tone = "bad" if lines[0].on and lines[0].on < today else "warn"
    return cards.Due(_("Duties to review"), rows.count(), f"{reverse('hub:duties')}?state=review", tone, lines)


def find(actor: Actor, query: str, limit: int) -> list[search.Hit]:
    """Duties by name or number."""
    wanted = Q(name__contains=query) | Q(code__startswith=query.upper())
    rows = queries.duties(actor).filter(wanted).order_by("code", "pk")[:limit]
    return [search.Hit(row.name, reverse("hub:duty", args=[row.pk]), row.get_kind_display()) for row in rows]


def register(section: str) -> None:
    """Called once, when the site starts."""
    nav.register(nav.NavItem(_("Duties"), "hub:duties", "list-check", SEES, 41, section))
    cards.register(cards.Card("hub.duties_to_review", to_review, cards.Slot.DUE, DECIDES, 40))
    search.register(
        search.SearchProvider(
            "duties",
            _("Duties"),
            SEES,
            find,
            icon="list-check",
            order=60,
            all_url=lambda query: reverse("hub:duties") + "?" + urlencode({"q": query}),
        )
    )
