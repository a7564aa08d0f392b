"""What a worker does with a batch: check it, take it in, take it back. Each can be killed at any moment.

A check that was killed goes on behind the last chunk that was staged. Taking in and taking back are one transaction
each, the change of state and the entry of the trail included; one that was killed never happened.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Generator
from contextlib import closing
from datetime import datetime
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.actors import actor_of
from shuniu.kernel.collector import without_collector
from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange import read
from shuniu.kernel.exchange.ahead import ahead, ahead_in_turn
from shuniu.kernel.exchange.checked import Checked, Problem
from shuniu.kernel.exchange.enums import BatchState
from shuniu.kernel.exchange.importer import Importer, Row, Run, importers
from shuniu.kernel.exchange.load import staged_table
from shuniu.kernel.exchange.models import ImportBatch
from shuniu.kernel.exchange.progress import Desk
from shuniu.kernel.exchange.queries import opened
from shuniu.kernel.exchange.rules import BATCH, REFUSALS
from shuniu.kernel.exchange.sheet import Sheet
from shuniu.kernel.exchange.stage import Stage
from shuniu.kernel.scope import Actor

ATTEMPTS = 4
"""How often a step is begun before it is given up: a file that kills its worker would do so for ever."""

LARGE = 1 << 20
"""Bytes from which on a file is worth more than one process."""
MOST_CHECKERS = 3
"""Processes that check; with more, the one that stages their rows cannot keep up."""

logger = logging.getLogger(__name__)


_CheckedChunk = tuple[int, list[tuple[Any, ...]], list[tuple[Any, ...]]]
"""Number of the last row, staged rows, problems."""


class Work(NamedTuple):
    """A batch with everything its steps need."""

    batch: ImportBatch
    importer: Importer
    run: Run
    desk: Desk


class _OvertakenError(Exception):
    """The batch is no longer in the state in which the work began: somebody cancelled it."""


def carry_on(batch_id: int, *, now: datetime, actor: Actor | None = None) -> None:
    """Do what the state of the batch asks for, unless somebody does it already. Nothing is asked for when at rest.

    `actor` is who asked, where the caller knows; otherwise the account that uploaded the file, as it is now.
    """
    desk = Desk(batch_id)
    with desk.taken() as mine:
        batch = _batches().filter(pk=batch_id).first()
        if not mine or batch is None or not batch.is_busy:
            return
        with translation.override(batch.language):
            _do(batch, desk, actor, now)


def _batches() -> Any:
    return ImportBatch.objects.unscoped(reason="the worker acts for whoever uploaded the file")


def _do(batch: ImportBatch, desk: Desk, actor: Actor | None, now: datetime) -> None:
    try:
        _count_attempt(batch)
        _STEPS[BatchState(batch.state)](_work(batch, desk, actor, now))
    except _OvertakenError:
        return
    except ActionError as refusal:
        _refuse(batch, str(refusal), now)
    except PermissionDenied:
        _refuse(batch, _("You no longer have the right to import this."), now)
    except Exception:
        _refuse(batch, _("Something went wrong on our side. The operator of the site can find it in the log."), now)
        logger.exception("import %s failed", batch.pk)


def _count_attempt(batch: ImportBatch) -> None:
    if batch.attempts >= ATTEMPTS:
        raise ActionError(_("This was begun several times and never came to an end. Split the file and try again."))
    _batches().filter(pk=batch.pk).update(attempts=batch.attempts + 1)


def _work(batch: ImportBatch, desk: Desk, actor: Actor | None, now: datetime) -> Work:
    importer = importers().get(batch.sheet)
    if importer is None:
        raise ActionError(_("This kind of table is no longer imported here."))
    day = timezone.localtime(now).date()
    actor = actor or (Actor.system() if batch.user_id is None else actor_of(batch.user_id, day))
    if not actor.may("import.run") or not actor.may(importer.permission):
        raise PermissionDenied
    return Work(batch, importer, Run(batch.pk, actor, now, day, frozenset(batch.columns)), desk)


def _refuse(batch: ImportBatch, sentence: str, now: datetime) -> None:
    batch.refresh_from_db(fields=["state"])  # what a transaction had changed may be as it was
    if batch.is_busy:
        told = {"refusal": sentence, "attempts": 0, "changed_at": now}
        _batches().filter(pk=batch.pk, state=batch.state).update(state=REFUSALS[batch.state], **told)


def _move(batch: ImportBatch, name: str, now: datetime, **values: Any) -> None:
    """Take the batch on, if it still is where it was seen."""
    move = BATCH.transition(name)
    state, seen = BatchState(str(move.target)), {"pk": batch.pk, "state": batch.state, "state__in": move.source}
    moved = _batches().filter(**seen).update(state=state, changed_at=now, **values)
    if not moved:
        raise _OvertakenError
    batch.state = state


def _check(work: Work) -> None:
    batch = work.batch
    if batch.state == BatchState.MATCHED:
        _move(batch, "begin", work.run.now)
    with Stage(work.desk.stage_path, work.importer.stage_columns) as stage:
        if not stage.finished:
            _stage_rows(work, stage)
        counts = stage.counts()
    with transaction.atomic():
        _move(batch, "finish", work.run.now, refusal="", attempts=0, **counts._asdict())
        _record("import.checked", work, counts=counts._asdict())


def _stage_rows(work: Work, stage: Stage) -> None:
    context = work.importer.begin(work.run)
    after, total = max(stage.last_row, work.batch.header_row), _expected_rows(work.batch)
    with closing(_checked_chunks(work, context, after)) as chunks, without_collector():
        for last_row, rows, problems in chunks:
            stage.add_chunk(last_row, Checked(rows, [Problem(*problem) for problem in problems]))
            work.desk.report(last_row, max(total, last_row))
            _stop_if_cancelled(work.batch)
    if not stage.last_row:
        raise ActionError(_("There is no row below the headers."))
    with stage.transaction():
        work.importer.finish_check(context, stage)
        stage.finish()


def _checked_chunks(work: Work, context: Any, after: int) -> Generator[_CheckedChunk, None, None]:
    """The rows of a large file are checked by other processes than the one that stages them.

    A text file is read by each of them, which costs less than to hand its rows over; a workbook by one process more.
    """
    if work.batch.file_size < LARGE:
        return _checked(work, context, after)
    checkers = max(1, min(MOST_CHECKERS, os.cpu_count() or 1)) if work.batch.layout.kind == "csv" else 1
    return ahead_in_turn([partial(_checked, work, context, after, turn, checkers) for turn in range(checkers)])


def _checked(
    work: Work, context: Any, after: int, turn: int = 0, checkers: int = 1
) -> Generator[_CheckedChunk, None, None]:
    """Every chunk, or those whose turn it is among several checkers."""
    pick = picker(work.importer.sheet, work.batch.columns)
    with closing(_chunks(work.batch, after=after)) as chunks:
        for chunk in islice(chunks, turn, None, checkers):
            rows, problems = work.importer.check_chunk(context, chunk.numbers, pick(chunk.rows))
            yield chunk.numbers[-1], list(rows), [tuple(problem) for problem in problems]


def _stop_if_cancelled(batch: ImportBatch) -> None:
    if not _batches().filter(pk=batch.pk, state=BatchState.CHECKING).exists():
        raise _OvertakenError


def _expected_rows(batch: ImportBatch) -> int:
    with opened(batch) as stream:
        return read.expected_rows(stream, batch.layout)


def _chunks(batch: ImportBatch, *, after: int) -> Generator[read.Chunk, None, None]:
    def source() -> Generator[read.Chunk, None, None]:
        with opened(batch) as stream:
            yield from read.chunks(stream, batch.layout, after=after)

    if batch.layout.kind == "csv" or batch.file_size < LARGE:
        return source()
    handed_over = ahead(lambda: ((chunk.numbers, chunk.rows) for chunk in source()))
    return (read.Chunk(numbers, rows) for numbers, rows in handed_over)


def picker(sheet: Sheet, columns: dict[str, int]) -> Callable[[list[list[str]]], list[Row]]:
    """Rows of the file to rows of the sheet: cells in its order, "" where the file has no such column."""
    blanks = [""] * (max(columns.values(), default=0) + 1)
    # A row is lengthened so far that every column is in it, and its last cell is empty.
    places = [columns.get(column.key, -1) for column in sheet.columns]
    pick = itemgetter(*places, -1)
    return lambda rows: [pick(row + blanks)[:-1] for row in rows]


def _apply(work: Work) -> None:
    with Stage(work.desk.stage_path, work.importer.stage_columns) as stage:
        if not stage.finished:
            raise ActionError(_("What was checked is no longer there. Check the file again."))
        with staged_table(connection, stage) as staged:
            _move(work.batch, "settle", work.run.now, applied_at=work.run.now, refusal="", attempts=0)
            work.importer.apply(work.run, staged, work.desk.report)
            _record("import.applied", work, counts=work.batch.counts._asdict())


def _undo(work: Work) -> None:
    with transaction.atomic():
        _move(work.batch, "clear", work.run.now, refusal="", attempts=0)
        work.importer.undo(work.run, work.desk.report)
        _record("import.undone", work)


def _record(verb: str, work: Work, **detail: Any) -> None:
    told = {"sheet": work.batch.sheet, "file": work.batch.file_name, "sha256": work.batch.sha256, **detail}
    trail.record(verb, work.batch, actor=work.run.actor, now=work.run.now, detail=told)


_STEPS: dict[BatchState, Callable[[Work], None]] = {
    BatchState.MATCHED: _check,
    BatchState.CHECKING: _check,
    BatchState.APPLYING: _apply,
    BatchState.UNDOING: _undo,
}
