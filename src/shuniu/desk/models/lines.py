"""What a union body offers: service lines, set up as data."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.enums import LineRole, Secrecy
from shuniu.hub.enums import ServiceKind
from shuniu.kernel.scope import Actor, ScopedModel


class ServiceLine(ScopedModel):
    """A service of a union body, for the members of it and of all below it.

    `setup` is the draft that its pages edit; cases go by `current`, the newest published version.
    """

    scope_permission = "case.view"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    duty = models.ForeignKey("hub.Duty", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    key = models.SlugField(_("short name in addresses"), max_length=40, unique=True)
    prefix = models.CharField(_("letters that its numbers begin with"), max_length=6, blank=True)
    name = models.CharField(_("name"), max_length=60)
    about = models.CharField(_("what it is for"), max_length=200, blank=True)
    kind = models.CharField(pgettext_lazy("service line", "kind"), max_length=12, choices=ServiceKind)
    secrecy = models.CharField(_("who may read"), max_length=12, choices=Secrecy)
    takes_anonymous = models.BooleanField(_("takes anonymous letters"), default=False)
    setup = models.JSONField(_("setup"), default=dict)
    current = models.ForeignKey(
        "desk.LineVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("version")
    )
    is_open = models.BooleanField(_("takes new cases"), default=True)

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["organisation", "is_open", "name"], name="line_by_organisation")]
        constraints = [
            models.UniqueConstraint(fields=["prefix"], condition=~Q(prefix=""), name="line_prefix_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_confidential(self) -> bool:
        return self.secrecy == Secrecy.CONFIDENTIAL


class LineVersion(ScopedModel):
    """A published setup. It never changes: a case goes by the version it was opened under. `digest` names its content."""

    scope_path = "line__organisation__path"
    scope_permission = "case.view"

    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(_("version"))
    setup = models.JSONField(_("setup"))
    digest = models.CharField(_("digest of the setup"), max_length=64)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.CharField(_("published by"), max_length=50, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["line", "number"], name="line_version_once")]

    def __str__(self) -> str:
        return f"{self.line_id} v{self.number}"


class LineSerial(ScopedModel):
    """The last number that a line gave in a year."""

    scope_path = "line__organisation__path"

    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["line", "year"], name="line_serial_once")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.year} {self.last}"


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


class AnswerTemplate(ScopedModel):
    """A text that answers of a line may begin with."""

    scope_path = "line__organisation__path"
    scope_permission = "case.view"

    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="answers", db_index=False)
    title = models.CharField(pgettext_lazy("answer", "title"), max_length=40)
    text = models.TextField(_("text"))

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["line", "title"], name="answer_titled_once")]

    def __str__(self) -> str:
        return self.title
