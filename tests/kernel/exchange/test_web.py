"""The pages of imports, as cadres and strangers meet them."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from shuniu.kernel.exchange import engine, importer
from shuniu.kernel.exchange.enums import BatchState
from shuniu.kernel.exchange.models import ImportBatch
from shuniu.kernel.exchange.progress import Desk
from shuniu.kernel.exchange.store import delete_upload
from tests.factories import NOW, Cast, make_cast
from tests.kernel.exchange.toys import ToyImporter, csv_file, toy_table, toys

ROWS = (("A-1", "小汽车", "汽车", "2026-03-05", "13800001234"), ("A-2", "", "", "", ""), ("A-3", "布偶", "", "", ""))


@pytest.fixture
def people(db: None, at_once: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    toy = ToyImporter()
    toy.permission = "member.edit"
    monkeypatch.setattr(importer, "_importers", {"toys": toy})
    with toy_table():
        yield make_cast()


def send(client: Client, content: bytes, name: str = "玩具.csv") -> Any:
    return client.post("/imports/new/toys/", {"file": SimpleUploadedFile(name, content)})


def uploaded(client: Client, *rows: tuple[str, ...]) -> ImportBatch:
    send(client, csv_file(*(rows or ROWS)).getvalue())
    return ImportBatch.everything.latest("pk")


def checked(client: Client, *rows: tuple[str, ...]) -> ImportBatch:
    batch = uploaded(client, *rows)
    client.post(f"/imports/{batch.pk}/columns/", {key: str(place) for key, place in batch.columns.items()})
    return worked(batch)


def worked(batch: ImportBatch) -> ImportBatch:
    engine.carry_on(batch.pk, now=NOW)
    batch.refresh_from_db()
    return batch


def text_of(response: Any) -> str:
    """What a reader sees of the page's main part, on one line."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", main, flags=re.S).split())


def test_a_cadre_imports_a_table_from_start_to_end(people: Cast) -> None:
    client = people.cadre.client
    assert "玩具" in text_of(client.get("/imports/"))

    answer = send(client, csv_file(*ROWS).getvalue())
    batch = ImportBatch.everything.get()
    assert answer.headers["Location"] == f"/imports/{batch.pk}/columns/"
    page = text_of(client.get(f"/imports/{batch.pk}/columns/"))
    assert "小汽车" in page
    assert "138******34" in page
    assert "13800001234" not in page

    answer = client.post(f"/imports/{batch.pk}/columns/", {"code": "0", "name": "1", "kind": "2"})
    assert answer.headers["Location"] == f"/imports/{batch.pk}/"
    assert "等待校验" in text_of(client.get(f"/imports/{batch.pk}/"))

    worked(batch)
    page = text_of(client.get(f"/imports/{batch.pk}/"))
    assert "名称没有填写。" in page
    assert "没有写种类。" in page
    assert toys() == []

    client.post(f"/imports/{batch.pk}/apply/")
    worked(batch)
    assert "已入库" in text_of(client.get(f"/imports/{batch.pk}/"))
    assert toys() == [("A-1", "小汽车"), ("A-3", "布偶")]

    assert "确定撤销这次入库吗？" in text_of(client.get(f"/imports/{batch.pk}/undo/"))
    assert toys() == [("A-1", "小汽车"), ("A-3", "布偶")]
    client.post(f"/imports/{batch.pk}/undo/")
    worked(batch)
    assert toys() == []


def test_wrong_rows_come_back_corrected(people: Cast) -> None:
    client = people.cadre.client
    batch = checked(client)
    assert batch.wrong == 1

    book = load_workbook(io.BytesIO(client.get(f"/imports/{batch.pk}/errors/").content))
    page = book.worksheets[0]
    assert [cell.value for cell in page[1]] == ["错误说明", "编号", "名称", "种类", "生产日期", "手机"]
    assert page["A2"].value == "名称：名称没有填写。"
    assert page["A3"].value == "种类：没有写种类。"
    page["C2"].value = "积木"
    corrected = io.BytesIO()
    book.save(corrected)
    send(client, corrected.getvalue(), "改正.xlsx")
    again = ImportBatch.everything.latest("pk")

    assert again.columns == {"code": 1, "name": 2, "kind": 3, "made_on": 4, "phone": 5}
    assert "错误说明" not in text_of(client.get(f"/imports/{again.pk}/columns/"))


def test_strangers_meet_404_everywhere(people: Cast) -> None:
    batch = checked(people.cadre.client)
    stranger = people.stranger.client

    for path in ("", "columns/", "undo/", "cancel/", "errors/"):
        assert stranger.get(f"/imports/{batch.pk}/{path}").status_code == 404
    for path in ("columns/", "table/", "check/", "apply/", "undo/", "cancel/"):
        assert stranger.post(f"/imports/{batch.pk}/{path}", {"code": "0", "name": "1"}).status_code == 404
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED
    assert "玩具.csv" not in text_of(stranger.get("/imports/"))


@pytest.mark.parametrize("player", ["audit", "operator", "bob"])
def test_imports_are_closed_to_those_without_the_right(people: Cast, player: str) -> None:
    client = getattr(people, player).client

    assert client.get("/imports/").status_code == 403
    assert send(client, b"x").status_code == 403
    assert not ImportBatch.everything.exists()


def test_table_that_one_may_not_import_is_not_there(people: Cast) -> None:
    importer.importers()["toys"].permission = "nobody.has"  # type: ignore[misc]
    client = people.cadre.client

    assert client.get("/imports/new/toys/").status_code == 404
    assert client.get("/imports/new/toys/template/").status_code == 404
    assert client.get("/imports/new/nonsense/").status_code == 404
    assert "您没有可以导入的内容。" in text_of(client.get("/imports/"))


def test_progress_is_a_part_that_reloads_itself_and_then_the_page(people: Cast) -> None:
    client = people.cadre.client
    batch = uploaded(client)
    client.post(f"/imports/{batch.pk}/columns/", {"code": "0", "name": "1"})
    asked = {"HX-Request": "true", "HX-Target": "step"}
    with Desk(batch.pk).taken():
        Desk(batch.pk)

    waiting = client.get(f"/imports/{batch.pk}/", headers=asked)
    worked(batch)
    done = client.get(f"/imports/{batch.pk}/", headers=asked)

    assert waiting.content.decode().lstrip().startswith("<section")
    assert 'hx-trigger="every 1s"' in waiting.content.decode()
    assert done.headers["HX-Refresh"] == "true"


def test_progress_shows_rows_done_of_rows_in_all(people: Cast) -> None:
    client = people.cadre.client
    batch = uploaded(client)
    client.post(f"/imports/{batch.pk}/columns/", {"code": "0", "name": "1"})
    desk = Desk(batch.pk)
    with desk.taken():
        desk.report(1200, 4800)

    page = client.get(f"/imports/{batch.pk}/")

    assert '<progress max="4800" value="1200"' in page.content.decode()


def test_mapping_without_a_required_column_says_which(people: Cast) -> None:
    client = people.cadre.client
    batch = uploaded(client)

    page = client.post(f"/imports/{batch.pk}/columns/", {"code": "0"})

    assert page.status_code == 200
    assert "请指明文件的哪一列是“名称”。" in text_of(page)


@pytest.mark.parametrize("value", ["99", "-1", "x", "0" * 5000])
def test_mapping_to_a_column_that_is_not_there_is_an_error_at_the_form(people: Cast, value: str) -> None:
    client = people.cadre.client
    batch = uploaded(client)

    page = client.post(f"/imports/{batch.pk}/columns/", {"code": "0", "name": value})

    assert page.status_code == 200
    batch.refresh_from_db()
    assert batch.state == BatchState.UPLOADED


def test_problems_are_filtered_and_paged(people: Cast) -> None:
    client = people.cadre.client
    rows = [(f"A-{n}", "" if n % 2 else "名", "", "", "") for n in range(240)]
    batch = checked(client, *rows)
    address = f"/imports/{batch.pk}/"

    errors = text_of(client.get(address, {"column": "name", "severity": "error"}))
    third = text_of(client.get(address, {"column": "name", "severity": "error", "page": "3"}))

    assert "名称没有填写。" in errors
    assert "没有写种类。" not in errors
    assert third.count("名称没有填写。") == 20


@pytest.mark.parametrize("number", ["0", "-1", "x", "999999999999999999999", "٣", "1e3"])
def test_silly_page_numbers_are_the_first_page(people: Cast, number: str) -> None:
    client = people.cadre.client
    batch = checked(client)

    answer = client.get(f"/imports/{batch.pk}/", {"page": number, "column": "'", "severity": "\0"})

    assert answer.status_code == 200


@pytest.mark.parametrize("item_count", [1, 3])
def test_queries_of_the_list_do_not_grow(people: Cast, item_count: int, django_assert_max_num_queries: Any) -> None:
    client = people.cadre.client
    for _ in range(item_count):
        uploaded(client)
    client.get("/imports/")

    with django_assert_max_num_queries(8):
        page = client.get("/imports/")

    assert text_of(page).count("玩具.csv") == item_count


def test_template_can_be_filled_in_and_uploaded(people: Cast) -> None:
    client = people.cadre.client
    answer = client.get("/imports/new/toys/template/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["玩具", "填写说明", "可选值"]
    book.worksheets[0].append(["A-1", "小汽车", "汽车", "2026-03-05", ""])
    filled = io.BytesIO()
    book.save(filled)

    send(client, filled.getvalue(), "玩具模板.xlsx")

    batch = ImportBatch.everything.get()
    assert batch.layout.title == "玩具"
    assert batch.columns == {"code": 0, "name": 1, "kind": 2, "made_on": 3, "phone": 4}


def test_refused_file_is_told_at_the_form_and_not_kept(people: Cast) -> None:
    page = send(people.cadre.client, b"\xd0\xcf\x11\xe0" + b"\0" * 600, "会员.xls")

    assert page.status_code == 200
    assert "这是旧版工作簿（.xls）或设有密码的工作簿。请另存为不设密码的XLSX。" in text_of(page)
    assert not ImportBatch.everything.exists()


def test_markup_in_a_file_is_shown_as_text(people: Cast) -> None:
    client = people.cadre.client
    evil = "<script>alert(1)</script>"
    batch = checked(client, (evil, "", "", "", ""), ("B", evil[:9], evil, "", ""))

    columns = client.get(f"/imports/{batch.pk}/columns/").content.decode()
    result = client.get(f"/imports/{batch.pk}/").content.decode()

    assert evil not in columns + result
    assert "&lt;script&gt;alert(1)" in columns


def test_pages_are_complete_in_english(people: Cast) -> None:
    client = people.cadre.client
    batch = checked(client)
    client.cookies["django_language"] = "en"

    page = text_of(client.get(f"/imports/{batch.pk}/"))

    assert "Take the rows in" in page
    assert "1 wrong rows will be left out." in page


def test_headers_are_read_from_the_row_the_cadre_names(people: Cast) -> None:
    client = people.cadre.client
    rows = ("编号,名称,种类,生产日期", "编号 No,玩具,,", "A-1,小汽车,汽车,2026-03-05")
    send(client, "\n".join(rows).encode())
    batch = ImportBatch.everything.get()
    assert batch.header_row == 1

    client.post(f"/imports/{batch.pk}/table/", {"table": "0", "header_row": "2"})

    batch.refresh_from_db()
    assert batch.header_row == 2
    assert "表头在第2行" in text_of(client.get(f"/imports/{batch.pk}/columns/"))


@pytest.mark.parametrize(("table", "row"), [("0", "77"), ("9", "1"), ("x", ""), ("-1", "1"), ("0", "9" * 40), ("", "")])
def test_sheet_or_row_that_is_not_there_is_refused(people: Cast, table: str, row: str) -> None:
    client = people.cadre.client
    batch = uploaded(client)

    answer = client.post(f"/imports/{batch.pk}/table/", {"table": table, "header_row": row}, follow=True)

    assert "没有这" in text_of(answer)
    batch.refresh_from_db()
    assert (batch.table, batch.header_row) == (0, 1)


def test_file_that_is_gone_is_told_and_no_fault(people: Cast) -> None:
    client = people.cadre.client
    batch = checked(client)
    delete_upload(batch.file_id)

    for address in ("columns/", "errors/"):
        answer = client.get(f"/imports/{batch.pk}/{address}", follow=True)
        assert "上传的文件已不存在，请重新上传。" in text_of(answer)
    answer = client.post(f"/imports/{batch.pk}/table/", {"table": "0"}, follow=True)
    assert "上传的文件已不存在，请重新上传。" in text_of(answer)
    client.post(f"/imports/{batch.pk}/check/")
    assert worked(batch).refusal == "上传的文件已不存在，请重新上传。"
