"""The list of what is wrong with the rows of a file, with its filters in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shuniu.kernel.exchange.checked import ERROR
from shuniu.kernel.exchange.models import ImportBatch
from shuniu.kernel.exchange.queries import MOST_ERRORS, problems_of
from shuniu.kernel.exchange.sheet import Sheet

PAGE = 50
_LAST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """Problems of one column and severity: how many rows have them, and whether only they are shown."""

    title: str | Promise
    column: str
    severity: str
    rows: int
    chosen: bool

    @property
    def is_error(self) -> bool:
        return self.severity == ERROR


@dataclass(frozen=True, slots=True)
class ProblemLine:
    row_no: int
    title: str | Promise
    is_error: bool
    message: str


@dataclass(frozen=True, slots=True)
class ProblemList:
    """One page of problems; the numbers of the pages before and behind, 0 where there is none."""

    kinds: Sequence[ProblemKind]
    lines: Sequence[ProblemLine]
    filtered: bool
    most: int
    """How many problems the workbook to be corrected holds; 0 where it holds all."""
    previous: int
    following: int


def problem_list(batch: ImportBatch, sheet: Sheet, query: QueryDict) -> ProblemList | None:
    """The problems asked for by `column`, `severity` and `page`; None where they are no longer kept."""
    column, severity = query.get("column"), query.get("severity") or None
    number = _page_number(query.get("page", ""))
    found = problems_of(batch, column=column, severity=severity, offset=(number - 1) * PAGE, limit=PAGE)
    if found is None:
        return None
    titles = {one.key: one.title for one in sheet.columns}
    kinds = [
        ProblemKind(titles.get(key, _("The whole row")), key, kind, rows, (key, kind) == (column, severity))
        for key, kind, rows in found.counts
    ]
    lines = [
        ProblemLine(one.row_no, titles.get(one.column, _("The whole row")), one.severity == ERROR, one.message)
        for one in found.problems
    ]
    most = MOST_ERRORS if sum(rows for _, _, rows in found.counts) > MOST_ERRORS else 0
    return ProblemList(kinds, lines, column is not None, most, number - 1, number + 1 if found.more else 0)


def _page_number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return min(max(number, 1), _LAST_PAGE)
