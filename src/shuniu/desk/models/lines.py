"""What a union body offers: service lines, set up as data."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.enums import LineRole, Secrecy
from shuniu.hub.enums import ServiceKind
from shuniu.kernel.scope import Actor, ScopedModel


class ServiceLine(ScopedModel):
    """A service of a union body, for the members of it and of all below it. `setup` holds form, states and clocks."""

    scope_permission = "case.view"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    duty = models.ForeignKey("hub.Duty", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    key = models.SlugField(_("short name in addresses"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(pgettext_lazy("service line", "kind"), max_length=12, choices=ServiceKind)
    secrecy = models.CharField(_("who may read"), max_length=12, choices=Secrecy)
    setup = models.JSONField(_("setup"), default=dict)
    is_open = models.BooleanField(_("takes new cases"), default=True)

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["organisation", "is_open", "name"], name="line_by_organisation")]

    def __str__(self) -> str:
        return self.name


class LineStaff(ScopedModel):
    """An account that works for a service line while `ended_at` is empty."""

    scope_path = "line__organisation__path"
    scope_permission = "case.view"

    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=12, choices=LineRole)
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["line", "user", "role"], condition=models.Q(ended_at=None), name="line_staff_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.line_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> models.Q | None:
        return models.Q(user_id=actor.user_id) if actor.user_id is not None else None
