"""People within sight: listed, searched by name, found by number, on any day.

Half a million people are listed in the order of their rows, so that a page is read without sorting. What makes the
difference is where the database begins: with the unions in sight when they have few members, with the people in row
order when they have many, and with the indexes over names and their tails when few people bear the name. The
expression `home_id + 0` keeps both databases from beginning with the unions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, Func, OuterRef, Q, QuerySet

from shuniu.kernel.lookups import Tail
from shuniu.kernel.period import FOREVER, on_day
from shuniu.kernel.scope import STEP, Actor, Reach
from shuniu.kernel.vault import blind_index
from shuniu.registry.enums import ABOVE_PRIMARY, IdType, Sex, Standing
from shuniu.registry.models import Membership, Organisation, Person, PersonTag
from shuniu.registry.queries.counts import members_on
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

REASON = "narrowed to the unions in the actor's sight"
FEW_MEMBERS: Final = 25_000
"""Up to here it is faster to begin with the unions than with the people, where not every member is wanted."""
FEW_MATCHES: Final = 2_000
"""Up to here the bearers of a name are taken from the indexes; beyond, they are found soon in any order."""
MANY: Final = 1_000
"""Up to here the count of a list is exact."""
JOINED: Final = "group_concat(DISTINCT found.pk)"
MOST_BODIES: Final = 80
"""Bodies offered for choice on the list."""
EVERYONE: Final = "everyone"
"""The choice of people in whatever standing."""


class HasLongName(Func):
    """Whether a name has a fourth character; written as the partial index over such names is."""

    template = "length(%(expressions)s) > 3"
    output_field = BooleanField()


@dataclass(frozen=True, slots=True)
class Sight:
    """The part of the tree that a list looks at. `whole` says that nothing in the registry lies outside of it."""

    reach: Reach
    whole: bool = False

    def members(self, day: date) -> int:
        """Full members there on a day."""
        paths = ("",) if self.whole else self.reach.paths
        return sum(members_on(day, path).members for path in paths)

    def unions(self) -> QuerySet[Organisation]:
        """The bodies there, with or without members."""
        rows: QuerySet[Organisation] = Organisation.objects.unscoped(reason=REASON)
        return rows.filter(self.reach.condition("path"))

    def people(self, *, few: bool = False) -> QuerySet[Person]:
        """The people there. `few` says that there are not more than `FEW_MEMBERS`."""
        rows: QuerySet[Person] = Person.objects.unscoped(reason=REASON)
        if self.whole:
            return rows
        homes = self.unions().values("pk")
        return rows.filter(home__in=homes) if few else rows.alias(place=F("home_id") + 0).filter(place__in=homes)

    def memberships(self) -> QuerySet[Membership]:
        """The memberships that were ever held there."""
        rows: QuerySet[Membership] = Membership.objects.unscoped(reason=REASON)
        if self.whole:
            return rows
        return rows.alias(place=F("organisation_id") + 0).filter(place__in=self.unions().values("pk"))


def sight_of(actor: Actor, below: Organisation | None = None, *permissions: str) -> Sight:
    """Where an actor sees members and holds every other of `permissions`, or the part of that at and below one body."""
    paths = actor.reach("member.view").paths
    for permission in permissions:
        paths = _both(paths, actor.reach(permission).paths)
    if below is not None:
        paths = _both(paths, (below.path or "",))
    return Sight(Reach.of(paths), any(_is_only_root(path) for path in paths))


def _both(some: Iterable[str], others: Sequence[str]) -> tuple[str, ...]:
    """The subtrees that lie in one of `some` and in one of `others`."""
    return tuple(max(a, b, key=len) for a in some for b in others if a.startswith(b) or b.startswith(a))


def _is_only_root(path: str) -> bool:
    """Whether everything there is lies below this path, so that no row has to be asked where it lies."""
    if len(path) != STEP:
        return not path
    roots = Organisation.objects.unscoped(reason="how many trees there are").filter(parent=None)
    return list(roots.values_list("path", flat=True)[:2]) == [path]


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
        return _bearers(sight.people(), wanted, today)
    few = (sight.members(today) if members is None else members) <= FEW_MEMBERS
    people = sight.people(few=few)
    return _settled(_narrowed(people, wanted, today))


def _bearers(people: QuerySet[Person], wanted: MemberFilter, today: date) -> Matches:
    """Those whose name has the fragment, or whose pinyin initials begin with it."""
    rows, candidates = _narrowed(people, wanted, today), _candidates(people, wanted.name)
    keys = _keys(candidates)
    rows = _called(rows, wanted.name) if keys is None else rows.filter(pk__in=keys)
    number = MANY + 1 if keys is None else len(keys)  # even if many were found twice, as `张丽丽` is for `丽`
    return Matches(rows, number) if wanted == MemberFilter(name=wanted.name) else _settled(rows)


def people_bearing(sight: Sight, name: str) -> QuerySet[Person]:
    """Everybody in sight whose name has the fragment, or whose pinyin initials begin with it."""
    return _bearers(sight.people(), MemberFilter(name=name), date.min).rows


def _called(rows: QuerySet[Person], name: str) -> QuerySet[Person]:
    """The same, asked of each row: for names that so many bear that the first page is soon full."""
    return rows.filter(initials__startswith=name.lower()) if name.isascii() else rows.filter(name__contains=name)


def _settled(rows: QuerySet[Person]) -> Matches:
    """The rows found once, so that the page and the count do not search twice. Many are left to be found again."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[: MANY + 1])
    if len(keys) > MANY:
        return Matches(rows, MANY + 1)
    people: QuerySet[Person] = Person.objects.unscoped(reason=REASON)
    return Matches(people.filter(pk__in=keys), len(keys))


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


def _keys(found: QuerySet[Person, int]) -> list[int] | None:
    """The keys found, each once; None where they are more than `FEW_MATCHES`.

    They come as one text, because thousands of rows that nobody will look at take longer to fetch than to find.
    """
    try:
        sql, params = found[: FEW_MATCHES + 1].query.sql_with_params()
    except EmptyResultSet:  # nothing is in sight
        return []
    joined = "string_agg(DISTINCT found.pk::text, ',')" if connection.vendor == "postgresql" else JOINED
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), {joined} FROM ({sql}) AS found", params)  # noqa: S608 -- nothing of it was typed
        number, text = cursor.fetchone()
    return None if number > FEW_MATCHES else [int(key) for key in text.split(",")] if text else []


def _candidates(people: QuerySet[Person], name: str) -> QuerySet[Person, int]:
    """Keys of the bearers of a name, read from the indexes alone. Somebody may come twice."""
    if name.isascii():
        return people.filter(initials__prefix=name.lower()).values_list("pk", flat=True)
    first = people.filter(name__prefix=name)
    second = people.alias(tail=Tail("name", start=2)).filter(tail__prefix=name)
    third = people.alias(tail=Tail("name", start=3)).filter(tail__prefix=name)
    later = people.alias(tail=Tail("name", start=4)).filter(HasLongName("name"), tail__contains=name)
    parts = [part.values_list("pk", flat=True) for part in (first, second, third, later)]
    return parts[0].union(*parts[1:], all=True)


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


def _borne(name: str) -> Q:
    """Memberships of the bearers of a name."""
    people: QuerySet[Person] = Person.objects.unscoped(reason="narrowed by the memberships in sight")
    keys = _keys(_candidates(people, name))
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
