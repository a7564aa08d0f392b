"""Transfers within sight, and those that have waited too long."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from shuniu.kernel.scope import Actor
from shuniu.registry.enums import TransferState
from shuniu.registry.models import Organisation, Transfer
from shuniu.registry.places import place_of
from shuniu.registry.queries.limits import rule_for
from shuniu.registry.rules.members import TAKES_MEMBERS
from shuniu.registry.rules.transfers import OPEN_LIMIT, days_open
from shuniu.rulebook.public import Verdict, check, find


def visible_transfers(actor: Actor) -> QuerySet[Transfer]:
    """Transfers from or to a union in sight, and the actor's own, with the names they are shown by."""
    rows: QuerySet[Transfer] = Transfer.objects.visible_to(actor)
    return rows.select_related("person__home", "origin__area", "destination__area")


def destinations(today: date) -> QuerySet[Organisation]:
    """The unions to which a membership may be sent: all there are, of which the sender learns name and number only."""
    rows: QuerySet[Organisation] = Organisation.objects.unscoped(reason="a transfer may go to any union")
    return rows.filter(type__in=TAKES_MEMBERS, dissolved_on__gt=today)


def waiting_for(actor: Actor) -> QuerySet[Transfer]:
    """Open transfers that the actor may receive."""
    condition = actor.reach("transfer.edit").condition("destination__path")
    return visible_transfers(actor).filter(condition, state=TransferState.OPEN)


def overdue(rows: QuerySet[Transfer], actor: Actor, today: date) -> QuerySet[Transfer]:
    """Those of `rows` that have been open for longer than the rule allows where the actor works."""
    limit = rule_for(actor, "member.view", OPEN_LIMIT, today).numbers[0]
    return rows.filter(state=TransferState.OPEN, out_on__lt=today - timedelta(days=limit))


def open_verdict(transfer: Transfer, today: date) -> Verdict | None:
    """What the rule at the receiving union says of the days an open transfer has waited; None for a settled one."""
    if transfer.state != TransferState.OPEN:
        return None
    rule = find(OPEN_LIMIT, on=today, at=place_of(transfer.destination)).rule
    return check(rule, max(days_open(transfer.out_on, today), 0))
