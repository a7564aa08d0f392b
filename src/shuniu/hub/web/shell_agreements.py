"""What agreements show in the shell: navigation, search, cards of the home page."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shuniu.hub.queries import agreements, payments, scores
from shuniu.hub.web.forms_agreements import ENDING
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.web import cards, nav, search
from shuniu.kernel.web.formats import money

LINES = 5
SEES = ("agreement.view", "provider.own")


def find_agreements(actor: Actor, query: str, limit: int) -> list[search.Hit]:
    """Agreements by number or title, the latest to end first."""
    text = normal(query)
    rows = agreements.agreements(actor).filter(Q(number__icontains=text) | Q(title__contains=text))
    return [
        search.Hit(f"{row.number} {row.title}", reverse("hub:agreement", args=[row.pk]), row.provider.name)
        for row in rows.order_by("-ends_on", "-pk")[:limit]
    ]


def ending_soon(actor: Actor, today: date) -> cards.Due | None:
    """Agreements that end within the rule's days."""
    rows = agreements.ending(agreements.agreements(actor), today, ENDING)
    lines = tuple(
        cards.DueLine(row.title, reverse("hub:agreement", args=[row.pk]), row.ends_on - timedelta(days=1))
        for row in rows[:LINES]
    )
    url = reverse("hub:agreements") + "?" + urlencode({"ending": ENDING})
    return cards.Due(_("Agreements that end soon"), rows.count(), url, lines=lines) if lines else None


def to_approve(actor: Actor, today: date) -> cards.Due | None:
    """Payments that wait for this actor's decision."""
    rows = payments.to_approve(actor)
    lines = tuple(
        cards.DueLine(
            f"{row.agreement.provider.name} {money(row.amount)}", reverse("hub:payment", args=[row.pk]), row.due_on
        )
        for row in rows[:LINES]
    )
    url = reverse("hub:payments") + "?" + urlencode({"state": "mine"})
    return cards.Due(_("Payments to approve"), rows.count(), url, lines=lines) if lines else None


def to_mend(actor: Actor, today: date) -> cards.Due | None:
    """What a provider has to put right."""
    rows = scores.open_inspections(scores.inspections(actor))
    lines = tuple(
        cards.DueLine(row.issue, reverse("hub:inspection", args=[row.pk]), row.due_on) for row in rows[:LINES]
    )
    url = reverse("hub:agreements")
    return cards.Due(_("Findings to be put right"), rows.count(), url, lines=lines) if lines else None


def register() -> None:
    """Called once, when the site starts."""
    nav.register(
        nav.NavItem(_("Agreements"), "hub:agreements", "file-certificate", SEES, 60, "hub"),
        nav.NavItem(_("Payments"), "hub:payments", "coin-yuan", SEES, 65, "hub"),
        nav.NavItem(_("My standing"), "hub:my_standing", "chart-bar", ("provider.own",), 66, "hub"),
        nav.NavItem(_("My figures"), "hub:my_figures", "chart-bar", ("service.give",), 67, "hub"),
    )
    search.register(
        search.SearchProvider(
            "agreements",
            _("Agreements"),
            SEES,
            find_agreements,
            icon="file-certificate",
            order=80,
            all_url=lambda query: reverse("hub:agreements") + "?" + urlencode({"q": query}),
        )
    )
    cards.register(
        cards.Card("hub.agreements_ending", ending_soon, cards.Slot.DUE, SEES, 80),
        cards.Card("hub.payments", to_approve, cards.Slot.DUE, ("payment.approve",), 75),
        cards.Card("hub.findings", to_mend, cards.Slot.DUE, ("provider.own",), 76),
    )
