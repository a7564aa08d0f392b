from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.registry.rules.terms import months_later, warning, whole_months, years_later

DUE = date(2026, 8, 20)


@pytest.mark.parametrize(
    ("day", "within", "tone"),
    [
        (date(2026, 2, 19), None, "good"),
        (date(2026, 2, 20), 6, "warn"),
        (date(2026, 5, 19), 6, "warn"),
        (date(2026, 5, 20), 3, "warn"),
        (date(2026, 7, 20), 1, "warn"),
        (DUE, 1, "warn"),
        (date(2026, 8, 21), 1, "bad"),
    ],
)
def test_warning_grows_louder_as_the_day_comes(day: date, within: int | None, tone: str) -> None:
    found = warning(DUE, day, [6, 3, 1])

    assert (found.within, found.tone) == (within, tone)


def test_the_day_itself_still_belongs_to_the_term() -> None:
    assert not warning(DUE, DUE, [1]).is_overdue
    assert warning(DUE, DUE + timedelta(days=1), [1]).is_overdue


def test_years_later_of_a_leap_day() -> None:
    assert years_later(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 600))
def test_whole_months_counts_what_months_later_added(day: date, months: int) -> None:
    later = months_later(day, months)

    assert whole_months(day, later) == months
    assert whole_months(day, later - timedelta(days=1)) == max(0, months - 1)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-600, 600))
def test_months_later_lands_in_the_right_month(day: date, months: int) -> None:
    later = months_later(day, months)

    assert later.year * 12 + later.month == day.year * 12 + day.month + months
    assert later.day <= day.day
