"""What the pages of imports show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import BinaryIO

from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange import read
from shuniu.kernel.exchange.checked import Problem
from shuniu.kernel.exchange.importer import importers
from shuniu.kernel.exchange.matching import HEADER_ROWS, Matching, described, match
from shuniu.kernel.exchange.models import ImportBatch
from shuniu.kernel.exchange.progress import Desk, Progress
from shuniu.kernel.exchange.sheet import Sheet
from shuniu.kernel.exchange.stage import Stage
from shuniu.kernel.exchange.store import open_upload
from shuniu.kernel.exchange.workbook import error_workbook
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.scope import Actor, ScopedQuerySet
from shuniu.kernel.vault import VaultError
from shuniu.kernel.verbs import verb_label

MOST_ERRORS = 20_000
"""Problems in one error workbook. Where there are more, the file as a whole is to be looked at again."""
SAMPLES = 3
"""Rows below the headers that are shown so that a column can be recognised."""


def my_batches(actor: Actor) -> ScopedQuerySet[ImportBatch]:
    """The actor's own imports."""
    return ImportBatch.objects.visible_to(actor)


def sheet_of(batch: ImportBatch) -> Sheet | None:
    """The description of what is imported; None where no room imports it any more."""
    importer = importers().get(batch.sheet)
    return importer.sheet if importer else None


def progress_of(batch: ImportBatch) -> Progress:
    """How far the step is that is under way."""
    return Desk(batch.pk).read()


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the trail about a batch, as a timeline shows it."""

    at: datetime
    title: str
    who: str


def history_of(batch: ImportBatch) -> list[Happening]:
    """What happened to the batch, newest first."""
    entries = TrailEntry.objects.filter(target_type=batch._meta.label_lower, target_id=batch.pk).order_by("-number")
    return [Happening(entry.at, verb_label(entry.verb), entry.actor_name) for entry in entries]


@dataclass(frozen=True, slots=True)
class Preview:
    """The headers of the file, how they were understood, and the first rows below them."""

    matching: Matching
    proposed: Matching
    """What was found without anybody's choice: says which columns are ambiguous."""
    samples: Sequence[Sequence[str]]

    def values(self, place: int) -> list[str]:
        """The first values of one column of the file."""
        return [row[place] for row in self.samples if place < len(row) and row[place].strip()]


@contextmanager
def opened(batch: ImportBatch) -> Iterator[BinaryIO]:
    """The uploaded file.

    Raises:
        ActionError: it is no longer kept, or was changed on the disk.
    """
    try:
        with open_upload(batch.file_id) as stream:
            yield stream
    except (FileNotFoundError, VaultError):
        raise ActionError(_("The uploaded file is gone. Upload it again.")) from None


def preview_of(batch: ImportBatch, sheet: Sheet) -> Preview:
    """The top of the file, with the columns as they are matched now.

    Raises:
        ActionError: the file is no longer kept.
    """
    with opened(batch) as stream:
        rows = read.first_rows(stream, batch.layout, HEADER_ROWS + SAMPLES)
    headers = next((row for number, row in rows if number == batch.header_row), [])
    below = [row for number, row in rows if number > batch.header_row][:SAMPLES]
    matching = described(headers, sheet, batch.columns, batch.header_row)
    return Preview(matching, match(headers, sheet, batch.header_row), below)


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """Some problems of a batch, and how many of each kind there are."""

    counts: Sequence[tuple[str, str, int]]
    """(column key, severity, rows)."""
    problems: Sequence[Problem]
    more: bool


def problems_of(
    batch: ImportBatch, *, column: str | None, severity: str | None, offset: int, limit: int
) -> ProblemPage | None:
    """Problems behind the first `offset`, filtered; None where the checked rows are no longer kept."""
    desk = Desk(batch.pk)
    importer = importers().get(batch.sheet)
    if importer is None or not desk.stage_path.exists():
        return None
    with Stage(desk.stage_path, importer.stage_columns, read_only=True) as stage:
        found = stage.problems(column=column, severity=severity, offset=offset, limit=limit + 1)
        return ProblemPage(stage.problem_counts(), found[:limit], len(found) > limit)


def errors_of(batch: ImportBatch, sheet: Sheet) -> bytes | None:
    """The rows with problems as a workbook, `MOST_ERRORS` of them at most; None where they are no longer kept.

    Raises:
        ActionError: the file is no longer kept.
    """
    found = problems_of(batch, column=None, severity=None, offset=0, limit=MOST_ERRORS)
    if found is None:
        return None
    problems: dict[int, list[Problem]] = {}
    for problem in found.problems:
        problems.setdefault(problem.row_no, []).append(problem)
    with opened(batch) as stream:
        headers = next((row for number, row in read.first_rows(stream, batch.layout) if number == batch.header_row), [])
        rows = (
            numbered
            for chunk in read.chunks(stream, batch.layout, after=batch.header_row)
            for numbered in zip(chunk.numbers, chunk.rows, strict=True)
        )
        wanted = takewhile(lambda numbered: numbered[0] <= max(problems, default=0), rows)
        return error_workbook(sheet, headers, batch.columns, wanted, problems)
