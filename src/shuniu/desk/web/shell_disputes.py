"""What mediation, repairs and the calculator add to the navigation and to the pages of cases."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shuniu.desk.queries.repairs import fault_name, jobs, repairs
from shuniu.desk.web.forms_repairs import place_of, wait_fields
from shuniu.desk.web.panels import register_move_form, register_panel
from shuniu.desk.web.views_mediation import mediation_panel
from shuniu.desk.web.views_rating import rating_panel
from shuniu.desk.web.views_repairs import repair_panel
from shuniu.hub.enums import ServiceKind
from shuniu.kernel.scope import Actor
from shuniu.kernel.web import cards, nav

LINES = 5


def my_repairs(actor: Actor, today: date) -> cards.Due | None:
    """Repairs in one's own hands, the most pressing on top; nothing for who mends nothing."""
    rows = jobs(actor)
    count = rows[:100].count()
    if not count:
        return None
    lines = tuple(
        cards.DueLine(
            f"{fault_name(row)} {place_of(row)}", reverse("desk:repair_jobs"),
            timezone.localtime(row.case.due_at).date() if row.case.due_at else None,
        )
        for row in rows[:LINES]
    )  # fmt: skip
    return cards.Due(_("My repairs"), count, reverse("desk:repair_jobs"), "bad", lines)


def overdue_repairs(actor: Actor, today: date) -> cards.Due | None:
    """Repairs whose time has run out, to the minute: a burst pipe does not wait for tomorrow."""
    rows = repairs(actor).filter(case__closed_at=None, case__due_at__lt=timezone.now()).order_by("case__due_at", "pk")
    count = rows[:100].count()
    if not count:
        return None
    lines = tuple(
        cards.DueLine(f"{fault_name(row)} {place_of(row)}", reverse("desk:case", args=[row.pk]), today)
        for row in rows[:LINES]
    )
    return cards.Due(_("Overdue repairs"), count, reverse("desk:repairs") + "?state=overdue", "bad", lines)


def register(section: str) -> None:
    """Called once, when the site starts."""
    for item in (
        nav.NavItem(_("Repairs"), "desk:repairs", "tools", ("case.view", "case.enter"), order=370, section=section),
        nav.NavItem(_("Mediations"), "desk:mediations", "scale", ("case.view",), order=375, section=section),
        nav.NavItem(
            _("Time limits of labour disputes"), "desk:limits", "calculator", ("case.view", "service.give", "own.view"),
            order=380, section=section,
        ),
    ):  # fmt: skip
        nav.register(item)
    cards.register(cards.Card("desk.repair_jobs", my_repairs, cards.Slot.DUE, ("service.give",), 19))
    cards.register(cards.Card("desk.overdue_repairs", overdue_repairs, cards.Slot.DUE, ("case.view", "case.enter"), 18))
    register_panel("", rating_panel)
    register_panel(ServiceKind.REPAIR, repair_panel)
    register_panel(ServiceKind.MEDIATION, mediation_panel)
    register_move_form("repair.wait", wait_fields)
