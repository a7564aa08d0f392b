"""The door through which a worker comes to a batch, and what brings back a batch whose worker has died."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from shuniu.kernel.exchange.engine import carry_on
from shuniu.kernel.exchange.enums import BUSY
from shuniu.kernel.exchange.models import ImportBatch
from shuniu.kernel.exchange.progress import Desk
from shuniu.kernel.exchange.store import delete_upload

KEPT = timedelta(days=30)
"""How long an uploaded file and its checked rows are kept after the last change of the batch."""

_QUEUED = timedelta(seconds=2)
"""Younger batches may still be on their way into the queue."""


@task()
def work(batch_id: int) -> None:
    """Carry on with a batch."""
    carry_on(batch_id, now=timezone.now())


def requeue(now: datetime) -> list[int]:
    """Queue every batch that should be worked on and is not, because its worker was killed. Returns their numbers."""
    found = []
    rows = ImportBatch.objects.unscoped(reason="looking after the workers")
    for batch in rows.filter(state__in=BUSY, changed_at__lt=now - _QUEUED):
        if not Desk(batch.pk).is_taken and not _queued(batch.pk).filter(status="READY").exists():
            _queued(batch.pk).filter(status="RUNNING").update(status="FAILED", finished_at=now)
            work.enqueue(batch.pk)
            found.append(batch.pk)
    return found


def _queued(batch_id: int) -> QuerySet[Any]:
    return DBTaskResult.objects.filter(task_path=work.module_path, args_kwargs__args=[batch_id])


def purge(now: datetime) -> list[int]:
    """Delete the files of batches that have been at rest for `KEPT`. The batches themselves stay."""
    rows = ImportBatch.objects.unscoped(reason="files are kept no longer than needed")
    old = rows.filter(~Q(state__in=BUSY) & ~Q(file_id=""), changed_at__lt=now - KEPT)
    found = list(old.values_list("pk", "file_id"))
    for batch_id, file_id in found:
        delete_upload(file_id)
        Desk(batch_id).clear()
        rows.filter(pk=batch_id).update(file_id="")
    return [batch_id for batch_id, _ in found]
