"""What ratings say, by provider, professional, line and month, and what is held back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shuniu.registry.models import Organisation
from shuniu.voice.enums import CommentState, Dimension
from shuniu.voice.queries.results import Of, quotes, result, results_by, stars_between, stars_by
from tests.registry.making import make_body, make_district
from tests.voice.making import make_ratings

TODAY = date(2026, 3, 5)
pytestmark = pytest.mark.django_db


@pytest.fixture
def union() -> Organisation:
    return make_body(make_district()[1])


def test_the_result_counts_what_was_given_in_the_period(union: Organisation) -> None:
    make_ratings(union, 5, 5, 4, 4, 2, is_solved=True)
    make_ratings(union, 1, on=date(2026, 2, 28))
    make_ratings(union, 1, on=date(2026, 4, 1))

    found = result(Of(date(2026, 3, 1), date(2026, 4, 1), providers=[7]), on=TODAY)

    assert (found.n, found.satisfied, found.spread, found.solved) == (5, 4, (0, 1, 0, 2, 2), 5)
    assert found.mean is not None
    assert found.mean.value == 4.0


def test_four_ratings_say_nothing_and_none_say_so(union: Organisation) -> None:
    make_ratings(union, 5, 5, 5, 5)

    few, none = result(Of(providers=[7]), on=TODAY), result(Of(providers=[8]), on=TODAY)

    assert (few.is_hidden, few.n, few.spread) == (True, 0, (0, 0, 0, 0, 0))
    assert (none.is_hidden, none.n) == (False, 0)


def test_a_small_provider_cannot_be_computed_from_the_whole(union: Organisation) -> None:
    make_ratings(union, *[5] * 9, provider_id=1, provider_name="甲所")
    make_ratings(union, *[4] * 6, provider_id=2, provider_name="乙所")
    make_ratings(union, 1, 1, provider_id=3, provider_name="丙所")

    groups = {group.name: group.result for group in results_by(Dimension.PROVIDER, Of(), on=TODAY)}

    assert groups["甲所"].n == 9
    assert (groups["乙所"].is_hidden, groups["丙所"].is_hidden) == (True, True)


def test_months_come_in_their_order(union: Organisation) -> None:
    for month in (3, 1, 2):
        make_ratings(union, *[5] * 5, on=date(2026, month, 9))

    groups = results_by(Dimension.MONTH, Of(), on=TODAY)

    assert [(group.key, group.result.n) for group in groups] == [(date(2026, month, 1), 5) for month in (1, 2, 3)]


def test_scores_get_sums_without_a_minimum(union: Organisation) -> None:
    make_ratings(union, 5, 4, provider_id=1)
    make_ratings(union, 1, provider_id=2)

    assert stars_between(Of(providers=[1])) == (2, 9)
    assert stars_by(Dimension.PROVIDER, Of()) == {1: (2, 9), 2: (1, 1)}


def test_quotes_are_the_public_wordings_with_the_month_only(union: Organisation) -> None:
    make_ratings(union, 5, comment="密", comment_state=CommentState.WAITING)
    make_ratings(
        union, 4, comment="密", comment_state=CommentState.PUBLISHED, published="服务及时", on=date(2026, 2, 17)
    )

    assert [(one.wording, one.month) for one in quotes(Of())] == [("服务及时", date(2026, 2, 1))]


@pytest.mark.parametrize("count", [6, 24])
def test_results_take_one_query_for_any_number_of_ratings(
    union: Organisation, count: int, django_assert_num_queries: Any
) -> None:
    for provider in range(count // 6):
        make_ratings(union, *[5] * 6, provider_id=provider)
    with django_assert_num_queries(1):
        groups = results_by(Dimension.PROVIDER, Of(), on=TODAY)

    assert len(groups) == count // 6
