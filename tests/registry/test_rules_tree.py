from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.registry.enums import OrganisationType as Kind
from shuniu.registry.rules import tree


def test_first_child_gets_the_first_code() -> None:
    assert tree.path_after("", "") == "0001"
    assert tree.path_after("0001", "") == "00010001"


def test_next_child_follows_the_greatest_path_ever_used_even_deep_below() -> None:
    assert tree.path_after("0001", "0001000z00010002") == "00010010"


@given(st.integers(0, 36**4 - 1), st.integers(0, 36**4 - 1))
def test_codes_sort_as_their_numbers(a: int, b: int) -> None:
    assert (tree.code(a) < tree.code(b)) == (a < b)


def test_path_after_refuses_when_codes_run_out() -> None:
    with pytest.raises(tree.TreeFullError) as caught:
        tree.path_after("", "zzzz")

    assert caught.value.reason == "wide"


def test_path_after_refuses_a_tree_deeper_than_its_column() -> None:
    assert len(tree.path_after("0001" * 15, "")) == 64

    with pytest.raises(tree.TreeFullError) as caught:
        tree.path_after("0001" * 16, "")

    assert caught.value.reason == "deep"


def test_ancestors_run_from_the_root_and_leave_the_path_out() -> None:
    assert tree.ancestors("000100020003") == ["0001", "00010002"]
    assert tree.ancestors("0001") == []
    assert tree.level("000100020003") == 3


@pytest.mark.parametrize(
    ("child", "parent", "may"),
    [
        (Kind.FEDERATION, None, True),
        (Kind.TOWN, None, False),
        (Kind.TOWN, Kind.FEDERATION, True),
        (Kind.TOWN, Kind.PRIMARY, False),
        (Kind.PRIMARY, None, True),
        (Kind.PRIMARY, Kind.ASSOCIATION, True),
        (Kind.PRIMARY, Kind.PRIMARY, False),
        (Kind.JOINT, Kind.TOWN, True),
        (Kind.JOINT, None, False),
        (Kind.ORGANISER_POINT, Kind.TOWN, True),
        (Kind.BRANCH, Kind.PRIMARY, True),
        (Kind.BRANCH, Kind.TOWN, False),
        (Kind.BRANCH, Kind.ORGANISER_POINT, False),
        (Kind.GROUP, Kind.BRANCH, True),
        (Kind.GROUP, Kind.GROUP, False),
        (Kind.FEDERATION, Kind.TOWN, False),
    ],
)
def test_may_stand_below(child: Kind, parent: Kind | None, may: bool) -> None:
    assert tree.may_stand_below(child, parent) is may


def test_every_kind_of_body_has_its_parents() -> None:
    assert tree.PARENTS.keys() == set(Kind)
