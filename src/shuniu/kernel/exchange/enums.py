"""The states of an import."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class BatchState(TextChoices):
    """Where a file stands on its way into the registry, and out of it again."""

    UPLOADED = "uploaded", pgettext_lazy("import", "Columns to be confirmed")
    MATCHED = "matched", pgettext_lazy("import", "Waiting to be checked")
    CHECKING = "checking", pgettext_lazy("import", "Being checked")
    CHECKED = "checked", pgettext_lazy("import", "Checked, waiting for your decision")
    APPLYING = "applying", pgettext_lazy("import", "Being taken in")
    APPLIED = "applied", pgettext_lazy("import", "Taken in")
    UNDOING = "undoing", pgettext_lazy("import", "Being taken back")
    UNDONE = "undone", pgettext_lazy("import", "Taken back")
    FAILED = "failed", pgettext_lazy("import", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")


BUSY = (BatchState.MATCHED, BatchState.CHECKING, BatchState.APPLYING, BatchState.UNDOING)
"""States in which a worker has the batch, or should have."""
