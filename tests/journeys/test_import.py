"""The spreadsheet a cadre really has: uploaded, corrected, uploaded again, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from shuniu.registry.public import Organisation, Person
from tests.journeys.conftest import Opener, id_number, keep, work

HEADS = ("序号", "职工姓名", "身份证号", "联系电话", "所在工会", "入会时间", "学历")


@pytest.fixture
def table(tmp_path: Path, site: str) -> Path:
    """A list as it comes from a union: a title above the headers, two wrong rows out of five."""
    union = Organisation.everything.filter(posts__kind="chair", area__isnull=False).order_by("pk").first()
    assert union is not None
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2026年新入会会员名单"])
    sheet.append(HEADS)
    rows: list[tuple[Any, ...]] = [
        (1, "顾念慈", id_number(450), "13900001001", union.name, "2026.3.5", "大专"),
        (2, "费清和", id_number(451), "13900001002", union.name, "2026年3月5日", "本科"),
        (3, "柏雨声", id_number(452)[:-1] + "?", "13900001003", union.name, "2026-03-05", "本科"),
        (4, "左明远", id_number(453), "13900001004", union.name, "20260305", "高中"),
        (5, "于小满", id_number(454), "13900001005", "没有这个工会", "2026/3/5", "中专"),
    ]
    for row in rows:
        sheet.append(row)
    path = tmp_path / "新会员.xlsx"
    book.save(path)
    return path


def upload(page: Page, file: Path) -> None:
    """From the list of imports to the result of the check."""
    page.goto("/imports/new/members/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="上传").click()
    expect(page.locator("h1")).to_have_text("确认列对应关系")


def check(page: Page) -> None:
    page.get_by_role("button", name="开始校验").click()
    work()
    page.reload()


@pytest.mark.both_databases
def test_import_with_errors_corrected_and_taken_back(enter: Opener, table: Path, tmp_path: Path) -> None:
    page = enter("district")
    before = Person.everything.count()
    upload(page, table)
    expect(page.locator("[name=name]")).to_have_value("1")
    keep(page, "import-columns")

    check(page)
    expect(page.locator("#problems")).to_contain_text("没有这个工会")
    keep(page, "import-checked")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载这些行").click()
    errors = tmp_path / "errors.xlsx"
    waiting.value.save_as(errors)
    page.get_by_role("button", name="确认入库").click()
    work()
    page.reload()
    assert Person.everything.count() == before + 3
    keep(page, "import-applied")
    first = page.url

    correct(errors, table)
    upload(page, errors)
    check(page)
    expect(page.locator("#problems")).to_have_count(0)
    page.get_by_role("button", name="确认入库").click()
    work()
    assert Person.everything.count() == before + 5

    page.goto(first)
    page.get_by_role("link", name="撤销入库").click()
    keep(page, "import-undo")
    page.get_by_role("button", name="撤销入库").click()
    work()
    page.reload()
    assert Person.everything.count() == before + 2


def correct(errors: Path, table: Path) -> None:
    """Write the right number and the right union into the two rows that came back."""
    union = load_workbook(table).worksheets[0]["E3"].value
    book = load_workbook(errors)
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    assert "身份证号码前17位应为数字" in sheet.cell(2, 1).value
    sheet.cell(2, places["身份证号"]).value = id_number(452)
    sheet.cell(3, places["所在工会"]).value = union
    book.save(errors)
