"""What a union body has to do, and who does it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.hub.enums import DeliveryMode, DutyClass
from shuniu.hub.rules.duties import Suggestion, suggest
from shuniu.kernel.scope import ScopedModel


class Duty(ScopedModel):
    """A duty in the catalogue of a union body. Nothing reserved is ever put under a tender or an agreement.

    Class, mode, answers, reason and dates are those of the last decision; before the first one they are what the answers
    of the ready catalogue speak for.
    """

    scope_permission = "duty.view"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("number"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    division = models.CharField(_("field of work"), max_length=40)
    description = models.TextField(_("description"), blank=True)
    kind = models.CharField(pgettext_lazy("duty", "class"), max_length=12, choices=DutyClass)
    mode = models.CharField(_("carried out"), max_length=12, choices=DeliveryMode, blank=True)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["organisation", "review_on"], name="duty_by_review")]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="duty_numbered_once"),
            models.CheckConstraint(
                name="duty_reserved_is_own", condition=~Q(kind=DutyClass.RESERVED) | Q(mode__in=["", DeliveryMode.OWN])
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_reserved(self) -> bool:
        return self.kind == DutyClass.RESERVED

    @property
    def suggestion(self) -> Suggestion:
        """What its answers speak for."""
        return suggest(self.answers)

    @property
    def because(self) -> str:
        """Why it is of its class: the words of whoever decided, or what the answers say."""
        return self.reason or (self.suggestion.sentence if self.suggestion.kind else "")


class DutyDecision(ScopedModel):
    """A decision about a duty, kept as it was made. The last one is the duty's own state."""

    scope_path = "duty__organisation__path"
    scope_permission = "duty.view"

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(pgettext_lazy("duty", "class"), max_length=12, choices=DutyClass)
    suggested = models.CharField(_("class that the answers spoke for"), max_length=12, choices=DutyClass)
    mode = models.CharField(_("carried out"), max_length=12, choices=DeliveryMode)
    answers = models.JSONField(_("answers"), default=dict)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_on = models.DateField(_("decided on"))
    review_on = models.DateField(_("to be reviewed on"))
    by_id = models.BigIntegerField(_("account"), null=True)
    by_name = models.CharField(_("by"), max_length=80)
    at = models.DateTimeField(_("entered at"))

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["duty", "-at"], name="decision_by_duty")]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.kind}"
