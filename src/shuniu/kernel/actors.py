"""How a job or a command learns what somebody may do. The room that keeps accounts says how, when it is ready."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor

Find = Callable[[int | str, date], Actor | None]

_find: list[Find] = []


class NobodyError(ActionError):
    """There is no such account, or it may do nothing any more."""


def register(find: Find) -> None:
    """Say how an account is found, by number or by user name, with what it may do on a day."""
    _find[:] = [find]


def actor_of(account: int | str, on: date) -> Actor:
    """The person behind the account, with every role held on the day.

    Raises:
        NobodyError: there is no such account, or it is closed.
    """
    actor = _find[0](account, on) if _find else None
    if actor is None:
        raise NobodyError(_("There is no active account {account}.").format(account=account))
    return actor
