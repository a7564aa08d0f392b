"""The table of imports."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.exchange.checked import Counts
from shuniu.kernel.exchange.enums import BUSY, BatchState
from shuniu.kernel.exchange.read import Layout
from shuniu.kernel.scope import Actor, ScopedModel

_APPLIED = (BatchState.APPLIED, BatchState.UNDOING, BatchState.UNDONE)


class ImportBatch(ScopedModel):
    """One file on its way into the registry. It belongs to whoever uploaded it: it holds what others may not see."""

    scope_path: ClassVar[str] = "sheet"  # no place of the tree opens it; whoever reaches everything does

    sheet = models.CharField(_("what is imported"), max_length=64)
    state = models.CharField(_("state"), max_length=16, choices=BatchState, default=BatchState.UPLOADED)
    user_id = models.BigIntegerField(_("account"), null=True)
    user_name = models.CharField(_("who"), max_length=80)
    language = models.CharField(_("language"), max_length=16)
    created_at = models.DateTimeField(_("uploaded at"))
    changed_at = models.DateTimeField(_("changed at"))
    applied_at = models.DateTimeField(_("taken in at"), null=True)

    file_name = models.CharField(_("file"), max_length=200)
    file_id = models.CharField(max_length=32)
    file_size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    tables = models.JSONField(default=list)
    """The layouts of the file's tables; `table` is the one that is imported."""
    table = models.PositiveSmallIntegerField(default=0)
    header_row = models.PositiveIntegerField(default=1)
    columns = models.JSONField(default=dict)
    """Key of a column to its position in the file."""

    attempts = models.PositiveSmallIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    warned = models.PositiveIntegerField(default=0)
    refusal = models.TextField(_("why not"), blank=True)
    """Why the last step was refused, as a sentence; empty where it was not."""

    class Meta:
        indexes = [
            models.Index(fields=["user_id", "-id"], name="import_batch_by_user"),
            models.Index(fields=["state"], condition=Q(state__in=BUSY), name="import_batch_busy"),
        ]
        constraints = [
            models.CheckConstraint(
                name="import_batch_applied_at_iff_applied",
                condition=Q(applied_at__isnull=False, state__in=_APPLIED)
                | (Q(applied_at=None) & ~Q(state__in=_APPLIED)),
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return Q(pk__in=[]) if actor.user_id is None else Q(user_id=actor.user_id)

    @property
    def layout(self) -> Layout:
        return Layout(**self.tables[self.table])

    @property
    def counts(self) -> Counts:
        return Counts(self.new, self.changed, self.unchanged, self.wrong, self.warned)

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY
