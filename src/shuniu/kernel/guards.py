"""The checks that actions of every room begin with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor


class Placed(Protocol):
    """Anything that lies in the tree of organisations."""

    path: str | None


def require(actor: Actor, permission: str, *places: Placed | None) -> None:
    """Refuse unless `actor` holds the permission at each place; None is the top of the site.

    Raises:
        PermissionDenied: the right is missing at one of them.
    """
    for place in places:
        if not actor.may_at(permission, (place.path or "") if place else ""):
            raise PermissionDenied(permission)


def refuse_future(on: date, now: datetime) -> None:
    """What is entered has happened: no day after the day of `now`.

    Raises:
        ActionError: the day lies in the future.
    """
    if on > timezone.localtime(now).date():
        raise ActionError(_("The day lies in the future. Enter it when it has come."))
