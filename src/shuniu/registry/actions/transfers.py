"""Transfers of a membership: one union issues, the other receives; both days are kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError, FieldError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.registry.enums import MembershipAct, Standing, TransferState
from shuniu.registry.identity import refuse_day
from shuniu.registry.ledger import Entry, enter
from shuniu.registry.models import Organisation, Person, Transfer
from shuniu.registry.people import locked
from shuniu.registry.posts import end_posts
from shuniu.registry.rules.members import TAKES_MEMBERS
from shuniu.registry.rules.transfers import TRANSFER, Handover


@transaction.atomic(durable=True)
def issue_transfer(
    person: Person, destination: Organisation, *, on: date, actor: Actor, now: datetime, reason: str = ""
) -> Transfer:
    """Send a membership to another union. The person stays a member where she is until it is received.

    Raises:
        PermissionDenied: the actor may not transfer members of the person's union.
        ActionError: no membership, a transfer is open already, or the other body takes no members.
    """
    person = locked(person)
    require(actor, "transfer.edit", person.home)
    origin = _origin(person)
    _refuse_destination(person, destination, on)
    refuse_day(on, person.born_on, now)
    enter([Entry(person.pk, origin.pk, MembershipAct.TRANSFERRED_OUT, on, reason.strip())])
    transfer = _open(person, origin, destination, on, reason.strip())
    _tell("transfer.issued", transfer, actor, now, on=on, origin=str(origin), destination=str(destination))
    return transfer


@transaction.atomic(durable=True)
def receive_transfer(transfer: Transfer, *, on: date, actor: Actor, now: datetime) -> None:
    """Take the member in. Posts she holds in the union she leaves end on the day.

    Raises:
        PermissionDenied: the actor may not transfer members of the receiving union.
        ActionError: the transfer is not open any more, or the day is before the day of issue.
    """
    person = locked(transfer.person)
    refuse_day(on, person.born_on, now)
    _settle(transfer, "receive", actor, in_on=on)
    enter([Entry(person.pk, transfer.destination_id, MembershipAct.TRANSFERRED_IN, on, transfer.reason)])
    end_posts(person, on, organisation=transfer.origin)
    _tell("transfer.received", transfer, actor, now, on=on)


@transaction.atomic(durable=True)
def refuse_transfer(transfer: Transfer, *, answer: str, actor: Actor, now: datetime) -> None:
    """Send the member back to the union that issued the transfer, with the reason. Raises as `receive_transfer`."""
    _settle(transfer, "refuse", actor, answer=_reason(answer))
    _tell("transfer.refused", transfer, actor, now, answer=answer.strip())


@transaction.atomic(durable=True)
def withdraw_transfer(transfer: Transfer, *, answer: str, actor: Actor, now: datetime) -> None:
    """Take back a transfer that nobody has received, with the reason. Raises as `receive_transfer`."""
    _settle(transfer, "withdraw", actor, answer=_reason(answer))
    _tell("transfer.withdrawn", transfer, actor, now, answer=answer.strip())


def handover(transfer: Transfer) -> Handover:
    """The transfer as its flow sees it; `origin` and `destination` are read from the row."""
    return Handover(TransferState(transfer.state), transfer.origin.path or "", transfer.destination.path or "")


def _settle(transfer: Transfer, move: str, actor: Actor, **values: Any) -> None:
    """Take one of the flow's transitions, if nobody took one since the row was read."""
    target = TRANSFER.check(move, handover(transfer), actor).target
    rows = Transfer.objects.unscoped(reason="the flow has checked the right at one of its ends")
    if not rows.filter(pk=transfer.pk, state=TransferState.OPEN).update(state=target, **values):
        raise ActionError(_("Somebody else has changed this transfer. Please load the page again."))


def _origin(person: Person) -> Organisation:
    if person.home is None or person.standing not in {Standing.ACTIVE, Standing.RESERVED}:
        raise ActionError(_("{name} has no membership that could be transferred.").format(name=person.name))
    return person.home


def _refuse_destination(person: Person, destination: Organisation, on: date) -> None:
    if destination.pk == person.home_id:
        raise FieldError("destination", _("{name} is a member of this union already.").format(name=person.name))
    if destination.type not in TAKES_MEMBERS:
        raise FieldError(
            "destination",
            _("{union} has unions below it and no members of its own. Choose one of them.").format(union=destination),
        )
    if not destination.founded_on <= on < destination.dissolved_on:
        raise FieldError("destination", _("{union} did not exist on {day}.").format(union=destination, day=on))


def _open(person: Person, origin: Organisation, destination: Organisation, on: date, reason: str) -> Transfer:
    try:
        with transaction.atomic():
            transfer: Transfer = Transfer.everything.create(
                person=person, origin=origin, destination=destination, out_on=on, reason=reason
            )
    except IntegrityError as error:
        raise ActionError(_("A transfer of {name} is open already.").format(name=person.name)) from error
    return transfer


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise FieldError("answer", _("Please give the reason; the other union will read it."))
    return reason


def _tell(verb: str, transfer: Transfer, actor: Actor, now: datetime, **told: object) -> None:
    trail.record(verb, transfer.person, actor=actor, now=now, detail={"transfer": transfer.pk, **told})
