"""Papers: what stands in them, in both forms, whatever somebody has typed into a field."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO

import docx as python_docx
import pytest
import typst
from django.http import Http404, HttpRequest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu.kernel import documents
from shuniu.kernel.documents import (
    Document,
    Facts,
    Grid,
    Heading,
    Signatures,
    Signed,
    Text,
    TypesettingError,
    docx,
    pdf,
    typeset,
)
from shuniu.kernel.documents.describe import fact_rows, written

HOSTILE = [
    '#read("/etc/passwd")',
    '#import "@preview/x:1.0.0"',
    '*粗* _斜_ `x` $a^2$ @label <tag> = 标题 \\ // 注释 /* */ ]] )) }} "',
    "{{ settings.SECRET_KEY }} {% debug %}",
    "&lt;b&gt; <script>alert(1)</script> ]]>",
    "空\x00字\x0b符\ud800",
    "右\u202e左",
    "".join(map(chr, range(1, 256))),
]


def paper(text: str) -> Document:
    """One of everything, each saying `text`."""
    return Document(
        text,
        number=text,
        head=text,
        footer=text,
        blocks=(
            Text(text, to=True),
            Heading(text),
            Text(f"{text}\n{text}"),
            Facts(((text, text), (text, date(2026, 3, 5)), (text, None), (text, text * 9))),
            Grid((text, "乙"), ((text, 1), (text,)), widths=(1, 2), title=text),
            Signatures((text, text)),
            Signed(text, text),
        ),
    )


def words_of(file: bytes) -> str:
    """Every word of the body of a Word file, cell by cell."""
    opened = python_docx.Document(BytesIO(file))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_typed_is_printed_and_never_obeyed(text: str) -> None:
    made = pdf(paper(text))

    assert made.startswith(b"%PDF-")
    assert written(text).replace("\u200b", "")[:20] in words_of(docx(paper(text)))


@given(st.text(max_size=60))
@settings(max_examples=25, deadline=None)
def test_any_text_makes_a_paper_in_both_forms(text: str) -> None:
    assert pdf(paper(text)).startswith(b"%PDF-")
    assert zipfile.ZipFile(BytesIO(docx(paper(text)))).testzip() is None


def test_chinese_is_embedded_on_a_machine_without_fonts() -> None:
    made = pdf(paper("受理通知书"))

    assert b"NotoSerifSC" in made
    assert b"NotoSansSC" in made


def test_a_missing_font_is_an_error_and_no_paper_of_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[])
    monkeypatch.setattr(typeset, "_fonts", lambda: bare)

    with pytest.raises(TypesettingError, match="unknown font family"):
        pdf(paper("受理通知书"))


def test_word_takes_chinese_fonts_for_chinese_in_every_run() -> None:
    body = zipfile.ZipFile(BytesIO(docx(paper("受理通知书")))).read("word/document.xml").decode()

    runs = [run for run in re.findall(r"<w:r>.*?</w:r>", body, re.DOTALL) if "受理" in run]
    assert runs
    assert all(
        re.search(r'w:eastAsia="(仿宋|黑体|宋体)"', run) for run in runs if "Heading1" not in run and "rPr" in run
    )


def test_values_are_written_as_on_pages_in_the_language_of_the_page() -> None:
    facts = Document("x", (Facts((("日期", date(2026, 3, 5)), ("人数", 1200), ("是否", True), ("备注", None))),))

    chinese = words_of(docx(facts))
    with translation.override("en"):
        english = words_of(docx(facts))

    assert "2026年3月5日" in chinese
    assert "1,200" in chinese
    assert "是" in chinese
    assert "5 Mar 2026" in english


def test_a_long_value_has_a_row_of_its_own_and_order_is_kept() -> None:
    long = "长" * 25

    rows = fact_rows(Facts((("一", "1"), ("二", long), ("三", "3"), ("四", "4"), ("五", "5"))))

    assert rows == [[("一", "1")], [("二", long)], [("三", "3"), ("四", "4")], [("五", "5")]]


def test_a_long_table_repeats_its_head_on_every_page() -> None:
    grid = Document("值班表", (Grid(("日期", "律师"), [(f"{day}日", "周律师") for day in range(120)]),), landscape=True)

    body = zipfile.ZipFile(BytesIO(docx(grid))).read("word/document.xml").decode()

    assert body.count("w:tblHeader") == 1
    assert pdf(grid).count(b"/Type /Page\n") + pdf(grid).count(b"/Type/Page") > 0


def test_a_paper_is_handed_out_under_its_chinese_name_and_in_no_other_form() -> None:
    answer = documents.answer(HttpRequest(), paper("通知"), "受理通知书", "docx")  # type: ignore[arg-type]

    assert (
        answer["Content-Disposition"]
        == "attachment; filename*=UTF-8''%E5%8F%97%E7%90%86%E9%80%9A%E7%9F%A5%E4%B9%A6.docx"
    )
    with pytest.raises(Http404):
        documents.answer(HttpRequest(), paper("通知"), "x", "exe")  # type: ignore[arg-type]
