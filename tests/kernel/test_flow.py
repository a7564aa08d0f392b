"""Flows: what may be done with a row, why not, and the picture of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import pytest
from django.core.exceptions import PermissionDenied

from shuniu.kernel.flow import Flow, FlowError, State, Transition
from shuniu.kernel.scope import Actor, Grant


class Step(IntEnum):
    ASKED = 1
    GIVEN = 2
    GONE = 3


@dataclass
class Row:
    state: Step
    owner: int = 1
    other: str = "zz"


def _not_own(row: Row, actor: Actor) -> str:
    return "Somebody else has to give it." if row.owner == actor.user_id else ""


FLOW = Flow[Row](
    "room.noun",
    "requests",
    initial=Step.ASKED,
    states=(
        State(Step.ASKED, "asked", "warn", limit="asked.days"),
        State(Step.GIVEN, "given"),
        State(Step.GONE, "gone"),
    ),
    transitions=(
        Transition("give", "Give", (Step.ASKED,), Step.GIVEN, "thing.give", guard=_not_own),
        Transition("take", "Take back", (Step.ASKED, Step.GIVEN), Step.GONE, "thing.take", place=lambda row: row.other),
    ),
)


def actor_at(path: str, *permissions: str, user_id: int = 2) -> Actor:
    return Actor(user_id, "alice", grants=(Grant("clerk", None, path, frozenset(permissions)),))


def names(row: Row, actor: Actor, path: str) -> list[str]:
    return [transition.name for transition in FLOW.available(row, actor, path)]


def test_available_offers_only_moves_that_start_from_the_rows_state() -> None:
    everywhere = actor_at("", "thing.give", "thing.take")

    assert names(Row(Step.ASKED), everywhere, "aa") == ["give", "take"]
    assert names(Row(Step.GIVEN), everywhere, "aa") == ["take"]
    assert names(Row(Step.GONE), everywhere, "aa") == []


def test_permission_counts_at_the_place_the_transition_names() -> None:
    assert names(Row(Step.ASKED), actor_at("aa", "thing.give", "thing.take"), "aa") == ["give"]
    assert names(Row(Step.ASKED), actor_at("zz", "thing.give", "thing.take"), "aa") == ["take"]


def test_guard_hides_the_button_and_its_sentence_refuses_the_move() -> None:
    owner = actor_at("", "thing.give", user_id=1)

    assert names(Row(Step.ASKED), owner, "aa") == []
    with pytest.raises(FlowError, match="Somebody else has to give it"):
        FLOW.check("give", Row(Step.ASKED), owner, "aa")


def test_check_denies_whoever_lacks_the_right_before_telling_the_state() -> None:
    with pytest.raises(PermissionDenied):
        FLOW.check("give", Row(Step.GONE), actor_at("bb", "thing.give"), "aa")


def test_check_names_the_state_that_stands_in_the_way() -> None:
    with pytest.raises(FlowError, match="gone"):
        FLOW.check("give", Row(Step.GONE), actor_at("", "thing.give"), "aa")


def test_check_gives_the_transition_that_may_be_taken() -> None:
    assert FLOW.check("give", Row(Step.ASKED), actor_at("aa", "thing.give"), "aa").target is Step.GIVEN


def test_state_carries_the_rule_that_limits_it() -> None:
    assert FLOW.state(Row(Step.ASKED)).limit == "asked.days"
    assert [state.key for state in FLOW.states if FLOW.final(state.key)] == [Step.GONE]


def test_a_flow_with_a_loose_end_is_no_flow() -> None:
    with pytest.raises(ValueError, match="no declared state"):
        Flow[Row](
            "room.noun",
            "requests",
            initial=Step.ASKED,
            states=(State(Step.ASKED, "asked"),),
            transitions=(Transition("give", "Give", (Step.ASKED,), Step.GIVEN, "thing.give"),),
        )


def test_a_flow_with_one_name_for_two_moves_is_no_flow() -> None:
    give: Transition[Row] = Transition("give", "Give", (Step.ASKED,), Step.ASKED, "thing.give")

    with pytest.raises(ValueError, match="used twice"):
        Flow[Row](
            "room.noun", "requests", initial=Step.ASKED, states=(State(Step.ASKED, "asked"),), transitions=(give, give)
        )


def test_mermaid_draws_states_moves_limits_and_ends() -> None:
    assert FLOW.mermaid().splitlines() == [
        "stateDiagram-v2",
        "    asked: asked (limit asked.days)",
        "    given: given",
        "    gone: gone",
        "    [*] --> asked",
        "    asked --> given: Give",
        "    asked --> gone: Take back",
        "    given --> gone: Take back",
        "    gone --> [*]",
    ]
