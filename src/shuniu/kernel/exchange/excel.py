"""XLSX workbooks, read as a stream in little memory.

A sheet is unpacked block by block and its rows are cut out of the text; only a row that is not in the plain form
which spreadsheet programs write goes through an XML parser. No entity is ever expanded. The ready-made reader that
was measured holds a whole sheet (0.9 GB for 550,000 rows of 22 columns) and believes what a sheet says of its size.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape
from itertools import islice
from typing import BinaryIO, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext

from shuniu.kernel.exchange.archive import damaged, open_archive
from shuniu.kernel.exchange.limits import LIMITS, FileRefused

_BLOCK = 1 << 20

_DATE_FORMATS = frozenset([*range(14, 18), 22, *range(27, 37), *range(50, 59)])
"""Numbers of the built-in formats that show a day, those of Chinese versions included."""
_NOT_A_DATE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})\d+"([^>/]*)>(?:<f[^<]*</f>|<f[^>]*/>)?(?:<v>|<is><t[^>]*>)([^<]*)</(?:v></c|t></is></c)>'
)
_DIMENSION = re.compile(rb'dimension ref="[A-Z]+\d+:[A-Z]+(\d{1,9})"')
_ROW_NUMBER = re.compile(rb'\sr="(\d{1,9})"')
_STYLE = re.compile(rb'\bs="(\d{1,9})"')
_TYPE = re.compile(rb'\bt="(\w+)"')
_STRING = re.compile(rb"<si><t[^>/]*>([^<]*)</t></si>")
_REFERENCE = re.compile(r"([A-Z]{1,3})\d+", re.ASCII)


class SheetPart(NamedTuple):
    """A visible sheet: the title on its tab, and where it lies in the workbook."""

    title: str
    part: str


class Workbook:
    """A workbook of which only the directory has been read so far.

    Raises:
        FileRefused: damaged, hostile, of another kind, or with macros.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._archive = open_archive(stream)
        names = set(self._archive.namelist())
        _refuse_other_kinds(names)
        self._main = self._main_part(names)
        self._book = self._tree(self._main)
        self._related = self._relations(self._main)

    def sheets(self) -> list[SheetPart]:
        """The visible sheets, in the order of their tabs."""
        found = []
        for sheet in _children(self._book, "sheets", "sheet"):
            kind, part = self._related.get(_attribute(sheet, "id"), ("", ""))
            if kind == "worksheet" and sheet.get("state", "visible") == "visible":
                found.append(SheetPart(sheet.get("name", ""), part))
        return found[: LIMITS.sheets]

    def rows(self, part: str) -> Iterator[tuple[int, list[str]]]:
        """Each row that has content, with its number, as text up to its last cell.

        Days come as `2026-03-05`, with a time behind them where there is one; failed formulas as `#N/A` and the like;
        numbers of more digits than a spreadsheet keeps as `3.10112E+17`.
        """
        try:
            with self._open(part) as stream:
                yield from _Rows(_items(stream, b"worksheet", b"sheetData", b"row"), self._kinds()).read()
        except (zipfile.BadZipFile, zlib.error, EOFError, ParseError, DefusedXmlException, UnicodeError, ValueError):
            raise damaged() from None

    def claimed_rows(self, part: str) -> int:
        """How many rows the sheet says it has; 0 where it does not say."""
        with self._open(part) as stream:
            found = _DIMENSION.search(stream.read(4096))
        return min(int(found[1]), LIMITS.rows) if found else 0

    def _main_part(self, names: set[str]) -> str:
        for kind, part in self._relations("").values():
            if kind == "officeDocument" and part in names:
                return part
        raise FileRefused(gettext("This is not a workbook. Save the table as XLSX or CSV and try again."))

    def _kinds(self) -> _Kinds:
        by_kind = dict(self._related.values())
        strings = _Strings(self._texts(by_kind["sharedStrings"]) if "sharedStrings" in by_kind else iter(()))
        dates = _date_styles(self._tree(by_kind["styles"])) if "styles" in by_kind else frozenset()
        settings = next(iter(_children(self._book, "workbookPr")), None)
        from_1904 = settings is not None and settings.get("date1904") in ("1", "true")
        return _Kinds(strings, dates, datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30))  # noqa: DTZ001 -- a wall clock

    def _open(self, part: str) -> BinaryIO:
        try:
            return self._archive.open(part)  # type: ignore[return-value]
        except (KeyError, zipfile.BadZipFile, RuntimeError):
            raise damaged() from None

    def _texts(self, part: str) -> Iterator[bytes]:
        with self._open(part) as stream:
            yield from islice(_items(stream, b"sst", b"sst", b"si"), 1, None)

    def _tree(self, part: str) -> Element:
        with self._open(part) as stream:
            try:
                text = stream.read(LIMITS.part + 1)
                if len(text) > LIMITS.part:
                    raise damaged()
                root: Element = fromstring(text, forbid_dtd=True)
            except (zipfile.BadZipFile, zlib.error, EOFError, ParseError, DefusedXmlException, LookupError, ValueError):
                raise damaged() from None
        return root

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Identifier to (kind, part) for what `part` refers to inside the workbook; links to the outside are not followed."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self._archive.NameToInfo:
            return {}
        return {
            _attribute(relation, "Id"): (
                posixpath.basename(relation.get("Type", "")),
                posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/"),
            )
            for relation in self._tree(path)
            if relation.get("TargetMode") != "External"
        }


def _refuse_other_kinds(names: set[str]) -> None:
    if any(name.endswith("vbaProject.bin") for name in names):
        raise FileRefused(gettext("The workbook contains macros. Save it as XLSX without them and try again."))
    if "xl/workbook.bin" in names or "mimetype" in names:
        raise FileRefused(gettext("This kind of workbook is not read. Save it as XLSX or CSV and try again."))


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.items() if _local(key) == name), "")


def _children(element: Element, *path: str) -> Iterator[Element]:
    for child in element:
        if _local(child.tag) == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from _children(child, *path[1:])


def _date_styles(styles: Element) -> frozenset[int]:
    formats = {
        int(found.get("numFmtId", "0")): found.get("formatCode", "") for found in _children(styles, "numFmts", "numFmt")
    }
    cells = [int(style.get("numFmtId", "0")) for style in _children(styles, "cellXfs", "xf")]
    return frozenset(index for index, number in enumerate(cells) if _shows_a_day(number, formats.get(number)))


def _shows_a_day(number: int, code: str | None) -> bool:
    if code is None:
        return number in _DATE_FORMATS
    return bool(set("ydYD年日") & set(_NOT_A_DATE.sub("", code)))


def _items(stream: BinaryIO, root: bytes, holder: bytes, item: bytes) -> Iterator[bytes]:
    """First the start tag of `root`, then the text of `holder` in pieces that end behind an `item`.

    A prefix of names is taken off. Empty items are dropped where there is nothing else for megabytes.
    """
    rest = stream.read(_BLOCK)
    tag = re.search(rb"<(\w+:)?" + root + rb"(?:\s[^>]*)?>", rest)
    if not tag:
        raise damaged()
    prefix = tag[1] or b""
    start, end, last = b"<" + prefix + item, b"</" + prefix + item + b">", b"</" + prefix + holder + b">"

    def plain(text: bytes) -> bytes:
        return text.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</") if prefix else text

    yield plain(tag[0])
    while True:
        cut = rest.rfind(end) + len(end)
        if cut >= len(end):
            yield plain(rest[:cut])
            rest = rest[cut:]
        if last in rest:
            return
        block = stream.read(_BLOCK)
        if not block and start in rest:
            raise damaged()
        if not block:
            return
        if len(rest) > LIMITS.row:
            rest = rest[max(rest.rfind(start), 0) :]
        if len(rest) > LIMITS.row:
            raise damaged()
        rest += block


class _Strings(dict[bytes, str]):
    """The shared texts of a workbook by their index as it is written in a cell, unpacked as far as they are asked for.

    The first, which nearly every row refers to, are kept as they are; the others, most of them asked for once, as
    one stretch of bytes, at a fifth of the memory.
    """

    _KEPT = 1 << 17

    def __init__(self, blocks: Iterator[bytes]) -> None:
        super().__init__()
        self._blocks = blocks
        self._loaded = 0
        self._first: list[str] = []
        self._bytes = bytearray()
        self._ends = array("I", [0])

    def __missing__(self, raw: bytes) -> str:
        index = int(raw)
        while index >= self._loaded:
            self._more()
        if index < self._KEPT:
            return self.setdefault(raw, self._first[index])
        index -= self._KEPT
        return self._bytes[self._ends[index] : self._ends[index + 1]].decode()

    def _more(self) -> None:
        block = next(self._blocks, None)
        if block is None:
            raise damaged()
        texts = _STRING.findall(block)
        if len(texts) != block.count(b"</si>") or b"<si/>" in block:
            texts = [_rich_text(item) for item in block.replace(b"<si/>", b"<si></si>").split(b"</si>")[:-1]]
        if max(map(len, texts), default=0) > 4 * LIMITS.cell:
            raise damaged()
        room = self._KEPT - len(self._first)
        self._first += map(_text, texts[:room])
        self._keep(texts[room:], plain=b"&" not in block and b"_x" not in block)
        self._loaded += len(texts)

    def _keep(self, texts: list[bytes], *, plain: bool) -> None:
        for text in texts:
            self._bytes += text if plain else _text(text).encode()
            self._ends.append(len(self._bytes))
        if len(self._bytes) > LIMITS.string_bytes or len(self._ends) > LIMITS.strings:
            raise FileRefused(gettext("The workbook holds more text than can be read. Save it as CSV and try again."))


_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</(?:\w+:)?t>")
_PHONETIC = re.compile(rb"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL)


def _rich_text(item: bytes) -> bytes:
    """The text of a shared item that has several formats, without the reading aid some languages add."""
    return b"".join(_TEXT.findall(_PHONETIC.sub(b"", item) if b"rPh" in item else item))


def _text(raw: bytes) -> str:
    text = raw.decode()
    if "&" in text:
        text = unescape(text)
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text


def _number(raw: bytes) -> str:
    if raw.isdigit() and len(raw) <= 15:
        return raw.decode()
    text = raw.decode().strip()
    value = float(text)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if abs(value) < 1e15:
        return repr(value)
    return f"{Decimal(text):.5E}"


def _flag(raw: bytes) -> str:
    return "TRUE" if raw.strip() == b"1" else "FALSE"


_Reader = Callable[[bytes], str]


class _Kinds(dict[bytes, _Reader]):
    """How the content of a cell reads, by the attributes of the cell; each combination is worked out once."""

    def __init__(self, strings: _Strings, dates: frozenset[int], origin: datetime) -> None:
        super().__init__()
        self._strings = strings
        self._dates = dates
        self._origin = origin

    def __missing__(self, attributes: bytes) -> _Reader:
        kind, style = _TYPE.search(attributes), _STYLE.search(attributes)
        if len(self) > 10_000:
            self.clear()
        return self.setdefault(attributes, self.of(kind[1].decode() if kind else "n", int(style[1]) if style else 0))

    def of(self, kind: str, style: int) -> _Reader:
        if kind == "s":
            return self._strings.__getitem__
        if kind == "n":
            return self._day if style in self._dates else _number
        return _flag if kind == "b" else _text

    def _day(self, raw: bytes) -> str:
        serial = float(raw)
        if not 0 <= serial < 2_958_466:  # the last day of the year 9999
            return _number(raw)
        moment = self._origin + timedelta(seconds=round(serial * 86400))
        if serial < 1:
            return f"{moment:%H:%M:%S}"
        return f"{moment:%Y-%m-%d}" if moment.time() == moment.min.time() else f"{moment:%Y-%m-%d %H:%M:%S}"


def _column_letters() -> dict[bytes, int]:
    letters = [chr(ord("A") + i) for i in range(26)]
    names = [*letters, *(a + b for a in letters for b in letters)]
    return {name.encode(): place for place, name in enumerate(names[: LIMITS.columns])}


class _Rows:
    """The rows of one sheet."""

    _places = _column_letters()

    def __init__(self, blocks: Iterator[bytes], kinds: _Kinds) -> None:
        self._root = next(blocks)
        self._blocks = blocks
        self._kinds = kinds
        self._number = 0
        self._letters: tuple[bytes, ...] = ()
        self._attributes: tuple[bytes, ...] = ()
        self._readers: list[_Reader] = []
        self._at: list[int] = []
        self._width = 0
        self._dense = True

    def read(self) -> Iterator[tuple[int, list[str]]]:
        for block in self._blocks:
            for piece in block.split(b"</row>"):
                start = piece.rfind(b"<row")
                if start >= 0:
                    self._count(piece, start)
                    if b"</c>" in piece:
                        yield self._number, self._cells(piece[start:])

    def _count(self, piece: bytes, start: int) -> None:
        found = _ROW_NUMBER.search(piece, start, piece.find(b">", start))
        number = int(found[1]) if found else self._number + 1
        if number <= self._number:
            raise damaged()
        if number > LIMITS.rows:
            raise FileRefused(gettext("The file has more than {limit} rows. Split it.").format(limit=LIMITS.rows))
        self._number = number

    def _cells(self, piece: bytes) -> list[str]:
        found = _CELL.findall(piece)
        if len(found) != piece.count(b"</c>"):
            return self._cells_by_parser(piece)
        letters, attributes, values = zip(*found, strict=True)
        if letters != self._letters:
            self._take_letters(letters)
        if attributes != self._attributes:
            self._attributes = attributes
            self._readers = [self._kinds[one] for one in attributes]
        texts = [read(value) if value else "" for read, value in zip(self._readers, values, strict=True)]
        if self._dense:
            return texts
        row = [""] * self._width
        for place, text in zip(self._at, texts, strict=True):
            row[place] = text
        return row

    def _take_letters(self, letters: tuple[bytes, ...]) -> None:
        """Learn where the cells of a row stand; mostly as in the row before."""
        try:
            self._at = [self._places[one] for one in letters]
        except KeyError:
            raise self._too_wide() from None
        self._letters = letters
        self._width = max(self._at) + 1
        self._dense = self._at == list(range(self._width))

    def _too_wide(self) -> FileRefused:
        message = gettext("Row {row} has more than {limit} columns.")
        return FileRefused(message.format(row=self._number, limit=LIMITS.columns))

    def _cells_by_parser(self, piece: bytes) -> list[str]:
        row: list[str] = []
        for cell in _children(fromstring(self._root + piece + b"</row></worksheet>", forbid_dtd=True), "row", "c"):
            place = self._place(cell, len(row))
            value = self._value(cell)
            if value:
                row += [""] * (place - len(row)) + [value]
        return row

    def _place(self, cell: Element, following: int) -> int:
        reference = _REFERENCE.fullmatch(cell.get("r", ""))
        if not reference:
            return following
        place = self._places.get(reference[1].encode())
        if place is None:
            raise self._too_wide()
        if place < following:
            raise damaged()
        return place

    def _value(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return "".join(_text((text.text or "").encode()) for text in _inline_texts(cell))
        raw = next((value.text or "" for value in _children(cell, "v")), "")
        return self._kinds.of(kind, int(cell.get("s", "0")))(raw.encode()) if raw else ""


def _inline_texts(cell: Element) -> Iterator[Element]:
    yield from _children(cell, "is", "t")
    yield from _children(cell, "is", "r", "t")
