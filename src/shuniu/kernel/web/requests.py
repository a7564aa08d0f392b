"""What a request of this site carries besides Django's own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django_htmx.middleware import HtmxDetails

from shuniu.kernel.scope import Actor

M = TypeVar("M", bound=Model)


class PageRequest(HttpRequest):
    """The request as views get it: who asks, at which moment, on which day (of the site's time zone)."""

    actor: Actor
    now: datetime
    today: date
    htmx: HtmxDetails
    user: Any | AnonymousUser


def wants_part(request: HttpRequest) -> bool:
    """Whether only the changing part of a page is asked for. A page that htmx restores from history is whole."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request  # type: ignore[union-attr]


def get_or_404(queryset: QuerySet[M], **lookup: Any) -> M:
    """The one row, or 404: for a stranger a row that is out of sight and one that never was are the same."""
    try:
        return queryset.get(**lookup)
    except (ObjectDoesNotExist, ValueError, OverflowError, ValidationError) as error:
        raise Http404 from error
