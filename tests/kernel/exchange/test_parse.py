"""What cadres write into cells, and what it is taken for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from enum import Enum

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from hypothesis import given
from hypothesis import strategies as st

from shuniu.kernel.exchange import parse
from shuniu.kernel.exchange.sheet import CellError


class Colour(str, Enum):  # noqa: UP042 -- as Django's choices are
    RED = "red"


COLOUR = parse.choice({Colour.RED: _("Import"), "blue": "蓝色"}, {"blue": ["青", "Navy"]})


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-05",
        "2026-3-5",
        "2026/3/5",
        "2026/03/05",
        "2026.3.5",
        "20260305",
        "2026年3月5日",
        "2026年03月05号",
        "2026年3月5",
        " 2026 - 3 - 5 ",
        "２０２６－０３－０５",
        "2026-03-05 00:00:00",
        "2026-03-05T08:30",
        "46086",
        "46086.5",
    ],
)
def test_day_is_read_as_cadres_write_it(cell: str) -> None:
    assert parse.day(cell) == date(2026, 3, 5)


@pytest.mark.parametrize("cell", ["3月5日", "2026", "2026-03", "05/03/2026", "昨天", "-5", "2026-3-5-6", "٢٠٢٦٠٣٠٥"])
def test_what_is_no_day_is_refused(cell: str) -> None:
    with pytest.raises(CellError) as refused:
        parse.day(cell)

    assert str(refused.value) == "这不是日期，请按2026-03-05的格式填写。"


@pytest.mark.parametrize("cell", ["2026-02-29", "20261301", "2026-04-31", "0000-01-01"])
def test_day_that_does_not_exist_is_refused(cell: str) -> None:
    with pytest.raises(CellError) as refused:
        parse.day(cell)

    assert str(refused.value) == "没有这一天，请核对日期。"


@given(st.dates(min_value=date(1927, 5, 18), max_value=date(2173, 10, 13)))
def test_day_and_serial_number_agree(day: date) -> None:
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)

    assert parse.day(str(serial)) == parse.day(day.isoformat()) == day


def test_text_is_brought_into_normal_form() -> None:
    assert parse.text(20)("　ＡＢＣ\u200b \n 王  晓明 ") == "ABC 王 晓明"


def test_text_too_long_is_refused_with_both_lengths() -> None:
    assert parse.text(4)("一二三四") == "一二三四"
    with pytest.raises(CellError) as refused:
        parse.text(4)("一二三四五")

    assert str(refused.value) == "文字共5个字，最多4个字。"


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", " #VALUE! ", "＃N/A"])
def test_failed_formula_is_not_taken_for_text(cell: str) -> None:
    with pytest.raises(CellError) as refused:
        parse.text(20)(cell)

    assert str(refused.value) == "单元格中的公式出错，请直接填写数值或文字。"


@pytest.mark.parametrize("cell", ["3.10112E+17", "3E+17", "1.38E+10"])
def test_number_whose_end_the_spreadsheet_has_cut_off_is_not_taken_for_text(cell: str) -> None:
    with pytest.raises(CellError, match="末尾截断"):
        parse.text(20)(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [("12", 12), ("１２", 12), ("1,234", 1234), ("12.0", 12), ("-3", -3), ("+3", 3), ("0", 0), ("007", 7)],
)
def test_integer_is_read(cell: str, number: int) -> None:
    assert parse.integer()(cell) == number


@pytest.mark.parametrize("cell", ["1.5", "一", "1,23", "1 2", "--1", "1e3", "٣", "9" * 5000])
def test_what_is_no_integer_is_refused(cell: str) -> None:
    with pytest.raises(CellError) as refused:
        parse.integer()(cell)

    assert str(refused.value) == "此处应填写整数。"


def test_integer_keeps_its_limits_included() -> None:
    between = parse.integer(1, 9)

    assert (between("1"), between("9")) == (1, 9)
    with pytest.raises(CellError, match="不得小于1。"):
        between("0")
    with pytest.raises(CellError, match="不得大于9。"):
        between("10")


@pytest.mark.parametrize("cell", ["导入", "Import", "import", "ＩＭＰＯＲＴ", " 导 入 ", "red", "RED"])
def test_choice_is_found_by_code_and_by_title_in_either_language(cell: str) -> None:
    assert COLOUR(cell) == "red"


@pytest.mark.parametrize("cell", ["blue", "蓝色", "青", "navy", "NAVY "])
def test_choice_is_found_by_synonym(cell: str) -> None:
    assert COLOUR(cell) == "blue"


def test_choice_gives_plain_text_whatever_the_codes_are() -> None:
    assert type(COLOUR("red")) is str


def test_choice_tells_what_is_possible_in_the_language_of_the_reader() -> None:
    with pytest.raises(CellError) as chinese:
        COLOUR("绿")
    with translation.override("en"), pytest.raises(CellError) as english:
        COLOUR("绿")

    assert str(chinese.value) == "填写的内容不在可选范围内，可填：导入、蓝色。"
    assert str(english.value) == "This is not among the possible values: Import, 蓝色."


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *((cell, True) for cell in ("是", "有", "√", "Y", "TRUE", "１")),
        *((cell, False) for cell in ("否", "无", "×", "no", "FALSE", "0")),
    ],
)
def test_yes_and_no_are_read(cell: str, value: bool) -> None:
    assert parse.yes_no(cell) is value


def test_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(CellError) as refused:
        parse.yes_no("可能")

    assert str(refused.value) == "此处应填写“是”或“否”。"


def refusal_of(read: Callable[[str], object], cell: str) -> str:
    try:
        read(cell)
    except CellError as error:
        return str(error)
    return ""


@given(st.text(max_size=40))
def test_no_cell_makes_a_parser_fail_otherwise_than_by_a_sentence(cell: str) -> None:
    parsers = (parse.day, parse.yes_no, COLOUR, parse.integer(0, 9), parse.text(10))

    assert all(refusal_of(read, cell)[-1:] in ("", "。") for read in parsers)
