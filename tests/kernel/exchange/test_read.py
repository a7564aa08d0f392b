"""Files as cadres have them, read as rows of text."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment
from python_calamine import CalamineWorkbook

from shuniu.kernel.exchange import read
from shuniu.kernel.exchange.ahead import ChildError, ahead
from shuniu.kernel.exchange.limits import FileRefused
from tests.kernel.exchange.toys import xlsx_file

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "_rels/.rels": f'{HEAD}<Relationships xmlns="r"><Relationship Id="rId1" Type="{TYPES}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{TYPES}"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="r"><Relationship Id="rId1" Type="{TYPES}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{TYPES}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    f'<Relationship Id="rId3" Type="{TYPES}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
    '<numFmt numFmtId="177" formatCode="[Red]0.00&quot;day&quot;"/></numFmts><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/>'
    '<xf numFmtId="177"/><xf numFmtId="31"/></cellXfs></styleSheet>',
}


def packed(rows: str, strings: str = "", **parts: str) -> io.BytesIO:
    """A workbook whose sheet has this text within `sheetData`; `strings` is the text within `sst`."""
    told = {
        **PARTS,
        "xl/worksheets/sheet1.xml": f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:x14ac="x"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}">{strings}</sst>',
        **{name.replace("__", "/"): text for name, text in parts.items()},
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in told.items():
            archive.writestr(name, text)
    return io.BytesIO(file.getvalue())


def rows_of(file: io.BytesIO, name: str = "a.xlsx", *, after: int = 0, size: int = 5000) -> list[tuple[int, list[str]]]:
    layout = read.layouts(file, name)[0]
    return [
        numbered
        for chunk in read.chunks(file, layout, after=after, size=size)
        for numbered in zip(chunk.numbers, chunk.rows, strict=True)
    ]


TEXT = "姓名,单位\n王晓明,“东湖”厂\n李𠮷,a;b\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_is_read_in_every_encoding_that_offices_write(encoding: str) -> None:
    file = io.BytesIO(TEXT.encode(encoding))

    assert rows_of(file, "a.csv") == [(1, ["姓名", "单位"]), (2, ["王晓明", "“东湖”厂"]), (3, ["李𠮷", "a;b"])]


def test_csv_in_gbk_is_recognised_wherever_its_first_chinese_character_stands() -> None:
    file = io.BytesIO(b"name,unit\n" + b"a,b\n" * 400_000 + "王,东湖\n".encode("gbk"))

    assert rows_of(file, "a.csv", after=400_000)[-1] == (400_002, ["王", "东湖"])


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiter_is_found(delimiter: str) -> None:
    lines = [["姓名", "单位", "备注"], ["王", "东湖，厂", "a,b;c\td"], ["李", "", ""]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)

    assert rows_of(io.BytesIO(text.encode()), "a.txt") == [(1, lines[0]), (2, lines[1]), (3, lines[2])]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    file = io.BytesIO('\ufeff姓名,住址\n\n"王","一\n二"\n,\n" ", \n李,三\n'.encode())

    assert rows_of(file, "a.csv") == [(1, ["姓名", "住址"]), (3, ["王", "一\n二"]), (6, ["李", "三"])]


def test_chunks_go_on_behind_a_row() -> None:
    file = io.BytesIO("".join(f"{n}\n" for n in range(1, 11)).encode())
    layout = read.layouts(file, "a.csv")[0]

    assert [chunk.numbers for chunk in read.chunks(file, layout, after=4, size=4)] == [[5, 6, 7, 8], [9, 10]]


def test_open_quotation_mark_is_told_with_its_row() -> None:
    file = io.BytesIO(('姓名,备注\n王,好\n李,"没有结束\n' + "x,y\n" * 20_000).encode())

    with pytest.raises(FileRefused) as refused:
        rows_of(file, "a.csv")

    assert str(refused.value) == "第3行有一个单元格没有结束，请检查是否有未配对的引号。"


def test_workbook_gives_days_numbers_and_text_as_a_reader_sees_them() -> None:
    file = xlsx_file(
        ("王&<明>", date(2026, 3, 5), datetime(2026, 3, 5, 8, 30), 13800001234, 0.1, -12.0, True, 1 / 3),
        (None, None, None, "001", "=1+1", "310112199001011234", False, 310112199001011234),
    )

    assert rows_of(file) == [
        (
            1,
            ["王&<明>", "2026-03-05", "2026-03-05 08:30:00", "13800001234", "0.1", "-12", "TRUE", "0.3333333333333333"],
        ),
        (2, ["", "", "", "001", "", "310112199001011234", "FALSE", "3.10112E+17"]),
    ]


def test_workbook_as_spreadsheet_programs_write_it_is_read() -> None:
    rows = (
        '<row r="1" spans="1:3" x14ac:dyDescent="0.25"><c r="A1" s="0" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" s="1"/></row>'
        '<row r="2"/><row r="3" s="1" customFormat="1"></row>'
        '<row r="7"><c r="B7" s="1"><v>46086</v></c><c r="C7" s="2"><v>46086</v></c><c r="D7" s="3"><v>46086</v></c><c r="E7" s="4"><v>46086.5</v></c></row>'
        '<row r="8"><c r="A8" t="str"><f>B1&amp;"x"</f><v>a&amp;b</v></c><c r="B8" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C8" t="b"><v>1</v></c></row>'
        '<row r="9"><c r="AA9" t="inlineStr"><is><r><t>富</t></r><r><t xml:space="preserve"> 文本</t></r></is></c></row>'
    )
    strings = '<si><t>姓名</t></si><si><r><t>单</t></r><r><rPr/><t>位</t></r><rPh sb="0" eb="1"><t>dan</t></rPh></si>'

    assert rows_of(packed(rows, strings)) == [
        (1, ["姓名", "单位"]),
        (7, ["", "2026-03-05", "2026-03-05", "46086", "2026-03-05 12:00:00"]),
        (8, ["a&b", "#DIV/0!", "TRUE"]),
        (9, [""] * 26 + ["富 文本"]),
    ]


def test_workbook_with_prefixed_names_is_read() -> None:
    sheet = f'{HEAD}<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    strings = f'{HEAD}<x:sst xmlns:x="{MAIN}"><x:si><x:t>姓名</x:t></x:si></x:sst>'

    assert rows_of(
        packed(
            "", xl__worksheets__sheet1_xml=sheet, **{"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": strings}
        )
    ) == [(1, ["姓名"])]


def test_rows_and_cells_without_references_stand_where_they_follow() -> None:
    rows = '<row><c t="inlineStr"><is><t>甲</t></is></c><c><v>1</v></c></row><row><c><v>2</v></c></row>'

    assert rows_of(packed(rows)) == [(1, ["甲", "1"]), (2, ["2"])]


def test_escaped_characters_of_shared_text_are_read() -> None:
    strings = "<si><t>一_x000A_二</t></si><si><t/></si><si/><si><t xml:space='preserve'> 三 </t></si>"
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>3</v></c></row>'

    assert rows_of(packed(rows, strings)) == [(1, ["一\n二", "", " 三 "])]


def test_hidden_sheets_are_not_offered() -> None:
    book = Workbook()
    book.create_sheet("选项").sheet_state = "hidden"
    book.create_sheet("另表")["A1"].comment = Comment("x", "y")
    file = io.BytesIO()
    book.save(file)

    assert [layout.title for layout in read.layouts(file, "a.xlsx")] == ["Sheet", "另表"]


CELLS = st.one_of(
    st.text(
        st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), min_size=1, max_size=20
    ).filter(lambda text: not text.startswith(("=", "'")) and text.strip() == text and "_x" not in text),
    st.integers(-(10**14), 10**14),
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=8))
def test_workbook_reads_as_another_reader_reads_it(rows: list[list[Any]]) -> None:
    file = xlsx_file(*rows)

    ours = [row for _, row in rows_of(file)]

    theirs = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).get_sheet_by_index(0).to_python()
    assert ours == [_stripped([_shown(cell) for cell in row]) for row in theirs]


def _shown(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) else str(cell)


def _stripped(row: list[str]) -> list[str]:
    while row and row[-1] == "":
        row.pop()
    return row


def test_many_shared_texts_are_all_found() -> None:
    count = 150_000  # more than are kept as they are
    strings = "".join(f"<si><t>文{n}&amp;</t></si>" for n in range(count))
    rows = "".join(f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>{n}</v></c></row>' for n in range(count))

    found = rows_of(packed(rows, strings))

    assert found[0] == (1, ["文0&"])
    assert found[-1] == (count, [f"文{count - 1}&"])
    assert len(found) == count


def test_work_ahead_gives_what_the_source_gives() -> None:
    values = [([n], [["a" * n, "王", ""]]) for n in range(300)]

    assert list(ahead(lambda: iter(values))) == values


def test_work_ahead_refuses_what_the_source_refuses() -> None:
    def source() -> Any:
        yield 1
        raise FileRefused("坏了。")

    values = ahead(source)

    assert next(values) == 1
    with pytest.raises(Exception, match="坏了。"):
        next(values)


def test_work_ahead_tells_of_a_fault_with_its_traceback() -> None:
    def source() -> Any:
        yield 1 / 0

    with pytest.raises(ChildError, match="ZeroDivisionError"):
        next(ahead(source))


def test_work_ahead_whose_child_is_killed_refuses_the_file() -> None:
    def source() -> Any:
        import os

        os.kill(os.getpid(), 9)
        yield 1

    with pytest.raises(FileRefused, match="工作簿已损坏。"):
        next(ahead(source))


def test_work_ahead_that_is_left_leaves_no_process(tmp_path: Path) -> None:
    def source() -> Any:
        import os

        (tmp_path / "pid").write_text(str(os.getpid()))
        while True:
            yield "x" * 10_000

    values = ahead(source)
    next(values)
    values.close()

    assert not Path(f"/proc/{(tmp_path / 'pid').read_text()}").exists()
