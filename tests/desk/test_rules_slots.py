"""Slots from weekly hours, alternate weeks, exceptions, holidays and breaks; and how figures are kept from revealing anybody."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import product

import pytest

from shuniu.desk.rules.bookings import wait_until
from shuniu.desk.rules.counselling import suppressed
from shuniu.desk.rules.slots import (
    HoursError,
    Opening,
    Span,
    Special,
    Weekly,
    With,
    at,
    cut,
    free,
    openings,
    read_spans,
    spans_on,
    spans_text,
    week_of,
)
from shuniu.kernel.calendar import Calendar
from tests.desk.rostering import at as moment

CALENDAR = Calendar.official()
MONDAY = date(2026, 3, 2)
MORNING = (Span(time(9), time(12)),)


def weekly(**given: object) -> Weekly:
    values = {"anchor": MONDAY, "weeks": {"a": {0: MORNING, 4: MORNING}}, "minutes": 50, **given}
    return Weekly(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("9:00-12:00, 13:30-17:00", "09:00-12:00, 13:30-17:00"),
        ("１３：３０—17 9至12", "09:00-12:00, 13:30-17:00"),
        ("", ""),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, shown: str) -> None:
    assert spans_text(read_spans(text)) == shown


@pytest.mark.parametrize("text", ["上午", "9-8", "25:00-26:00", "9-11, 10-12", "9:00-12:00 x", "9:77-10"])
def test_hours_that_are_none_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(HoursError):
        read_spans(text)


def test_weeks_alternate_over_a_year_of_53_weeks() -> None:
    weeks = [week_of(MONDAY + timedelta(weeks=number), MONDAY) for number in range(60)]

    assert weeks == ["a", "b"] * 30
    assert week_of(MONDAY - timedelta(days=1), MONDAY) == "b"


def test_holidays_and_make_up_days_and_a_year_without_calendar() -> None:
    plan = weekly(weeks={"a": dict.fromkeys(range(7), MORNING)})

    assert spans_on(plan, date(2026, 10, 1), CALENDAR) == ()
    assert spans_on(plan, date(2026, 10, 10), CALENDAR) == MORNING
    assert spans_on(plan, date(2026, 10, 11), CALENDAR) == ()
    assert spans_on(plan, date(2027, 1, 4), CALENDAR) == MORNING
    assert spans_on(plan, date(2027, 1, 9), CALENDAR) == ()


def test_exceptions_open_close_and_cut() -> None:
    noon = (Span(time(10), time(11)),)
    plan = weekly(
        exceptions=(
            Special(MONDAY, is_open=False),
            Special(date(2026, 3, 3), is_open=True, spans=noon),
            Special(date(2026, 3, 6), is_open=False, spans=noon),
        )
    )

    assert spans_on(plan, MONDAY, CALENDAR) == ()
    assert spans_on(plan, date(2026, 3, 3), CALENDAR) == noon
    assert spans_on(plan, date(2026, 3, 6), CALENDAR) == (Span(time(9), time(10)), Span(time(11), time(12)))
    assert spans_on(plan, date(2026, 3, 9), CALENDAR) == MORNING


@pytest.mark.parametrize(
    ("minutes", "buffer", "count"), [(50, 10, 3), (60, 0, 3), (60, 1, 2), (180, 0, 1), (181, 0, 0)]
)
def test_a_span_is_cut_into_whole_appointments(minutes: int, buffer: int, count: int) -> None:
    found = cut(MORNING, minutes, buffer)

    assert len(found) == count
    assert all(span.ends <= time(12) for span in found)


def test_what_overlaps_another_booking_is_not_free_and_capacity_counts() -> None:
    offered = list(openings(weekly(), [MONDAY], CALENDAR, With(7, capacity=2)))
    same = (7, offered[0].starts_at, offered[0].ends_at)
    across = (7, offered[1].starts_at + timedelta(minutes=5), offered[1].ends_at + timedelta(minutes=5))
    other = (8, offered[2].starts_at, offered[2].ends_at)

    left = free(offered, [same, across, other], now=moment(8, day=MONDAY))

    assert [(opening.starts_at.hour, places) for opening, places in left] == [(9, 1)]
    assert free(offered, [], now=offered[0].starts_at)[0][0] == offered[1]


def test_an_opening_is_in_the_zone_of_the_site() -> None:
    opening = at(MONDAY, Span(time(9), time(10)), CALENDAR, With(1))

    assert opening == Opening(moment(9, day=MONDAY), moment(10, day=MONDAY), 1)


def test_a_wait_follows_two_missed_within_sixty_days_only() -> None:
    first = moment(9, day=MONDAY)
    rule = {"most": 2, "within_days": 60, "wait_days": 30}

    assert wait_until([first], **rule) is None
    assert wait_until([first, first + timedelta(days=61)], **rule) is None
    assert wait_until([first + timedelta(days=60), first], **rule) == first + timedelta(days=90)


def test_no_part_that_is_hidden_can_be_learnt_from_the_total() -> None:
    """Exhaustively: whatever is hidden could have been another number, and no shown part is a small group."""
    for parts in product(range(8), repeat=4):
        shown = suppressed(dict(enumerate(parts)), 5)
        hidden = [key for key, number in shown.items() if number is None]
        assert all(number == 0 or number >= 5 for number in shown.values() if number is not None)
        if hidden and sum(parts) >= 5:
            assert len(hidden) >= 2
            assert sum(parts[key] for key in hidden) >= 5 or len(hidden) == len(parts)
        assert not hidden or any(0 < number < 5 for number in parts)
