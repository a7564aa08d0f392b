"""Cases: what somebody asked for, who handles it and how far it is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.enums import Channel
from shuniu.desk.models.lines import ServiceLine
from shuniu.kernel.scope import Actor, ScopedModel
from shuniu.kernel.vault import EncryptedField


class Case(ScopedModel):
    """A case of a service line. What it says is sealed; who may open it is asked of `queries.cases` each time.

    `organisation` is the line's, copied so that lists need no join. `state` is a key of the line's state graph.
    """

    scope_permission = "case.view"

    number = models.CharField(_("number"), max_length=24, unique=True)
    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="cases")
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(_("came in by"), max_length=12, choices=Channel)
    state = models.CharField(_("state"), max_length=20)
    title = EncryptedField(verbose_name=_("subject"))
    filer = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("filed by")
    )
    employer = models.ForeignKey("registry.Employer", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("case", "handled by"),
    )  # fmt: skip
    professional = models.ForeignKey(
        "hub.Professional", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    provider = models.ForeignKey("hub.Provider", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(_("received at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["line", "state", "opened_at"], name="case_by_state")]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """Cases one filed and cases one handles."""
        own = Q(pk__in=[])
        if actor.person_id is not None and actor.may("own.view"):
            own |= Q(filer_id=actor.person_id)
        if actor.user_id is not None:
            own |= Q(handler_id=actor.user_id)
        return own
