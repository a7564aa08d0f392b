"""Months until a review, against a slow reference."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from shuniu.hub.rules.reviews import months_between, months_on

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@given(DAYS, st.integers(0, 60))
def test_a_month_on_is_never_more_than_that_many_months(start: date, months: int) -> None:
    assert months_between(start, months_on(start, months)) == months or months_on(start, months).day < start.day


@given(DAYS, DAYS)
def test_the_months_between_are_the_fewest_that_reach_the_day(start: date, end: date) -> None:
    start, end = min(start, end), max(start, end)
    reached = next(
        months
        for months in range(400)
        if (start.year * 12 + start.month + months, start.day) >= (end.year * 12 + end.month, end.day)
    )

    assert months_between(start, end) == reached
