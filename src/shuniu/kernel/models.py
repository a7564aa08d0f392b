"""The tables every room stands on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.exchange.models import ImportBatch
from shuniu.kernel.notices.models import Delivery, Notice, NoticeChoice

__all__ = ["Delivery", "ImportBatch", "Notice", "NoticeChoice", "TrailEntry", "TrailHead"]


class TrailEntry(models.Model):
    """One thing that somebody did. Written by `kernel.trail.record` only, never changed."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("at"))
    actor_id = models.BigIntegerField(_("account"), null=True)
    actor_name = models.CharField(_("who"), max_length=80)
    verb = models.CharField(_("what"), max_length=64)
    target_type = models.CharField(_("kind of row"), max_length=80, blank=True)
    target_id = models.BigIntegerField(_("row"), null=True)
    organisation_id = models.BigIntegerField(_("organisation"), null=True)
    changes = models.JSONField(_("changes"), default=dict)
    seal = models.CharField(_("seal"), max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["target_type", "target_id", "number"], name="trail_by_target"),
            models.Index(fields=["actor_id", "number"], name="trail_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"


class TrailHead(models.Model):
    """One row: how long the trail is and the seal of its last entry. Writers take turns by locking it."""

    length = models.BigIntegerField()
    seal = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.length)
