"""A paper as DOCX, for those who go on writing in it. It asks for the fonts that Chinese offices have."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx as python_docx
from django.utils.translation import gettext as _
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

from shuniu.kernel.documents.describe import (
    BREAK,
    Block,
    Document,
    Facts,
    Grid,
    Heading,
    Signatures,
    Signed,
    Text,
    cells,
    fact_rows,
    lines,
    plain,
    written,
)
from shuniu.kernel.web.formats import is_chinese

BODY, HEADING, TITLE, LATIN = "仿宋", "黑体", "宋体", "Times New Roman"
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def docx(document: Document) -> bytes:
    """The paper as a Word file, in the language of the page."""
    file = python_docx.Document()
    _set_page(file, document)
    _set_styles(file)
    _footer(file, document)
    for head in lines(document.head):
        _paragraph(file, head, font=TITLE, size=15, align=CENTRE)
    title = _paragraph(file, document.title, font=TITLE, size=22, align=CENTRE, bold=True)
    title.paragraph_format.space_after = Pt(8)
    for number in lines(document.number):
        _paragraph(file, number, size=11, align=CENTRE)
    for block in document.blocks:
        _add(file, block)
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def _set_page(file: Any, document: Document) -> None:
    section = file.sections[0]
    sides = (Mm(210), Mm(297))
    section.page_width, section.page_height = reversed(sides) if document.landscape else sides
    if document.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
    section.top_margin, section.bottom_margin = (Mm(22), Mm(22)) if document.landscape else (Mm(34), Mm(32))
    section.left_margin, section.right_margin = (Mm(20), Mm(20)) if document.landscape else (Mm(28), Mm(26))
    file.core_properties.title = plain(document.title)
    file.core_properties.author = plain(document.head)
    file.core_properties.comments = ""


def _set_styles(file: Any) -> None:
    normal = file.styles["Normal"]
    normal.font.size = Pt(12)
    normal.paragraph_format.line_spacing = 1.5
    normal.paragraph_format.space_after = Pt(0)
    _font(normal.element.get_or_add_rPr(), BODY)
    heading = file.styles["Heading 1"]
    heading.font.size, heading.font.bold, heading.font.color.rgb = Pt(14), False, RGBColor(0, 0, 0)
    _font(heading.element.get_or_add_rPr(), HEADING)


def _font(properties: Any, name: str) -> None:
    """The font of both scripts: Word takes Chinese from `eastAsia` and falls back to its own where that is missing."""
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", name)):
        fonts.set(qn(f"w:{script}"), font)


def _paragraph(file: Any, text: Any, *, font: str = BODY, size: int = 12, align: Any = None, bold: bool = False) -> Any:
    paragraph = file.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(plain(text))
    run.font.size, run.font.bold = Pt(size), bold
    _font(run.font.element.get_or_add_rPr(), font)
    return paragraph


def _footer(file: Any, document: Document) -> None:
    paragraph = file.sections[0].footer.paragraphs[0]
    paragraph.alignment = CENTRE
    note = " ".join(lines(document.footer)).replace(BREAK, "")
    paragraph.add_run(f"{note}　— " if note else "— ")
    run = paragraph.add_run()
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = code
        run.font.element.append(part)
    paragraph.add_run(" —")


def _add(file: Any, block: Block) -> None:
    match block:
        case Heading():
            file.add_heading(plain(block.text), level=1)
        case Text():
            _add_text(file, block)
        case Facts():
            _add_facts(file, block)
        case Grid():
            _add_grid(file, block)
        case Signatures():
            _add_signatures(file, block)
        case Signed():
            _paragraph(file, "")
            for line in (block.by, block.on):
                _paragraph(file, line, align=RIGHT)


def _add_text(file: Any, text: Text) -> None:
    for line in lines(text.text):
        paragraph = _paragraph(file, line)
        if not text.to and is_chinese():
            paragraph.paragraph_format.first_line_indent = Pt(24)


def _table(file: Any, rows: int, columns: int) -> Any:
    table = file.add_table(rows=rows, cols=columns)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    return table


def _write(cell: _Cell, text: str, *, label: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.line_spacing = 1.2
    run = paragraph.add_run(text.replace(BREAK, ""))
    run.font.size = Pt(10.5)
    _font(run.font.element.get_or_add_rPr(), HEADING if label else BODY)
    if label:
        paragraph.alignment = CENTRE


def _add_facts(file: Any, facts: Facts) -> None:
    rows = fact_rows(facts)
    table = _table(file, len(rows), facts.columns * 2)
    for line, row in zip(table.rows, rows, strict=True):
        places = line.cells
        for index, (label, value) in enumerate(row):
            _write(places[index * 2], label, label=True)
            last = places[-1] if index == len(row) - 1 else places[index * 2 + 1]
            start = places[index * 2 + 1]
            _write(start.merge(last) if start is not last else start, value)
    _widths(table, [26, (156 - 26 * facts.columns) // facts.columns] * facts.columns)
    _paragraph(file, "", size=6)


def _add_grid(file: Any, grid: Grid) -> None:
    for title in lines(grid.title):
        _paragraph(file, title, font=HEADING, size=11, align=CENTRE)
    body = cells(grid.rows, len(grid.headers))
    table = _table(file, 1, len(grid.headers))
    for cell, header in zip(table.rows[0].cells, grid.headers, strict=True):
        _write(cell, written(header), label=True)
    _repeat(table.rows[0])
    for row in body:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            _write(cell, value)
    shares = list(grid.widths) or [1] * len(grid.headers)
    whole = 257 if file.sections[0].orientation == WD_ORIENT.LANDSCAPE else 156
    _widths(table, [whole * share // sum(shares) for share in shares])
    _paragraph(file, "", size=6)


def _widths(table: Any, millimetres: Sequence[int]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, millimetres, strict=True):
            if cell.grid_span == 1:
                cell.width = Mm(width)


def _repeat(row: Any) -> None:
    """Have the head of a table come again on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 -- python-docx has no word for it


def _add_signatures(file: Any, signatures: Signatures) -> None:
    _paragraph(file, "")
    table = file.add_table(rows=2, cols=len(signatures.labels))
    for index, label in enumerate(signatures.labels):
        _write(table.rows[0].cells[index], written(label))
        _write(table.rows[1].cells[index], _("Date:"))
        table.rows[0].cells[index].paragraphs[0].paragraph_format.space_after = Pt(18)
