"""People within sight: listed, searched by name, found by number, on any day.

Half a million people are listed in the order of their rows, so that a page is read without sorting. What makes the
difference is where the database begins: with the unions in sight when they have few members, with the people in row
order when they have many, and with the indexes over names and their tails when few people bear the name. The
expression `home_id + 0` keeps both databases from beginning with the unions.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from shuniu.kernel.period import FOREVER, on_day
from shuniu.kernel.scope import Actor, Reach
from shuniu.kernel.vault import blind_index
from shuniu.registry.enums import ABOVE_PRIMARY, IdType, Sex, Standing
from shuniu.registry.models import Membership, Organisation, Person, PersonTag
from shuniu.registry.queries.bearers import FEW_MATCHES, bearers
from shuniu.registry.queries.sight import FEW_MEMBERS, REASON, Sight
from shuniu.registry.rules.numbers import NumberError
from shuniu.registry.rules.people import (
    ID_PURPOSE,
    MOBILE_PURPOSE,
    AgeBand,
    birthdays,
    id_key,
    read_document,
    read_mobile,
)

MANY: Final = 1_000
"""Up to here the count of a list is exact."""
MOST_BODIES: Final = 80
"""Bodies offered for choice on the list."""
EVERYONE: Final = "everyone"
"""The choice of people in whatever standing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFilter:
    """What a list of members is narrowed by. Without a standing: full members, or everybody bearing the name."""

    name: str = ""
    standing: str = ""
    sex: str = ""
    tag: str = ""
    employment: str = ""
    age: AgeBand | None = None
    joined: int | None = None
    """A year."""
    unconfirmed_since: date | None = None
    """Records that were not confirmed on this day or later."""
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class Matches:
    """The people a filter wants. `count` is how many, where that was learnt on the way; beyond `MANY` it only says so."""

    rows: QuerySet[Person]
    count: int | None


def search_members(sight: Sight, wanted: MemberFilter, today: date, members: int | None = None) -> Matches:
    """The people in sight whom the filter wants, in no order yet.

    Args:
        members: full members in sight today, where the caller has counted them already.
    """
    if wanted == MemberFilter():
        return Matches(sight.people().filter(standing=Standing.ACTIVE), None)
    if wanted.name:
        return _bearers(sight, wanted, today)
    few = (sight.members(today) if members is None else members) <= FEW_MEMBERS
    people = sight.people(few=few)
    return _settled(_narrowed(people, wanted, today))


def _bearers(sight: Sight, wanted: MemberFilter, today: date) -> Matches:
    """Those whose name has the fragment, or whose pinyin initials begin with it."""
    rows, keys = _narrowed(sight.people(), wanted, today), bearers(sight, wanted.name)
    rows = _called(rows, wanted.name) if keys is None else rows.filter(pk__among=keys)
    number = MANY + 1 if keys is None else len(keys)  # even if many were found twice, as `张丽丽` is for `丽`
    return Matches(rows, number) if wanted == MemberFilter(name=wanted.name) else _settled(rows)


def people_bearing(sight: Sight, name: str) -> QuerySet[Person]:
    """Everybody in sight whose name has the fragment, or whose pinyin initials begin with it."""
    return _bearers(sight, MemberFilter(name=name), date.min).rows


def _called(rows: QuerySet[Person], name: str) -> QuerySet[Person]:
    """The same, asked of each row: for names that so many bear that the first page is soon full."""
    return rows.filter(initials__startswith=name.lower()) if name.isascii() else rows.filter(name__contains=name)


def _settled(rows: QuerySet[Person]) -> Matches:
    """The rows found once, so that the page and the count do not search twice. Many are left to be found again."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[: MANY + 1])
    if len(keys) > MANY:
        return Matches(rows, MANY + 1)
    people: QuerySet[Person] = Person.objects.unscoped(reason=REASON)
    return Matches(people.filter(pk__among=keys), len(keys))


def _narrowed(people: QuerySet[Person], wanted: MemberFilter, today: date) -> QuerySet[Person]:
    rows = people.filter(_facts(wanted, today))
    if not wanted.tag:
        return rows
    tagged = PersonTag.objects.unscoped(reason=REASON).filter(tag=wanted.tag)
    keys = list(tagged.values_list("person_id", flat=True)[: FEW_MATCHES + 1])
    return rows.filter(Q(pk__in=keys) if len(keys) <= FEW_MATCHES else Exists(tagged.filter(person=OuterRef("pk"))))


def _facts(wanted: MemberFilter, today: date) -> Q:
    facts = _standing(wanted)
    for column in ("sex", "employment"):
        if value := getattr(wanted, column):
            facts &= Q(**{column: value})
    if wanted.age:
        days = birthdays(wanted.age, today)
        facts &= Q(born_on__gte=days.first, born_on__lte=days.last)
    if wanted.joined:
        facts &= Q(joined_on__gte=date(wanted.joined, 1, 1), joined_on__lte=date(wanted.joined, 12, 31))
    if wanted.unconfirmed_since:
        facts &= Q(confirmed_on=None) | Q(confirmed_on__lt=wanted.unconfirmed_since)
    return facts & Q(batch_id=wanted.batch) if wanted.batch else facts


def _standing(wanted: MemberFilter) -> Q:
    if wanted.standing == EVERYONE or (wanted.name and not wanted.standing):
        return Q()
    return Q(standing=int(wanted.standing or Standing.ACTIVE))


def people_with_number(actor: Actor, number: str) -> list[Person]:
    """The people within sight who have this mobile or identity number; empty for anything that is no such number."""
    found = visible_people(actor).filter(numbered(number))
    return list(found.select_related("home").order_by("pk")[:20])


def numbered(number: str) -> Q:
    """Whoever has this mobile or identity number; nobody for anything that is no such number."""
    condition = Q(pk__in=[])
    for kind in IdType:
        if (key := _document_key(kind, number)) is not None:
            condition |= Q(id_index=key)
    with suppress(NumberError):
        condition |= Q(mobile_index=blind_index(read_mobile(number), MOBILE_PURPOSE))
    return condition


def _document_key(kind: IdType, number: str) -> bytes | None:
    try:
        return blind_index(id_key(kind, read_document(kind, number)), ID_PURPOSE)
    except NumberError:
        return None


def visible_people(actor: Actor) -> QuerySet[Person]:
    """People an actor may see, herself among them."""
    rows: QuerySet[Person] = Person.objects.visible_to(actor)
    return rows


def members_then(sight: Sight, day: date, wanted: MemberFilter, actor: Actor) -> QuerySet[Membership]:
    """The full memberships that held on `day` in the unions that are in sight today.

    `reachable` says of each whether the actor may open the person's record today.
    """
    place = actor.reach("member.view").condition("person__home__path") or Q(pk__isnull=False)
    rows = sight.memberships().filter(on_day(day), standing=Standing.ACTIVE)
    rows = rows.select_related("person", "organisation").annotate(
        reachable=ExpressionWrapper(place, output_field=BooleanField())
    )
    if wanted.sex:
        rows = rows.filter(woman=wanted.sex == Sex.FEMALE)
    return rows.filter(_borne(wanted.name)) if wanted.name else rows


EVERYBODY: Final = Sight(Reach.of([""]), whole=True)
"""Where memberships in sight narrow the people."""


def _borne(name: str) -> Q:
    """Memberships of the bearers of a name."""
    keys = bearers(EVERYBODY, name)
    if keys is not None:
        return Q(person__in=keys)
    return Q(person__initials__startswith=name.lower()) if name.isascii() else Q(person__name__contains=name)


def bodies_to_choose(actor: Actor, chosen: Organisation | None) -> list[tuple[int, str]]:
    """What a list of members can be narrowed to: key and name of the bodies above primary level in sight, and of the
    one chosen now.
    """
    place = actor.reach("member.view").condition("path")
    rows = Organisation.objects.unscoped(reason=REASON).filter(place, type__in=ABOVE_PRIMARY, dissolved_on=FOREVER)
    in_order = sorted(rows.order_by().values_list("path", "pk", "name"))  # here, lest the database walk the whole tree
    found = [(pk, name) for _path, pk, name in in_order[:MOST_BODIES]]
    if chosen and chosen.pk not in {pk for pk, _name in found}:
        found.append((chosen.pk, chosen.name))
    return found


def tags_of(people: Sequence[Person]) -> dict[int, list[PersonTag]]:
    """The groups of each person of a page, in one query."""
    found: dict[int, list[PersonTag]] = {}
    rows = PersonTag.objects.unscoped(reason=REASON).filter(person__in=[person.pk for person in people])
    for tag in rows.order_by("tag"):
        found.setdefault(tag.person_id, []).append(tag)
    return found
