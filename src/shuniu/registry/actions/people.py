"""What is kept about people: corrections, groups, confirmation, revealing a number, consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError, FieldError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.registry.enums import GroupTag, Standing
from shuniu.registry.identity import MASKS, Particulars, correct, corrected
from shuniu.registry.models import Person, PersonTag
from shuniu.registry.people import locked

REASON = "the action has checked the actor's right at each person's union"


@transaction.atomic(durable=True)
def edit_person(person: Person, particulars: Particulars, *, actor: Actor, now: datetime) -> None:
    """Correct what is kept about a person. An empty identity number or mobile leaves the one that is kept.

    Raises:
        PermissionDenied: the actor may not change members at the person's union.
        FieldError: a number is wrong, belongs to somebody else, or contradicts sex or day of birth.
    """
    person = locked(person)
    require(actor, "member.edit", person.home)
    before, after = correct(person, corrected(person, particulars))
    if after:
        trail.record("member.edited", person, actor=actor, now=now, before=before, after=after)


@transaction.atomic(durable=True)
def tag_people(people: Sequence[Person], tag: GroupTag, *, actor: Actor, now: datetime) -> int:
    """Put people into a group; how many were not in it yet."""
    _require_each(people, actor)
    held = set(_tagged(people, tag).values_list("person_id", flat=True))
    new = [person for person in people if person.pk not in held]
    PersonTag.everything.bulk_create((PersonTag(person=person, tag=tag) for person in new), ignore_conflicts=True)
    _tell("member.tagged", new, actor, now, {"tag": tag.value})
    return len(new)


@transaction.atomic(durable=True)
def untag_people(people: Sequence[Person], tag: GroupTag, *, actor: Actor, now: datetime) -> int:
    """Take people out of a group; how many were in it."""
    _require_each(people, actor)
    rows = _tagged(people, tag)
    held = set(rows.values_list("person_id", flat=True))
    rows.delete()
    _tell("member.untagged", [person for person in people if person.pk in held], actor, now, {"tag": tag.value})
    return len(held)


@transaction.atomic(durable=True)
def confirm_records(people: Sequence[Person], *, on: date, actor: Actor, now: datetime) -> int:
    """Say that the records of members were compared with the members themselves on `on`; how many records.

    People who are no members now are passed over.
    """
    _require_each(people, actor)
    members = [person for person in people if person.standing in {Standing.ACTIVE, Standing.RESERVED}]
    rows = Person.objects.unscoped(reason=REASON).filter(pk__in=[person.pk for person in members])
    rows.update(confirmed_on=on)
    _tell("member.confirmed", members, actor, now, {"on": on})
    return len(members)


@transaction.atomic(durable=True)
def reveal_number(person: Person, field: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """The full value of one sealed field, for this one answer. The trail keeps who asked and why, never the value.

    Args:
        field: `id_number` or `mobile`.

    Raises:
        PermissionDenied: the actor may not see numbers at the person's union.
        ActionError: no reason, or nothing to show.
    """
    person = locked(person)
    require(actor, "member.reveal", person.home)
    why = reason.strip()
    if not why:
        raise FieldError("reason", _("Please say what the number is needed for."))
    value: str = getattr(person, field) if field in MASKS else ""
    if not value:
        raise ActionError(_("There is no such number in the record."))
    trail.record("member.revealed", person, actor=actor, now=now, detail={"field": field, "reason": why})
    return value


@transaction.atomic(durable=True)
def record_export(
    rows: int, filters: Mapping[str, Any], *, full: bool, reason: str, alarm_rows: int, actor: Actor, now: datetime
) -> None:
    """Leave word that a list of members is taken out. The caller narrows the list to where the actor may do so.

    Args:
        full: whether it carries identity numbers and mobiles in full.
        alarm_rows: from how many rows on the trail calls it a mass export, by the rule `export.alarm_rows`.

    Raises:
        PermissionDenied: the actor may not export, or not with numbers in full.
        FieldError: numbers in full without a reason.
    """
    if not actor.may("member.export") or (full and not actor.may("member.reveal")):
        raise PermissionDenied
    why = reason.strip()
    if full and not why:
        raise FieldError("reason", _("Please say what the numbers are needed for."))
    verb = "member.mass_exported" if rows >= alarm_rows else "member.exported"
    trail.record(
        verb, None, actor=actor, now=now, detail={"rows": rows, "filters": filters, "full": full, "reason": why}
    )


@transaction.atomic(durable=True)
def give_consent(*, on: date, actor: Actor, now: datetime) -> None:
    """The person behind the account consents to the use of her data, as the notice on her card explains it.

    Raises:
        PermissionDenied: the account is not that of a member.
        ActionError: no record belongs to it.
    """
    _set_consent(on, "member.consented", actor, now)


@transaction.atomic(durable=True)
def withdraw_consent(*, actor: Actor, now: datetime) -> None:
    """The person behind the account takes her consent back. Raises as `give_consent`."""
    _set_consent(None, "member.consent_withdrawn", actor, now)


def _set_consent(on: date | None, verb: str, actor: Actor, now: datetime) -> None:
    if not actor.may("own.view"):
        raise PermissionDenied
    rows = Person.objects.unscoped(reason="one's own row").filter(pk=actor.person_id)
    person = rows.select_for_update(of=("self",)).first()
    if person is None:
        raise ActionError(_("No member's record belongs to your account."))
    before, person.consented_on = person.consented_on, on
    person.save(update_fields=["consented_on"])
    trail.record(verb, person, actor=actor, now=now, before={"consented_on": before}, after={"consented_on": on})


def _require_each(people: Sequence[Person], actor: Actor) -> None:
    require(actor, "member.edit", *{person.home for person in people})


def _tagged(people: Sequence[Person], tag: GroupTag) -> QuerySet[PersonTag]:
    rows: QuerySet[PersonTag] = PersonTag.objects.unscoped(reason=REASON)
    return rows.filter(person__in=[person.pk for person in people], tag=tag)


def _tell(verb: str, people: Sequence[Person], actor: Actor, now: datetime, detail: Mapping[str, Any]) -> None:
    """One entry in the trail: on the one person, or on the site with everybody's number."""
    if people:
        target = people[0] if len(people) == 1 else None
        trail.record(verb, target, actor=actor, now=now, detail={**detail, "people": [person.pk for person in people]})
