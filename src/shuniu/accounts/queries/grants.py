"""Roles given, waiting and ended."""

from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from shuniu.accounts.enums import GrantState
from shuniu.accounts.models import RoleGrant, User
from shuniu.accounts.rules.names import canonical
from shuniu.kernel.period import on_day
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal


def visible_grants(actor: Actor) -> QuerySet[RoleGrant]:
    """The grants an actor may see, with the names they are shown by."""
    rows: QuerySet[RoleGrant] = RoleGrant.objects.visible_to(actor)
    return rows.select_related("user", "organisation", "granted_by", "approved_by")


def grants_of(user: User) -> QuerySet[RoleGrant]:
    """Every grant of one user, waiting and ended ones too."""
    rows: QuerySet[RoleGrant] = RoleGrant.objects.unscoped(reason="the page of an account shows all of its roles")
    return rows.filter(user=user).select_related("organisation").order_by("-pk")


def waiting_grants(actor: Actor) -> int:
    """How many grants in sight wait for a second person."""
    return RoleGrant.objects.visible_to(actor).filter(state=GrantState.PROPOSED).count()


def called(rows: QuerySet[RoleGrant], typed: str) -> QuerySet[RoleGrant]:
    """Grants of accounts whose user name or shown name begins as typed."""
    name = normal(typed)
    return rows.filter(Q(user__username__prefix=canonical(name)) | Q(user__name__prefix=name)) if name else rows.none()


def organisations_called(typed: str, limit: int = 6) -> list[Model]:
    """Organisations that still stand, by number or full or short name, as somebody who gives out roles writes them."""
    name = normal(typed)
    if not name:
        return []
    rows = apps.get_model("registry.Organisation").objects.unscoped(reason="roles are given at any organisation")
    standing = rows.filter(path__isnull=False)
    exact = [*standing.filter(code=name)[:1]] or [*standing.filter(name=name)[:limit]]
    return (
        exact
        or [*standing.filter(short_name=name)[:limit]]
        or [*standing.filter(name__prefix=name).order_by("name")[:limit]]
    )


def holders(role: str, *, on: date) -> int:
    """How many accounts that may sign in hold a role on a day."""
    rows = RoleGrant.objects.unscoped(reason="counts accounts and shows none")
    held = rows.filter(on_day(on), role=role, state=GrantState.APPROVED, user__is_active=True)
    return held.values("user").distinct().count()
