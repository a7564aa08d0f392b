"""Rules that units set for themselves. The official rules are files, see `rules/book.py`."""

from __future__ import annotations

from typing import Any, Protocol

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import ScopedModel
from shuniu.rulebook.enums import Operator
from shuniu.rulebook.rules.rule import UnitValue


class Body(Protocol):
    """As much of an organisation of the registry as rules need."""

    @property
    def pk(self) -> Any: ...
    @property
    def path(self) -> str | None: ...
    @property
    def area(self) -> Any: ...


class UnitRule(ScopedModel):
    """A unit's own rule; it holds for the unit and all below it, from `valid_from` until the day before `valid_to`.

    A rule that ends on the day it begins was withdrawn before it held.
    """

    scope_permission = "rule.view"

    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="own_rules", verbose_name=_("union body")
    )
    rule_id = models.CharField(_("rule"), max_length=60)
    operator = models.CharField(_("comparison"), max_length=8, choices=[(one.value, one.value) for one in Operator])
    numbers = models.JSONField(_("numbers"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), default=FOREVER)
    source = models.CharField(_("decision it rests on"), max_length=120)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    set_by_id = models.BigIntegerField(_("account that set it"), null=True)
    set_by_name = models.CharField(_("set by"), max_length=80)
    set_at = models.DateTimeField(_("set at"))

    class Meta(ScopedModel.Meta):
        constraints = [
            models.CheckConstraint(name="unit_rule_ends_after_start", condition=Q(valid_to__gte=F("valid_from"))),
            models.UniqueConstraint(
                fields=["organisation", "rule_id"], condition=Q(valid_to=FOREVER), name="unit_rule_open_once"
            ),
        ]
        indexes = [models.Index(fields=["rule_id", "valid_from", "valid_to"], name="unit_rule_by_rule")]

    def __str__(self) -> str:
        return f"{self.rule_id} of {self.organisation_id}"

    @property
    def value(self) -> UnitValue:
        """The rule as the pure rules know it."""
        return UnitValue(
            pk=self.pk,
            rule_id=self.rule_id,
            organisation_id=self.organisation_id,
            organisation=str(self.organisation),
            path=self.organisation.path or "",
            operator=Operator(self.operator),
            numbers=tuple(self.numbers),
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            source=self.source,
            reason=self.reason,
        )
