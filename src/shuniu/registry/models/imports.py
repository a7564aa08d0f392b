"""What an import replaced, so that it can be taken back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Replaced(models.Model):
    """The values that a row of a table had before an import changed it. Shared: no page shows it, only undo reads it.

    Never holds a value of an `EncryptedField` in clear.
    """

    batch_id = models.BigIntegerField(_("import batch"))
    table = models.CharField(_("table"), max_length=40)
    row_id = models.BigIntegerField(_("row"))
    before = models.JSONField(_("values before"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch_id", "table", "row_id"], name="replaced_once_a_batch")]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"
