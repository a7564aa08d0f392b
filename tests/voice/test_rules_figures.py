"""Shares and means with their intervals, and that no small group can be computed from what is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.voice.rules.figures import held_back, mean_of, result_of, student, wilson
from shuniu.voice.rules.services import asks_of, kept_answers

COUNTS = st.dictionaries(st.integers(0, 12), st.integers(0, 12), max_size=8)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (8, 10, 0.4902, 0.9433), (935, 1000, 0.9180, 0.9487)],
)
def test_the_interval_of_a_share_is_wilsons(hits: int, n: int, low: float, high: float) -> None:
    found = wilson(hits, n)

    assert (found.value, round(found.low, 4), round(found.high, 4)) == (hits / n, low, high)


@pytest.mark.parametrize(("freedom", "table"), [(4, 2.776), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)])
def test_students_quantile_agrees_with_the_printed_table(freedom: int, table: float) -> None:
    assert student(freedom) == pytest.approx(table, abs=0.004)


def test_a_share_without_a_base_is_refused() -> None:
    with pytest.raises(ValueError, match="base"):
        wilson(0, 0)
    with pytest.raises(ValueError, match="base"):
        wilson(3, 2)


def test_the_mean_has_students_interval() -> None:
    found = mean_of((0, 1, 1, 4, 4))

    # 2+3+16+20 = 41 over 10; s = 0.9944, t(9) = 2.262
    assert (found.value, round(found.low, 2), round(found.high, 2)) == (4.1, 3.39, 4.81)


def test_when_everybody_gives_five_stars_the_interval_is_no_point() -> None:
    found = mean_of((0, 0, 0, 0, 10))

    assert (found.value, found.high) == (5, 5)
    assert found.low < 4


@given(st.lists(st.integers(0, 50), min_size=5, max_size=5).filter(lambda spread: sum(spread) >= 5))
def test_every_interval_holds_its_value_and_stays_on_the_scale(spread: list[int]) -> None:
    found = result_of(spread, minimum=5)

    assert found.mean is not None
    assert found.share is not None
    assert 1 <= found.mean.low <= found.mean.value + 1e-9 <= found.mean.high + 2e-9 <= 5 + 3e-9
    assert 0 <= found.share.low <= found.share.value + 1e-9 <= found.share.high + 2e-9 <= 1 + 3e-9


@pytest.mark.parametrize(("n", "hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_result_is_held_back_below_the_minimum(n: int, hidden: bool) -> None:
    found = result_of((0, 0, 0, n, 0), minimum=5, solved=n, solved_asked=n)

    assert (found.is_hidden, found.n) == (hidden, 0 if hidden else n)
    assert (found.mean is None) == (n < 5)


def test_solved_is_held_back_where_too_few_said_so() -> None:
    found = result_of((0, 0, 0, 9, 0), minimum=5, solved=2, solved_asked=4)

    assert (found.n, found.solved, found.solved_asked) == (9, 0, 0)


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    assert held_back({"甲": 30, "乙": 12, "丙": 3}, 5) == {"乙", "丙"}
    assert held_back({"甲": 30, "乙": 12, "丙": 3, "丁": 2}, 5) == {"丙", "丁"}
    assert held_back({"甲": 30, "乙": 12, "丙": 2, "丁": 2}, 5) == {"乙", "丙", "丁"}
    assert held_back({"甲": 30, "乙": 0}, 5) == frozenset()


@given(COUNTS, st.integers(2, 8))
def test_what_is_left_when_the_shown_groups_are_taken_from_the_whole_is_never_a_small_group(
    counts: dict[int, int], minimum: int
) -> None:
    hidden = held_back(counts, minimum)

    rest = sum(counts[key] for key in hidden)
    assert all(counts[key] >= minimum or key in hidden for key in counts if counts[key])
    if sum(counts.values()) >= minimum and len([n for n in counts.values() if n]) > 1:
        assert rest == 0 or (rest >= minimum and len(hidden) > 1)


def test_only_questions_that_can_be_asked_are_kept_and_only_their_answers() -> None:
    form = [
        {"key": "punctual", "kind": "yes_no", "zh": "是否准时？", "en": "On time?"},
        {"key": "manner", "kind": "stars", "zh": "态度", "en": "Manner"},
        {"key": "odd", "kind": "essay", "zh": "x", "en": "x"},
    ]

    assert [ask["key"] for ask in asks_of(form)] == ["punctual", "manner"]
    assert kept_answers(form, {"punctual": True, "manner": 9, "odd": "x", "other": 1}) == {"punctual": True}
