"""What several operations ask for, and how their answers are cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Query

from shuniu.kernel.scope import Actor
from shuniu.kernel.web import keyset
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.registry.api.schemas import RefusalOut
from shuniu.registry.models import Organisation
from shuniu.registry.queries import organisations

M = TypeVar("M", bound=Model)
MOST = 200
LARGEST_KEY = 2**63 - 1

Limit = Annotated[int, Query(ge=1, le=MOST, description=gettext_noop("rows of a page, at most 200"))]
Cursor = Annotated[str, Query(max_length=keyset.LONGEST_CURSOR, description=gettext_noop("next of the page before"))]
On = Annotated[date | None, Query(description=gettext_noop("the day asked about; today if left out"))]
AreaKey = Annotated[int | None, Query(ge=1, le=LARGEST_KEY, description=gettext_noop("id of an area"))]
Text = Annotated[str, Query(max_length=80, description=gettext_noop("a part of the name, or pinyin initials"))]
Under = Annotated[
    int | None, Query(ge=1, le=LARGEST_KEY, description=gettext_noop("id of an organisation: at and below it"))
]

REFUSALS = dict.fromkeys((401, 403, 404, 422, 429), RefusalOut)


def asker(request: HttpRequest, permission: str) -> tuple[Actor, date]:
    """Who asks and which day it is.

    Raises:
        PermissionDenied: the permission is held nowhere.
    """
    asked: PageRequest = request  # type: ignore[assignment]
    if not asked.actor.may(permission):
        raise PermissionDenied(permission)
    return asked.actor, asked.today


def body(actor: Actor, key: int) -> Organisation:
    """A union body within sight. Http404 for any other."""
    return get_or_404(organisations.seen(actor), pk=key)


def paged(
    rows: QuerySet[M], order: Sequence[str], cursor: str, limit: int, shape: Callable[[M], dict[str, Any]]
) -> dict[str, Any]:
    """One page of rows in their shape, and the cursor of the next."""
    found = keyset.take(rows, order, cursor, limit)
    return {"items": [shape(row) for row in found.rows], "next": found.after or None}
