"""Which column of a file is which column of a sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext_lazy

from shuniu.kernel.exchange.parse import LANGUAGES, comparable
from shuniu.kernel.exchange.sheet import Column, Sheet, Words

HEADER_ROWS = 10
"""How many rows at the top of a file may come before its headers do: titles, units, notes."""

ERROR_COLUMN = gettext_lazy("What is wrong in this row")
"""The first header of an error workbook; where one is uploaded again, nobody is asked what it means."""

_HINTS = re.compile(r"[(（][^()（）]*[)）]|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>")
_ORNAMENT = re.compile(r"[\W_]")

_EXACT, _SYNONYM, _LOOSE = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Matching:
    """Where each column of the sheet was found. Positions count the cells of the file's rows from 0."""

    header_row: int
    """Number, from 1, of the row with the headers."""
    headers: tuple[str, ...]
    columns: Mapping[str, int]
    """Key of a column to its position in the file."""
    ambiguous: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Columns that several headers fit equally well, and where; `columns` has the first of them."""
    unmatched: tuple[int, ...] = ()
    """Positions with a header that no column of the sheet answers to."""
    missing: tuple[str, ...] = ()
    """Keys of required columns that were not found."""


def match(headers: Sequence[str], sheet: Sheet, header_row: int = 1) -> Matching:
    """Find the sheet's columns among the headers: by title in either language, by synonym, then without hints.

    "姓 名＊", "姓名（必填）" and "NAME" all find the column of names. Each header serves one column.
    """
    fits = _fits(headers, sheet)
    columns: dict[str, int] = {}
    ambiguous: dict[str, tuple[int, ...]] = {}
    for strength in (_EXACT, _SYNONYM, _LOOSE):
        for column in sheet.columns:
            taken = columns.values()
            places = tuple(place for place in fits.get((column.key, strength), ()) if place not in taken)
            if column.key in columns or not places:
                continue
            columns[column.key] = places[0]
            if len(places) > 1:
                ambiguous[column.key] = places
    return described(headers, sheet, columns, header_row, ambiguous)


def described(
    headers: Sequence[str],
    sheet: Sheet,
    columns: Mapping[str, int],
    header_row: int,
    ambiguous: Mapping[str, tuple[int, ...]] | None = None,
) -> Matching:
    """A matching with these columns, whoever chose them, and what it leaves open."""
    return Matching(
        header_row=header_row,
        headers=tuple(headers),
        columns=columns,
        ambiguous=ambiguous or {},
        unmatched=tuple(place for place in named_places(headers) if place not in columns.values()),
        missing=tuple(column.key for column in sheet.columns if column.required and column.key not in columns),
    )


def named_places(headers: Sequence[str]) -> list[int]:
    """Positions of the headers that can be read from: those with a name that are not ours."""
    ours = set(map(header_form, in_all_languages(ERROR_COLUMN)))
    return [place for place, header in enumerate(headers) if header.strip() and header_form(header) not in ours]


def find_header(rows: Sequence[tuple[int, Sequence[str]]], sheet: Sheet) -> Matching:
    """The best matching among the first numbered rows: the one that finds most columns, the upper one of equals."""
    found = [match(row, sheet, number) for number, row in rows[:HEADER_ROWS]]
    return max(found, key=lambda matching: len(matching.columns), default=match((), sheet))


def _fits(headers: Sequence[str], sheet: Sheet) -> dict[tuple[str, int], list[int]]:
    names = {column.key: _names(column) for column in sheet.columns}
    fits: dict[tuple[str, int], list[int]] = {}
    for place, header in enumerate(headers):
        exact, loose = header_form(header), header_form(_HINTS.sub("", comparable(header)))
        for key, (titles, synonyms) in names.items():
            if exact and exact in titles:
                fits.setdefault((key, _EXACT), []).append(place)
            elif exact and exact in synonyms:
                fits.setdefault((key, _SYNONYM), []).append(place)
            elif loose and loose in titles | synonyms:
                fits.setdefault((key, _LOOSE), []).append(place)
    return fits


def _names(column: Column) -> tuple[frozenset[str], frozenset[str]]:
    titles = frozenset(header_form(title) for title in (*in_all_languages(column.title), column.key))
    return titles, frozenset(map(header_form, column.synonyms)) - titles


def in_all_languages(words: Words) -> list[str]:
    """The words as each language of the interface has them."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(str(words))
    return found


def header_form(header: str) -> str:
    """A header without blanks, brackets, asterisks, colons and letter case."""
    return _ORNAMENT.sub("", comparable(header))
