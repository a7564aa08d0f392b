"""Mediation of labour disputes: what must be there before a step, who may not mediate, and the figures.

The states are those of the service line (`data/lines/mediation.toml`); here is what its guards ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from shuniu.desk.enums import DisputeClass

CONSENTED: Final = "mediation_consented"
REFUSED: Final = "mediation_refused"
REPRESENTED: Final = "mediation_represented"
BINDING: Final = "mediation_binding"
DUE_SOON_DAYS: Final = 30
"""A limitation that ends within so many days is shown in amber: time to say so to the worker."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Days on which an agreement was signed by each who must, and sealed by the body that mediates."""

    worker_on: date | None
    employer_on: date | None
    mediator_on: date | None
    sealed_on: date | None

    @property
    def binding_on(self) -> date | None:
        """The day from which it binds both sides: the last of the four (article 14); None while one is missing."""
        days = (self.worker_on, self.employer_on, self.mediator_on, self.sealed_on)
        return max(day for day in days if day) if all(days) else None


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie between somebody who might mediate and one of the sides."""

    kind: str
    name: str = ""


TIES: Final[dict[str, Callable[[Tie], str]]] = {
    "filer": lambda tie: _("{name} filed this application.").format(name=tie.name),
    "staff": lambda tie: _("{name} belongs to the union of the employer in dispute.").format(name=tie.name),
    "firm": lambda tie: _("{name}'s firm serves the employer.").format(name=tie.name),
    "advised": lambda tie: _("{name} advised the other side in this matter.").format(name=tie.name),
    "kin": lambda tie: _("{name} declared a tie to one of the sides.").format(name=tie.name),
}
"""The sentence for each tie that bars somebody from mediating."""


def barred(ties: Iterable[Tie]) -> str:
    """Why somebody may not mediate; empty where nothing ties her to a side."""
    return " ".join(TIES[tie.kind](tie) for tie in ties)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the figures need of one mediation. `days` are calendar days from receipt to the end."""

    dispute: DisputeClass
    people: int
    amount: int
    is_accepted: bool
    is_agreed: bool
    is_ended: bool
    days: int | None = None
    is_due: bool = False
    """Whether the day to perform the agreement has passed, or it was performed."""
    is_performed: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts with their bases. Success is `agreed` of `closed` (accepted and ended); performance `performed` of `due`."""

    received: int = 0
    accepted: int = 0
    closed: int = 0
    agreed: int = 0
    people: int = 0
    amount: int = 0
    due: int = 0
    performed: int = 0
    days: int = 0
    timed: int = 0

    @property
    def mean_days(self) -> float | None:
        """Calendar days from receipt to the end, on average of those that ended."""
        return self.days / self.timed if self.timed else None

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


def figures(outcomes: Iterable[Outcome]) -> dict[DisputeClass, Figures]:
    """The figures of each of the five classes, in the law's order, empty ones too."""
    found = dict.fromkeys(DisputeClass, Figures())
    for one in outcomes:
        closed = one.is_accepted and one.is_ended
        found[one.dispute] += Figures(
            received=1,
            accepted=one.is_accepted,
            closed=closed,
            agreed=closed and one.is_agreed,
            people=one.people,
            amount=one.amount,
            due=one.is_agreed and one.is_due,
            performed=one.is_agreed and one.is_due and one.is_performed,
            days=one.days or 0 if closed else 0,
            timed=closed and one.days is not None,
        )
    return found


def whole(by_class: dict[DisputeClass, Figures]) -> Figures:
    """The sum of all classes."""
    return sum(by_class.values(), Figures())
