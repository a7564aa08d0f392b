"""What a paper says, without a word on how it looks. Texts are plain: nothing in them is markup anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from shuniu.kernel.web import formats

Words = str | Promise
Pair = tuple[Words, Any]
"""A label and a value; days, moments, numbers and yes or no are written as on pages."""

_NOT_ON_PAPER = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""Characters that no file can hold, and those that turn the direction of what is read."""
_LONG_RUN = re.compile(r"[!-~]{24}")
"""So much without a space does not break by itself and would run over the edge of a table."""
BREAK = "\u200b"


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part."""

    text: Words


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs, one a line. `to`: the line that names the addressee, which stands at the margin."""

    text: Words
    to: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values in a table with lines, `columns` pairs side by side; a long text gets a row of its own."""

    pairs: Sequence[Pair]
    columns: int = 2


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a head that comes again on every page. `widths` are shares of the whole; without, all are alike."""

    headers: Sequence[Words]
    rows: Sequence[Sequence[Any]]
    widths: Sequence[int] = ()
    title: Words = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign side by side, each with its label and a line for the day."""

    labels: Sequence[Words]


@dataclass(frozen=True, slots=True)
class Signed:
    """Who issues the paper and the day, at the lower right, where the seal goes."""

    by: Words
    on: Words


Block = Heading | Text | Facts | Grid | Signatures | Signed


@dataclass(frozen=True, slots=True)
class Document:
    """A paper. `head` is the body in whose name it goes out; `footer` stands beside the number of each page."""

    title: Words
    blocks: Sequence[Block] = ()
    number: Words = ""
    head: Words = ""
    footer: Words = ""
    landscape: bool = False


LONG = 24
"""A value with more characters than this gets the whole width of a table of facts."""


def written(value: Any) -> str:
    """A value as text for paper: in the reader's language, legal in every format, no run of letters too long to break."""
    text = _NOT_ON_PAPER.sub("", formats.text(value))
    return _LONG_RUN.sub(lambda run: run.group() + BREAK, text)


def plain(value: Any) -> str:
    """The same, for places where nothing has to break."""
    return written(value).replace(BREAK, "")


def lines(text: Any) -> list[str]:
    """The paragraphs of a text, without empty ones."""
    if not str(text):
        return []
    return [line.strip() for line in written(text).splitlines() if line.strip()]


def fact_rows(facts: Facts) -> list[list[tuple[str, str]]]:
    """The rows of a table of facts: up to `columns` short pairs, or one long."""
    rows: list[list[tuple[str, str]]] = []
    open_row: list[tuple[str, str]] = []
    for pair in ((written(label), written(value)) for label, value in facts.pairs):
        alone = len(pair[1]) > LONG or "\n" in pair[1]
        if alone or len(open_row) == facts.columns:
            rows, open_row = [*rows, *([open_row] if open_row else [])], []
        if alone:
            rows.append([pair])
        else:
            open_row.append(pair)
    return [*rows, open_row] if open_row else rows


def cells(rows: Iterable[Sequence[Any]], width: int) -> list[list[str]]:
    """The rows of a grid, each as wide as its head."""
    return [[*map(written, row[:width]), *[""] * (width - len(row))] for row in rows]
