"""Roles given with four eyes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone, translation

from shuniu.accounts.actions import grants
from shuniu.accounts.actions.grants import GrantError
from shuniu.accounts.enums import GrantState
from shuniu.accounts.models import RoleGrant, User
from shuniu.accounts.public import actor_for, grant_role
from shuniu.accounts.queries.grants import organisations_called, visible_grants
from shuniu.kernel.models import TrailEntry
from shuniu.registry.models import Organisation
from tests.factories import TODAY, Cast, make_user


def propose(cast: Cast, user: User, now: datetime, role: str = "union_clerk", **given: Any) -> RoleGrant:
    values = {
        "organisation": cast.union,
        "starts_on": TODAY,
        "reason": "任命〔2026〕3号",
        "actor": cast.security.actor,
        **given,
    }
    return grants.propose_grant(user, role=role, now=now, **values)


def roles(user: User, day: date = TODAY) -> frozenset[str]:
    return actor_for(user, day).roles


def verbs() -> list[str]:
    return list(TrailEntry.objects.filter(verb__startswith="role.").order_by("number").values_list("verb", flat=True))[
        -2:
    ]


def test_proposal_gives_nothing_until_another_officer_approves(cast: Cast, now: datetime) -> None:
    user = make_user()

    grant = propose(cast, user, now)
    before = roles(user)
    grants.approve_grant(grant, actor=cast.second_security.actor, now=now)

    assert (before, roles(user)) == (frozenset(), {"union_clerk"})
    assert verbs() == ["role.proposed", "role.granted"]


def test_district_cadre_approves_in_her_district(cast: Cast, now: datetime) -> None:
    user = make_user()

    grants.approve_grant(propose(cast, user, now), actor=cast.dana.actor, now=now)

    assert roles(user) == {"union_clerk"}


def test_who_proposed_does_not_approve(cast: Cast, now: datetime) -> None:
    grant = propose(cast, make_user(), now)

    with translation.override("zh-hans"), pytest.raises(GrantError) as refusal:
        grants.approve_grant(grant, actor=cast.security.actor, now=now)

    assert str(refusal.value) == "须由其他人决定：提出人和被授权人不能批准。"


def test_database_refuses_one_pair_of_eyes(cast: Cast, now: datetime) -> None:
    grant = propose(cast, make_user(), now)

    with pytest.raises(IntegrityError):
        RoleGrant.everything.filter(pk=grant.pk).update(
            state=GrantState.APPROVED, approved_by=cast.security.user, decided_at=now
        )


def test_who_gets_the_role_does_not_approve(cast: Cast, now: datetime) -> None:
    assert cast.dana.user is not None
    grant = propose(cast, cast.dana.user, now, "organiser", organisation=cast.town)

    with pytest.raises(GrantError):
        grants.approve_grant(grant, actor=cast.dana.actor, now=now)


def test_nobody_proposes_for_herself(cast: Cast, now: datetime) -> None:
    assert cast.security.user is not None

    with pytest.raises(GrantError):
        propose(cast, cast.security.user, now)


@pytest.mark.parametrize("name", ["dana", "cadre", "alice", "bob", "operator", "audit"])
def test_only_security_officers_propose(cast: Cast, now: datetime, name: str) -> None:
    with pytest.raises(GrantError):
        propose(cast, make_user(), now, actor=getattr(cast, name).actor)


@pytest.mark.parametrize("name", ["cadre", "stranger", "alice", "bob", "operator", "audit"])
def test_others_do_not_approve(cast: Cast, now: datetime, name: str) -> None:
    user = make_user()
    grant = propose(cast, user, now)

    with pytest.raises(GrantError):
        grants.approve_grant(grant, actor=getattr(cast, name).actor, now=now)
    assert roles(user) == frozenset()


def test_district_cadre_does_not_approve_site_roles(cast: Cast, now: datetime) -> None:
    grant = propose(cast, make_user(), now, "audit_officer", organisation=None)

    with pytest.raises(GrantError):
        grants.approve_grant(grant, actor=cast.dana.actor, now=now)


@pytest.mark.parametrize("held", ["operator", "security", "audit"])
def test_power_gets_no_second_role(cast: Cast, now: datetime, held: str) -> None:
    user = getattr(cast, held).user

    for role, place in (("union_clerk", cast.union), ("site_operator", None), ("audit_officer", None)):
        with pytest.raises(GrantError):
            propose(cast, user, now, role, organisation=place, actor=cast.second_security.actor)
    assert len(roles(user)) == 1


def test_two_proposals_for_powers_that_stay_apart_do_not_both_pass(cast: Cast, now: datetime) -> None:
    user = make_user()
    propose(cast, user, now, "audit_officer", organisation=None)

    with translation.override("zh-hans"), pytest.raises(GrantError) as refusal:
        propose(cast, user, now, "site_operator", organisation=None)

    assert str(refusal.value) == "该账号已有角色“审计管理员”，与此角色不能兼任。"


def test_conflict_that_arose_meanwhile_stops_the_approval(cast: Cast, now: datetime) -> None:
    user = make_user()
    grant = propose(cast, user, now, "audit_officer", organisation=None)
    RoleGrant.everything.create(
        user=user, role="union_clerk", organisation=cast.union, state=GrantState.APPROVED, starts_on=TODAY,
        reason="test", granted_at=now, decided_at=now,
    )  # fmt: skip

    with pytest.raises(GrantError):
        grants.approve_grant(grant, actor=cast.second_security.actor, now=now)


def test_same_role_is_held_once_at_a_place(cast: Cast, now: datetime) -> None:
    user = make_user()
    propose(cast, user, now)

    with pytest.raises(GrantError):
        propose(cast, user, now)
    assert propose(cast, user, now, organisation=cast.other_union).pk


def test_second_decision_comes_too_late(cast: Cast, now: datetime) -> None:
    grant = propose(cast, make_user(), now)
    stale = RoleGrant.everything.get(pk=grant.pk)
    grants.refuse_grant(grant, actor=cast.dana.actor, now=now)

    with pytest.raises(GrantError):
        grants.approve_grant(stale, actor=cast.second_security.actor, now=now)
    assert roles(grant.user) == frozenset()


def test_proposer_withdraws_and_nobody_else(cast: Cast, now: datetime) -> None:
    grant = propose(cast, make_user(), now)

    with pytest.raises(GrantError):
        grants.withdraw_grant(grant, actor=cast.second_security.actor, now=now)
    grants.withdraw_grant(grant, actor=cast.security.actor, now=now)

    grant.refresh_from_db()
    assert grant.state == GrantState.WITHDRAWN


@pytest.mark.parametrize(
    "given",
    [
        {"role": "emperor"},
        {"role": "member", "organisation": None},
        {"organisation": None},
        {"role": "audit_officer"},
        {"starts_on": TODAY - timedelta(days=1)},
        {"ends_on": TODAY},
        {"reason": "  "},
    ],
)
def test_proposal_that_does_not_fit_is_refused(cast: Cast, now: datetime, given: dict[str, Any]) -> None:
    with pytest.raises(GrantError):
        propose(cast, make_user(), now, **given)


def test_no_role_at_a_dissolved_organisation(cast: Cast, now: datetime) -> None:
    Organisation.everything.filter(pk=cast.union.pk).update(path=None)
    cast.union.refresh_from_db()

    with pytest.raises(GrantError):
        propose(cast, make_user(), now)


def test_no_role_for_a_disabled_account(cast: Cast, now: datetime) -> None:
    user = make_user()
    User.objects.filter(pk=user.pk).update(is_active=False)

    with pytest.raises(GrantError):
        propose(cast, user, now)


def test_ended_role_is_lost_today(cast: Cast) -> None:
    grant, now = RoleGrant.everything.get(user=cast.alice.user), timezone.now()

    grants.end_grant(grant, reason="换届", actor=cast.dana.actor, now=now)

    assert cast.alice.actor.grants == ()
    grant.refresh_from_db()
    assert grant.ends_on == timezone.localdate()
    assert TrailEntry.objects.order_by("number").last().changes["reason"] == "换届"  # type: ignore[union-attr]


def test_role_ended_on_its_first_day_was_never_held(cast: Cast, now: datetime) -> None:
    user = make_user()
    grant = propose(cast, user, now)
    grants.approve_grant(grant, actor=cast.dana.actor, now=now)

    grants.end_grant(grant, reason="误授", actor=cast.security.actor, now=now)

    assert roles(user) == frozenset()
    with pytest.raises(GrantError):
        grants.end_grant(grant, reason="误授", actor=cast.security.actor, now=now)


def test_nobody_ends_a_role_of_her_own(cast: Cast, now: datetime) -> None:
    grant = RoleGrant.everything.get(user=cast.security.user)

    with pytest.raises(GrantError):
        grants.end_grant(grant, reason="离任", actor=cast.security.actor, now=now)


@pytest.mark.parametrize("name", ["stranger", "charlie", "operator", "audit", "bob"])
def test_others_do_not_end_roles(cast: Cast, now: datetime, name: str) -> None:
    grant = RoleGrant.everything.get(user=cast.alice.user)

    with pytest.raises(GrantError):
        grants.end_grant(grant, reason="换届", actor=getattr(cast, name).actor, now=now)


def test_person_does_not_give_a_role_at_once(cast: Cast, now: datetime) -> None:
    with pytest.raises(GrantError):
        grant_role(
            make_user(),
            role="union_clerk",
            organisation=cast.union,
            starts_on=TODAY,
            reason="x",
            actor=cast.security.actor,
            now=now,
        )


def test_grants_in_sight_lie_within_reach(cast: Cast) -> None:
    district = {grant.user.username for grant in visible_grants(cast.dana.actor)}
    security = {grant.user.username for grant in visible_grants(cast.security.actor)}

    assert district == {"clerk", "alice", "charlie", "organiser", "cadre", "stranger", "dana", "buyer", "desk"}
    outsiders = {"manager", "lawyer", "mediator", "expert"}
    assert security == district | outsiders | {"operator", "security", "security2", "audit"}
    assert [grant.user.username for grant in visible_grants(cast.alice.actor)] == ["alice"]


def test_organisation_is_found_by_number_name_or_its_beginning(cast: Cast) -> None:
    assert organisations_called(cast.union.code) == [cast.union]
    assert organisations_called(" 云川机械厂工会 ") == [cast.union]
    assert organisations_called("云川机械") == [cast.union]
    assert organisations_called("青石") == [cast.other_union, cast.other_town]
    assert organisations_called("无此工会") == []
