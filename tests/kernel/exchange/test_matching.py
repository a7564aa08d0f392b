"""Headers as they are found, and the columns they are taken for."""

from __future__ import annotations

import pytest

from shuniu.kernel.exchange import parse
from shuniu.kernel.exchange.matching import find_header, match
from shuniu.kernel.exchange.sheet import Column, Sheet
from tests.kernel.exchange.toys import TOYS

STAFF = Sheet(
    "staff",
    "职工",
    (
        Column("name", "姓名", parse.text(20), ("职工姓名",), required=True),
        Column("total", "职工人数", parse.integer(), ("人数",)),
        Column("women", "职工人数(女)", parse.integer(), ("女职工数",)),
        Column("phone", "手机号码", parse.text(20), ("手机", "联系电话")),
    ),
)


@pytest.mark.parametrize(
    "header",
    [
        "编号",
        " 编 号 ",
        "编号*",
        "＊编号",
        "编号（必填）",
        "【必填】编号",
        "编\n号",
        "编号：",
        "编码",
        "NO",
        "no.",
        "code",
        "Ｎｏ",
        "编号(如A-1)",
    ],
)
def test_header_is_found_however_it_is_written(header: str) -> None:
    assert match(["序", header], TOYS).columns == {"code": 1}


def test_headers_that_differ_in_their_brackets_only_are_told_apart() -> None:
    found = match(["职工人数（女）", "职工人数", "姓名"], STAFF)

    assert found.columns == {"women": 0, "total": 1, "name": 2}
    assert not found.ambiguous


def test_title_is_preferred_to_synonym_and_synonym_to_guess() -> None:
    assert match(["手机", "手机号码", "手机号码(备用)"], STAFF).columns == {"phone": 1}
    assert match(["手机(备用)", "手机"], STAFF).columns == {"phone": 1}


def test_two_headers_that_fit_equally_well_are_reported() -> None:
    found = match(["姓名", "手机", "姓名", "联系电话"], STAFF)

    assert found.columns == {"name": 0, "phone": 1}
    assert found.ambiguous == {"name": (0, 2), "phone": (1, 3)}
    assert found.unmatched == (2, 3)


def test_what_is_missing_and_what_is_left_over_is_reported() -> None:
    found = match(["备注", "", "手机"], STAFF)

    assert found.missing == ("name",)
    assert found.unmatched == (0,)


def test_header_stands_below_titles() -> None:
    rows = [
        (1, ["某某总工会职工名册"]),
        (2, ["填报单位：", "", "2026年3月"]),
        (4, ["姓名", "职工人数", "手机"]),
        (5, ["王晓明", "3", "1"]),
    ]

    found = find_header(rows, STAFF)

    assert found.header_row == 4
    assert found.columns == {"name": 0, "total": 1, "phone": 2}


def test_header_is_not_sought_below_the_tenth_row() -> None:
    rows = [(number, ["姓名"] if number == 12 else ["第一章"]) for number in range(1, 20)]

    assert find_header(rows, STAFF).columns == {}


def test_column_of_sentences_in_an_error_workbook_is_nobodys() -> None:
    assert match(["错误说明", "姓名"], STAFF).unmatched == ()
    assert match(["What is wrong in this row", "姓名"], STAFF).unmatched == ()


def test_file_without_rows_has_no_header() -> None:
    assert find_header([], STAFF).columns == {}
