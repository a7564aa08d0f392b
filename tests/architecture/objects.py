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
from shuniu.registry.models import Coverage, Person
from tests.factories import Cast
from tests.registry.making import (
    cover,
    make_body,
    make_employer,
    make_member,
    make_post,
    make_qualification,
    make_study,
    make_transfer,
)

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


def _coverage(cast: Cast) -> Coverage:
    return cover(cast.union, make_employer(cast.town))


UNION_PAGES = (
    "organisation",
    "organisation_below",
    "organisation_edit",
    "organisation_move",
    "organisation_merge",
    "organisation_split",
    "organisation_dissolve",
    "organisation_guidance",
    "organisation_cover",
    "term_new",
    "term_correct",
    "term_end",
)

PERSON_PAGES = (
    "person",
    "person_edit",
    "person_confirm",
    "transfer_new",
    "post_new",
    "qualification_new",
    "study_new",
)


def _transfer(cast: Cast) -> int:
    return make_transfer(make_member(cast.union), cast.union, make_body(cast.town)).pk


def _bob(cast: Cast) -> Person:
    assert cast.bob.person is not None
    return cast.bob.person


BY_PAGE: dict[str, Maker] = {
    **{f"registry:{name}": lambda cast: {"pk": _bob(cast).pk} for name in PERSON_PAGES},
    "registry:person_step": lambda cast: {"pk": _bob(cast).pk, "move": "leave"},
    "registry:person_reveal": lambda cast: {"pk": _bob(cast).pk, "field": "mobile"},
    "registry:transfer": lambda cast: {"pk": _transfer(cast)},
    "registry:transfer_move": lambda cast: {"pk": _transfer(cast), "move": "withdraw"},
    **{
        f"registry:{name}": lambda cast: {"pk": make_post(make_member(cast.union), cast.union).pk}
        for name in ("post", "post_end")
    },
    "registry:qualification": lambda cast: {"pk": make_qualification(_bob(cast)).pk},
    "registry:study": lambda cast: {"pk": make_study(_bob(cast)).pk},
    **{f"registry:{name}": lambda cast: {"pk": cast.union.pk} for name in UNION_PAGES},
    **{
        f"registry:{name}": lambda cast: {"pk": _coverage(cast).employer_id}
        for name in ("employer", "employer_edit", "employer_close")
    },
    "registry:coverage_end": lambda cast: {"pk": _coverage(cast).pk},
    "registry:area_edit": lambda cast: {"pk": cast.union.area_id},
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
