"""Text files with one row a line: CSV as spreadsheets, other systems and phones write it."""

from __future__ import annotations

import codecs
import csv
import io
import statistics
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import BinaryIO

from django.utils.translation import gettext

from shuniu.kernel.exchange.limits import LIMITS, FileRefused

DELIMITERS = (",", "\t", ";")

_SAMPLE_ROWS = 20
_BLOCK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def find_encoding(stream: BinaryIO) -> str:
    """The encoding of the whole text, proven by decoding it: UTF-16 or UTF-8, else GB18030.

    Raises:
        FileRefused: it is none of these, or not text at all.
    """
    stream.seek(0)
    start = stream.read(4096)
    for encoding in (*_by_first_bytes(start), "utf-8", "gb18030"):
        if _decodes(stream, encoding):
            return encoding
    raise FileRefused(
        gettext("The text of this file cannot be read. Save it as CSV in UTF-8 or as XLSX and try again.")
    )


def _by_first_bytes(start: bytes) -> list[str]:
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return [encoding]
    if b"\0" not in start:
        return []
    # Delimiters, digits and line ends have a zero byte in UTF-16, before or behind them.
    return ["utf-16-le" if start[1::2].count(0) > start[0::2].count(0) else "utf-16-be"]


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    try:
        while block := stream.read(_BLOCK):
            if "\0" in decoder.decode(block):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def find_delimiter(stream: BinaryIO, encoding: str) -> str:
    """The delimiter that splits the first rows into most cells."""
    return max(DELIMITERS, key=lambda delimiter: _usual_width(stream, encoding, delimiter))


def _usual_width(stream: BinaryIO, encoding: str, delimiter: str) -> float:
    widths: list[int] = []
    with suppress(FileRefused):  # what is wrong further down is told when the rows are read
        for _, row in islice(read_delimited(stream, encoding, delimiter), _SAMPLE_ROWS):
            widths += [len(row)] if row else []
    return statistics.fmean(widths) if widths else 0


def read_delimited(stream: BinaryIO, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number, from 1, as spreadsheet programs count: a quoted cell may hold line breaks.

    Raises:
        FileRefused: a cell or the file is longer than its limit, or a quotation mark is not closed.
    """
    stream.seek(0)
    lines = io.TextIOWrapper(stream, encoding=encoding, newline="")
    number = 0
    csv.field_size_limit(LIMITS.cell)
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
            if number > LIMITS.rows or len(row) > LIMITS.columns:
                _refuse_size(number, row)
            yield number, row
    except csv.Error:
        message = gettext("Row {row} has a cell that does not end. Look for a quotation mark that is not closed.")
        raise FileRefused(message.format(row=number + 1)) from None
    except UnicodeError:
        raise FileRefused(gettext("The text behind row {row} cannot be read.").format(row=number)) from None
    finally:
        lines.detach()


def _refuse_size(number: int, row: list[str]) -> None:
    if number > LIMITS.rows:
        raise FileRefused(gettext("The file has more than {limit} rows. Split it.").format(limit=LIMITS.rows))
    if any(cell.strip() for cell in row[LIMITS.columns :]):
        message = gettext("Row {row} has more than {limit} columns.")
        raise FileRefused(message.format(row=number, limit=LIMITS.columns))
    del row[LIMITS.columns :]
