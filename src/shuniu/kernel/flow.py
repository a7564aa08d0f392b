"""A state graph declared once. Buttons, checks, worklists of what stays too long and the diagram in the docs read it.

A flow is pure: it looks at one row, never at the database. What a transition does is the action that calls `check`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor

R = TypeVar("R")
Words = str | Promise


class FlowError(ActionError):
    """A transition that the row's state or a guard does not allow. The sentence says which."""


@dataclass(frozen=True, slots=True)
class State:
    """A state a row can be in.

    Args:
        key: what the row stores; an enum member or a plain value.
        label: what people read.
        tone: of the pill: `neutral active good warn bad done`.
        limit: id of the rule that says how long a row may stay here; empty where it may stay for ever.
    """

    key: Hashable
    label: Words
    tone: str = "neutral"
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Transition(Generic[R]):
    """A move from one of several states to another.

    Args:
        name: of the action and of its URL part, e.g. `receive`.
        label: of the button: a verb.
        source: keys of the states it starts from.
        target: key of the state it leads to.
        permission: what the actor must hold at the row's place.
        place: the tree path where it must be held, if that is not where the row lies.
        guard: why this actor may not take it on this row now, as a sentence; empty where she may.
        danger: whether the page asks once more before it is done.
    """

    name: str
    label: Words
    source: tuple[Hashable, ...]
    target: Hashable
    permission: str
    place: Callable[[R], str] | None = None
    guard: Callable[[R, Actor], str] | None = None
    danger: bool = False

    def permitted(self, row: R, actor: Actor, path: str) -> bool:
        """Whether the actor holds the permission where this transition of the row needs it."""
        return actor.may_at(self.permission, self.place(row) if self.place else path)

    def refusal(self, row: R, actor: Actor) -> str:
        """The guard's sentence, empty where nothing stands in the way."""
        return self.guard(row, actor) if self.guard else ""


class Flow(Generic[R]):
    """The states of one kind of row and the moves between them. The order of transitions is the order of buttons.

    Args:
        key: `room.noun`.
        title: what goes through these states.
        initial: key of the state a new row is in.
        state_of: how to read a row's state; its attribute `state` unless said otherwise.

    Raises:
        ValueError: two states or transitions share a name, or a transition touches a state that is not declared.
    """

    def __init__(
        self,
        key: str,
        title: Words,
        *,
        initial: Hashable,
        states: Iterable[State],
        transitions: Iterable[Transition[R]],
        state_of: Callable[[R], Any] = attrgetter("state"),
    ) -> None:
        self.key, self.title, self.initial, self.state_of = key, title, initial, state_of
        self.states = tuple(states)
        self.transitions = tuple(transitions)
        self._states = {state.key: state for state in self.states}
        self._transitions = {transition.name: transition for transition in self.transitions}
        self._refuse_loose_ends()

    def state(self, row: R) -> State:
        """The state the row is in. KeyError where the row stores a state that is not declared."""
        return self._states[self.state_of(row)]

    def of(self, key: Hashable) -> State:
        """The state with this key. KeyError where there is none."""
        return self._states[key]

    def transition(self, name: str) -> Transition[R]:
        """The transition with this name. KeyError where there is none."""
        return self._transitions[name]

    def available(self, row: R, actor: Actor, path: str = "") -> list[Transition[R]]:
        """What this actor may do with the row now; `path` is the tree path where the row lies."""
        state = self.state_of(row)
        return [
            transition
            for transition in self.transitions
            if state in transition.source
            and transition.permitted(row, actor, path)
            and not transition.refusal(row, actor)
        ]

    def check(self, name: str, row: R, actor: Actor, path: str = "") -> Transition[R]:
        """The transition, if the actor may take it on this row now.

        Raises:
            PermissionDenied: the permission is not held at the place where it is needed.
            FlowError: the row is in another state, or the guard refuses.
        """
        transition = self._transitions[name]
        if not transition.permitted(row, actor, path):
            raise PermissionDenied
        if self.state_of(row) not in transition.source:
            message = _("“{move}” is not possible any more: the state is “{state}” now.")
            raise FlowError(message.format(move=transition.label, state=self.state(row).label))
        if refusal := transition.refusal(row, actor):
            raise FlowError(refusal)
        return transition

    def final(self, key: Hashable) -> bool:
        """Whether nothing leads out of the state."""
        return not any(key in transition.source for transition in self.transitions)

    def mermaid(self) -> str:
        """The graph as a Mermaid state diagram, in the active language."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {_id(state.key)}: {_title(state)}" for state in self.states]
        lines.append(f"    [*] --> {_id(self.initial)}")
        for transition in self.transitions:
            target = _id(transition.target)
            lines += [f"    {_id(source)} --> {target}: {transition.label}" for source in transition.source]
        lines += [f"    {_id(state.key)} --> [*]" for state in self.states if self.final(state.key)]
        return "\n".join(lines)

    def _refuse_loose_ends(self) -> None:
        if len(self._states) != len(self.states) or len(self._transitions) != len(self.transitions):
            raise ValueError(f"{self.key}: a name is used twice.")
        touched = {self.initial}.union(*({*move.source, move.target} for move in self.transitions))
        if loose := touched - self._states.keys():
            raise ValueError(f"{self.key}: {loose} is no declared state.")


def _id(key: Hashable) -> str:
    return key.name.lower() if isinstance(key, Enum) else str(key)


def _title(state: State) -> str:
    return f"{state.label} (limit {state.limit})" if state.limit else str(state.label)
