"""What this room adds to the navigation and to the home pages."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from shuniu.accounts.queries.grants import waiting_grants
from shuniu.accounts.queries.trail import trail_length
from shuniu.accounts.queries.users import count_users
from shuniu.accounts.rules.granting import proposable
from shuniu.accounts.rules.roles import catalogue
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
    cards.register(
        cards.Card("accounts.waiting", _waiting, slot=cards.Slot.DUE, permissions=("role.grant",), order=90),
        cards.Card("accounts.users", _users, slot=cards.Slot.NUMBERS, permissions=("user.view",), order=910),
        cards.Card("accounts.entries", _entries, slot=cards.Slot.NUMBERS, permissions=("trail.view",), order=920),
        cards.Card("accounts.open", _open_account, slot=cards.Slot.SHORTCUTS, permissions=("user.edit",), order=910),
        cards.Card("accounts.propose", _propose, slot=cards.Slot.SHORTCUTS, permissions=("role.grant",), order=920),
        cards.Card("accounts.trail", _trail, slot=cards.Slot.SHORTCUTS, permissions=("trail.view",), order=930),
    )


def _waiting(actor: Actor, today: date) -> cards.Due | None:
    count = waiting_grants(actor)
    url = reverse("accounts:grants") + "?state=proposed"
    return cards.Due(_("Roles waiting for approval"), count, url) if count else None


def _users(actor: Actor, today: date) -> cards.Number:
    active, total = count_users()
    base = ngettext("of {count} account", "of {count} accounts", total).format(count=total)
    return cards.Number(_("Accounts that may sign in"), active, base=base, url=reverse("accounts:users"))


def _entries(actor: Actor, today: date) -> cards.Number:
    return cards.Number(_("Entries in the audit trail"), trail_length(), url=reverse("accounts:trail"))


def _open_account(actor: Actor, today: date) -> cards.Shortcut:
    return cards.Shortcut(_("New account"), reverse("accounts:user_new"), "user-plus")


def _propose(actor: Actor, today: date) -> cards.Shortcut | None:
    if not proposable(catalogue(), actor):
        return None
    return cards.Shortcut(_("Propose a role"), reverse("accounts:grant_new"), "shield-plus")


def _trail(actor: Actor, today: date) -> cards.Shortcut:
    return cards.Shortcut(_("Read and verify the audit trail"), reverse("accounts:trail"), "list-search")
