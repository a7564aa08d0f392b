"""What a person decides about an import. Each decision leaves an entry in the trail and, where needed, a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import PurePath
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange import jobs, read
from shuniu.kernel.exchange.enums import BatchState
from shuniu.kernel.exchange.importer import Importer, importers
from shuniu.kernel.exchange.limits import FileRefused
from shuniu.kernel.exchange.matching import Matching, described, find_header
from shuniu.kernel.exchange.models import ImportBatch
from shuniu.kernel.exchange.progress import Desk
from shuniu.kernel.exchange.queries import opened
from shuniu.kernel.exchange.rules import BATCH
from shuniu.kernel.exchange.sheet import Sheet
from shuniu.kernel.exchange.store import delete_upload, open_upload, save_upload
from shuniu.kernel.scope import Actor


def start_upload(
    sheet_key: str, file: BinaryIO, name: str, *, language: str, actor: Actor, now: datetime
) -> ImportBatch:
    """Store the file, find its best table and propose which column is which. `language` is that of the messages.

    Raises:
        FileRefused: the file is not read; the sentence says why.
        PermissionDenied: the actor may not import this.
    """
    importer = permitted(sheet_key, actor)
    stored = save_upload(file)
    try:
        tables, table, matching = _best_table(stored.id, name, importer.sheet)
        return _create(
            verb="import.uploaded",
            actor=actor,
            sheet=sheet_key,
            user_id=actor.user_id,
            user_name=actor.name,
            language=language,
            created_at=now,
            changed_at=now,
            file_name=PurePath(name).name[-200:],
            file_id=stored.id,
            file_size=stored.size,
            sha256=stored.sha256,
            tables=[asdict(found) for found in tables],
            table=table,
            header_row=matching.header_row,
            columns=dict(matching.columns),
        )
    except BaseException:
        delete_upload(stored.id)
        raise


def permitted(sheet_key: str, actor: Actor) -> Importer:
    """The importer of a sheet, if the actor may use it.

    Raises:
        ActionError: nothing of this name is imported here.
        PermissionDenied: the actor may not import it.
    """
    importer = importers().get(sheet_key)
    if importer is None:
        raise ActionError(_("There is no table called “{key}” to import.").format(key=sheet_key))
    if not actor.may("import.run") or not actor.may(importer.permission):
        raise PermissionDenied
    return importer


def _best_table(file_id: str, name: str, sheet: Sheet) -> tuple[list[read.Layout], int, Matching]:
    with open_upload(file_id) as stream:
        tables = read.layouts(stream, name)
        matchings = [find_header(read.first_rows(stream, table), sheet) for table in tables]
    if not any(matching.headers for matching in matchings):
        raise FileRefused(_("There is no row in this file."))
    best = max(range(len(tables)), key=lambda index: len(matchings[index].columns))
    return tables, best, matchings[best]


@transaction.atomic
def _create(*, verb: str, actor: Actor, **values: Any) -> ImportBatch:
    batch = ImportBatch(**values)
    batch.save(force_insert=True)
    _record(verb, batch, actor, batch.created_at, size=batch.file_size, sha256=batch.sha256)
    return batch


def choose_table(batch: ImportBatch, table: int, *, actor: Actor, now: datetime, header_row: int | None = None) -> None:
    """Import another sheet of the workbook, or take another row as its headers; the columns are matched anew.

    Raises:
        ActionError: there is no such sheet or row, the file is gone, or the check has begun.
    """
    if not 0 <= table < len(batch.tables):
        raise ActionError(_("The workbook has no such sheet."))
    importer = permitted(batch.sheet, actor)
    with opened(batch) as stream:
        rows = read.first_rows(stream, read.Layout(**batch.tables[table]))
    if header_row is not None:
        rows = [(number, row) for number, row in rows if number == header_row]
    if not rows:
        raise ActionError(_("There is no such row among the first rows of the table."))
    matching = find_header(rows, importer.sheet)
    with transaction.atomic():
        chosen = {"table": table, "header_row": matching.header_row, "columns": dict(matching.columns)}
        _move(batch, "choose_table", now, **chosen)
        _record("import.table_chosen", batch, actor, now, table=batch.layout.title, header_row=batch.header_row)


def choose_mapping(batch: ImportBatch, columns: Mapping[str, int], *, actor: Actor, now: datetime) -> None:
    """Say which column of the file is which, and have the rows checked. `columns`: key to position, from 0.

    Raises:
        ActionError: a required column is missing, two share a position, or a step is under way.
    """
    importer = permitted(batch.sheet, actor)
    _refuse_columns(columns, importer.sheet)
    with transaction.atomic():
        _move(batch, "choose_mapping", now, columns=dict(columns), refusal="", attempts=0)
        _record("import.mapped", batch, actor, now, columns=dict(columns))
        transaction.on_commit(Desk(batch.pk).clear)
        _queue(batch)


def _refuse_columns(columns: Mapping[str, int], sheet: Sheet) -> None:
    unknown = columns.keys() - {column.key for column in sheet.columns}
    if unknown or any(place < 0 for place in columns.values()):
        raise ActionError(_("One of the chosen columns does not exist."))
    if len(set(columns.values())) < len(columns):
        raise ActionError(_("Two columns cannot be read from the same column of the file."))
    for key in described((), sheet, columns, 1).missing:
        message = _("Say which column of the file is “{column}”.")
        raise ActionError(message.format(column=sheet.column(key).title))


def check_again(batch: ImportBatch, *, actor: Actor, now: datetime) -> None:
    """Check the rows anew, against the registry as it is now.

    Raises:
        ActionError: a step is under way, or the batch is already taken in.
    """
    choose_mapping(batch, batch.columns, actor=actor, now=now)


def apply_batch(batch: ImportBatch, *, actor: Actor, now: datetime) -> None:
    """Have the rows without errors taken into the registry.

    Raises:
        ActionError: it is not checked, or no row of it would change anything.
    """
    permitted(batch.sheet, actor)
    if batch.state == BatchState.CHECKED and not (batch.new or batch.changed):
        raise ActionError(_("No row would change anything, so there is nothing to take in."))
    with transaction.atomic():
        _move(batch, "apply", now, refusal="", attempts=0)
        _record("import.apply_asked", batch, actor, now)
        _queue(batch)


def undo_batch(batch: ImportBatch, *, actor: Actor, now: datetime) -> None:
    """Have everything taken back that this batch brought in.

    Raises:
        ActionError: it was not taken in, or is being taken back already.
    """
    permitted(batch.sheet, actor)
    with transaction.atomic():
        _move(batch, "undo", now, refusal="", attempts=0)
        _record("import.undo_asked", batch, actor, now)
        _queue(batch)


def cancel_batch(batch: ImportBatch, *, actor: Actor, now: datetime) -> None:
    """Give the import up before anything of it is taken in, and delete the file.

    Raises:
        ActionError: it is being taken in, or was.
    """
    permitted(batch.sheet, actor)
    stored = batch.file_id
    with transaction.atomic():
        _move(batch, "cancel", now, file_id="")
        _record("import.cancelled", batch, actor, now)
    delete_upload(stored)
    Desk(batch.pk).clear()


def _move(batch: ImportBatch, name: str, now: datetime, **values: Any) -> None:
    move = BATCH.transition(name)
    rows = ImportBatch.objects.unscoped(reason="the caller has the batch in sight")
    if not rows.filter(pk=batch.pk, state__in=move.source).update(state=move.target, changed_at=now, **values):
        batch.refresh_from_db()
        message = _("This is not possible any more: the import is “{state}” now.")
        raise ActionError(message.format(state=batch.get_state_display()))
    for name, value in {"state": move.target, **values}.items():
        setattr(batch, name, value)


def _queue(batch: ImportBatch) -> None:
    transaction.on_commit(lambda: jobs.work.enqueue(batch.pk))


def _record(verb: str, batch: ImportBatch, actor: Actor, now: datetime, **detail: Any) -> None:
    trail.record(verb, batch, actor=actor, now=now, detail={"sheet": batch.sheet, "file": batch.file_name, **detail})
