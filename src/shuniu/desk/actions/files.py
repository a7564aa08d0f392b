"""Files of a case: kept encrypted, few and small, handed out to be saved and never to be shown."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from shuniu.desk.casework import CaseError, add_step, locked, tell_trail
from shuniu.desk.enums import Audience, StepKind, Who
from shuniu.desk.models import Case, CaseFile
from shuniu.desk.sight import Sight
from shuniu.kernel.exchange.store import delete_upload, save_upload
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal

MOST: Final = 10
"""Files of one case."""
LARGEST: Final = 10 * 1024 * 1024
"""Bytes of one file."""
KINDS: Final = {
    "pdf": b"%PDF", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG", "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04", "txt": b"",
}  # fmt: skip
"""What may be added, and how each begins: a name alone proves nothing."""


@transaction.atomic(durable=True)
def attach_file(
    case: Case,
    file: BinaryIO,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    internal: bool = False,
    as_filer: bool = False,
) -> CaseFile:
    """Add a file to an open case. `internal`: only those who serve the case read it.

    Raises:
        PermissionDenied: the actor is nothing to the case.
        CaseError: it is too large, of a kind that is not taken, or there are too many.
    """
    case = locked(case)
    roles = Sight.of(actor).roles(case, as_filer=as_filer)
    if not roles:
        raise PermissionDenied
    by_filer = Who.FILER in roles
    _refuse(case, file, name)
    stored = save_upload(file)
    audience = Audience.STAFF if internal and not by_filer else Audience.ALL
    try:
        kept: CaseFile = CaseFile.everything.create(
            case=case, name=normal(PurePosixPath(name.replace("\\", "/")).name)[:100], stored=stored.id, size=stored.size,
            audience=audience, by_name="" if by_filer else actor.name, at=now,
        )  # fmt: skip
        add_step(case, StepKind.FILE, actor=actor, now=now, by_filer=by_filer, text=kept.name, audience=audience)
        tell_trail("case.file_added", case, actor, now)
    except Exception:
        delete_upload(stored.id)
        raise
    return kept


def _refuse(case: Case, file: BinaryIO, name: str) -> None:
    if case.closed_at is not None:
        raise CaseError(_("This case is closed. Reopen it first."))
    if case.files.count() >= MOST:
        raise CaseError(_("A case has at most {n} files.").format(n=MOST))
    file.seek(0, 2)
    if not 0 < file.tell() <= LARGEST:
        raise CaseError(_("A file may have at most {n} MB, and must not be empty.").format(n=LARGEST >> 20))
    file.seek(0)
    kind = normal(name).rpartition(".")[2].casefold()
    begins = file.read(8)
    file.seek(0)
    if kind not in KINDS or not begins.startswith(KINDS[kind]):
        raise CaseError(_("Only PDF, pictures (JPG, PNG), Word, Excel and text files are taken."))
