"""What an account was told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shuniu.kernel.notices.enums import DeliveryState
from shuniu.kernel.notices.kinds import Kind
from shuniu.kernel.notices.models import Delivery, Notice, NoticeChoice
from shuniu.kernel.scope import Actor

Choices = dict[tuple[int, str, str], bool]
"""By account, kind and channel."""


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """Her own; nobody's where nobody is signed in."""
    rows: QuerySet[Notice] = Notice.objects.visible_to(actor)
    return rows.none() if actor.user_id is None else rows.filter(user_id=actor.user_id)


def unread_of(column: str) -> Coalesce:
    """How many notices an account has not read, as a part of the query that reads the account: it costs no query."""
    rows = Notice.everything.filter(user_id=OuterRef(column), read_at=None)
    counted = rows.order_by().values("user_id").annotate(number=Count("*")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def choices_of(users: Collection[int]) -> Choices:
    """What these accounts have chosen."""
    rows = NoticeChoice.objects.filter(user_id__in=users)
    return {
        (user, kind, channel): wanted
        for user, kind, channel, wanted in rows.values_list("user_id", "kind", "channel", "wanted")
    }


def wants(choices: Choices, user: int, kind: Kind, channel: str) -> bool:
    return choices.get((user, kind.key, channel), channel in kind.channels)


def troubled(since: datetime | None = None) -> QuerySet[Delivery]:
    """Messages that did not arrive, or of which nobody knows; without what they said and to whom."""
    rows = Delivery.objects.filter(state__in=(DeliveryState.FAILED, DeliveryState.UNCLEAR))
    rows = rows.select_related("notice").defer("notice__title", "notice__text", "notice__url")
    return rows.filter(notice__created_at__gte=since) if since else rows


def unrouted(limit: int) -> list[Notice]:
    rows = Notice.objects.unscoped(reason="the worker sends out what others were told")
    return list(rows.filter(routed_at=None).order_by("pk")[:limit])


def due(now: datetime, limit: int, channels: Iterable[str]) -> list[Delivery]:
    """The messages to be tried now, the oldest first."""
    rows = Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=now, channel__in=list(channels))
    return list(rows.select_related("notice").order_by("due_at", "pk")[:limit])
