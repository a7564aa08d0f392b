"""Who was asked. What was answered is kept apart from it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.kernel.scope import Actor, ScopedModel
from shuniu.kernel.vault import BlindIndexField, blind_index

PURPOSE = "rating link"


def link_index(token: str) -> bytes:
    """What the database keeps of a link."""
    return blind_index(token, PURPOSE)


class Invitation(ScopedModel):
    """A link that lets one person say something about one subject, once. Only a keyed hash of the link is kept.

    `service` is the rated service as `rules.services.Service` with its questions; `barred` are the accounts and people
    who served. There is no moment of the answer here, and no way to it.
    """

    scope_permission = "rating.view"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(_("subject"), max_length=30)
    subject_id = models.BigIntegerField(_("number of the subject"))
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    link_index = BlindIndexField(unique=True)
    service = models.JSONField(pgettext_lazy("rating", "service"), default=dict)
    barred = models.JSONField(_("may not answer"), default=dict)
    invited_on = models.DateField(_("invited on"))
    expires_on = models.DateField(_("valid until before"))
    is_used = models.BooleanField(_("answered"), default=False)

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["organisation", "invited_on"], name="invitation_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "person"],
                condition=Q(person__isnull=False),
                name="person_invited_once",
            ),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], condition=Q(person=None), name="nameless_invited_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """What one was asked oneself."""
        return Q(person_id=actor.person_id) if actor.person_id is not None and actor.may("own.view") else None

    def bars(self, actor: Actor) -> bool:
        """Whether the actor's account, or the person behind it, gave the service and so does not rate it."""
        return actor.user_id in self.barred.get("accounts", ()) or actor.person_id in self.barred.get("people", ())
