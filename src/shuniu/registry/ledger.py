"""The one place that writes memberships: events are appended, and what follows from them is made to agree.

Shared code below the actions: call it inside the transaction of a use case that has checked its actor's right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.registry.enums import MembershipAct, Sex, Standing
from shuniu.registry.models import Membership, MembershipEvent, Person
from shuniu.registry.rules.membership import Event, OutOfOrder, check_order, spans, today

CHUNK = 400
"""People handled at once; under the limit of variables of a statement on SQLite."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event to append: one person, one union, one act, one day."""

    person_id: int
    organisation_id: int
    act: MembershipAct
    on: date
    reason: str = ""


def enter(entries: Sequence[Entry], *, batch_id: int | None = None) -> None:
    """Append events and bring periods, standings and tallies into agreement with them.

    Raises:
        ActionError: an event may not happen in the person's standing, or lies before the person's last event.
    """
    by_person: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_person[entry.person_id].append(entry)
    touched: set[int] = set()
    for ids in _chunks(sorted(by_person)):
        people = {
            person.pk: person
            for person in Person.objects.unscoped(reason="the caller has checked the right")
            .filter(pk__in=ids)
            .order_by("pk")
            .select_for_update(of=("self",))
        }
        told = _told(ids)
        for pk in ids:
            added = [Event(entry.act, entry.organisation_id, entry.on) for entry in by_person[pk]]
            _check(people[pk], told[pk] + added)
            told[pk] += added
            touched.update(event.organisation_id for event in told[pk])
        _append(ids, by_person, batch_id)
        _project(people, told, batch_id)
    rebuild_tallies(touched)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _told(ids: Iterable[int]) -> dict[int, list[Event]]:
    told: dict[int, list[Event]] = defaultdict(list)
    rows = MembershipEvent.objects.unscoped(reason="events of people the caller may change").filter(person_id__in=ids)
    for person_id, act, organisation_id, on in rows.order_by("id").values_list(
        "person_id", "act", "organisation_id", "on"
    ):
        told[person_id].append(Event(MembershipAct(act), organisation_id, on))
    return told


def _check(person: Person, events: Sequence[Event]) -> None:
    try:
        check_order(events)
    except OutOfOrder as error:
        raise ActionError(_sentence(person, error)) from error


def _sentence(person: Person, error: OutOfOrder) -> str:
    event = error.event
    if error.since is not None:
        return _("{name}: {event} cannot be on {day}, because the last entry is of {since}.").format(
            name=person.name, event=event.act.label, day=event.on, since=error.since
        )
    if event.act is MembershipAct.APPROVED and error.standing in {Standing.ACTIVE, Standing.RESERVED}:
        return _("{name} already has a membership. Ask for a transfer instead of a second admission.").format(
            name=person.name
        )
    standing = error.standing.label if error.standing else _("no membership")
    return _("{name}: “{event}” is not possible while the standing is “{standing}”.").format(
        name=person.name, event=event.act.label, standing=standing
    )


def _append(ids: list[int], by_person: dict[int, list[Entry]], batch_id: int | None) -> None:
    MembershipEvent.everything.bulk_create(
        MembershipEvent(
            person_id=pk,
            organisation_id=entry.organisation_id,
            act=entry.act,
            on=entry.on,
            reason=entry.reason,
            batch_id=batch_id,
        )
        for pk in ids
        for entry in by_person[pk]
    )


def _project(people: dict[int, Person], told: dict[int, list[Event]], batch_id: int | None) -> None:
    Membership.everything.filter(person_id__in=list(people)).delete()
    Membership.everything.bulk_create(
        Membership(
            person_id=pk,
            organisation_id=span.organisation_id,
            standing=span.standing,
            woman=people[pk].sex == Sex.FEMALE,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            batch_id=batch_id,
        )
        for pk in people
        for span in spans(told[pk])
    )
    for pk, person in people.items():
        left = today(told[pk])
        person.standing, person.home_id, person.joined_on = left.standing, left.organisation_id, left.joined_on
    Person.everything.bulk_update(people.values(), ["standing", "home", "joined_on"], batch_size=CHUNK // 2)


def change_sex(person: Person, sex: Sex) -> None:
    """Correct a person's sex, and the counts of women with it."""
    Person.everything.filter(pk=person.pk).update(sex=sex)
    mine = Membership.everything.filter(person_id=person.pk)
    mine.update(woman=sex == Sex.FEMALE)
    rebuild_tallies(set(mine.values_list("organisation_id", flat=True)))


_FLOWS = """
SELECT organisation_id, CAST(substr(CAST({day} AS text), 1, 4) AS integer) AS year,
       {joined} AS joined, {left} AS gone, {joined} * {woman} AS women_joined, {left} * {woman} AS women_gone
FROM registry_membership WHERE standing = {active} AND {day} < '9999-12-31' AND {which}
"""
_TALLY = """
INSERT INTO registry_yeartally
  (organisation_id, year, until, joined, "left", women_joined, women_left, members, women)
SELECT organisation_id, year, lead(year, 1, 9999) OVER of_union, joined, gone, women_joined, women_gone,
       sum(joined - gone) OVER of_union, sum(women_joined - women_gone) OVER of_union
FROM (SELECT organisation_id, year, sum(joined) AS joined, sum(gone) AS gone,
             sum(women_joined) AS women_joined, sum(women_gone) AS women_gone
      FROM ({starts} UNION ALL {ends}) AS flows GROUP BY organisation_id, year) AS by_year
WINDOW of_union AS (PARTITION BY organisation_id ORDER BY year)
"""


def rebuild_tallies(organisations: Collection[int] | None = None, *, batch_id: int | None = None) -> None:
    """Make the tallies of some unions anew from their memberships; of all, or of those that a batch touched."""
    if organisations is not None:
        ids = sorted(organisations)
        for start in range(0, len(ids), CHUNK):
            _rebuild(f"organisation_id IN ({','.join(map(str, ids[start : start + CHUNK]))})")
    elif batch_id is not None:
        _rebuild(
            f"organisation_id IN (SELECT organisation_id FROM registry_membership WHERE batch_id = {int(batch_id)})"
        )
    else:
        _rebuild("1 = 1")


def _rebuild(which: str) -> None:
    facts = {"active": Standing.ACTIVE.value, "woman": "CAST(woman AS integer)", "which": which}
    starts = _FLOWS.format(day="starts_on", joined=1, left=0, **facts)
    ends = _FLOWS.format(day="ends_on", joined=0, left=1, **facts)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM registry_yeartally WHERE {which}")
        cursor.execute(_TALLY.format(starts=starts, ends=ends))
