"""Checks that the desk's actions begin with, beside those of the kernel."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from shuniu.kernel.scope import Actor


def assigned_path(actor: Actor, permission: str) -> str:
    """The path of the actor's grant of a permission that is about rows of her own, wherever they lie.

    Raises:
        PermissionDenied: she does not hold it.
    """
    for grant in actor.grants:
        if permission in grant.permissions:
            return grant.path
    raise PermissionDenied(permission)
