"""Whether what is derived still follows from the events: periods, standings, tallies, and places in the tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractYear

from shuniu.kernel.checks import Check, CheckReport, register
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import STEP
from shuniu.registry.enums import MembershipAct, Sex, Standing
from shuniu.registry.models import Membership, MembershipEvent, Organisation, Person, Placement, YearTally
from shuniu.registry.rules.membership import Event, spans, today

REASON: Final = "every row is held against the rows it follows from; only keys are told"
CHUNK: Final = 5000
NEVER: Final = 9999
"""`YearTally.until` of the tally in force now."""


def register_checks() -> None:
    """Called once, when the site starts."""
    register(
        Check("registry.memberships", "Memberships and standings follow from the events", memberships),
        Check("registry.places", "Every body stands at one place, below its superior", places),
        Check("registry.tallies", "Tallies equal the memberships", tallies),
    )


@dataclass(slots=True)
class _Kept:
    """What is kept about one person."""

    person_id: int
    sex: str
    standing: int
    home_id: int | None
    joined_on: date | None


def memberships() -> CheckReport:
    """Replay the events of every person and compare periods, standing, union and day of joining."""
    people = Person.objects.unscoped(reason=REASON).count()
    return CheckReport.of(people, _wrong_memberships())


def _wrong_memberships() -> Iterator[str]:
    events = _by_person(MembershipEvent, "act", "organisation_id", "on", order="id")
    periods = _by_person(Membership, "organisation_id", "standing", "starts_on", "ends_on", "woman", order="starts_on")
    told, held = next(events, None), next(periods, None)
    for person in _people():
        mine = told[1] if told and told[0] == person.person_id else []
        rows = held[1] if held and held[0] == person.person_id else []
        told = next(events, None) if mine else told
        held = next(periods, None) if rows else held
        yield from _compared(person, [Event(MembershipAct(act), place, on) for act, place, on in mine], rows)


def _people() -> Iterator[_Kept]:
    rows = Person.objects.unscoped(reason=REASON).order_by("pk")
    columns = rows.values_list("pk", "sex", "standing", "home_id", "joined_on")
    return (_Kept(*row) for row in columns.iterator(chunk_size=CHUNK))


def _by_person(
    model: type[MembershipEvent] | type[Membership], *columns: str, order: str
) -> Iterator[tuple[int, list[Any]]]:
    rows: QuerySet[Any, Any] = model.objects.unscoped(reason=REASON).order_by("person_id", order)
    streamed = rows.values_list("person_id", *columns).iterator(chunk_size=CHUNK)
    return ((key, [row[1:] for row in group]) for key, group in groupby(streamed, key=itemgetter(0)))


def _compared(person: _Kept, events: list[Event], rows: list[Any]) -> Iterator[str]:
    woman = person.sex == Sex.FEMALE
    wanted = [(one.organisation_id, one.standing, one.starts_on, one.ends_on, woman) for one in spans(events)]
    if sorted(wanted) != sorted(rows):
        yield f"person {person.person_id}: the kept periods are not those that the events give"
    if not events:
        return
    left = today(events)
    if (left.standing, left.organisation_id, left.joined_on) != (person.standing, person.home_id, person.joined_on):
        yield f"person {person.person_id}: standing, union or day of joining are not those that the events leave"


def tallies() -> CheckReport:
    """Count joining and leaving anew from the memberships and compare each union's years."""
    wanted = dict(_expected(_flows()))
    kept = {
        (row[0], row[1]): row[2:]
        for row in YearTally.objects.unscoped(reason=REASON)
        .values_list(
            "organisation_id", "year", "until", "joined", "left", "women_joined", "women_left", "members", "women"
        )
        .iterator(chunk_size=CHUNK)
    }
    keys = sorted(wanted.keys() | kept.keys())
    wrong = (
        f"union {union}, {year}: the tally does not agree with the memberships"
        for union, year in keys
        if wanted.get((union, year)) != kept.get((union, year))
    )
    return CheckReport.of(len(keys), wrong)


def _flows() -> dict[int, dict[int, list[int]]]:
    """By union and year: joined, left, women joined, women left."""
    found: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0, 0]))
    for place, column in enumerate(("starts_on", "ends_on")):
        rows = Membership.objects.unscoped(reason=REASON).filter(standing=Standing.ACTIVE, **{f"{column}__lt": FOREVER})
        counted = (
            rows.annotate(year=ExtractYear(column))
            .values_list("organisation_id", "year")
            .annotate(all=Count("*"), women=Count("pk", filter=Q(woman=True)))
            .order_by()
        )
        for union, year, number, women in counted:
            found[union][year][place] += number
            found[union][year][place + 2] += women
    return found


def _expected(flows: dict[int, dict[int, list[int]]]) -> Iterator[tuple[tuple[int, int], tuple[int, ...]]]:
    """The tallies that follow: until when each holds, its flows, and the members and women at the end of its year."""
    for union, years in flows.items():
        members = women = 0
        ordered = sorted(years)
        for year, until in zip(ordered, [*ordered[1:], NEVER], strict=True):
            joined, left, women_joined, women_left = years[year]
            members, women = members + joined - left, women + women_joined - women_left
            yield (union, year), (until, joined, left, women_joined, women_left, members, women)


def places() -> CheckReport:
    """Compare every body's place with its open placement and with its superior's place."""
    standing = Organisation.objects.unscoped(reason=REASON).filter(dissolved_on=FOREVER)
    bodies = list(standing.values_list("pk", "path", "parent_id", "parent__path"))
    opened = Placement.objects.unscoped(reason=REASON).filter(ends_on=FOREVER)
    kept = {pk: (path, parent) for pk, path, parent in opened.values_list("organisation_id", "path", "parent_id")}
    return CheckReport.of(len(bodies), _misplaced(bodies, kept))


def _misplaced(
    bodies: Iterable[tuple[int, str | None, int | None, str | None]], kept: dict[int, tuple[str, int | None]]
) -> Iterator[str]:
    for pk, path, parent, above in bodies:
        if kept.get(pk) != (path, parent):
            yield f"body {pk}: its place is not the one that it came to last"
        elif path is None or path[:-STEP] != (above or ""):
            yield f"body {pk}: it does not stand directly below its superior"
