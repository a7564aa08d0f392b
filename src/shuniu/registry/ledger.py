"""The one place that writes memberships: events are appended, and what follows from them is made to agree.

Shared code below the actions: call it inside the transaction of a use case that has checked its actor's right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.registry.enums import MembershipAct, Sex, Standing
from shuniu.registry.models import Membership, MembershipEvent, Person, YearTally
from shuniu.registry.rules.membership import FOREVER, Event, OutOfOrder, Span, check_order, spans, today

CHUNK = 400
"""People handled at once; under the limit of variables of a statement on SQLite."""

TallyKey = tuple[int, int]


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
    change: Counter[tuple[TallyKey, str]] = Counter()
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
            _count(change, spans(told[pk]), people[pk].sex, -1)
            told[pk] += added
            _count(change, spans(told[pk]), people[pk].sex, +1)
        _append(ids, by_person, batch_id)
        _project(people, told, batch_id)
    _add_to_tallies(change)


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


def _count(change: Counter[tuple[TallyKey, str]], found: Iterable[Span], sex: str, sign: int) -> None:
    """Add what periods of full membership contribute to the tallies of their unions and years."""
    for span in found:
        if span.standing is not Standing.ACTIVE:
            continue
        for column, day in (("joined", span.starts_on), ("left", span.ends_on)):
            if day != FOREVER:
                change[(span.organisation_id, day.year), column] += sign
                if sex == Sex.FEMALE:
                    change[(span.organisation_id, day.year), f"women_{column}"] += sign


def _add_to_tallies(change: Counter[tuple[TallyKey, str]]) -> None:
    by_key: dict[TallyKey, dict[str, int]] = defaultdict(dict)
    for (key, column), number in change.items():
        if number:
            by_key[key][column] = number
    YearTally.everything.bulk_create(
        [YearTally(organisation_id=organisation_id, year=year) for organisation_id, year in by_key],
        ignore_conflicts=True,
    )
    for (organisation_id, year), numbers in sorted(by_key.items()):
        YearTally.everything.filter(organisation_id=organisation_id, year=year).update(
            **{column: F(column) + number for column, number in numbers.items()}
        )


def change_sex(person: Person, sex: Sex) -> None:
    """Correct a person's sex, and the tallies of women with it."""
    change: Counter[tuple[TallyKey, str]] = Counter()
    periods = spans(_told([person.pk])[person.pk])
    _count(change, periods, person.sex, -1)
    _count(change, periods, sex, +1)
    Person.everything.filter(pk=person.pk).update(sex=sex)
    _add_to_tallies(change)
