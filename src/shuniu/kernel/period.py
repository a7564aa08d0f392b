"""Half-open periods of days. A period holds from its first day up to, but not including, the day it ends on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

FOREVER = date(9999, 12, 31)
"""The end of a period that has not ended. A date rather than NULL, so that one index serves every question."""


def on_day(day: date, prefix: str = "") -> Q:
    """Periods that hold on `day`; `prefix` is a lookup path ending in `__`, or empty."""
    return Q(**{f"{prefix}starts_on__lte": day, f"{prefix}ends_on__gt": day})


class PeriodModel(models.Model):
    """A row that is true from `starts_on` until the day before `ends_on`."""

    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), default=FOREVER)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.ends_on == FOREVER

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day < self.ends_on


def starts_before_it_ends(name: str) -> models.CheckConstraint:
    """The database's own word that a period is not empty."""
    return models.CheckConstraint(name=name, condition=Q(ends_on__gt=F("starts_on")))


def close(rows: models.QuerySet[Any], on: date) -> int:
    """End every open period of `rows` on `on`; the count closed."""
    return rows.filter(ends_on=FOREVER).update(ends_on=on)
