"""What mediation, repairs and the calculator add to the navigation and to the pages of cases."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuniu.desk.web.forms_repairs import wait_fields
from shuniu.desk.web.panels import register_move_form, register_panel
from shuniu.desk.web.views_mediation import mediation_panel
from shuniu.desk.web.views_rating import rating_panel
from shuniu.desk.web.views_repairs import repair_panel
from shuniu.hub.enums import ServiceKind
from shuniu.kernel.web import nav


def register(section: str) -> None:
    """Called once, when the site starts."""
    for item in (
        nav.NavItem(_("My repairs"), "desk:repair_jobs", "tool", ("service.give",), order=365, section=section),
        nav.NavItem(_("Repairs"), "desk:repairs", "tools", ("case.view", "case.enter"), order=370, section=section),
        nav.NavItem(_("Mediations"), "desk:mediations", "scale", ("case.view", "service.give"), order=375, section=section),
        nav.NavItem(
            _("Time limits of labour disputes"), "desk:limits", "calculator", ("case.view", "service.give", "own.view"),
            order=380, section=section,
        ),
    ):  # fmt: skip
        nav.register(item)
    register_panel("", rating_panel)
    register_panel(ServiceKind.REPAIR, repair_panel)
    register_panel(ServiceKind.MEDIATION, mediation_panel)
    register_move_form("repair.wait", wait_fields)
