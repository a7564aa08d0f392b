"""Spreadsheets that we write: templates, errors to be corrected, exports, statistical forms. No cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from shuniu.kernel.exchange.checked import ERROR, Problem
from shuniu.kernel.exchange.matching import ERROR_COLUMN
from shuniu.kernel.exchange.safety import legal_text, safe_cell
from shuniu.kernel.exchange.sheet import Column, Sheet, Words

__all__ = [
    "FormTable",
    "error_workbook",
    "export_csv",
    "export_workbook",
    "form_workbook",
    "safe_cell",
    "template_workbook",
]

TEMPLATE_ROWS = 10_000
"""Rows of a template for which drop-downs are laid."""

_HEAD = Font(bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor="44546A")
_REQUIRED_FILL = PatternFill("solid", fgColor="A61B29")
_WRONG_FILL = PatternFill("solid", fgColor="F8CBAD")
_NOTE_FILL = PatternFill("solid", fgColor="FFF2CC")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LINE = Side(style="thin", color="999999")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_TEXT_FORMAT = "@"
_DAY_FORMAT = "yyyy-mm-dd"


def template_workbook(sheet: Sheet) -> bytes:
    """An empty table to fill in, with a sheet that explains each column and gives an example."""
    book = Workbook()
    table = _first_sheet(book, sheet.title)
    options = book.create_sheet(_sheet_name(_("Choices")))
    for place, column in enumerate(sheet.columns, start=1):
        head = table.cell(1, place)
        _set(head, _marked(column))
        head.font, head.alignment = _HEAD, _CENTRED
        head.fill = _REQUIRED_FILL if column.required else _HEAD_FILL
        if column.help:
            head.comment = Comment(str(column.help), "Shuniu", width=280, height=120)
        _set_up_column(table, place, column.width)
        if column.choices:
            _lay_choices(table, options, place, column)
    table.freeze_panes = "A2"
    table.row_dimensions[1].height = 28
    _explain(book.create_sheet(_sheet_name(_("How to fill in")), 1), sheet)
    if options.max_row == 1 and options.max_column == 1 and options["A1"].value is None:
        book.remove(options)
    return _saved(book)


def _marked(column: Column) -> str:
    return f"{column.title}*" if column.required else str(column.title)


def _lay_choices(table: Worksheet, options: Worksheet, place: int, column: Column) -> None:
    letter, target = get_column_letter(place), get_column_letter(place)
    _set(options.cell(1, place), str(column.title))
    for row, title in enumerate((column.choices or {}).values(), start=2):
        _set(options.cell(row, place), str(title))
    last = len(column.choices or {}) + 1
    rule = DataValidation("list", formula1=f"'{options.title}'!${letter}$2:${letter}${last}", allow_blank=True)
    rule.errorTitle, rule.error = str(column.title), _("Choose one of the listed values.")
    rule.add(f"{target}2:{target}{TEMPLATE_ROWS}")
    table.add_data_validation(rule)


def _explain(page: Worksheet, sheet: Sheet) -> None:
    heads = [_("Column"), _("Required"), _("What to write"), _("Possible values"), _("Example")]
    if sheet.help:
        _set(page.cell(1, 1), str(sheet.help))
    first = 3 if sheet.help else 1
    _write_head(page, first, heads)
    for row, column in enumerate(sheet.columns, start=first + 1):
        values = pgettext("between items of a list", ", ").join(map(str, (column.choices or {}).values()))
        required = pgettext("column", "required") if column.required else ""
        for place, text in enumerate((column.title, required, column.help, values, column.example), start=1):
            cell = page.cell(row, place)
            _set(cell, str(text))
            cell.alignment = _WRAPPED
    for place, width in enumerate((20, 10, 60, 50, 24), start=1):
        _set_up_column(page, place, width)


def error_workbook(
    sheet: Sheet,
    headers: Sequence[str],
    columns: Mapping[str, int],
    rows: Iterable[tuple[int, Sequence[str]]],
    problems: Mapping[int, Sequence[Problem]],
) -> bytes:
    """The rows with problems as they were, each with its sentences in front, ready to be corrected and uploaded.

    Args:
        headers: of the file; `columns` says which of them is which column of the sheet, by position.
        rows: numbered rows of the file; those without problems are left out.
        problems: by number of the row.
    """
    book = Workbook()
    page = _first_sheet(book, sheet.title)
    _write_head(page, 1, [str(ERROR_COLUMN), *headers])
    line = 1
    for number, cells in rows:
        if number in problems:
            line += 1
            _write_wrong(page, line, cells, problems[number], sheet, columns)
    widths = {place: column.width for column in sheet.columns if (place := columns.get(column.key)) is not None}
    _set_up_column(page, 1, 50)
    for place in range(len(headers)):
        _set_up_column(page, place + 2, widths.get(place, 14))
    page.freeze_panes = "B2"
    return _saved(book)


def _write_wrong(
    page: Worksheet,
    line: int,
    cells: Sequence[str],
    problems: Sequence[Problem],
    sheet: Sheet,
    columns: Mapping[str, int],
) -> None:
    note = page.cell(line, 1)
    _set(note, "\n".join(_sentence(problem, sheet) for problem in problems))
    note.fill, note.alignment = _NOTE_FILL, _WRAPPED
    wrong = {columns.get(problem.column, -1) for problem in problems if problem.severity == ERROR}
    for place in range(max([len(cells), *(place + 1 for place in wrong)])):
        cell = page.cell(line, place + 2)
        _set(cell, cells[place] if place < len(cells) else "")
        cell.number_format = _TEXT_FORMAT
        if place in wrong:
            cell.fill = _WRONG_FILL


def _sentence(problem: Problem, sheet: Sheet) -> str:
    if not problem.column:
        return problem.message
    column = sheet.column(problem.column)
    return _("{column}: {message}").format(column=column.title, message=problem.message)


def export_workbook(title: Words, headers: Sequence[Words], rows: Iterable[Sequence[Any]]) -> bytes:
    """One table as XLSX. Days and numbers keep their type, everything else is text."""
    book = Workbook(write_only=True)
    page = book.create_sheet(_sheet_name(title))
    page.freeze_panes = "A2"
    page.append([_streamed(page, str(header), head=True) for header in headers])
    for row in rows:
        page.append([_streamed(page, value) for value in row])
    return _saved(book)


def export_csv(headers: Sequence[Words], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """One table as CSV in UTF-8 with a mark that spreadsheets need to see it, a thousand rows at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([safe_cell(str(header)) for header in headers])
    for count, row in enumerate(rows, start=1):
        writer.writerow([safe_cell(_plain(value)) for value in row])
        if count % 1000 == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (int, float, str)):
        return "" if value is None else value
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table of a form. `rows` hold text, numbers and days."""

    headers: Sequence[Words]
    rows: Sequence[Sequence[Any]]
    title: Words = ""
    widths: Sequence[int] = ()


def form_workbook(
    title: Words,
    form_block: Sequence[tuple[Words, Words]],
    tables: Sequence[FormTable],
    *,
    lead: Sequence[Words] = (),
    foot: Sequence[Words] = (),
) -> bytes:
    """A statistical form: its title, the block that makes it lawful, its tables one below the other.

    Args:
        form_block: pairs such as 表号 and its value, 制定机关, 批准文号, 有效期; they stand at the right.
        lead: lines at the left under the title, e.g. who reports and for which period.
        foot: what stands in the last line, e.g. places for signatures.
    """
    book = Workbook()
    page = _first_sheet(book, title)
    width = max((len(table.headers) for table in tables), default=1)
    _write_line(page, 1, str(title), width, Font(bold=True, size=16), "center")
    line = 2
    for label, value in form_block:
        _write_line(page, line, _("{label}: {value}").format(label=label, value=value), width, Font(size=10), "right")
        line += 1
    for text in lead:
        _write_line(page, line, str(text), width, Font(), "left")
        line += 1
    for table in tables:
        line = _write_table(page, line, table, width) + 1
    if foot:
        _write_line(page, line, "        ".join(map(str, foot)), width, Font(), "left")
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    return _saved(book)


def _write_table(page: Worksheet, line: int, table: FormTable, width: int) -> int:
    """Write the table from `line` on; returns the first free line."""
    if table.title:
        _write_line(page, line, str(table.title), width, Font(bold=True), "left")
        line += 1
    for place, column_width in enumerate(table.widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = column_width
    for row in (list(map(str, table.headers)), *table.rows):
        for place, value in enumerate(row, start=1):
            cell = page.cell(line, place)
            _set(cell, value)
            cell.border = _BOX
            cell.alignment = _CENTRED if isinstance(value, str) else Alignment(horizontal="right", vertical="center")
        line += 1
    return line


def _write_line(page: Worksheet, line: int, text: str, width: int, font: Font, horizontal: str) -> None:
    cell = page.cell(line, 1)
    _set(cell, text)
    cell.font, cell.alignment = font, Alignment(horizontal=horizontal, vertical="center")
    if width > 1:
        page.merge_cells(start_row=line, start_column=1, end_row=line, end_column=width)


def _first_sheet(book: Workbook, title: Words) -> Worksheet:
    page = book.worksheets[0]
    page.title = _sheet_name(title)
    return page


def _sheet_name(title: Words) -> str:
    """A title without what spreadsheets forbid in the name of a sheet, at most 31 characters long."""
    return legal_text(str(title)).translate(dict.fromkeys(map(ord, "[]:*?/\\'"), " ")).strip()[:31] or "1"


def _set_up_column(page: Worksheet, place: int, width: int) -> None:
    """Width in characters, and text as the format, so that long numbers are kept as they are typed."""
    column = page.column_dimensions[get_column_letter(place)]
    column.width = width + 2
    column.number_format = _TEXT_FORMAT


def _write_head(page: Worksheet, line: int, heads: Sequence[str]) -> None:
    for place, text in enumerate(heads, start=1):
        cell = page.cell(line, place)
        _set(cell, text)
        cell.font, cell.fill, cell.alignment = _HEAD, _HEAD_FILL, _CENTRED


def _set(cell: Cell, value: Any) -> None:
    """Give the cell a value which, where it is text, no spreadsheet takes for anything else, even once edited."""
    if isinstance(value, str):
        cell.value = legal_text(value)
        cell.data_type = "s"
        cell.quotePrefix = safe_cell(value) != legal_text(value)
    else:
        cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        if isinstance(value, date) and not isinstance(value, datetime):
            cell.number_format = _DAY_FORMAT


def _streamed(page: Worksheet, value: Any, *, head: bool = False) -> Cell:
    cell = WriteOnlyCell(page)
    _set(cell, value if value is None or isinstance(value, (int, float, str, date)) else str(value))
    if head:
        cell.font, cell.fill = _HEAD, _HEAD_FILL
    return cell


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
