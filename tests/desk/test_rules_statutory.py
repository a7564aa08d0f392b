"""Time limits of labour disputes, against hand-counted days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.desk.rules import statutory as rules
from shuniu.desk.rules.statutory import Cause, Interruption, Step, Suspension
from shuniu.kernel.calendar import Calendar

NUMBERS = {
    rules.LIMIT_YEARS: 1, rules.ACCEPT: 5, rules.SERVE: 5, rules.ANSWER: 10, rules.FORWARD: 5, rules.NOTICE: 5,
    rules.POSTPONE: 3, rules.AWARD: 45, rules.AWARD_MORE: 15, rules.SUE: 15, rules.SET_ASIDE: 30, rules.MEDIATION: 15,
    rules.CONFIRM: 15, rules.PURSUED: 2, rules.INSPECT: 60, rules.INSPECT_MORE: 30, rules.INJURY_EMPLOYER: 30,
    rules.INJURY_WORKER: 1, rules.INJURY_DECISION: 60, rules.INJURY_CLEAR: 15,
}  # fmt: skip
DAYS = st.dates(date(2018, 1, 1), date(2024, 6, 30))


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar.official()


def by_key(steps: list[Step]) -> dict[str, Step]:
    return {step.key: step for step in steps}


def limit(calendar: Calendar, known_on: date, **given: object) -> Step:
    return rules.limitation(known_on, NUMBERS, calendar, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known_on", "last"),
    [
        (date(2025, 3, 3), date(2026, 3, 3)),  # a Tuesday
        (date(2024, 2, 29), date(2025, 2, 28)),  # no 29 February: the last of the month, a Friday
        (date(2025, 10, 3), date(2026, 10, 8)),  # in the National Day holiday: the first working day after it
        (date(2025, 3, 7), date(2026, 3, 9)),  # a Saturday that is not worked: Monday
        (date(2025, 2, 14), date(2026, 2, 14)),  # a Saturday that is worked before the Spring Festival
    ],
)
def test_a_year_ends_on_the_day_of_the_same_number_or_the_next_working_day(
    calendar: Calendar, known_on: date, last: date
) -> None:
    found = limit(calendar, known_on)

    assert (found.day, found.is_sure) == (last, True)


def test_beyond_the_calendar_the_day_is_named_and_called_unsure(calendar: Calendar) -> None:
    found = limit(calendar, date(2026, 5, 6))

    assert (found.day, found.is_sure) == (date(2027, 5, 6), False)


def test_pay_in_arrears_is_not_limited_while_employed_and_runs_from_the_end(calendar: Calendar) -> None:
    employed = limit(calendar, date(2015, 3, 2), is_arrears=True)
    left = limit(calendar, date(2015, 3, 2), is_arrears=True, employment_ended_on=date(2025, 6, 2))

    assert employed.day is None
    assert left.day == date(2026, 6, 2)


@pytest.mark.parametrize("cause", list(Cause))
def test_what_breaks_the_period_off_lets_it_begin_anew(calendar: Calendar, cause: Cause) -> None:
    found = limit(calendar, date(2024, 3, 1), interruptions=[Interruption(date(2024, 9, 2), cause)])

    assert (found.start, found.day) == (date(2024, 9, 2), date(2025, 9, 2))


def test_a_period_that_has_run_out_is_not_brought_back(calendar: Calendar) -> None:
    # 2025-03-01 is a Saturday: the period reaches until Monday, 3 March
    late = limit(calendar, date(2024, 3, 1), interruptions=[Interruption(date(2025, 3, 4), Cause.CLAIMED)])
    just = limit(calendar, date(2024, 3, 1), interruptions=[Interruption(date(2025, 3, 3), Cause.CLAIMED)])

    assert (late.day, len(late.why)) == (date(2025, 3, 3), 2)
    assert just.day == date(2026, 3, 3)


def test_a_suspension_adds_its_days_once_even_when_it_is_told_twice(calendar: Calendar) -> None:
    january = Suspension(date(2025, 1, 6), date(2025, 1, 15))
    once = limit(calendar, date(2024, 3, 4), suspensions=[january])
    twice = limit(calendar, date(2024, 3, 4), suspensions=[january, Suspension(date(2025, 1, 10), date(2025, 1, 15))])

    assert once.day == twice.day == date(2025, 3, 14)


def test_a_suspension_goes_on_after_what_broke_the_period_off_within_it(calendar: Calendar) -> None:
    found = limit(
        calendar,
        date(2024, 3, 4),
        interruptions=[Interruption(date(2025, 1, 10), Cause.RELIEF)],
        suspensions=[Suspension(date(2025, 1, 6), date(2025, 1, 15))],
    )

    assert found.day == date(2026, 1, 15)  # a year from 10 January, and the five days that were left


@given(DAYS, st.integers(0, 360), st.integers(1, 40))
def test_a_suspension_within_the_period_moves_its_end_by_its_length(known_on: date, after: int, length: int) -> None:
    calendar = Calendar.official()
    first = known_on + timedelta(days=after + 1)
    found = limit(calendar, known_on, suspensions=[Suspension(first, first + timedelta(days=length - 1))])

    nominal = rules.years_after(known_on, 1)
    if first <= rules.last_day(nominal, calendar).day:
        nominal += timedelta(days=length)
    assert found.day == rules.last_day(nominal, calendar).day


@given(DAYS, st.lists(st.integers(1, 900), max_size=4))
def test_only_what_came_in_time_counts_whatever_order_it_is_told_in(known_on: date, after: list[int]) -> None:
    calendar = Calendar.official()
    days = [known_on + timedelta(days=n) for n in after]
    start = known_on
    for day in sorted(days):
        if day <= rules.last_day(rules.years_after(start, 1), calendar).day:
            start = day

    for told in (days, sorted(days), sorted(days, reverse=True)):
        found = limit(calendar, known_on, interruptions=[Interruption(day, Cause.CLAIMED) for day in told])
        assert found.day == rules.last_day(rules.years_after(start, 1), calendar).day


def test_the_steps_of_an_arbitration(calendar: Calendar) -> None:
    steps = by_key(
        rules.arbitration(
            date(2026, 3, 2), NUMBERS, calendar,
            accepted_on=date(2026, 3, 5), served_on=date(2026, 3, 9), hearing_on=date(2026, 4, 13), award_on=date(2026, 4, 17),
        )
    )  # fmt: skip

    assert {key: step.day for key, step in steps.items()} == {
        "accept": date(2026, 3, 9),  # the fifth day, 7 March, is a Saturday
        "serve": date(2026, 3, 10),
        "answer": date(2026, 3, 19),
        "forward": date(2026, 3, 24),
        "notice": date(2026, 4, 8),
        "postpone": date(2026, 4, 10),
        "award": date(2026, 4, 20),  # the 45th day, 19 April, is a Sunday
        "award_more": date(2026, 5, 6),  # the 60th day, 4 May, is a holiday until the fifth
        "sue": date(2026, 5, 6),  # the 15th day, 2 May, lies in the holiday
        "set_aside": date(2026, 5, 18),  # the 30th day, 17 May, is a Sunday
    }


def test_steps_whose_day_is_not_known_yet_are_left_out(calendar: Calendar) -> None:
    assert list(by_key(rules.arbitration(date(2026, 3, 2), NUMBERS, calendar))) == ["accept"]


def test_an_inquiry_takes_working_days_and_says_so_when_the_calendar_ends(calendar: Calendar) -> None:
    steps = by_key(rules.inspection(date(2025, 12, 1), NUMBERS, calendar, filed_on=date(2026, 9, 7)))

    assert steps["complain"].day == date(2027, 12, 1)
    assert not steps["complain"].is_sure
    # 60 working days after Monday, 7 September, over Mid-Autumn (25-27) and National Day (1-7 October)
    assert steps["inquiry"].day == calendar.add_workdays(date(2026, 9, 7), 60)
    assert (steps["inquiry_more"].day, steps["inquiry_more"].is_sure) == (None, False)


def test_a_work_injury_is_the_employers_for_thirty_days_and_the_workers_for_a_year(calendar: Calendar) -> None:
    steps = by_key(rules.injury(date(2026, 3, 2), NUMBERS, calendar, accepted_on=date(2026, 4, 1)))

    assert (steps["employer"].day, steps["worker"].day) == (date(2026, 4, 1), date(2027, 3, 2))
    assert (steps["clear"].day, steps["decision"].day) == (date(2026, 4, 16), date(2026, 6, 1))


def test_mediation_ends_after_fifteen_days_and_may_be_confirmed_for_fifteen(calendar: Calendar) -> None:
    steps = by_key(rules.mediation(date(2026, 3, 2), NUMBERS, calendar, signed_on=date(2026, 3, 12)))

    assert (steps["mediate"].day, steps["confirm"].day) == (date(2026, 3, 17), date(2026, 3, 27))
    assert rules.soonest(list(steps.values()), date(2026, 3, 18)) == steps["confirm"]
