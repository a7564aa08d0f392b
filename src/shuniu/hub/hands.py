"""Whose hand may change a provider: the union's, where it keeps the register, and that of the provider's own manager."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from shuniu.hub.models import Provider
from shuniu.kernel.scope import Actor

EDIT = "provider.edit"
APPROVE = "provider.approve"


def is_keeper(actor: Actor, provider: Provider, permission: str = EDIT) -> bool:
    """Whether the actor keeps the register in which the provider stands."""
    return actor.may_at(permission, provider.organisation.path or "")


def may_change(actor: Actor, provider: Provider) -> bool:
    """Whether the actor may add papers, people, absences and conflicts of a provider."""
    return is_keeper(actor, provider) or provider.is_run_by(actor)


def require_hand(actor: Actor, provider: Provider) -> None:
    """Refuse whoever may not.

    Raises:
        PermissionDenied: the actor neither keeps the register nor acts for the provider.
    """
    if not may_change(actor, provider):
        raise PermissionDenied(EDIT)


def require_keeper(actor: Actor, provider: Provider, permission: str = EDIT) -> None:
    """Refuse whoever does not keep the register. PermissionDenied, as `require_hand`."""
    if not is_keeper(actor, provider, permission):
        raise PermissionDenied(permission)
