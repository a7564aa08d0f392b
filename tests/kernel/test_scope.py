"""Rows are reached by saying who looks; grants reach their subtree and nothing beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.kernel.scope import Actor, Grant, Reach, UnscopedQueryError, path_range, successor
from shuniu.registry.models import Organisation, Person
from tests.factories import Cast

PATHS = st.lists(st.text("0z", min_size=4, max_size=4), min_size=1, max_size=3).map("".join)


def test_a_scoped_model_refuses_a_query_without_an_actor() -> None:
    for query in (Person.objects.all, Person.objects.first, Person.objects.count):
        with pytest.raises(UnscopedQueryError):
            query()
    with pytest.raises(UnscopedQueryError):
        Person.objects.unscoped(reason="")


@given(PATHS, PATHS)
def test_the_range_of_a_path_is_its_subtree(path: str, other: str) -> None:
    assert (path <= other < successor(path)) == other.startswith(path)


@given(st.lists(PATHS), PATHS)
def test_a_reach_includes_what_any_of_its_paths_does(paths: list[str], row: str) -> None:
    assert Reach.of(paths).includes(row) == any(row.startswith(path) for path in paths)


def test_a_grant_counts_where_it_is_held_only() -> None:
    actor = Actor(
        1,
        "甲",
        grants=(
            Grant("union_chair", 5, "00010002", frozenset({"member.edit"})),
            Grant("town_cadre", 6, "0003", frozenset({"member.view"})),
        ),
    )

    assert actor.may("member.edit")
    assert actor.may_at("member.edit", "000100020001")
    assert not actor.may_at("member.edit", "0003")
    assert not actor.may_at("member.edit", "0001")
    assert actor.reach("member.view").paths == ("0003",)


def test_an_actor_without_the_permission_reaches_nothing(cast: Cast) -> None:
    assert not Organisation.objects.visible_to(Actor(1, "甲")).exists()


def test_a_chair_sees_her_union_and_a_cadre_her_town(cast: Cast) -> None:
    assert set(Organisation.objects.visible_to(cast.alice.actor)) == {cast.union}
    assert set(Organisation.objects.visible_to(cast.cadre.actor)) == {cast.town, cast.union}
    assert set(Organisation.objects.visible_to(cast.dana.actor)) == set(Organisation.everything.all())


def test_a_member_sees_herself_only(cast: Cast) -> None:
    assert list(Person.objects.visible_to(cast.bob.actor)) == [cast.bob.person]


def test_an_empty_path_is_everywhere() -> None:
    assert path_range("", "path").children == []
