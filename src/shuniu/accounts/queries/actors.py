"""Who is asking, with everything they may do on a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from shuniu.accounts.enums import GrantState, RoleScope
from shuniu.accounts.models import ApiToken, RoleGrant, User
from shuniu.accounts.queries.users import find_user
from shuniu.accounts.rules.roles import Role, catalogue
from shuniu.kernel.period import on_day
from shuniu.kernel.prepared import Prepared
from shuniu.kernel.scope import STEP, Actor, Grant
from shuniu.kernel.vault import blind_index

NOBODY = Actor(user_id=None, name="")
"""Whoever is not signed in."""
OWN_ROWS_ONLY = "~"
"""The path of a grant that reaches no place of the tree: what it permits concerns the account's or person's own rows."""
TOKEN_PURPOSE = "account.token"  # noqa: S105 -- the purpose of an index


def _held(user: int, on: date) -> QuerySet[RoleGrant, tuple[str, int | None, str | None]]:
    rows = RoleGrant.objects.unscoped(reason="what the user may do has to be known before anything can be scoped")
    held = rows.filter(on_day(on), user_id=user, state=GrantState.APPROVED).order_by("pk")
    return held.values_list("role", "organisation_id", "organisation__path")


HELD = Prepared(_held, user=int, on=date)


def actor_for(user: User, on: date) -> Actor:
    """The user with the roles held on `on`; one query. A disabled user has none.

    Whoever has a person behind the account is a member without a grant: it would be one row per worker, and it reaches
    that person's own rows only.
    """
    grants = (*_own(user), *_granted(user, on)) if user.is_active else ()
    return Actor(user_id=user.pk, name=user.name, person_id=user.person_id, grants=grants)


def actor_behind(account: int | str, on: date) -> Actor | None:
    """The actor of an account by its number or user name; None where there is none that may sign in."""
    user = User.objects.filter(pk=account).first() if isinstance(account, int) else find_user(account)
    return actor_for(user, on) if user and user.is_active else None


def holders(permission: str, on: date, path: str = "") -> QuerySet[User]:
    """Accounts that hold a permission at a place of the tree on a day, by name; without a place, those to whom an
    assigned role gives it.
    """
    roles = [key for key, role in catalogue().roles.items() if permission in role.permissions]
    grants = RoleGrant.objects.unscoped(reason="whom to choose among for a part in something")
    grants = grants.filter(on_day(on), state=GrantState.APPROVED, role__in=roles)
    above = [path[:end] for end in range(STEP, len(path) + 1, STEP)]
    held = grants.filter(organisation__path__in=above) if path else grants.filter(organisation=None)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("name", "pk")


def actor_for_token(token: str, *, now: datetime) -> Actor | None:
    """The user of an API token with no more than the token's permissions; None where it opens nothing (any more)."""
    found = find_token(token, now=now)
    return actor_of(found, on=timezone.localtime(now).date()) if found else None


def find_token(token: str, *, now: datetime) -> ApiToken | None:
    """The token's row while it is valid and its user may sign in."""
    rows = ApiToken.objects.select_related("user").filter(token_hash=blind_index(token, TOKEN_PURPOSE))
    return rows.filter(revoked_at=None, expires_at__gt=now, user__is_active=True).first()


def actor_of(token: ApiToken, *, on: date) -> Actor:
    """The token's user, cut down to the token's permissions."""
    actor, scopes = actor_for(token.user, on), frozenset(token.scopes)
    cut = (Grant(one.role, one.organisation_id, one.path, one.permissions & scopes) for one in actor.grants)
    return Actor(actor.user_id, actor.name, actor.person_id, tuple(cut))


def _own(user: User) -> Iterator[Grant]:
    if user.person_id is not None:
        for role in catalogue().roles.values():
            if role.scope is RoleScope.OWN:
                yield Grant(role.key, None, OWN_ROWS_ONLY, role.permissions)


def _granted(user: User, on: date) -> Iterator[Grant]:
    for key, organisation_id, path in HELD.rows(user=user.pk, on=on):
        role = catalogue().roles.get(key)
        if role is not None and _has_place(role, organisation_id, path):
            yield Grant(key, organisation_id, _place(role, path), role.permissions)


def _has_place(role: Role, organisation_id: int | None, path: str | None) -> bool:
    """Only a role at an organisation has one, and reaches nothing once that is dissolved."""
    return bool(path) if role.scope is RoleScope.ORGANISATION else organisation_id is None


def _place(role: Role, path: str | None) -> str:
    return OWN_ROWS_ONLY if role.scope is RoleScope.ASSIGNED else path or ""
