"""How notices leave the site: first it is decided by which channels, then each message is handed over, once.

A message is claimed before it is handed over and settled after. A worker that dies in between leaves it unclear, and
what is unclear is not sent again: the notice stands in the site anyway, and nobody is told a thing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction

from shuniu.kernel.notices import kinds
from shuniu.kernel.notices.enums import DeliveryState
from shuniu.kernel.notices.kinds import Gateway, GatewayError, Message, UnclearError
from shuniu.kernel.notices.models import Delivery, Notice
from shuniu.kernel.notices.queries import Choices, choices_of, due, unrouted, wants
from shuniu.kernel.notices.rules import KEPT, SILENT, STALE, wait_after

logger = logging.getLogger(__name__)

BATCH = 500
"""Notices decided on in one transaction."""
ROUND = 50
"""Messages of one round, so that the worker's other chores get their turn."""
REASON = "the worker sends out what others were told"


def go(now: datetime) -> int:
    """One round: decide on what is new, hand over what is due. Returns how many messages were sent."""
    while route(now) == BATCH:
        pass
    _settle_silent(now)
    return sum(_hand_over(delivery, gateway, now) for delivery, gateway in _round(now))


def route(now: datetime) -> int:
    """Make a message of each new notice for every channel its reader wants; how many notices were looked at."""
    notices = unrouted(BATCH)
    fresh = [notice for notice in notices if now - notice.created_at < STALE]
    users = {notice.user_id for notice in fresh}
    choices = choices_of(users)
    reached = {channel: kinds.addresses(channel, users) for channel in kinds.gateways()}
    made = [
        Delivery(notice=notice, channel=channel, due_at=now)
        for notice in fresh
        for channel, known in reached.items()
        if known.get(notice.user_id) and _wanted(notice, channel, choices)
    ]
    with transaction.atomic():
        Delivery.objects.bulk_create(made, ignore_conflicts=True)
        keys = [notice.pk for notice in notices]
        Notice.objects.unscoped(reason=REASON).filter(pk__in=keys, routed_at=None).update(routed_at=now)
    return len(notices)


def forget(now: datetime) -> int:
    """Delete notices that nobody looks up any more."""
    old = Notice.objects.unscoped(reason="notices are kept no longer than needed").filter(created_at__lt=now - KEPT)
    return old.delete()[0]


def _wanted(notice: Notice, channel: str, choices: Choices) -> bool:
    kind = kinds.kind_of(notice.kind)
    return kind is not None and wants(choices, notice.user_id, kind, channel)


def _settle_silent(now: datetime) -> None:
    lost = Delivery.objects.filter(state=DeliveryState.SENDING, tried_at__lt=now - SILENT)
    lost.update(state=DeliveryState.UNCLEAR, problem="interrupted")


def _round(now: datetime) -> Iterator[tuple[Delivery, Gateway]]:
    open_ways = kinds.gateways()
    for delivery in due(now, ROUND, open_ways):
        yield delivery, open_ways[delivery.channel]


def _hand_over(delivery: Delivery, gateway: Gateway, now: datetime) -> bool:
    """Claim one message and hand it over; whether it went out."""
    claimed = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING, attempts=delivery.attempts)
    if not claimed.update(state=DeliveryState.SENDING, attempts=delivery.attempts + 1, tried_at=now):
        return False
    to = kinds.addresses(delivery.channel, [delivery.notice.user_id]).get(delivery.notice.user_id)
    if not to:
        return _settle(delivery, DeliveryState.FAILED, "no address")
    try:
        gateway.send(_message(delivery, to))
    except GatewayError as error:
        return _try_again(delivery, error, now)
    except UnclearError as error:
        return _settle(delivery, DeliveryState.UNCLEAR, str(error))
    except Exception:
        logger.exception("The gateway %s broke.", gateway.key)
        return _settle(delivery, DeliveryState.UNCLEAR, "broken gateway")
    return _settle(delivery, DeliveryState.SENT)


def _message(delivery: Delivery, to: str) -> Message:
    notice = delivery.notice
    return Message(delivery.pk, to, notice.title, notice.text, f"{settings.SHUNIU_SITE}{notice.url}")


def _settle(delivery: Delivery, state: DeliveryState, problem: str = "") -> bool:
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING).update(state=state, problem=problem[:80])
    return state is DeliveryState.SENT


def _try_again(delivery: Delivery, error: GatewayError, now: datetime) -> bool:
    wait = None if error.for_good else wait_after(delivery.attempts + 1)
    if wait is None:
        return _settle(delivery, DeliveryState.FAILED, str(error))
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING).update(
        state=DeliveryState.WAITING, due_at=now + wait, problem=str(error)[:80]
    )
    return False
