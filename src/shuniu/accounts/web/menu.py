"""What this room adds to the navigation and to the home pages."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.accounts.queries.grants import waiting_grants
from shuniu.kernel.scope import Actor
from shuniu.kernel.web import cards, nav


def register() -> None:
    """Called once, when the site starts."""
    nav.register_section("site", pgettext_lazy("navigation", "Site"), order=90)
    nav.register(
        nav.NavItem(_("Accounts"), "accounts:users", "user-cog", ("user.view",), order=910, section="site"),
        nav.NavItem(_("Roles given"), "accounts:grants", "shield-check", ("role.view",), order=920, section="site"),
        nav.NavItem(_("Audit trail"), "accounts:trail", "list-search", ("trail.view",), order=930, section="site"),
        nav.NavItem(_("My account"), "accounts:home", "user-circle", order=10, section=nav.ACCOUNT),
        nav.NavItem(_("Change password"), "accounts:password", "key", order=20, section=nav.ACCOUNT),
        nav.NavItem(_("Where I am signed in"), "accounts:sessions", "devices", order=30, section=nav.ACCOUNT),
        nav.NavItem(_("API tokens"), "accounts:tokens", "api", ("api.use",), order=40, section=nav.ACCOUNT),
        nav.NavItem(_("What each role may do"), "accounts:roles", "users-group", order=50, section=nav.ACCOUNT),
        nav.NavItem(_("Sign out"), "accounts:sign_out", "logout", order=900, section=nav.ACCOUNT, post=True),
    )
    cards.register(cards.Card("accounts.waiting", _due, slot=cards.Slot.DUE, permissions=("role.grant",), order=90))


def _due(actor: Actor, today: date) -> cards.Due | None:
    count = waiting_grants(actor)
    url = reverse("accounts:grants") + "?state=proposed"
    return cards.Due(_("Roles waiting for approval"), count, url) if count else None
