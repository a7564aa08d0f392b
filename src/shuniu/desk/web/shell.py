"""What this room adds to the navigation, the home page and the search."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shuniu.desk.models import Case
from shuniu.desk.queries import cases as queries
from shuniu.desk.sight import Sight
from shuniu.desk.web import shell_disputes, shell_rosters
from shuniu.desk.web.show import status
from shuniu.kernel.scope import Actor
from shuniu.kernel.web import cards, nav, search

SECTION = "desk"
LINES = 5


STAFF = ("case.view", "case.enter", "service.give")


def find_cases(actor: Actor, query: str, limit: int) -> list[search.Hit]:
    """Cases by number or by words of the subject; confidential ones by number only, and without their subject."""
    sight = Sight.of(actor)
    rows = queries.with_words(queries.cases(actor), query).order_by("-opened_at", "-pk")[:limit]
    return [
        search.Hit(row.number, reverse("desk:case", args=[row.pk]), row.title if sight.reads(row) else str(row.line))
        for row in rows
    ]


def my_matters(actor: Actor, today: date) -> cards.Mine | None:
    """What a member filed last, how far it is and who handles it."""
    rows = queries.own_cases(actor).order_by("-opened_at", "-pk")[:3]
    context = {"cases": [{"row": row, **status(row)} for row in rows]}
    return cards.Mine(_("My matters"), "desk/_mine.html", context)


def to_handle(actor: Actor, today: date) -> cards.Due | None:
    """Open cases in one's own hands, those due first on top."""
    rows = queries.handled_cases(actor).filter(closed_at=None).order_by("due_at", "pk")
    return _due(_("Cases I handle"), rows, reverse("desk:handled"), actor)


def to_hand_out(actor: Actor, today: date) -> cards.Due | None:
    """Open cases that nobody handles."""
    rows = queries.cases(actor).filter(closed_at=None, handler=None).order_by("due_at", "pk")
    return _due(_("Cases to hand out"), rows, reverse("desk:cases") + "?state=unassigned", actor)


def overdue(actor: Actor, today: date) -> cards.Due | None:
    """Open cases whose time has run out."""
    rows = queries.overdue(queries.cases(actor), midnight(today)).order_by("due_at", "pk")
    return _due(_("Overdue cases"), rows, reverse("desk:cases") + "?state=overdue", actor, tone="bad")


def _due(title: Any, rows: QuerySet[Case], url: str, actor: Actor, tone: str = "warn") -> cards.Due | None:
    count, sight = rows[:100].count(), Sight.of(actor)
    lines = tuple(
        cards.DueLine(
            f"{row.number} {row.title if sight.reads(row) else ''}".strip(),
            reverse("desk:case", args=[row.pk]),
            timezone.localtime(row.due_at).date() if row.due_at else None,
        )
        for row in rows[:LINES]
    )
    return cards.Due(title, count, url, tone, lines) if count else None


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def register() -> None:
    """Called once, when the site starts."""
    nav.register_section(SECTION, _("Service desk"), order=30)
    own = ("own.view",)
    nav.register(
        nav.NavItem(_("Find help"), "desk:help", "lifebuoy", own, 12, SECTION, key="f"),
        nav.NavItem(_("My matters"), "desk:mine", "list-check", own, 13, SECTION),
        nav.NavItem(_("Cases today"), "desk:figures", "dashboard", ("case.view",), 25, SECTION),
        nav.NavItem(_("Cases"), "desk:cases", "inbox", STAFF, 26, SECTION, key="c"),
        nav.NavItem(_("Cases I handle"), "desk:handled", "user-check", STAFF, 27, SECTION),
        nav.NavItem(_("Service lines"), "desk:lines", "adjustments", ("line.edit",), 40, SECTION),
        nav.NavItem(_("Enter a case"), "desk:enter", "phone-plus", ("case.enter",), 28, SECTION),
    )
    search.register(
        search.SearchProvider(
            "cases",
            _("Cases"),
            STAFF,
            find_cases,
            icon="inbox",
            order=70,
            all_url=lambda query: reverse("desk:cases") + "?" + urlencode({"q": query}),
        )
    )
    cards.register(
        cards.Card("desk.overdue", overdue, cards.Slot.DUE, ("case.view",), 20),
        cards.Card("desk.to_hand_out", to_hand_out, cards.Slot.DUE, ("case.assign",), 21),
        cards.Card("desk.to_handle", to_handle, cards.Slot.DUE, STAFF, 22),
        cards.Card("desk.mine", my_matters, cards.Slot.MINE, own, 20),
    )
    shell_disputes.register(SECTION)
    shell_rosters.register()
