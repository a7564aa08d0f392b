from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.kernel.clock import Calendar, CalendarError, ClockUnit, Segment, due_at, elapsed, running

CALENDAR = Calendar.official()
ZONE: Final = ZoneInfo("Asia/Shanghai")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WORKDAY, CALENDAR_DAY, WORK_MINUTE = ClockUnit.WORKDAY, ClockUnit.CALENDAR, ClockUnit.WORK_MINUTE
UNITS = st.sampled_from(ClockUnit)
MOMENTS = st.datetimes(datetime(2016, 1, 1), datetime(2025, 10, 31), timezones=st.just(ZONE)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


def end_of(text: str) -> datetime:
    return at(text) + DAY - timedelta(microseconds=1)


def due(start: datetime, limit: int, pauses: list[Segment], unit: ClockUnit) -> datetime:
    moment = due_at(start, limit, pauses, CALENDAR, unit)
    assert moment is not None
    return moment


@st.composite
def paused_clocks(draw: st.DrawFn) -> tuple[datetime, list[Segment]]:
    """A start and up to four pauses in the days after it, at whole minutes, overlapping ones among them."""
    start = draw(MOMENTS)
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        begin = start + draw(st.integers(-2000, 20000)) * MINUTE
        pauses.append(Segment(begin, begin + draw(st.integers(0, 12000)) * MINUTE))
    return start, pauses


def paused_at(moment: datetime, pauses: list[Segment]) -> bool:
    return any(pause.start < moment and (pause.end is None or moment <= pause.end) for pause in pauses)


def slow_due_day(start: date, limit: int, pauses: list[Segment], unit: ClockUnit) -> date:
    """Walk day by day: a day counts when the clock runs as it ends."""
    day = start
    while True:
        day += DAY
        if paused_at(datetime.combine(day + DAY, time(), ZONE), pauses):
            continue
        limit -= unit is CALENDAR_DAY or CALENDAR.is_workday(day)
        if limit <= 0 and CALENDAR.is_workday(day):
            return day


def slow_due_minute(start: datetime, limit: int, pauses: list[Segment]) -> datetime:
    """Walk minute by minute: a minute counts when it is worked and no pause covers it."""
    while limit:
        local = start.time()
        open_now = time(9) <= local < time(12) or time(13, 30) <= local < time(17, 30)
        start += MINUTE
        if open_now and CALENDAR.is_workday(start.date()) and not paused_at(start, pauses):
            limit -= 1
    return start


@given(paused_clocks(), st.integers(1, 25), st.sampled_from([WORKDAY, CALENDAR_DAY]))
def test_due_days_equal_the_walk_day_by_day(clock: tuple[datetime, list[Segment]], limit: int, unit: ClockUnit) -> None:
    start, pauses = clock

    last = due(start, limit, pauses, unit)

    assert last.date() == slow_due_day(start.date(), limit, pauses, unit)
    assert last.time() == time.max


@given(paused_clocks(), st.integers(1, 1000))
def test_due_minutes_equal_the_walk_minute_by_minute(clock: tuple[datetime, list[Segment]], limit: int) -> None:
    start, pauses = clock

    assert due_at(start, limit, pauses, CALENDAR, WORK_MINUTE) == slow_due_minute(start, limit, pauses)


@given(paused_clocks(), st.integers(1, 25), UNITS)
def test_the_limit_is_used_up_when_it_is_due(
    clock: tuple[datetime, list[Segment]], limit: int, unit: ClockUnit
) -> None:
    start, pauses = clock

    used = elapsed(running(start, pauses), due(start, limit, pauses, unit), CALENDAR, unit)

    assert used == limit or (unit is CALENDAR_DAY and used > limit)


@given(paused_clocks(), MOMENTS, MOMENTS, UNITS)
def test_a_clock_never_runs_backwards_except_when_it_is_paused_today(
    clock: tuple[datetime, list[Segment]], a: datetime, b: datetime, unit: ClockUnit
) -> None:
    start, pauses = clock
    early, late = sorted([a, b])
    segments = running(start, pauses)

    slack = 0 if unit is WORK_MINUTE else 1
    assert elapsed(segments, early, CALENDAR, unit) <= elapsed(segments, late, CALENDAR, unit) + slack


@given(paused_clocks(), st.integers(1, 25), st.integers(1, 25), UNITS)
def test_a_longer_limit_and_one_more_pause_are_never_due_earlier(
    clock: tuple[datetime, list[Segment]], limit: int, more: int, unit: ClockUnit
) -> None:
    start, pauses = clock

    assert due(start, limit, pauses[1:], unit) <= due(start, limit, pauses, unit)
    assert due(start, limit, pauses, unit) <= due(start, limit + more, pauses, unit)


@pytest.mark.parametrize(
    ("start", "limit", "unit", "last"),
    [
        ("03-02T10:00", 5, WORKDAY, end_of("03-09")),
        ("03-02T10:00", 5, CALENDAR_DAY, end_of("03-09")),
        ("03-02T09:00", 180, WORK_MINUTE, at("03-02T12:00")),
        ("03-02T09:00", 181, WORK_MINUTE, at("03-02T13:31")),
        ("03-02T17:00", 60, WORK_MINUTE, at("03-03T09:30")),
        ("02-14T17:00", 60, WORK_MINUTE, at("02-24T09:30")),
        ("03-02T16:59:30", 1, WORK_MINUTE, at("03-02T17:00:30")),
        ("03-07T08:00", 420, WORK_MINUTE, at("03-09T17:30")),
    ],
)
def test_limits_without_a_pause(start: str, limit: int, unit: ClockUnit, last: datetime) -> None:
    assert due_at(at(start), limit, [], CALENDAR, unit) == last


def test_a_pause_within_one_day_costs_no_day() -> None:
    pauses = [Segment(at("03-04T10:00"), at("03-04T16:00"))]

    assert due_at(at("03-02T10:00"), 5, pauses, CALENDAR, WORKDAY) == end_of("03-09")


def test_a_pause_over_two_nights_moves_the_due_day_by_two() -> None:
    pauses = [Segment(at("03-04T16:00"), at("03-06T10:00"))]

    assert due_at(at("03-02T10:00"), 5, pauses, CALENDAR, WORKDAY) == end_of("03-11")


def test_a_pause_on_the_last_day_leaves_that_day_over() -> None:
    pauses = [Segment(at("03-09T10:00"), at("03-12T10:00"))]

    assert due_at(at("03-02T10:00"), 5, pauses, CALENDAR, WORKDAY) == end_of("03-12")


def test_a_pause_on_the_weekend_that_a_period_ran_into_moves_its_end() -> None:
    pauses = [Segment(at("03-08T10:00"), at("03-11T10:00"))]

    assert due_at(at("03-02T10:00"), 5, pauses, CALENDAR, CALENDAR_DAY) == end_of("03-11")


def test_nothing_is_due_while_a_pause_lasts() -> None:
    pauses = [Segment(at("03-04T10:00"))]

    assert due_at(at("03-02T10:00"), 5, pauses, CALENDAR, WORKDAY) is None
    assert elapsed(running(at("03-02T10:00"), pauses), at("06-01T10:00"), CALENDAR, WORKDAY) == 1


def test_a_pause_after_the_due_moment_changes_nothing() -> None:
    pauses = [Segment(at("03-10T00:00"))]

    assert due_at(at("03-02T10:00"), 5, pauses, CALENDAR, WORKDAY) == end_of("03-09")


@pytest.mark.parametrize(
    ("now", "unit", "count"),
    [
        ("03-02T09:30", WORK_MINUTE, 0),
        ("03-02T10:30", WORK_MINUTE, 30),
        ("03-02T13:00", WORK_MINUTE, 120),
        ("03-03T09:00", WORK_MINUTE, 360),
        ("03-02T23:59", WORKDAY, 0),
        ("03-03T00:00", WORKDAY, 1),
        ("03-07T12:00", WORKDAY, 4),
        ("03-07T12:00", CALENDAR_DAY, 5),
    ],
)
def test_elapsed_counts_as_people_do(now: str, unit: ClockUnit, count: int) -> None:
    assert elapsed([Segment(at("03-02T10:00"))], at(now), CALENDAR, unit) == count


def test_a_clock_that_has_not_started_has_counted_nothing() -> None:
    assert elapsed([], at("03-02T10:00"), CALENDAR, WORKDAY) == 0
    assert elapsed([Segment(at("03-03T10:00"))], at("03-02T10:00"), CALENDAR, WORKDAY) == 0


def test_moments_of_other_time_zones_are_read_in_the_calendars() -> None:
    start = datetime(2026, 3, 2, 20, 0, tzinfo=ZoneInfo("UTC"))  # 4 in the morning of 3 March in Shanghai

    assert due_at(start, 1, [], CALENDAR, WORKDAY) == end_of("03-04")


def test_a_limit_beyond_the_years_covered_is_refused() -> None:
    for unit in (WORKDAY, CALENDAR_DAY, WORK_MINUTE):
        with pytest.raises(CalendarError):
            due_at(at("12-31T17:00"), 60, [], CALENDAR, unit)


def test_faulty_segments_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Segment(datetime(2026, 3, 2))
    with pytest.raises(ValueError, match="ends before"):
        Segment(at("03-02T10:00"), at("03-02T09:00"))
    with pytest.raises(ValueError, match="overlap"):
        elapsed([Segment(at("03-02T10:00")), Segment(at("03-03T10:00"))], at("03-05T10:00"), CALENDAR, WORKDAY)
    with pytest.raises(ValueError, match="at least one"):
        due_at(at("03-02T10:00"), 0, [], CALENDAR, WORKDAY)


@given(paused_clocks(), st.integers(1, 5000))
def test_minutes_round_the_clock_equal_the_walk_minute_by_minute(
    clock: tuple[datetime, list[Segment]], limit: int
) -> None:
    start, pauses = clock
    walked, left = start, limit
    while left:
        walked += MINUTE
        left -= not paused_at(walked, pauses)

    assert due(start, limit, pauses, ClockUnit.MINUTE) == walked


def test_minutes_round_the_clock_run_at_night_and_beyond_the_calendar() -> None:
    late = datetime(2031, 1, 1, 23, 50, tzinfo=ZONE)

    assert due_at(late, 20, [], CALENDAR, ClockUnit.MINUTE) == late + 20 * MINUTE
    assert due_at(late, 20, [Segment(late + MINUTE)], CALENDAR, ClockUnit.MINUTE) is None
