"""Who is asking: roles turned into reach."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from shuniu.accounts.enums import GrantState
from shuniu.accounts.models import RoleGrant
from shuniu.accounts.public import actor_for
from shuniu.accounts.queries.actors import OWN_ROWS_ONLY
from shuniu.kernel.scope import Actor
from shuniu.registry.models import Organisation, Person
from tests.factories import Cast, Player, give, make_user


def test_chair_reaches_her_union_and_no_other(cast: Cast) -> None:
    actor = cast.alice.actor

    assert actor.may_at("member.edit", cast.union.path or "")
    assert not actor.may_at("member.edit", cast.other_union.path or "")
    assert not actor.may_at("member.edit", cast.town.path or "")


def test_town_cadre_reaches_the_unions_of_the_town(cast: Cast) -> None:
    assert cast.cadre.actor.may_at("member.reveal", cast.union.path or "")
    assert not cast.stranger.actor.may_at("member.view", cast.union.path or "")


def test_member_sees_the_own_record_only(cast: Cast) -> None:
    actor = cast.bob.actor

    assert actor.roles == {"member"}
    assert [person.pk for person in Person.objects.visible_to(actor)] == [cast.bob.person and cast.bob.person.pk]
    assert list(Organisation.objects.visible_to(actor)) == []
    assert actor.reach("own.view").paths == (OWN_ROWS_ONLY,)


@pytest.mark.parametrize("name", ["operator", "security", "audit", "bob"])
def test_powers_and_members_see_nobody(cast: Cast, name: str) -> None:
    actor: Actor = getattr(cast, name).actor

    assert [person for person in Person.objects.visible_to(actor) if person != cast.bob.person] == []
    assert not actor.may("member.view", "member.edit", "member.export", "member.reveal", "import.run", "return.make")


def test_actor_takes_one_query(alice: Player, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    assert alice.user is not None
    give(alice.user, "organiser", alice.organisation)

    with django_assert_num_queries(1):
        actor_for(alice.user, timezone.localdate())


def test_role_counts_from_its_first_day_until_the_day_before_its_end(cast: Cast) -> None:
    user, day = make_user(), date(2026, 3, 5)
    give(user, "organiser", cast.town, starts_on=day, ends_on=day + timedelta(days=2))

    held = [actor_for(user, day + timedelta(days=shift)).may("lead.edit") for shift in (-1, 0, 1, 2)]

    assert held == [False, True, True, False]


@pytest.mark.parametrize("state", [GrantState.PROPOSED, GrantState.REFUSED, GrantState.WITHDRAWN])
def test_role_that_is_not_approved_gives_nothing(cast: Cast, state: GrantState, now: datetime) -> None:
    user = make_user()
    decided = None if state == GrantState.PROPOSED else now
    RoleGrant.everything.create(
        user=user, role="town_cadre", organisation=cast.town, state=state, starts_on=date(2020, 1, 1),
        reason="test", granted_at=now, decided_at=decided,
    )  # fmt: skip

    assert actor_for(user, date(2026, 3, 5)).grants == ()


def test_role_at_a_dissolved_organisation_reaches_nothing(cast: Cast) -> None:
    Organisation.everything.filter(pk=cast.union.pk).update(path=None)

    assert cast.alice.actor.grants == ()


def test_organisation_role_without_organisation_is_not_the_whole_site(cast: Cast, now: datetime) -> None:
    user = make_user()
    RoleGrant.everything.create(
        user=user, role="town_cadre", organisation=None, state=GrantState.APPROVED, starts_on=date(2020, 1, 1),
        reason="test", granted_at=now, decided_at=now,
    )  # fmt: skip

    assert actor_for(user, date(2026, 3, 5)).grants == ()


def test_role_that_is_not_installed_gives_nothing(cast: Cast, now: datetime) -> None:
    user = make_user()
    RoleGrant.everything.create(
        user=user, role="emperor", state=GrantState.APPROVED, starts_on=date(2020, 1, 1),
        reason="test", granted_at=now, decided_at=now,
    )  # fmt: skip

    assert actor_for(user, date(2026, 3, 5)).grants == ()


def test_role_moves_with_its_organisation(cast: Cast) -> None:
    Organisation.everything.filter(pk=cast.union.pk).update(path="zzzz0001")

    assert cast.alice.actor.may_at("member.edit", "zzzz0001")


@pytest.mark.parametrize("name", ["manager", "lawyer", "mediator", "expert"])
def test_outsider_reaches_no_place_of_the_tree(cast: Cast, name: str) -> None:
    actor: Actor = getattr(cast, name).actor

    assert {path for grant in actor.grants for path in [grant.path]} == {OWN_ROWS_ONLY}
    assert list(Organisation.objects.visible_to(actor)) == []
    assert list(Person.objects.visible_to(actor)) == []
