"""The object each page is asked about: always one that lies with Alice's union (or her town), so that Charlie's and the
stranger's columns show what a stranger gets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from shuniu.accounts.models import ApiToken, RoleGrant, SignIn
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.web.routes import Route
from tests.factories import Cast

PARAMETER = re.compile(r"<(?:[^:>]+:)?([^>]+)>")

Maker = Callable[[Cast], dict[str, Any]]


def arguments_of(route: Route, cast: Cast) -> dict[str, Any]:
    """What to put into the URL: by the page's name, else by its parameters' names."""
    wanted = PARAMETER.findall(route.path)
    if not wanted:
        return {}
    if route.name in BY_PAGE:
        return BY_PAGE[route.name](cast)
    return {name: _by_parameter(name, route)(cast) for name in wanted}


def _by_parameter(name: str, route: Route) -> Callable[[Cast], Any]:
    maker = BY_PARAMETER.get(f"{route.name.rpartition(':')[0]}:{name}") or BY_PARAMETER.get(name)
    if maker is None:
        raise LookupError(f"Say in {__name__} what stands for <{name}> in {route.path} ({route.name}).")
    return maker


def _sign_in(cast: Cast) -> int:
    now = timezone.now()
    return SignIn.objects.create(user=cast.alice.user, session_key="x", started_at=now, seen_at=now).pk


def _token(cast: Cast) -> int:
    now = timezone.now()
    return ApiToken.objects.create(user=cast.cadre.user, name="x", token_hash=b"x", created_at=now, expires_at=now).pk


def _grant(cast: Cast) -> int:
    return int(RoleGrant.everything.get(user=cast.clerk.user).pk)


def _entry(cast: Cast) -> int:
    entry = TrailEntry.objects.order_by("number").first()
    assert entry is not None
    return entry.number


BY_PAGE: dict[str, Maker] = {
    "accounts:session_end": lambda cast: {"pk": _sign_in(cast)},
    "accounts:token_revoke": lambda cast: {"pk": _token(cast)},
    "accounts:grant": lambda cast: {"pk": _grant(cast)},
    "accounts:grant_approve": lambda cast: {"pk": _grant(cast)},
    "accounts:grant_refuse": lambda cast: {"pk": _grant(cast)},
    "accounts:grant_withdraw": lambda cast: {"pk": _grant(cast)},
    "accounts:grant_end": lambda cast: {"pk": _grant(cast)},
    "accounts:trail_entry": lambda cast: {"number": _entry(cast)},
    "rulebook:rule": lambda cast: {"rule_id": "transfer.open_days"},
}
"""The arguments of one page."""

BY_PARAMETER: dict[str, Callable[[Cast], Any]] = {
    "accounts:pk": lambda cast: cast.clerk.user and cast.clerk.user.pk,
}
"""One argument, by the parameter's name; `room:parameter` where rooms differ."""
