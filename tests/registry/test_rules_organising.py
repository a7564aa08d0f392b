"""Leads: who may take which step, and the funnel."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from shuniu.kernel.flow import FlowError
from shuniu.kernel.scope import Actor, Grant
from shuniu.registry.enums import LeadState
from shuniu.registry.rules.organising import LEADS, STAGES, LeadCase, Reached, funnel

TOWN = "00010002"


def actor(*permissions: str, user_id: int = 7, path: str = TOWN) -> Actor:
    return Actor(user_id, "alice", grants=(Grant("town_cadre", None, path, frozenset(permissions)),))


def case(state: LeadState, *workers: int) -> LeadCase:
    return LeadCase(state, frozenset(workers))


def moves(state: LeadState, who: Actor, *workers: int) -> list[str]:
    return [transition.name for transition in LEADS.available(case(state, *workers), who, TOWN)]


def test_a_lead_goes_forward_one_stage_at_a_time() -> None:
    everything = actor("lead.edit", "lead.approve", "organisation.restructure")

    forward = [LEADS.available(case(state), everything, TOWN)[0].target for state in STAGES[:-1]]

    assert forward == list(STAGES[1:])


def test_an_organiser_neither_approves_nor_founds() -> None:
    organiser = actor("lead.view", "lead.edit")

    assert moves(LeadState.CONSENTED, organiser) == ["prepare", "close"]
    assert moves(LeadState.PREPARING, organiser) == ["close"]
    assert moves(LeadState.APPROVED, organiser) == ["close"]


def test_whoever_worked_on_a_lead_may_not_decide_on_it() -> None:
    cadre = actor("lead.edit", "lead.approve", user_id=7)

    assert moves(LeadState.PREPARING, cadre, 8, 9) == ["approve", "send_back", "close"]
    assert moves(LeadState.PREPARING, cadre, 8, 7) == ["close"]
    with pytest.raises(FlowError):
        LEADS.check("approve", case(LeadState.PREPARING, 7), cadre, TOWN)


@pytest.mark.parametrize("state", [LeadState.FOUNDED, LeadState.CLOSED])
def test_nothing_leads_out_of_an_end(state: LeadState) -> None:
    assert moves(state, actor("lead.edit", "lead.approve", "organisation.restructure")) == []


def test_a_right_in_another_town_is_no_right_here() -> None:
    elsewhere = actor("lead.edit", path="00010003")

    with pytest.raises(PermissionDenied):
        LEADS.check("visit", case(LeadState.NEW), elsewhere, TOWN)


def test_funnel_counts_each_lead_up_to_the_furthest_stage_it_reached() -> None:
    steps = [
        Reached(1, LeadState.NEW, date(2026, 3, 1)),
        Reached(1, LeadState.VISITED, date(2026, 3, 5)),
        Reached(1, LeadState.CONSENTED, date(2026, 3, 15)),
        Reached(2, LeadState.NEW, date(2026, 3, 1)),
        Reached(2, LeadState.VISITED, date(2026, 3, 11)),
        Reached(2, LeadState.CLOSED, date(2026, 3, 12)),
        Reached(3, LeadState.NEW, date(2026, 3, 2)),
    ]

    stages = {stage.state: (stage.reached, stage.median_days) for stage in funnel(steps)}

    assert stages == {
        LeadState.NEW: (3, None),
        LeadState.VISITED: (2, 7.0),
        LeadState.CONSENTED: (1, 10.0),
        LeadState.PREPARING: (0, None),
        LeadState.APPROVED: (0, None),
        LeadState.FOUNDED: (0, None),
    }


def test_funnel_measures_to_the_first_time_when_a_lead_was_sent_back() -> None:
    steps = [
        Reached(1, LeadState.NEW, date(2026, 3, 1)),
        Reached(1, LeadState.VISITED, date(2026, 3, 2)),
        Reached(1, LeadState.CONSENTED, date(2026, 3, 4)),
        Reached(1, LeadState.PREPARING, date(2026, 3, 9)),
        Reached(1, LeadState.CONSENTED, date(2026, 3, 20)),
    ]

    stages = {stage.state: stage for stage in funnel(steps)}

    assert stages[LeadState.CONSENTED].median_days == 2.0
    assert stages[LeadState.PREPARING].reached == 1


def test_funnel_of_nothing_has_every_stage_at_nought() -> None:
    assert [(stage.state, stage.reached) for stage in funnel([])] == [(state, 0) for state in STAGES]
