"""What providers add to the navigation, the home page and the search."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shuniu.hub.actions.papers import PAPERS
from shuniu.hub.queries import providers as queries
from shuniu.hub.queries.duties import warning_days
from shuniu.kernel.notices import Kind, register_kind
from shuniu.kernel.scope import Actor
from shuniu.kernel.web import cards, nav, search

SEES = ("provider.view",)
OWN = ("provider.own",)
SERVES = ("service.give",)
LINES = 5


def applicants(actor: Actor, today: date) -> cards.Due | None:
    """Providers that wait to be vetted or admitted."""
    rows = queries.waiting(actor).order_by("applied_at", "pk")
    lines = tuple(
        cards.DueLine(f"{row.name} · {row.get_state_display()}", reverse("hub:provider", args=[row.pk]))
        for row in rows[:LINES]
    )
    return (
        cards.Due(_("Providers to vet"), rows.count(), f"{reverse('hub:providers')}?state=waiting", lines=lines)
        if lines
        else None
    )


def ending_papers(actor: Actor, today: date) -> cards.Due | None:
    """Papers that have ended or end soon, the first of them at the top: of the register, or of one's own provider."""
    days = max(warning_days(queries.WARNING, actor, "provider.view", today))
    rows = queries.ending(queries.papers(actor), today, days).order_by("good_until", "pk")
    found = list(rows[:LINES])
    if not found:
        return None
    lines = tuple(
        cards.DueLine(
            f"{row.get_kind_display()} · {row.holder}",
            reverse("hub:provider", args=[row.provider_id]) + "#papers",
            row.good_until,
        )
        for row in found
    )
    tone = "bad" if found[0].good_until < today else "warn"
    url = f"{reverse('hub:providers')}?papers=ending"
    return cards.Due(_("Papers of providers that end soon"), rows.count(), url, tone, lines)


def find(actor: Actor, query: str, limit: int) -> list[search.Hit]:
    """Providers by name."""
    rows = queries.providers(actor).filter(name__contains=query).order_by("name", "pk")[:limit]
    return [search.Hit(row.name, reverse("hub:provider", args=[row.pk]), row.get_state_display()) for row in rows]


def register(section: str) -> None:
    """Called once, when the site starts."""
    nav.register(
        nav.NavItem(_("Providers"), "hub:providers", "building-community", SEES, 42, section),
        nav.NavItem(_("My provider"), "hub:provider_mine", "building-community", OWN, 43, section),
        nav.NavItem(_("My papers and absences"), "hub:professional_mine", "id-badge-2", SERVES, 44, section),
    )
    register_kind(Kind(PAPERS, _("Papers of providers that end"), permissions=("provider.edit", *OWN)))
    cards.register(
        cards.Card("hub.applicants", applicants, cards.Slot.DUE, ("provider.edit",), 41),
        cards.Card("hub.ending_papers", ending_papers, cards.Slot.DUE, ("provider.edit", *OWN), 42),
    )
    search.register(
        search.SearchProvider(
            "providers",
            _("Providers"),
            SEES,
            find,
            icon="building-community",
            order=61,
            all_url=lambda query: reverse("hub:providers") + "?" + urlencode({"q": query}),
        )
    )
