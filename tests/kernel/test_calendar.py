from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shuniu.kernel.calendar import Calendar, CalendarError, DayUnit
from shuniu.kernel.toml import DataFileError

CALENDAR = Calendar.official()
DAY = timedelta(days=1)
TEN_YEARS = st.dates(date(2016, 1, 1), date(2025, 12, 31))
SHIPPED = """
[hours]
zone = "Asia/Shanghai"
shifts = [[09:00:00, 17:00:00]]
"""


def year(number: int, rest: str = "holidays = []") -> str:
    return f'[[year]]\nyear = {number}\nsource = "notice"\nworkdays = []\n{rest}\n'


def load(tmp_path: Path, *texts: str) -> Calendar:
    files = [tmp_path / f"{number}.toml" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return Calendar.load(files)


@pytest.mark.parametrize("number", range(2015, 2027))
def test_every_day_agrees_with_the_second_source(number: int) -> None:
    days = [date(number, 1, 1) + n * DAY for n in range((date(number + 1, 1, 1) - date(number, 1, 1)).days)]

    assert [CALENDAR.is_workday(day) for day in days] == [chinese_calendar.is_workday(day) for day in days]


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        (date(2020, 10, 1), "国庆节、中秋节", "National Day and Mid-Autumn Festival"),
        (date(2018, 12, 31), "元旦", "New Year's Day"),
        (date(2020, 2, 2), "春节", "Spring Festival"),
        (date(2015, 9, 3), "抗战胜利70周年纪念日", "70th Anniversary of Victory"),
    ],
)
def test_holidays_are_named_in_both_languages(day: date, zh: str, en: str) -> None:
    holiday = CALENDAR.holiday_on(day)

    assert holiday is not None
    assert (holiday.zh, holiday.en) == (zh, en)


def test_a_common_weekend_and_a_make_up_day_are_no_holidays() -> None:
    assert CALENDAR.holiday_on(date(2026, 3, 7)) is None
    assert CALENDAR.holiday_on(date(2026, 2, 14)) is None
    assert CALENDAR.is_workday(date(2026, 2, 14))


def test_every_year_states_its_notice() -> None:
    assert [year.year for year in CALENDAR.years] == list(range(2015, 2027))
    assert all("发明电〔" in year.source for year in CALENDAR.years)


def test_the_spring_festival_of_2026_is_skipped() -> None:
    assert CALENDAR.next_workday(date(2026, 2, 13)) == date(2026, 2, 14)
    assert CALENDAR.next_workday(date(2026, 2, 14)) == date(2026, 2, 24)
    assert CALENDAR.workdays_between(date(2026, 2, 13), date(2026, 2, 28)) == 6
    assert CALENDAR.add_workdays(date(2026, 2, 24), -1) == date(2026, 2, 14)


@pytest.mark.parametrize(
    ("start", "n", "unit", "due"),
    [
        (date(2026, 3, 2), 5, DayUnit.WORKDAY, date(2026, 3, 9)),
        (date(2026, 3, 2), 5, DayUnit.CALENDAR, date(2026, 3, 9)),  # 7 March is a Saturday
        (date(2026, 3, 2), 4, DayUnit.CALENDAR, date(2026, 3, 6)),
        (date(2026, 9, 1), 30, DayUnit.CALENDAR, date(2026, 10, 8)),  # 1 October begins a holiday
        (date(2026, 2, 9), 5, DayUnit.CALENDAR, date(2026, 2, 14)),  # a Saturday that is worked
        (date(2026, 3, 7), 1, DayUnit.WORKDAY, date(2026, 3, 9)),  # a start on a day off
    ],
)
def test_due_date_follows_the_civil_code(start: date, n: int, unit: DayUnit, due: date) -> None:
    assert CALENDAR.due_date(start, n, unit) == due


def slow_add(start: date, n: int) -> date:
    step = DAY if n > 0 else -DAY
    while n:
        start += step
        if chinese_calendar.is_workday(start):
            n -= 1 if n > 0 else -1
    return start


@given(TEN_YEARS, st.integers(-80, 80))
def test_adding_working_days_equals_walking_day_by_day(start: date, n: int) -> None:
    assert CALENDAR.add_workdays(start, n) == slow_add(start, n)


@given(TEN_YEARS, st.integers(-200, 200))
def test_counting_undoes_adding(start: date, n: int) -> None:
    assert CALENDAR.workdays_between(start, CALENDAR.add_workdays(start, n)) == n


@given(TEN_YEARS, TEN_YEARS, TEN_YEARS)
def test_counts_of_periods_in_a_row_add_up(a: date, b: date, c: date) -> None:
    a, b, c = sorted([a, b, c])

    assert CALENDAR.workdays_between(a, b) + CALENDAR.workdays_between(b, c) == CALENDAR.workdays_between(a, c)


@given(TEN_YEARS, st.integers(0, 60), st.integers(0, 60), st.sampled_from(DayUnit))
def test_a_longer_period_never_ends_earlier(start: date, n: int, more: int, unit: DayUnit) -> None:
    assert CALENDAR.due_date(start, n, unit) <= CALENDAR.due_date(start, n + more, unit)


@given(TEN_YEARS, st.integers(1, 90), st.sampled_from(DayUnit))
def test_a_period_ends_on_a_working_day_and_no_earlier_than_counted(start: date, n: int, unit: DayUnit) -> None:
    due = CALENDAR.due_date(start, n, unit)

    assert CALENDAR.is_workday(due)
    assert CALENDAR.days_between(start, due, unit) >= n
    assert not any(
        CALENDAR.is_workday(start + k * DAY) for k in range(n, (due - start).days) if unit is DayUnit.CALENDAR
    )


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2027, 1, 1)])
def test_days_outside_the_years_covered_are_refused_in_the_readers_language(day: date) -> None:
    with translation.override("zh-hans"), pytest.raises(CalendarError) as chinese:
        CALENDAR.is_workday(day)
    with translation.override("en"), pytest.raises(CalendarError) as english:
        CALENDAR.workdays_between(date(2020, 1, 1), day)

    assert str(chinese.value) == (
        f"工作日历覆盖2015年至2026年，无法确定{day.year}年的工作日。"
        "请系统运维人员在SHUNIU_CALENDAR_DIR所指目录中添加该年度的文件。"
    )
    assert str(english.value).startswith(f"The working calendar covers 2015 to 2026, so working days in {day.year} are")


def test_a_deadline_that_runs_out_of_the_calendar_is_refused() -> None:
    with pytest.raises(CalendarError):
        CALENDAR.add_workdays(date(2026, 12, 30), 2)
    with pytest.raises(CalendarError):
        CALENDAR.add_workdays(date(2015, 1, 6), -3)
    with pytest.raises(CalendarError):
        CALENDAR.due_date(date(2026, 12, 1), 31, DayUnit.CALENDAR)
    for unit in DayUnit:
        with pytest.raises(CalendarError):
            CALENDAR.due_date(date(2026, 12, 1), 10**12, unit)


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        CALENDAR.due_date(date(2026, 3, 2), -1, DayUnit.WORKDAY)


def test_a_year_can_be_added_and_restated_by_a_file(tmp_path: Path) -> None:
    added = year(2031, 'holidays = [{ zh = "元旦", en = "New Year", from = 2030-12-31, to = 2031-01-01 }]')
    restated = year(2030, 'holidays = [{ zh = "节", en = "Feast", from = 2030-07-01, to = 2030-07-01 }]')

    calendar = load(tmp_path, SHIPPED + year(2030), added, restated)

    assert (calendar.first, calendar.last) == (date(2030, 1, 1), date(2031, 12, 31))
    assert not calendar.is_workday(date(2030, 12, 31))
    assert not calendar.is_workday(date(2030, 7, 1))
    assert calendar.next_workday(date(2030, 12, 30)) == date(2031, 1, 2)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("year = ", "0.toml cannot be read as a TOML file: Invalid value (at end of document)"),
        (year(2030), "The calendar needs office hours and at least one year."),
        (SHIPPED + year(2030) + year(2032), "The calendar lacks the year 2031."),
        (SHIPPED + "[[years]]", "0.toml: the key “years” is not known here. Known keys: hours, year."),
        (SHIPPED + '[[year]]\nyear = "2030"', "0.toml, year 1: “year” must be a whole number."),
        (SHIPPED + "[[year]]\nyear = 2030", "0.toml, year 1: “source” is missing."),
        (SHIPPED + year(2030).replace('"notice"', '" "'), "0.toml, year 1: “source” must be a text that is not empty."),
        (
            SHIPPED + year(2030).replace("workdays = []", "workdays = [2030-01-01T08:00:00]"),
            "0.toml, year 1: “workdays” must be a list of days such as 2026-03-05.",
        ),
        (
            SHIPPED + year(2030).replace("workdays = []", "workdays = [2029-11-30]"),
            "0.toml, year 1: “year” must be the year of every day named, 2029-11-30 among them.",
        ),
        (
            SHIPPED + year(2030, 'holidays = [{ zh = "节", en = "Feast", from = 2030-02-02, to = 2030-02-01 }]'),
            "0.toml, year 1, holidays 1: “to” must be no earlier than “from”.",
        ),
        (
            SHIPPED + year(2030).replace("workdays = []", "workdays = [2030-02-02, 2030-02-02]"),
            "0.toml, year 1: “workdays” must be days that are named once and are not holidays too.",
        ),
        (
            SHIPPED.replace("17:00", "08:00") + year(2030),
            "0.toml, hours: “shifts” must be shifts in order such as [[09:00:00, 12:00:00], [13:30:00, 17:30:00]].",
        ),
        (
            SHIPPED.replace("Asia/Shanghai", "Asia/Nowhere") + year(2030),
            "0.toml, hours: “zone” must be a time zone such as Asia/Shanghai.",
        ),
    ],
)
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    with translation.override("en"), pytest.raises(DataFileError) as refusal:
        load(tmp_path, text)

    assert str(refusal.value) == sentence


def test_a_file_that_is_not_text_is_refused_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "2027.toml").write_bytes(b"\xff\xfe\x00")

    with translation.override("zh-hans"), pytest.raises(DataFileError) as refusal:
        Calendar.load([tmp_path / "2027.toml"])

    assert str(refusal.value).startswith("文件2027.toml无法按TOML格式读取：")
