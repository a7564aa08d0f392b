"""Mediation of labour disputes: what must be there before a step, who may not mediate, and the figures.

The states are those of the service line (`data/lines/mediation.toml`); here is what its guards ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.desk.enums import DisputeClass
from shuniu.desk.rules.graph import CaseView
from shuniu.kernel.scope import Actor

CONSENTED: Final = "mediation_consented"
REPRESENTED: Final = "mediation_represented"
BINDING: Final = "mediation_binding"
"""Guards of the line's graph, and the words by which they are kept in a case's facts."""


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
    "staff": lambda tie: _("{name} belongs to the union of the employer in dispute.").format(name=tie.name),
    "firm": lambda tie: _("{name}'s firm serves the employer.").format(name=tie.name),
    "advised": lambda tie: _("{name} advised one of the sides in this matter.").format(name=tie.name),
    "kin": lambda tie: _("{name} declared a tie to one of the sides.").format(name=tie.name),
}
"""The sentence for each tie that bars somebody from mediating."""


def barred(ties: Iterable[Tie]) -> str:
    """Why somebody may not mediate; empty where nothing ties her to a side."""
    return " ".join(TIES[tie.kind](tie) for tie in ties)


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


def whole(by_class: Mapping[DisputeClass, Figures]) -> Figures:
    """The sum of all classes."""
    return sum(by_class.values(), Figures())


def guard(word: str) -> Callable[[CaseView, Actor], str]:
    """The guard that asks for a word among the case's facts, with the sentence that is said without it."""

    def refusal(view: CaseView, actor: Actor) -> str:
        return "" if word in view.facts else str(MISSING[word])

    return refusal


MISSING: Final = {
    CONSENTED: gettext_lazy("The other side has not consented yet. Record its answer first."),
    REPRESENTED: gettext_lazy("So many workers with one claim elect representatives. Enter them first."),
    BINDING: gettext_lazy("The agreement binds nobody yet: both sides and the mediator sign it, and it is sealed."),
}
