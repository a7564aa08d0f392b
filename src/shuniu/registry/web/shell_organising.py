"""What organising shows in the shell: navigation, search, cards of the home page."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.web import cards, nav, search
from shuniu.registry.enums import LeadState
from shuniu.registry.queries import organising
from shuniu.registry.web.forms_leads import named

AHEAD, LINES = 7, 5
SEES = ("lead.view",)
DECIDES = ("lead.approve",)


def find_leads(actor: Actor, query: str, limit: int) -> list[search.Hit]:
    """Leads by the name of their employer, the latest first."""
    rows = organising.leads(actor).filter(named(normal(query), "employer__")).order_by("-opened_on", "-pk")[:limit]
    return [
        search.Hit(
            lead.employer.name,
            reverse("registry:lead", args=[lead.pk]),
            f"{lead.get_state_display()} · {lead.employer.area}",
        )
        for lead in rows
    ]


def due_visits(actor: Actor, today: date) -> cards.Due | None:
    """An organiser's own visits of the next days."""
    posts = organising.own_posts(today, actor)
    if not posts:
        return None
    rows = organising.due_visits(organising.leads(actor).filter(organiser__in=posts), today, AHEAD)
    lines = tuple(
        cards.DueLine(lead.employer.name, reverse("registry:lead", args=[lead.pk]), lead.next_on)
        for lead in rows[:LINES]
    )
    return cards.Due(_("Visits that are due"), rows.count(), reverse("registry:my_organising"), lines=lines)


def to_approve(actor: Actor, today: date) -> cards.Due | None:
    """Leads that wait for somebody who may approve the founding."""
    place = actor.reach("lead.approve").condition("territory__path")
    rows = organising.leads(actor).filter(place, state=LeadState.PREPARING).order_by("opened_on", "pk")
    lines = tuple(
        cards.DueLine(lead.employer.name, reverse("registry:lead", args=[lead.pk]), lead.opened_on)
        for lead in rows[:LINES]
    )
    url = reverse("registry:leads") + "?" + urlencode({"state": LeadState.PREPARING})
    return cards.Due(_("Foundings to approve"), rows.count(), url, lines=lines) if lines else None


def areas_without(actor: Actor, today: date) -> cards.Due | None:
    """Areas in which nobody organises."""
    gaps = organising.uncovered(actor, today)
    url = reverse("registry:organising_coverage")
    lines = tuple(cards.DueLine(area.name, url) for area in gaps[:LINES])
    return cards.Due(_("Areas without an organiser"), len(gaps), url, lines=lines) if gaps else None


def founded_this_year(actor: Actor, today: date) -> cards.Number | None:
    """Unions founded by leads this year, of the leads opened in it."""
    rows = organising.leads(actor).filter(opened_on__year=today.year)
    opened = rows.count()
    if not opened:
        return None
    founded = rows.filter(state=LeadState.FOUNDED).count()
    unit, base = pgettext_lazy("unit", "leads"), _("leads opened this year")
    return cards.Number(
        _("Leads that came to a union"), founded, unit, of=opened, base=base, url=reverse("registry:organising_funnel")
    )


def register() -> None:
    """Called once, when the site starts."""
    nav.register(
        nav.NavItem(_("Organising"), "registry:my_organising", "user-plus", SEES, 25, "registry", key="o"),
        nav.NavItem(_("Organising leads"), "registry:leads", "list-details", SEES, 61, "registry"),
        nav.NavItem(_("Annual return"), "registry:returns", "report", ("return.make",), 70, "registry"),
        nav.NavItem(_("Data interface"), "api:openapi-view", "braces", ("api.use",), 45, nav.ACCOUNT),
    )
    search.register(
        search.SearchProvider(
            "leads",
            _("Organising leads"),
            SEES,
            find_leads,
            icon="list-details",
            order=60,
            all_url=lambda query: reverse("registry:leads") + "?" + urlencode({"q": query}),
        )
    )
    cards.register(
        cards.Card("registry.visits", due_visits, cards.Slot.DUE, SEES, 60),
        cards.Card("registry.to_approve", to_approve, cards.Slot.DUE, DECIDES, 61),
        cards.Card("registry.areas_without", areas_without, cards.Slot.DUE, DECIDES, 62),
        cards.Card("registry.leads_founded", founded_this_year, cards.Slot.NUMBERS, SEES, 60),
    )
