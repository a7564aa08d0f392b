"""Spreadsheets that we write: they open, say the right things and start no formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from shuniu.kernel.exchange import read
from shuniu.kernel.exchange.checked import ERROR, WARNING, Problem
from shuniu.kernel.exchange.matching import find_header
from shuniu.kernel.exchange.safety import plain_cell, safe_cell
from shuniu.kernel.exchange.workbook import (
    FormTable,
    error_workbook,
    export_csv,
    export_workbook,
    form_workbook,
    template_workbook,
)
from tests.kernel.exchange.toys import HEADERS, TOYS

DANGEROUS = [
    "=1+1",
    "+86 138",
    "-王",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    '=cmd|" /C calc"!A0',
]


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))


def rows_of(content: bytes, name: str) -> list[list[str]]:
    """As our own reader reads it, with the first sheet only."""
    file = io.BytesIO(content)
    return [row for chunk in read.chunks(file, read.layouts(file, name)[0], after=0) for row in chunk.rows]


@pytest.mark.parametrize("value", DANGEROUS)
def test_no_cell_of_a_csv_starts_a_formula(value: str) -> None:
    content = b"".join(export_csv(["名称", value], [[value, value]])).decode("utf-8-sig")

    for row in csv.reader(io.StringIO(content)):
        for cell in row:
            assert cell[:1] not in "=+-@\t\r\n\0＝＋－＠"


@pytest.mark.parametrize("value", DANGEROUS)
def test_no_cell_of_a_workbook_is_a_formula(value: str) -> None:
    content = export_workbook("=表", ["名称", value], [[value, value]])

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name]
        assert not any("externalLink" in name for name in archive.namelist())
    assert not any(re.search(r"<f[ >]", sheet) for sheet in sheets)
    cells = [cell for row in opened(content).worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if cell.value and cell.value != "名称")


@given(st.text("'=-+@王a＝", max_size=6))
def test_text_comes_back_from_a_csv_as_it_was(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text
    assert safe_cell(text)[:1] not in {"=", "-", "+", "@", "＝"}


NAMES = ["-王", "+1", "=x", "@a", "'quoted'", "O'Neil", "王"]


@pytest.mark.parametrize("name", [*NAMES, "'=kept", "''=kept"])
def test_names_survive_the_way_through_a_csv(name: str) -> None:
    assert rows_of(b"".join(export_csv(["名称"], [[name]])), "a.csv")[1:] == [[name]]


@pytest.mark.parametrize("name", NAMES)
def test_names_survive_the_way_through_a_workbook(name: str) -> None:
    assert rows_of(export_workbook("表", ["名称"], [[name]]), "a.xlsx")[1:] == [[name]]


def test_values_keep_their_type_in_a_workbook() -> None:
    now = datetime(2026, 3, 5, 8, 30, tzinfo=UTC)
    page = opened(export_workbook("表", ["a"] * 6, [[date(2026, 3, 5), now, 12, 0.5, None, "0012"]])).worksheets[0]

    assert [cell.value for cell in page[2]] == [
        datetime(2026, 3, 5),
        datetime(2026, 3, 5, 8, 30),
        12,
        0.5,
        None,
        "0012",
    ]


def test_csv_is_seen_by_spreadsheets_as_utf8_and_streamed() -> None:
    parts = list(export_csv(["名称", "数", "日"], ([f"王{n}", n, date(2026, 3, 5)] for n in range(2500))))

    assert parts[0].startswith("\ufeff名称,数,日\r\n王0,0,2026-03-05\r\n".encode())
    assert len(parts) == 3
    assert b"".join(parts).count(b"\r\n") == 2501


def test_characters_that_no_spreadsheet_holds_are_left_out() -> None:
    page = opened(export_workbook("表[:]*?/\\", ["a"], [["王\x0b晓\x00明\ud800"]])).worksheets[0]

    assert page["A2"].value == "王晓明"
    assert page.title == "表"


def test_template_explains_and_guides() -> None:
    book = opened(template_workbook(TOYS))
    table, help_page = book["玩具"], book["填写说明"]

    assert [cell.value for cell in table[1]] == ["编号*", "名称*", "种类", "生产日期", "手机"]
    assert table.max_row == 1
    assert table["A1"].comment.text == "玩具的编号"
    assert table.column_dimensions["A"].number_format == "@"
    (rule,) = table.data_validations.dataValidation
    assert str(rule.sqref) == "C2:C10000"
    sheet, area = rule.formula1.replace("$", "").replace("'", "").split("!")
    assert [cell.value for (cell,) in book[sheet][area]] == ["汽车", "娃娃"]
    assert [cell.value for cell in help_page[4]] == ["编号", "必填", "玩具的编号", None, "A-1"]


def test_template_is_written_in_the_language_of_the_reader() -> None:
    with translation.override("en"):
        book = opened(template_workbook(TOYS))

    assert book.sheetnames == ["玩具", "How to fill in", "Choices"]


def test_template_without_choices_has_no_sheet_for_them() -> None:
    plain = type(TOYS)("plain", "表", TOYS.columns[:2])

    assert opened(template_workbook(plain)).sheetnames == ["表", "填写说明"]


def test_error_workbook_has_the_wrong_rows_only_and_marks_what_is_wrong() -> None:
    rows = [(2, ["A-1", "好", "汽车"]), (3, ["A-2", "", "汽车", "2026-03-05"]), (9, ["=A", "好"])]
    problems = {
        3: [Problem(3, "name", ERROR, "名称没有填写。"), Problem(3, "kind", WARNING, "少见。")],
        9: [Problem(9, "", ERROR, "整行有误。"), Problem(9, "phone", ERROR, "手机没有填写。")],
    }

    content = error_workbook(TOYS, HEADERS, {"code": 0, "name": 1, "kind": 2, "phone": 4}, rows, problems)

    page = opened(content).worksheets[0]
    assert [[cell.value or "" for cell in row] for row in page.iter_rows()] == [
        ["错误说明", *HEADERS],
        ["名称：名称没有填写。\n种类：少见。", "A-2", "", "汽车", "2026-03-05", ""],
        ["整行有误。\n手机：手机没有填写。", "=A", "好", "", "", ""],
    ]
    coloured = {cell.coordinate for row in page["B2:F3"] for cell in row if cell.fill.fill_type}
    assert coloured == {"C2", "F3"}
    assert find_header([(1, rows_of(content, "a.xlsx")[0])], TOYS).columns == {
        "code": 1,
        "name": 2,
        "kind": 3,
        "made_on": 4,
        "phone": 5,
    }


def test_form_carries_the_block_that_makes_it_lawful() -> None:
    block = [
        ("表号", "工基1表"),
        ("制定机关", "中华全国总工会"),
        ("批准文号", "国统制〔2025〕1号"),
        ("有效期至", "2027年12月"),
    ]
    tables = [
        FormTable(["项目", "代码", "数量"], [["会员", "01", 30], ["=女会员", "02", 12]], "一、组织", (30, 8, 12)),
        FormTable(["项目", "数量"], [["专职", 1]]),
    ]

    page = opened(
        form_workbook(
            "基层工会统计年报", block, tables, lead=["填报单位：东湖厂工会"], foot=["单位负责人：", "填表人："]
        )
    ).worksheets[0]

    lines = [[cell.value for cell in row if cell.value is not None] for row in page.iter_rows()]
    assert lines[:6] == [
        ["基层工会统计年报"],
        ["表号：工基1表"],
        ["制定机关：中华全国总工会"],
        ["批准文号：国统制〔2025〕1号"],
        ["有效期至：2027年12月"],
        ["填报单位：东湖厂工会"],
    ]
    assert [line for line in lines[6:] if line] == [
        ["一、组织"],
        ["项目", "代码", "数量"],
        ["会员", "01", 30],
        ["=女会员", "02", 12],
        ["项目", "数量"],
        ["专职", 1],
        ["单位负责人：        填表人："],
    ]
    assert not any(cell.data_type == "f" for row in page.iter_rows() for cell in row)
