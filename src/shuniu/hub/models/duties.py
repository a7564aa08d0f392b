"""What a union body has to do, and who does it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.hub.enums import DeliveryMode, DutyClass
from shuniu.kernel.scope import ScopedModel


class Duty(ScopedModel):
    """A duty in the catalogue of a union body. Nothing reserved is ever put under a tender or an agreement."""

    scope_permission = "duty.view"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("number"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    division = models.CharField(_("field of work"), max_length=40)
    description = models.TextField(_("description"), blank=True)
    kind = models.CharField(pgettext_lazy("duty", "class"), max_length=12, choices=DutyClass)
    mode = models.CharField(_("carried out"), max_length=12, choices=DeliveryMode, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="duty_numbered_once")]

    def __str__(self) -> str:
        return self.name
