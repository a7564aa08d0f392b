"""Who may give which role to whom. Each function gives the reason why not, or an empty text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from shuniu.accounts.enums import RoleScope
from shuniu.accounts.rules.roles import Catalogue, Role
from shuniu.kernel.scope import Actor


def holds_one_of(actor: Actor, roles: Iterable[str], path: str) -> bool:
    """Whether the actor holds one of the roles at the place of the new grant, or above it."""
    wanted = frozenset(roles)
    return any(grant.role in wanted and grant.covers("role.grant", path) for grant in actor.grants)


def may_propose(actor: Actor, role: Role, path: str) -> bool:
    return holds_one_of(actor, role.proposed_by, path)


def proposable(catalogue: Catalogue, actor: Actor) -> list[Role]:
    """The roles that the actor may propose for the whole site, in the catalogue's order."""
    return [role for role in catalogue.roles.values() if may_propose(actor, role, "")]


def may_approve(actor: Actor, role: Role, path: str) -> bool:
    return holds_one_of(actor, role.approved_by, path)


def may_end(actor: Actor, role: Role, path: str) -> bool:
    return may_propose(actor, role, path) or may_approve(actor, role, path)


def why_not_here(role: Role, *, at_organisation: bool, path: str | None) -> str:
    """Why a role cannot be held at this place."""
    if role.scope is RoleScope.OWN:
        return _("This role comes with the person and is not given.")
    if role.scope is RoleScope.SITE and at_organisation:
        return _("This role holds for the whole site and takes no organisation.")
    if role.scope is RoleScope.ASSIGNED and at_organisation:
        return _("This role reaches only what is assigned to the account and takes no organisation.")
    if role.scope is RoleScope.ORGANISATION and not at_organisation:
        return _("Choose the organisation at which this role is held.")
    if at_organisation and not path:
        return _("This organisation is dissolved.")
    return ""


def why_not_beside(catalogue: Catalogue, held: Iterable[str], wanted: str) -> str:
    """Why a role cannot be held beside those held already."""
    names = [str(one.title) for one in catalogue.conflicting(held, wanted)]
    if not names:
        return ""
    return _("This account holds “{roles}”, which must stay apart from this role.").format(roles=_("”, “").join(names))


def why_not_for(starts_on: date, ends_on: date, *, today: date) -> str:
    """Why a role cannot be given for this period. It is never given backwards: the past was what it was."""
    if starts_on < today:
        return _("A role cannot begin before today.")
    if ends_on <= starts_on:
        return _("A role must end after it begins.")
    return ""
