"""What tenders show in the shell: navigation, search, cards of the home page."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shuniu.hub.enums import TenderState
from shuniu.hub.queries import tenders as queries
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.web import cards, nav, search

LINES = 5
DECISIONS = {TenderState.DRAFT, TenderState.PROPOSED}


def find_tenders(actor: Actor, query: str, limit: int) -> list[search.Hit]:
    """Tenders by any part of their title, or by number."""
    typed = normal(query)
    rows = queries.tenders(actor)
    rows = (rows.filter(title__contains=typed) | rows.filter(number=typed)).order_by("-created_at", "-pk")[:limit]
    return [
        search.Hit(row.title, reverse("hub:tender", args=[row.pk]), f"{row.number} · {row.get_state_display()}")
        for row in rows
    ]


def to_decide(actor: Actor, today: date) -> cards.Due | None:
    """Tenders and awards that wait for somebody who decides and did not prepare them."""
    place = actor.reach("tender.decide").condition("organisation__path")
    rows = (
        queries.tenders(actor)
        .filter(place, state__in=DECISIONS)
        .exclude(state=TenderState.DRAFT, drafted_by=actor.user_id)
    )
    rows = rows.order_by("created_at", "pk")
    lines = tuple(
        cards.DueLine(f"{row.title} · {row.get_state_display()}", reverse("hub:tender", args=[row.pk]))
        for row in rows[:LINES]
    )
    url = reverse("hub:tenders") + "?" + urlencode({"state": TenderState.PROPOSED})
    return cards.Due(_("Tenders to decide on"), rows.count(), url, lines=lines) if lines else None


def to_score(actor: Actor, today: date) -> cards.Due | None:
    """Tenders that one was drawn to score and has not handed in."""
    rows = queries.juries_of(actor).filter(state__in=["drawn", "declared"], tender__state=TenderState.OPENED)
    lines = tuple(cards.DueLine(row.tender.title, reverse("hub:scoring", args=[row.tender_id])) for row in rows[:LINES])
    return cards.Due(_("Bids to score"), rows.count(), reverse("hub:my_tenders"), lines=lines) if lines else None


def to_open(actor: Actor, today: date) -> cards.Due | None:
    """Tenders whose opening one takes part in: codes to make, and bids to open soon."""
    rows = queries.seats_of(actor).filter(
        released_at=None,
        tender__state__in=[TenderState.DRAFT, TenderState.APPROVED, TenderState.PUBLISHED, TenderState.CLOSED],
    )
    waiting = [
        row for row in rows[:50] if not row.confirmed_at or (row.tender.due_at and row.tender.due_at.date() <= today)
    ]
    lines = tuple(
        cards.DueLine(row.tender.title, reverse("hub:tender", args=[row.tender_id])) for row in waiting[:LINES]
    )
    return cards.Due(_("Tenders to open"), len(waiting), reverse("hub:my_tenders"), lines=lines) if lines else None


def register(section: str) -> None:
    """Called once, when the site starts."""
    nav.register(nav.NavItem(_("Tenders"), "hub:tenders", "gavel", ("tender.view",), order=30, section=section))
    nav.register(
        nav.NavItem(_("My tenders"), "hub:my_tenders", "checklist", ("tender.score",), order=31, section=section)
    )
    nav.register(
        nav.NavItem(_("Tenders and bids"), "hub:bidding", "mail-share", ("provider.own",), order=32, section=section)
    )
    search.register(
        search.SearchProvider(
            "tenders",
            _("Tenders"),
            ("tender.view",),
            find_tenders,
            icon="gavel",
            order=60,
            all_url=lambda q: reverse("hub:tenders") + "?" + urlencode({"q": q}),
        )
    )
    due = (
        ("hub.tenders_to_decide", to_decide, ("tender.decide",)),
        ("hub.bids_to_score", to_score, ("tender.score", "tender.view")),
    )
    for key, read, permissions in due:
        cards.register(cards.Card(key, read, slot=cards.Slot.DUE, permissions=permissions, order=40))
    cards.register(
        cards.Card("hub.tenders_to_open", to_open, slot=cards.Slot.DUE, permissions=("tender.view",), order=41)
    )
