"""Import and export from the command line: the same steps as on the pages, one after the other, in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.actors import actor_of
from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange import actions
from shuniu.kernel.exchange.engine import carry_on
from shuniu.kernel.exchange.enums import BatchState
from shuniu.kernel.exchange.exporter import exporters
from shuniu.kernel.exchange.models import ImportBatch
from shuniu.kernel.exchange.queries import problems_of
from shuniu.kernel.exchange.workbook import export_csv
from shuniu.kernel.scope import Actor

SHOWN = 20
"""Problems told on the terminal; all of them are on the batch's page."""

Say = Callable[[str], None]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run_import(sheet_key: str, path: str | Path, username: str, *, say: Say = _say) -> int:
    """Check the file and take its good rows in, as the user would on the pages. Returns 1 where rows were left out.

    Raises:
        ActionError: there is no such user or table, the file is not read, or a step was refused.
    """
    now = timezone.now()  # noqa: TID251 -- a door
    actor = actor_of(username, timezone.localtime(now).date())
    try:
        with Path(path).open("rb") as file:
            language = translation.get_language() or ""
            batch = actions.start_upload(sheet_key, file, Path(path).name, language=language, actor=actor, now=now)
        actions.choose_mapping(batch, batch.columns, actor=actor, now=now)
        _finish(batch, BatchState.CHECKED, actor)
        if batch.new or batch.changed:
            actions.apply_batch(batch, actor=actor, now=now)
            _finish(batch, BatchState.APPLIED, actor)
    except PermissionDenied:
        raise ActionError(_("{user} may not import this.").format(user=username)) from None
    _tell(batch, say)
    return 1 if batch.wrong else 0


def _finish(batch: ImportBatch, state: BatchState, actor: Actor) -> None:
    carry_on(batch.pk, now=timezone.now(), actor=actor)  # noqa: TID251 -- a door
    batch.refresh_from_db()
    if batch.state != state:
        raise ActionError(batch.refusal or batch.get_state_display())


def _tell(batch: ImportBatch, say: Say) -> None:
    counts = _("{new} new, {changed} changed, {unchanged} unchanged, {wrong} wrong rows.")
    say(counts.format(**batch.counts._asdict()))
    found = problems_of(batch, column=None, severity=None, offset=0, limit=SHOWN)
    for problem in found.problems if found else ():
        say(_("Row {row}: {message}").format(row=problem.row_no, message=problem.message))
    if found and found.more:
        say(_("There are more; the page of import {number} shows them all.").format(number=batch.pk))


def run_export(key: str, username: str) -> int:
    """Write a table within the user's reach to standard output as CSV, and an entry to the trail.

    Raises:
        ActionError: there is no such user or table, or the user may not export it.
    """
    now = timezone.now()  # noqa: TID251 -- a door
    day = timezone.localtime(now).date()
    actor, exporter = actor_of(username, day), exporters().get(key)
    if exporter is None:
        raise ActionError(_("There is no table called “{key}” to export.").format(key=key))
    if not actor.may(exporter.permission):
        raise ActionError(_("{user} may not export this.").format(user=username))
    with transaction.atomic():
        trail.record("export.made", None, actor=actor, now=now, detail={"sheet": key})
    for part in export_csv(exporter.headers, exporter.rows(actor, day)):
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()
    return 0
