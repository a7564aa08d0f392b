"""Organising: the way of a lead from an employer without a union to a founded one, and how far leads come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.kernel.flow import Flow, State, Transition
from shuniu.kernel.scope import Actor
from shuniu.registry.enums import LeadState

STAGES: Final = (
    LeadState.NEW,
    LeadState.VISITED,
    LeadState.CONSENTED,
    LeadState.PREPARING,
    LeadState.APPROVED,
    LeadState.FOUNDED,
)
"""The stages of a lead that succeeds, in their order."""
OPEN_STATES: Final = STAGES[:-1]
"""States in which there is still something to do."""


@dataclass(frozen=True, slots=True)
class LeadCase:
    """What the flow needs to know of a lead: its state, the accounts that worked on it, and whose lead it is."""

    state: LeadState
    workers: frozenset[int]
    organiser_person_id: int | None = None


def _by_somebody_else(case: LeadCase, actor: Actor) -> str:
    own = actor.person_id is not None and actor.person_id == case.organiser_person_id
    if not own and actor.user_id not in case.workers:
        return ""
    return _("You worked on this lead yourself. Somebody else has to decide on it.")


LEADS: Final = Flow[LeadCase](
    "registry.lead",
    gettext_lazy("Organising leads"),
    initial=LeadState.NEW,
    states=(
        State(LeadState.NEW, LeadState.NEW.label, "neutral"),
        State(LeadState.VISITED, LeadState.VISITED.label, "active"),
        State(LeadState.CONSENTED, LeadState.CONSENTED.label, "active"),
        State(LeadState.PREPARING, LeadState.PREPARING.label, "warn"),
        State(LeadState.APPROVED, LeadState.APPROVED.label, "active"),
        State(LeadState.FOUNDED, LeadState.FOUNDED.label, "good"),
        State(LeadState.CLOSED, LeadState.CLOSED.label, "done"),
    ),
    transitions=(
        Transition(
            "visit", pgettext_lazy("lead", "Record the visit"), (LeadState.NEW,), LeadState.VISITED, "lead.edit"
        ),
        Transition(
            "consent",
            pgettext_lazy("lead", "Record the consent"),
            (LeadState.VISITED,),
            LeadState.CONSENTED,
            "lead.edit",
        ),
        Transition(
            "prepare",
            pgettext_lazy("lead", "Record the preparatory group"),
            (LeadState.CONSENTED,),
            LeadState.PREPARING,
            "lead.edit",
        ),
        Transition(
            "approve",
            pgettext_lazy("lead", "Approve the founding"),
            (LeadState.PREPARING,),
            LeadState.APPROVED,
            "lead.approve",
            guard=_by_somebody_else,
        ),
        Transition(
            "found",
            pgettext_lazy("lead", "Found the union"),
            (LeadState.APPROVED,),
            LeadState.FOUNDED,
            "organisation.restructure",
        ),
        Transition(
            "join",
            pgettext_lazy("lead", "Record that it joined a joint union"),
            (LeadState.CONSENTED, LeadState.PREPARING),
            LeadState.FOUNDED,
            "organisation.restructure",
        ),
        Transition(
            "send_back",
            pgettext_lazy("lead", "Send back"),
            (LeadState.PREPARING,),
            LeadState.CONSENTED,
            "lead.approve",
            guard=_by_somebody_else,
        ),
        Transition(
            "close",
            pgettext_lazy("lead", "Close without a union"),
            OPEN_STATES,
            LeadState.CLOSED,
            "lead.edit",
            danger=True,
        ),
    ),
)
STEPS: Final = ("visit", "consent", "prepare", "send_back", "close")
"""The transitions that are a day and a note and nothing else."""
NEEDS_REASON: Final = frozenset({"send_back", "close"})
DECISIONS: Final = frozenset({"approve", "send_back", "found", "join"})
"""Steps that are decisions on a lead, not work on it: whoever took one may decide again."""
FOUNDED, ENROLLED = "founded", "enrolled"
"""The results of a lead that earn an allowance."""


class Reached(NamedTuple):
    """A lead came to a state on a day."""

    lead_id: int
    state: LeadState
    on: date


@dataclass(frozen=True, slots=True)
class Stage:
    """How many leads came to a stage or further, and the median of days since the stage before (None for no lead)."""

    state: LeadState
    reached: int
    median_days: float | None


def funnel(steps: Iterable[Reached]) -> tuple[Stage, ...]:
    """The stages with the leads that came so far. The base is the first stage: every lead was new once.

    A lead counts at each stage up to the furthest it came to, also where it was sent back since.
    """
    ways = [_first_days(days) for days in _by_lead(steps).values()]
    return tuple(_stage(index, ways) for index in range(len(STAGES)))


def _by_lead(steps: Iterable[Reached]) -> Mapping[int, list[Reached]]:
    found: dict[int, list[Reached]] = defaultdict(list)
    for step in steps:
        found[step.lead_id].append(step)
    return found


def _first_days(steps: Iterable[Reached]) -> dict[int, date]:
    """The first day at each stage, by the stage's place."""
    days: dict[int, date] = {}
    for step in steps:
        if step.state in STAGES:
            place = STAGES.index(step.state)
            days[place] = min(step.on, days.get(place, step.on))
    return days


def _stage(index: int, ways: list[dict[int, date]]) -> Stage:
    reached = sum(1 for days in ways if max(days, default=-1) >= index)
    waits = [(days[index] - days[index - 1]).days for days in ways if index in days and index - 1 in days]
    return Stage(STAGES[index], reached, float(median(waits)) if waits else None)
