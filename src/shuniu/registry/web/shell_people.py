"""What people, transfers and officers show in the shell: navigation, search, cards of the home page."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.web import cards, nav, search
from shuniu.registry.enums import Standing
from shuniu.registry.models import Transfer
from shuniu.registry.queries import members, officers, people, transfers
from shuniu.registry.queries.sight import sight_of
from shuniu.registry.rules.members import MEMBERSHIP
from shuniu.registry.web.forms_members import NUMBERLIKE
from shuniu.registry.web.views_members import person_url

LINES = 5
SEES, TRANSFERS, OFFICERS, OWN = ("member.view",), ("transfer.edit",), ("officer.view",), ("own.view",)


def find_people(actor: Actor, query: str, limit: int) -> list[search.Hit]:
    """People by a fragment of their name or by pinyin initials, in whatever standing. Numbers find nobody here."""
    name = normal(query)
    if not name or NUMBERLIKE.search(name):
        return []
    rows = members.people_bearing(sight_of(actor), name).select_related("home").order_by("pk")[:limit]
    return [
        search.Hit(person.name, person_url(person), f"{person.home or ''} · {person.get_standing_display()}")
        for person in rows
    ]


def _line(transfer: Transfer) -> cards.DueLine:
    return cards.DueLine(transfer.person.name, reverse("registry:transfer", args=[transfer.pk]), transfer.out_on)


def to_receive(actor: Actor, today: date) -> cards.Due | None:
    """Transfers that wait to be received by the actor's unions."""
    rows = transfers.waiting_for(actor).order_by("out_on", "pk")
    lines = tuple(_line(row) for row in rows[:LINES])
    url = f"{reverse('registry:transfers')}?state=mine"
    return cards.Due(_("Transfers to receive"), rows.count(), url, lines=lines) if lines else None


def open_too_long(actor: Actor, today: date) -> cards.Due | None:
    """Transfers in sight that have been open for longer than the rule allows."""
    rows = transfers.overdue(transfers.visible_transfers(actor), actor, today).order_by("out_on", "pk")
    lines = tuple(_line(row) for row in rows[:LINES])
    url = f"{reverse('registry:transfers')}?state=overdue"
    return cards.Due(_("Transfers open for too long"), rows.count(), url, "bad", lines) if lines else None


def ending_certificates(actor: Actor, today: date) -> cards.Due | None:
    """Certificates that end soon, the first of them at the top."""
    days = max(officers.warning_days(actor, today))
    rows = officers.running_out(officers.qualifications(actor), today, days).order_by("expires_on", "pk")
    lines = tuple(
        cards.DueLine(
            f"{row.person.name} · {row.get_kind_display()}",
            reverse("registry:qualification", args=[row.pk]),
            row.expires_on,
        )
        for row in rows[:LINES]
    )
    url = f"{reverse('registry:qualifications')}?validity=running_out"
    return cards.Due(_("Certificates that end soon"), rows.count(), url, lines=lines) if lines else None


def applications(actor: Actor, today: date) -> cards.Due | None:
    """Applications to join that wait for a decision."""
    wanted = members.MemberFilter(standing=str(Standing.APPLIED.value))
    sight = sight_of(actor, None, "member.edit")
    found = members.search_members(sight, wanted, today)
    lines = tuple(cards.DueLine(person.name, person_url(person)) for person in found.rows.order_by("pk")[:LINES])
    url = f"{reverse('registry:members')}?standing={Standing.APPLIED.value}"
    return cards.Due(_("Applications to decide"), found.count or len(lines), url, lines=lines) if lines else None


def own_card(actor: Actor, today: date) -> cards.Mine | None:
    """The member's own electronic card."""
    person = people.own_person(actor)
    if person is None:
        return None
    state = MEMBERSHIP.of(Standing(person.standing))
    return cards.Mine(_("My card"), "registry/_mine_card.html", {"person": person, "state": state})


def register() -> None:
    """Called once, when the site starts."""
    nav.register_section("own", "", order=90)
    nav.register(
        nav.NavItem(_("Members"), "registry:members", "users", SEES, 30, "registry", key="m"),
        nav.NavItem(_("Transfers"), "registry:transfers", "transfer", SEES, 40, "registry"),
        nav.NavItem(_("Officers"), "registry:officers", "user-star", OFFICERS, 50, "registry"),
        nav.NavItem(_("Certificates"), "registry:qualifications", "certificate", OFFICERS, 51, "registry"),
        nav.NavItem(_("Study records"), "registry:studies", "school", OFFICERS, 52, "registry"),
        nav.NavItem(_("My card"), "registry:me", "id", OWN, 90, "own"),
    )
    search.register(
        search.SearchProvider(
            "people",
            pgettext_lazy("search", "People"),
            SEES,
            find_people,
            icon="user",
            order=20,
            all_url=lambda query: reverse("registry:members") + "?" + urlencode({"q": query}),
        )
    )
    cards.register(
        cards.Card("registry.applications", applications, cards.Slot.DUE, ("member.edit",), 30),
        cards.Card("registry.to_receive", to_receive, cards.Slot.DUE, TRANSFERS, 31),
        cards.Card("registry.open_too_long", open_too_long, cards.Slot.DUE, TRANSFERS, 32),
        cards.Card("registry.certificates", ending_certificates, cards.Slot.DUE, OFFICERS, 33),
        cards.Card("registry.own_card", own_card, cards.Slot.MINE, OWN, 10),
    )
