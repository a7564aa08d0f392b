"""The flow of a line's cases, built from its setup."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.desk.enums import Asks, Who
from shuniu.desk.rules.setup import Setup
from shuniu.kernel.flow import Flow, State, Transition
from shuniu.kernel.scope import Actor


@dataclass(frozen=True, slots=True)
class CaseView:
    """What the flow needs to know of a case: its state, what the actor is to it, and what guards ask."""

    state: str
    roles: frozenset[Who]
    has_handler: bool = False
    answered: bool = False
    may_reopen: bool = True
    """Whether the time for reopening it has not run out."""
    facts: frozenset[str] = frozenset()
    """What rooms' own guards go by, e.g. `agreement_signed`."""


Guard = Callable[[CaseView, Actor], str]


@dataclass(frozen=True, slots=True)
class Part:
    """A guard or an effect that setups may name; the label is for the page on which a line is set up."""

    key: str
    label: str | Promise
    guard: Guard | None = None


@dataclass(frozen=True, slots=True)
class CaseMove(Transition[CaseView]):
    """A transition that goes by what the actor is to the case."""

    who: frozenset[Who] = frozenset()
    asks: Asks = Asks.NOTHING
    effects: tuple[str, ...] = ()

    def permitted(self, row: CaseView, actor: Actor, path: str) -> bool:
        """Whether the actor is to the case what this transition asks for."""
        return bool(self.who & row.roles)


def _answered(row: CaseView, actor: Actor) -> str:
    return "" if row.answered else _("Whoever filed the case has no answer yet. Answer first.")


def _has_handler(row: CaseView, actor: Actor) -> str:
    return "" if row.has_handler else _("Nobody handles this case yet. Hand it out first.")


def _in_time(row: CaseView, actor: Actor) -> str:
    return "" if row.may_reopen else _("The time for reopening this case has run out. File a new one.")


GUARDS: Final[dict[str, Part]] = {
    part.key: part
    for part in (
        Part("answered", gettext_lazy("The filer has an answer"), _answered),
        Part("has_handler", gettext_lazy("Somebody handles the case"), _has_handler),
        Part("in_time", gettext_lazy("The time for reopening has not run out"), _in_time),
    )
}
"""Guards by their keys; other modules of the room add theirs with `register_guard` when the site starts."""


def register_guard(key: str, label: str | Promise, guard: Guard) -> None:
    """Let setups name a guard: `guard(view, actor)` gives the sentence that refuses, or nothing."""
    GUARDS[key] = Part(key, label, guard)


def flow_of(setup: Setup, key: str = "desk.case") -> Flow[CaseView]:
    """The flow that a setup describes."""
    return Flow[CaseView](
        key,
        gettext_lazy("Cases"),
        initial=setup.initial,
        states=tuple(State(stage.key, _lazy(stage.label), stage.tone.value) for stage in setup.states),
        transitions=tuple(
            CaseMove(
                move.name,
                _lazy(move.label),
                move.source,
                move.target,
                permission="",
                guard=_all_of(move.guards),
                danger=move.danger,
                who=move.who,
                asks=move.asks,
                effects=move.effects,
            )
            for move in setup.moves
        ),
    )


def _lazy(words: object) -> str | Promise:
    return words  # type: ignore[return-value]  # `Words` say what they are in the reader's language each time


def _all_of(keys: tuple[str, ...]) -> Guard | None:
    guards = [GUARDS[key].guard for key in keys if key in GUARDS]
    if not guards:
        return None

    def refusal(row: CaseView, actor: Actor) -> str:
        return next((said for guard in guards if guard and (said := guard(row, actor))), "")

    return refusal
