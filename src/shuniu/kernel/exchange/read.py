"""Any spreadsheet a stranger uploads, as numbered rows of text. Nothing a file claims about itself is believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext

from shuniu.kernel.exchange.delimited import find_delimiter, find_encoding, read_delimited
from shuniu.kernel.exchange.excel import Workbook
from shuniu.kernel.exchange.limits import LIMITS, FileRefused
from shuniu.kernel.exchange.matching import HEADER_ROWS
from shuniu.kernel.exchange.safety import plain_cell

_BLOCK = 1 << 20
CHUNK_ROWS = 5000
_CHUNK_CHARACTERS = 4 << 20

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_FOREIGN = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"PK\x05\x06",
    b"\x7fELF",
)
_MARKUP = (b"<html", b"<!doctype html", b"<table", b"<head", b"<?xml")


@dataclass(frozen=True, slots=True)
class Layout:
    """How one table of a file is read. Found by `layouts`, kept with the batch."""

    kind: str
    """"csv" or "xlsx"."""
    encoding: str = ""
    delimiter: str = ""
    title: str = ""
    """Of the sheet in the workbook."""
    part: str = ""


class Chunk(NamedTuple):
    """Rows with content, and the number of each as the user sees it in the spreadsheet."""

    numbers: list[int]
    rows: list[list[str]]


def layouts(stream: BinaryIO, name: str) -> list[Layout]:
    """The tables of a file: one of a text file, one for each visible sheet of a workbook.

    Raises:
        FileRefused: too large, empty, of a kind that is not read, damaged or hostile.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    start = stream.read(2048)
    _refuse_size(size)
    if start.startswith(_ZIP):
        return [Layout("xlsx", title=sheet.title, part=sheet.part) for sheet in Workbook(stream).sheets()]
    _refuse_kind(start, name)
    encoding = find_encoding(stream)
    return [Layout("csv", encoding=encoding, delimiter=find_delimiter(stream, encoding))]


def _refuse_size(size: int) -> None:
    if not size:
        raise FileRefused(gettext("The file is empty."))
    if size > LIMITS.file:
        message = gettext("The file has {found} MB; at most {limit} MB are read. Split it or save it as XLSX.")
        raise FileRefused(message.format(found=size >> 20, limit=LIMITS.file >> 20))


def _refuse_kind(start: bytes, name: str) -> None:
    if start.startswith(_OLD_EXCEL):
        message = gettext("This is an old workbook (.xls) or one with a password. Save it as XLSX without a password.")
        raise FileRefused(message)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise FileRefused(gettext("This is a web page that is named like a workbook. Open it and save it as XLSX."))
    if start.startswith(_FOREIGN):
        raise FileRefused(gettext("This is not a workbook. Save the table as XLSX or CSV and try again."))
    if name.lower().endswith((".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods")):
        raise FileRefused(gettext("The workbook is damaged. Open it, save it again as XLSX and try again."))


def rows(stream: BinaryIO, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """The numbered rows of one table. Rows without content may be among them, or not."""
    if layout.kind == "xlsx":
        return Workbook(stream).rows(layout.part)
    return read_delimited(stream, layout.encoding, layout.delimiter)


def first_rows(stream: BinaryIO, layout: Layout, count: int = HEADER_ROWS) -> list[tuple[int, list[str]]]:
    """The first rows with content."""
    filled = ((number, list(map(plain_cell, row))) for number, row in rows(stream, layout) if "".join(row).strip())
    return list(islice(filled, count))


def chunks(stream: BinaryIO, layout: Layout, *, after: int, size: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """The rows with content behind row number `after`, some thousands at a time, fewer where they are long.

    Raises:
        FileRefused: on the way, where the file breaks a limit or is damaged further down.
    """
    chunk, characters, total = Chunk([], []), 0, 0
    for number, row in rows(stream, layout):
        joined = "".join(row)
        if number <= after or not joined or joined.isspace():
            continue
        chunk.numbers.append(number)
        chunk.rows.append(list(map(plain_cell, row)) if "'" in joined else row)
        characters += len(joined)
        if len(chunk.rows) >= size or characters > _CHUNK_CHARACTERS:
            yield chunk
            total += characters
            _refuse_total(total)
            chunk, characters = Chunk([], []), 0
    if chunk.rows:
        yield chunk


def expected_rows(stream: BinaryIO, layout: Layout) -> int:
    """About how many rows the table has, for a progress bar; 0 where nobody knows."""
    if layout.kind == "xlsx":
        return Workbook(stream).claimed_rows(layout.part)
    stream.seek(0)
    return sum(block.count(b"\n") for block in iter(lambda: stream.read(_BLOCK), b""))


def _refuse_total(characters: int) -> None:
    if characters > LIMITS.unpacked:
        raise FileRefused(
            gettext("The workbook unpacks to more than can be read. Save only the sheet you need, or CSV.")
        )
