"""Duty rosters: what is to be filled, by whom, and what a finished roster is held against.

Pure: days, keys and names in, sentences out. `solving` finds a roster; this module judges any, solved or made by hand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from shuniu.desk.enums import BreachKind, Half
from shuniu.kernel.web.formats import date_text


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One seat to be filled: the day, the part of it, and the number of the seat, from 0."""

    day: date
    half: str
    seat: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be on duty. `firm` is 0 for somebody who belongs to none; `avoids` are wishes, `away` is not."""

    key: int
    name: str
    firm: int
    firm_name: str = ""
    away: frozenset[date] = frozenset()
    avoids: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """What the rules in force ask of a roster.

    Args:
        spread: how many duties the most loaded may have more than the least loaded.
        firm_rest: days of duty that must lie between two of one firm; 1 means never two days running.
    """

    spread: int = 1
    firm_rest: int = 1


@dataclass(frozen=True, slots=True)
class Task:
    """A roster to be filled. `kept` are seats that stay as they are: days gone by, and what a planner has settled."""

    places: tuple[Place, ...]
    people: tuple[Candidate, ...]
    limits: Limits = Limits()
    kept: Mapping[Place, int] = field(default_factory=dict)

    @property
    def days(self) -> list[date]:
        """The days of duty, in order."""
        return sorted({place.day for place in self.places})

    def by_key(self) -> dict[int, Candidate]:
        return {person.key: person for person in self.people}


Plan = Mapping[Place, int]
"""Who fills which seat, by the candidate's key."""


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a roster does not keep a rule. Wishes are told, too, but do not stop anybody (`is_wish`)."""

    kind: BreachKind
    days: tuple[date, ...]
    people: tuple[int, ...]
    sentence: str

    @property
    def is_wish(self) -> bool:
        return self.kind is BreachKind.WISH


def places_of(days: Iterable[date], halves: Sequence[str], seats: int) -> tuple[Place, ...]:
    """All seats of these days, in order."""
    return tuple(Place(day, half, seat) for day in sorted(days) for half in halves for seat in range(seats))


def halves_of(whole_days: bool) -> tuple[str, ...]:  # noqa: FBT001 -- the only question there is
    return (Half.DAY,) if whole_days else (Half.MORNING, Half.AFTERNOON)


def windows(days: Sequence[date], rest: int) -> Iterator[tuple[date, ...]]:
    """The runs of days in which one firm may be on duty once at most."""
    size = min(rest + 1, len(days))
    return (tuple(days[start : start + size]) for start in range(len(days) - size + 1)) if size else iter(())


def loads(plan: Plan, people: Iterable[Candidate]) -> dict[int, int]:
    """Duties of each, those with none included."""
    counted = Counter(plan.values())
    return {person.key: counted[person.key] for person in people}


def spread(plan: Plan, people: Iterable[Candidate]) -> int:
    """Largest load minus smallest."""
    counted = loads(plan, people).values()
    return max(counted) - min(counted) if counted else 0


def weekday_loads(plan: Plan, people: Iterable[Candidate]) -> dict[int, dict[int, int]]:
    """Duties of each by weekday, Monday is 0."""
    found = {person.key: dict.fromkeys(range(7), 0) for person in people}
    for place, key in plan.items():
        if key in found:
            found[key][place.day.weekday()] += 1
    return found


def changed(before: Plan, after: Plan) -> list[date]:
    """Days on which somebody else is on duty afterwards, in order."""
    places = before.keys() | after.keys()
    return sorted({place.day for place in places if before.get(place) != after.get(place)})


def breaches(task: Task, plan: Plan) -> list[Breach]:
    """Everything in which a roster does not keep its rules, hard ones first."""
    found = [*_uncovered(task, plan), *_absent(task, plan), *_twice(task, plan), *_firm_runs(task, plan)]
    return [*found, *_uneven(task, plan), *_wishes(task, plan)]


def fits(task: Task, plan: Plan, place: Place, key: int) -> list[Breach]:
    """The breaches that putting somebody on one seat would bring about, beyond those there are."""
    known = {(one.kind, one.days, one.people) for one in breaches(task, plan)}
    after = breaches(task, {**plan, place: key})
    return [one for one in after if (one.kind, one.days, one.people) not in known]


def firm_days(task: Task, plan: Plan) -> dict[int, list[date]]:
    """The days on which each firm is on duty, in order, once for each person."""
    people, found = task.by_key(), defaultdict(list)
    for place in sorted(plan):
        person = people.get(plan[place])
        if person and person.firm:
            found[person.firm].append(place.day)
    return found


def days_text(days: Collection[date], most: int = 5) -> str:
    """Days within a sentence, the first few."""
    shown = pgettext("list", ", ").join(date_text(day) for day in sorted(days)[:most])
    return shown if len(days) <= most else _("{days} and {n} more").format(days=shown, n=len(days) - most)


def names_text(names: Sequence[str], most: int = 5) -> str:
    """Names within a sentence, the first few."""
    shown = pgettext("list", ", ").join(names[:most])
    return shown if len(names) <= most else _("{names} and {n} others").format(names=shown, n=len(names) - most)


def _uncovered(task: Task, plan: Plan) -> Iterator[Breach]:
    for place in task.places:
        if place not in plan:
            sentence = _("Nobody is on duty on {day}.").format(day=date_text(place.day))
            yield Breach(BreachKind.UNCOVERED, (place.day,), (), sentence)


def _absent(task: Task, plan: Plan) -> Iterator[Breach]:
    people = task.by_key()
    for place, key in sorted(plan.items()):
        person = people.get(key)
        if person is None:
            sentence = _("Whoever is entered for {day} does not belong to this roster.")
            yield Breach(BreachKind.UNFIT, (place.day,), (key,), sentence.format(day=date_text(place.day)))
        elif place.day in person.away:
            sentence = _("{name} is absent on {day}.").format(name=person.name, day=date_text(place.day))
            yield Breach(BreachKind.AWAY, (place.day,), (key,), sentence)


def _twice(task: Task, plan: Plan) -> Iterator[Breach]:
    people = task.by_key()
    counted = Counter((key, place.day) for place, key in plan.items())
    for (key, day), times in sorted(counted.items()):
        if times > 1 and key in people:
            sentence = _("{name} is entered {n} times on {day}.")
            text = sentence.format(name=people[key].name, n=times, day=date_text(day))
            yield Breach(BreachKind.TWICE, (day,), (key,), text)


def _firm_runs(task: Task, plan: Plan) -> Iterator[Breach]:
    if not task.limits.firm_rest:
        return
    order = {day: number for number, day in enumerate(task.days)}
    names = {person.firm: person.firm_name for person in task.people}
    for firm, days in sorted(firm_days(task, plan).items()):
        for one, other in pairwise(days):
            if order.get(other, 0) - order.get(one, 0) <= task.limits.firm_rest:
                yield Breach(BreachKind.FIRM_RUN, (one, other), (firm,), _firm_sentence(names[firm], one, other))


def _firm_sentence(name: str, one: date, other: date) -> str:
    if one == other:
        return _("{firm} would be on duty twice on {day}.").format(firm=name, day=date_text(one))
    sentence = _("{firm} would be on duty on {one} and again on {other}, with too few days of duty between.")
    return sentence.format(firm=name, one=date_text(one), other=date_text(other))


def _uneven(task: Task, plan: Plan) -> Iterator[Breach]:
    counted = loads(plan, task.people)
    if not counted or max(counted.values()) - min(counted.values()) <= task.limits.spread:
        return
    people, most, least = task.by_key(), max(counted.values()), min(counted.values())
    top = [people[key].name for key, load in counted.items() if load == most]
    bottom = [people[key].name for key, load in counted.items() if load == least]
    sentence = _(
        "{most_names} would have {most} duties and {least_names} only {least}; at most {limit} more is allowed."
    )
    text = sentence.format(
        most_names=names_text(top, 3),
        most=most,
        least_names=names_text(bottom, 3),
        least=least,
        limit=task.limits.spread,
    )
    yield Breach(BreachKind.UNEVEN, (), (), text)


def _wishes(task: Task, plan: Plan) -> Iterator[Breach]:
    people = task.by_key()
    against: dict[int, list[date]] = defaultdict(list)
    for place, key in sorted(plan.items()):
        if key in people and place.day in people[key].avoids:
            against[key].append(place.day)
    for key, days in against.items():
        sentence = ngettext(
            "{name} is on duty on a day she would rather not: {days}.",
            "{name} is on duty on {n} days she would rather not: {days}.",
            len(days),
        )
        text = sentence.format(name=people[key].name, n=len(days), days=days_text(days))
        yield Breach(BreachKind.WISH, tuple(days), (key,), text)


def substitutes(task: Task, plan: Plan) -> dict[Place, int]:
    """Who steps in for whom: somebody free that day, of another firm where there is one, each as often as the others."""
    times: Counter[int] = Counter()
    busy: dict[date, set[int]] = defaultdict(set)
    people = task.by_key()
    for place, key in plan.items():
        busy[place.day].add(key)
    found = {}
    for place, key in sorted(plan.items()):
        firm = people[key].firm if key in people else 0
        free = [one for one in task.people if one.key not in busy[place.day] and place.day not in one.away]
        if free:
            best = min(free, key=lambda one: (one.firm == firm, place.day in one.avoids, times[one.key], one.key))
            found[place] = best.key
            times[best.key] += 1
            busy[place.day].add(best.key)
    return found
