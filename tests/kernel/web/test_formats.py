from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from shuniu.kernel.web import formats
from shuniu.kernel.web.charts import as_table


def test_dates_are_written_as_each_language_writes_them():
    assert formats.date_text(date(2026, 3, 5)) == "2026年3月5日"
    with translation.override("en"):
        assert formats.date_text(date(2026, 3, 5)) == "5 Mar 2026"


def test_the_open_end_of_a_period_is_a_dash():
    assert formats.date_text(date(9999, 12, 31)) == "—"
    assert formats.date_text(None) == "—"


def test_moments_are_shown_in_the_sites_zone():
    late = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)

    assert formats.moment_text(late) == "2026年3月5日 01:30"
    assert formats.date_text(late) == "2026年3月5日"


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(858, 1407, "61.0%"), (704, 1024, "68.8%"), (3993, 4190, "95.3%"), (0, 7, "0.0%"), (1, 0, "—"), (None, 3, "—"), (1, 1, "100.0%"), (1, 2000, "0.1%"), (1, 2001, "0.0%")],
)  # fmt: skip
def test_shares_are_rounded_half_up_and_need_a_base(numerator, denominator, expected):
    assert formats.percent(numerator, denominator) == expected


@pytest.mark.parametrize(("fen", "expected"), [(120050, "1,200.50"), (0, "0.00"), (-5, "-0.05"), (None, "—")])
def test_money_is_yuan_from_fen(fen, expected):
    assert formats.money(fen) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1286, "1,286"),
        (True, "是"),
        (False, "否"),
        ("", "—"),
        (None, "—"),
        (0, "0"),
        (date(2026, 3, 5), "2026年3月5日"),
    ],
)
def test_plain_values_are_written_in_their_own_way(value, expected):
    assert formats.text(value) == expected


def test_a_chart_with_an_axis_becomes_a_table_of_its_series():
    options = {
        "xAxis": {"data": ["城东", "城西"]},
        "series": [{"name": "应建", "data": [4, 5]}, {"name": "已建", "data": [3, {"value": 5}]}],
    }

    table = as_table(options)

    assert table.heads == ("", "应建", "已建")
    assert table.rows == (("城东", 4, 3), ("城西", 5, 5))


def test_a_pie_becomes_a_table_of_its_slices():
    table = as_table({"series": [{"name": "会员", "data": [{"name": "城东", "value": 4}]}]})

    assert (table.heads, table.rows) == (("", "会员"), (("城东", 4),))


def test_a_chart_of_nothing_is_an_empty_table():
    assert as_table({}).rows == ()
