"""A thousand random reorganisations, then the past as the registry tells it against a plain replay of the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.db import connection

from shuniu.kernel.errors import ActionError
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.registry.actions.organisations import found_organisation, move_organisation
from shuniu.registry.actions.restructuring import dissolve_organisation, merge_organisations, split_organisation
from shuniu.registry.enums import OrganisationType as Kind
from shuniu.registry.founding import Founding
from shuniu.registry.models import Organisation
from shuniu.registry.queries.counts import members_on
from shuniu.registry.queries.organisations import children_on, path_of, subtree_on
from shuniu.registry.rules.tree import PARENTS
from shuniu.registry.tree import stands_since
from tests.registry.making import make_area, make_body, make_member

START = date(2015, 1, 1)
NOW = datetime(2026, 11, 20, tzinfo=UTC)
ACTOR = Actor.system()
STEPS = 1000 if connection.vendor == "sqlite" else 300
PARTS = {Kind.BRANCH, Kind.GROUP}

Change = Callable[["Replay"], None]


@dataclass
class Replay:
    """The state of the tree and of memberships, kept the plainest way."""

    parent: dict[int, int | None] = field(default_factory=dict)
    members: dict[int, int] = field(default_factory=dict)
    reserved: dict[int, int] = field(default_factory=dict)

    def below(self, top: int) -> set[int]:
        return {top} | {one for child, above in self.parent.items() if above == top for one in self.below(child)}

    def counted(self, top: int) -> int:
        return sum(home in self.below(top) for home in self.members.values())

    def add(self, body: int, above: int | None) -> None:
        self.parent[body] = above

    def carry(self, source: int, destination: int) -> None:
        for held in (self.members, self.reserved):
            held.update({person: destination for person, home in held.items() if home == source})

    def merge(self, merged: int, successor: int) -> None:
        self.carry(merged, successor)
        self.parent.update({child: successor for child, above in self.parent.items() if above == merged})
        del self.parent[merged]

    def dissolve(self, body: int, superior: int, *, keep: bool) -> None:
        for part in [child for child, above in self.parent.items() if above == body]:
            self.dissolve(part, superior, keep=keep)
        if not keep:
            self.reserved |= {person: superior for person, home in self.members.items() if home == body}
            self.members = {person: home for person, home in self.members.items() if home != body}
        self.carry(body, superior)
        del self.parent[body]


def replayed(log: list[tuple[date, Change]], day: date) -> Replay:
    state = Replay()
    for on, change in sorted(log, key=lambda entry: entry[0]):
        if on <= day:
            change(state)
    return state


class Reorganiser:
    """Does random things through the actions, and keeps the log of what was done."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.day = START
        self.log: list[tuple[date, Change]] = []
        self.refused = 0
        federation = make_body(None, Kind.FEDERATION, on=START)
        self.told(lambda state: state.add(federation.pk, None))
        for _ in range(3):
            self.found(Kind.TOWN, federation)

    def told(self, change: Change) -> None:
        self.log.append((self.day, change))

    def any(self, *kinds: Kind) -> Organisation:
        living = Organisation.everything.filter(dissolved_on=FOREVER, type__in=kinds or list(Kind)).order_by("pk")
        return Organisation.everything.get(pk=self.random.choice(living.values_list("pk", flat=True)))

    def step(self) -> None:
        self.day += timedelta(days=self.random.choice([0, 1, 2, 5]))
        deeds = [self.admit] * 4 + [self.grow] * 4 + [self.move] * 5 + [self.merge] * 3 + [self.split, self.dissolve]
        try:
            self.random.choice(deeds)()
        except (ActionError, IndexError):
            self.refused += 1

    def admit(self) -> None:
        body = self.any(Kind.PRIMARY, Kind.BRANCH, Kind.GROUP)
        person = make_member(body, on=self.day)
        self.told(lambda state: state.members.update({person.pk: body.pk}))

    def grow(self) -> None:
        kind = self.random.choice([Kind.TOWN, Kind.ASSOCIATION, Kind.PRIMARY, Kind.PRIMARY, Kind.BRANCH, Kind.GROUP])
        self.found(kind, self.any(*(above for above in PARENTS[kind] if above)))

    def founding(self, kind: Kind, parent: Organisation) -> Founding:
        return Founding(f"组织{len(self.log)}", kind, parent, make_area(), self.day, approval_number="批")

    def found(self, kind: Kind, parent: Organisation) -> None:
        entered_late = timedelta(days=self.random.choice([0, 0, 30]))
        what = replace(self.founding(kind, parent), on=max(self.day - entered_late, START))
        body = found_organisation(actor=ACTOR, now=NOW, what=what)
        since = stands_since(body) or self.day
        self.log.append((since, lambda state: state.add(body.pk, parent.pk)))

    def move(self) -> None:
        body, parent = self.any(), self.any()
        move_organisation(actor=ACTOR, now=NOW, organisation=body, parent=parent, on=self.day)
        self.told(lambda state: state.add(body.pk, parent.pk))

    def merge(self) -> None:
        merged = self.any()
        successor = self.any(Kind(merged.type))
        merge_organisations(actor=ACTOR, now=NOW, merged=merged, successor=successor, on=self.day, approval_number="批")
        self.told(lambda state: state.merge(merged.pk, successor.pk))

    def split(self) -> None:
        source = self.any(Kind.PRIMARY)
        held = replayed(self.log, self.day)
        people = [person for person, home in held.members.items() if home == source.pk and self.random.random() < 0.5]
        parts = [part for part in children_on(self.day, source) if self.random.random() < 0.5]
        what = self.founding(Kind.PRIMARY, source.parent)
        body, _moved = split_organisation(actor=ACTOR, now=NOW, source=source, what=what, people=people, parts=parts)
        changed = {part.pk: body.pk for part in parts}
        self.told(lambda state: state.add(body.pk, source.parent_id))
        self.told(lambda state: state.parent.update(changed))
        self.told(lambda state: state.members.update(dict.fromkeys(people, body.pk)))

    def dissolve(self) -> None:
        body = self.any()
        superior = body.parent_id
        dissolve_organisation(actor=ACTOR, now=NOW, organisation=body, on=self.day, approval_number="批", reason="检验")
        keep = body.type in PARTS
        self.told(lambda state: state.dissolve(body.pk, superior, keep=keep))


@pytest.mark.django_db
def test_the_past_is_what_a_replay_of_the_log_says() -> None:
    made = Reorganiser(seed=20261122)
    for _ in range(STEPS):
        made.step()
    bodies = list(Organisation.everything.all())
    days = [made.random.randrange((made.day - START).days + 1) for _ in range(6)]

    assert len(made.log) > STEPS / 2
    for day in (START + timedelta(days=n) for n in [*days, (made.day - START).days]):
        state = replayed(made.log, day)
        for body in made.random.sample(bodies, min(40, len(bodies))):
            path, expected = path_of(body, day), state.below(body.pk) if body.pk in state.parent else set()
            assert {one.pk for one in subtree_on(day, body)} == expected
            assert (members_on(day, path).members if path else 0) == (state.counted(body.pk) if expected else 0)
        assert members_on(day).members == len(state.members)
