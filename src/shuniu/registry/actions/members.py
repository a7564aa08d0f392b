"""Memberships: applying, being admitted, standing aside, coming back, leaving."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError, FieldError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.registry.enums import MembershipAct, Standing, TransferState
from shuniu.registry.identity import Particulars, columns, correct, refuse_day
from shuniu.registry.ledger import Entry, enter
from shuniu.registry.models import Organisation, Person, Transfer
from shuniu.registry.people import locked, place_of
from shuniu.registry.posts import end_posts
from shuniu.registry.rules.members import (
    ACTS,
    ENDS_MEMBERSHIP,
    MEMBERSHIP,
    NEEDS_REASON,
    NEEDS_VOTE,
    TAKES_MEMBERS,
    Standee,
)

LONGEST_NOTE: Final = 200

VERBS: Final[Mapping[str, str]] = {
    "admit": "member.admitted",
    "refuse": "member.refused",
    "resume": "member.resumed",
    "reapply": "member.applied",
    "reserve": "member.reserved",
    "leave": "member.left",
    "expel": "member.expelled",
    "record_death": "member.died",
}
"""What the trail calls each move."""


class AlreadyMemberError(ActionError):
    """A second membership refused: the person has one, and may be transferred instead.

    Attributes:
        person_id: whose membership it is.
    """

    def __init__(self, person: Person) -> None:
        super().__init__(
            _("{name} is a member of {union} already. Ask for a transfer instead of a second admission.").format(
                name=person.name, union=person.home
            )
        )
        self.person_id: int = person.pk


@transaction.atomic(durable=True)
def apply(particulars: Particulars, union: Organisation, *, on: date, actor: Actor, now: datetime) -> Person:
    """Record an application to join. Somebody known already, and no member now, applies anew.

    Raises:
        ActionError: as `admit_directly`.
    """
    return _enrol(particulars, union, MembershipAct.APPLIED, on=on, actor=actor, now=now)


@transaction.atomic(durable=True)
def admit_directly(particulars: Particulars, union: Organisation, *, on: date, actor: Actor, now: datetime) -> Person:
    """Admit somebody whose application was decided on paper.

    Raises:
        PermissionDenied: the actor may not admit members there.
        AlreadyMemberError: the person has a membership, here or elsewhere.
        FieldError: a number is wrong or contradicts another field.
        ActionError: the body admits nobody, or the day does not fit.
    """
    return _enrol(particulars, union, MembershipAct.APPROVED, on=on, actor=actor, now=now)


@transaction.atomic(durable=True)
def take_step(
    person: Person, move: str, *, on: date, actor: Actor, now: datetime, reason: str = "", vote: str = ""
) -> None:
    """Move a membership: `move` is the name of a transition of `MEMBERSHIP`, e.g. `admit`, `reserve`, `expel`.

    Leaving, expulsion and death end the person's posts on the day and withdraw an open transfer. Nothing is deleted.

    Args:
        reason: kept with the event; needed for `NEEDS_REASON`.
        vote: how the vote went; needed for `NEEDS_VOTE`.

    Raises:
        PermissionDenied: the actor may not do this at the person's union.
        ActionError: the standing or the day does not allow it, or a reason or vote is missing.
    """
    person = locked(person)
    before = Standing(person.standing)
    after = cast("Standing", MEMBERSHIP.check(move, Standee(person.pk, before), actor, place_of(person)).target)
    refuse_day(on, person.born_on, now)
    note = _note(move, reason, vote)
    enter([Entry(person.pk, _home_id(person), ACTS[move], on, note)])
    if move in ENDS_MEMBERSHIP:
        _let_go(person, on)
    trail.record(
        VERBS[move],
        person,
        actor=actor,
        now=now,
        before={"standing": before.name.lower()},
        after={"standing": after.name.lower()},
        detail={"on": on, "reason": note},
    )


def _enrol(
    particulars: Particulars, union: Organisation, act: MembershipAct, *, on: date, actor: Actor, now: datetime
) -> Person:
    require(actor, "member.edit", union)
    _refuse_union(union, on)
    values = columns(particulars)
    refuse_day(on, values["born_on"], now)
    person = _known(values["id_index"]) or _register(values, union)
    if refusal := MEMBERSHIP.transition("admit").refusal(Standee(person.pk, Standing(person.standing)), actor):
        raise ActionError(refusal)
    if person.standing in {Standing.ACTIVE, Standing.RESERVED}:
        raise AlreadyMemberError(person)
    enter([Entry(person.pk, union.pk, act, on)])
    correct(person, {key: value for key, value in values.items() if value or not getattr(person, key)})
    person.refresh_from_db(fields=["home", "standing", "joined_on"])
    verb = VERBS["admit" if act is MembershipAct.APPROVED else "reapply"]
    trail.record(verb, person, actor=actor, now=now, after={"union": str(union), "on": on})
    return person


def _known(id_index: bytes) -> Person | None:
    rows = Person.objects.unscoped(reason="a person is known once, whoever asks")
    found: Person | None = rows.select_related("home").filter(id_index=id_index).first()
    return found and locked(found)


def _register(values: Mapping[str, Any], union: Organisation) -> Person:
    try:
        with transaction.atomic():
            person: Person = Person.everything.create(home=union, **values)
    except IntegrityError as error:
        raise ActionError(_("Somebody else entered this person just now. Please try again.")) from error
    return person


def _refuse_union(union: Organisation, on: date) -> None:
    if union.type not in TAKES_MEMBERS:
        raise ActionError(
            _("{union} has unions below it and no members of its own. Choose one of them.").format(union=union)
        )
    if not union.founded_on <= on < union.dissolved_on:
        raise FieldError("on", _("{union} did not exist on {day}.").format(union=union, day=on))


def _note(move: str, reason: str, vote: str) -> str:
    reason, vote = reason.strip(), vote.strip()
    if move in NEEDS_REASON and not reason:
        raise FieldError("reason", _("Please give the reason; the person may ask for it."))
    if move in NEEDS_VOTE and not vote:
        raise FieldError("vote", _("Please say who voted on the expulsion, and how."))
    note = _("{reason} Vote: {vote}").format(reason=reason, vote=vote) if vote else reason
    if len(note) > LONGEST_NOTE:
        raise FieldError("reason", _("Please use at most {n} characters.").format(n=LONGEST_NOTE))
    return note


def _home_id(person: Person) -> int:
    if person.home_id is None:
        raise ActionError(_("{name} belongs to no union yet.").format(name=person.name))
    return person.home_id


def _let_go(person: Person, on: date) -> None:
    end_posts(person, on)
    open_ones = Transfer.objects.unscoped(reason="the membership has ended").filter(
        person=person, state=TransferState.OPEN
    )
    open_ones.update(state=TransferState.WITHDRAWN, answer=_("The membership has ended."))
