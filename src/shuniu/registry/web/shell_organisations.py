"""What union bodies and employers show in the shell: navigation, search, cards of the home page."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.kernel.scope import Actor
from shuniu.kernel.web import cards, nav, search
from shuniu.registry.queries import elections, employers, organisations, overview
from shuniu.registry.queries.counts import members_on, unions_on

LINES = 5
SEES = ("organisation.view",)
SEES_EMPLOYERS = ("employer.view",)
EDITS = ("organisation.edit",)


def find_organisations(actor: Actor, query: str, limit: int) -> list[search.Hit]:
    """Union bodies by name, pinyin initials, number or credit code; those that stand first, the highest first."""
    rows = organisations.named(organisations.seen(actor), query).order_by("-dissolved_on", "path")[:limit]
    return [
        search.Hit(
            row.name,
            reverse("registry:organisation", args=[row.pk]),
            " · ".join(part for part in (row.get_type_display(), str(row.parent or ""), row.code) if part),
        )
        for row in rows
    ]


def find_employers(actor: Actor, query: str, limit: int) -> list[search.Hit]:
    """Employers by name, pinyin initials or credit code."""
    rows = employers.named(employers.employers_of(actor), query).order_by("initials", "pk")[:limit]
    return [
        search.Hit(
            row.name,
            reverse("registry:employer", args=[row.pk]),
            " · ".join(part for part in (str(row.area), row.credit_code or "") if part),
        )
        for row in rows
    ]


def elections_due(actor: Actor, today: date) -> cards.Due | None:
    """Committees whose term is over or ends soon."""
    rows = elections.due_terms(actor, today).order_by("due_on", "pk")
    first = list(rows[:LINES])
    if not first:
        return None
    lines = tuple(
        cards.DueLine(
            term.organisation.name, reverse("registry:organisation", args=[term.organisation_id]), term.due_on
        )
        for term in first
    )
    tone = "bad" if first[0].due_on < today else "warn"
    return cards.Due(_("Elections due"), rows.count(), reverse("registry:elections"), tone, lines)


def _ground(actor: Actor, today: date) -> overview.Ground | None:
    tops = organisations.tops(actor)
    return overview.Ground.of(tops[0], today) if len(tops) == 1 else None


def members_today(actor: Actor, today: date) -> cards.Number | None:
    """Members of the one body an actor looks after."""
    ground = _ground(actor, today)
    if ground is None or ground.path is None:
        return None
    found = members_on(today, ground.path)
    note = _("{n} of them women")
    return cards.Number(
        _("Members"),
        found.members,
        pgettext_lazy("unit", "people"),
        base=str(ground.organisation),
        note=str(note).format(n=f"{found.women:,}"),
        url=reverse("registry:home"),
    )


def unions_today(actor: Actor, today: date) -> cards.Number | None:
    """Unions below the one body an actor looks after, where there are several."""
    ground = _ground(actor, today)
    if ground is None or ground.path is None:
        return None
    number = unions_on(today, ground.path)
    if number < 2:
        return None
    return cards.Number(_("Unions"), number, pgettext_lazy("unit", "unions"), url=reverse("registry:organisations"))


def register() -> None:
    """Called once, when the site starts."""
    nav.register(
        nav.NavItem(_("At a glance"), "registry:home", "chart-bar", SEES, 20, "registry", key="a"),
        nav.NavItem(_("Union bodies"), "registry:organisations", "sitemap", SEES, 30, "registry", key="u"),
        nav.NavItem(_("Employers"), "registry:employers", "building", SEES_EMPLOYERS, 50, "registry", key="e"),
        nav.NavItem(_("Elections due"), "registry:elections", "calendar-event", EDITS, 55, "registry"),
    )
    search.register(
        search.SearchProvider(
            "organisations",
            _("Union bodies"),
            SEES,
            find_organisations,
            icon="sitemap",
            order=10,
            all_url=lambda query: reverse("registry:organisations") + "?" + urlencode({"q": query, "state": "every"}),
        ),
        search.SearchProvider(
            "employers",
            _("Employers"),
            SEES_EMPLOYERS,
            find_employers,
            icon="building",
            order=50,
            all_url=lambda query: reverse("registry:employers") + "?" + urlencode({"q": query, "state": "every"}),
        ),
    )
    cards.register(
        cards.Card("registry.elections", elections_due, cards.Slot.DUE, EDITS, 20),
        cards.Card("registry.unions", unions_today, cards.Slot.NUMBERS, SEES, 20),
        cards.Card("registry.members", members_today, cards.Slot.NUMBERS, SEES, 21),
    )
