"""The part of the tree that a list of people looks at.

What makes the difference is where the database begins: with the unions in sight when they have few members, with the
people in row order when they have many. The expression `home_id + 0` keeps both databases from beginning with the unions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import F, QuerySet

from shuniu.kernel.scope import STEP, Actor, Reach
from shuniu.registry.models import Membership, Organisation, Person
from shuniu.registry.queries.counts import members_on

REASON = "narrowed to the unions in the actor's sight"
FEW_MEMBERS: Final = 25_000
"""Up to here it is faster to begin with the unions than with the people, where not every member is wanted."""


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
