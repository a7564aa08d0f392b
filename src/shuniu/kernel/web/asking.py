"""What operations of the interface ask for in every room, and how their answers are cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, Query, Schema

from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor
from shuniu.kernel.web import keyset
from shuniu.kernel.web.requests import PageRequest

M = TypeVar("M", bound=Model)
MOST = 200

Limit = Annotated[int, Query(ge=1, le=MOST, description=gettext_noop("rows of a page, at most 200"))]
Cursor = Annotated[str, Query(max_length=keyset.LONGEST_CURSOR, description=gettext_noop("next of the page before"))]


class RefusalOut(Schema):
    detail: str = Field(description=gettext_noop("a whole sentence that says what is wrong"))


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


def writer(request: HttpRequest, permission: str) -> Actor:
    """Who writes: a program with a token. A session is not enough, for any page of another site could use it.

    Raises:
        PermissionDenied: the permission is held nowhere, in the roles or among those of the token.
        ActionError: there is a session and no token.
    """
    actor, _today = asker(request, permission)
    if not getattr(request, "by_token", False):
        raise ActionError(_("Writing needs a token in the request: Authorization: Bearer <token>."))
    return actor


def paged(
    rows: QuerySet[M], order: Sequence[str], cursor: str, limit: int, shape: Callable[[M], dict[str, Any]]
) -> dict[str, Any]:
    """One page of rows in their shape, and the cursor of the next."""
    found = keyset.take(rows, order, cursor, limit)
    return {"items": [shape(row) for row in found.rows], "next": found.after or None}
