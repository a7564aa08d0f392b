"""What was answered. No row leads to who was asked, and their order says nothing."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.kernel.scope import ScopedModel
from shuniu.kernel.vault import EncryptedField
from shuniu.voice.enums import CommentState, Stars

BITS = 62


def unordered_key() -> int:
    """A key drawn at random: also where the database lays rows down by their key, the order tells nothing."""
    return secrets.randbits(BITS)


class Rating(ScopedModel):
    """One person's answer about one service, with the day and no more of its time.

    On purpose there is no link to the invitation or to what was rated: a join would undo the promise of the form.
    """

    scope_permission = "rating.view"

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    line = models.CharField(_("service line"), max_length=40)
    line_name = models.CharField(_("name of the line"), max_length=60)
    kind = models.CharField(pgettext_lazy("service", "kind"), max_length=12)
    provider_id = models.BigIntegerField(_("provider"), null=True, blank=True)
    provider_name = models.CharField(_("name of the provider"), max_length=120, blank=True)
    professional_id = models.BigIntegerField(_("professional"), null=True, blank=True)
    professional_name = models.CharField(_("name of the professional"), max_length=50, blank=True)
    given_on = models.DateField(_("given on"))
    stars = models.PositiveSmallIntegerField(_("stars"), choices=Stars)
    is_solved = models.BooleanField(_("solved"), null=True, blank=True)
    more = models.JSONField(_("further answers"), default=dict, blank=True)
    comment = EncryptedField(verbose_name=pgettext_lazy("rating", "comment"))
    comment_state = models.CharField(
        pgettext_lazy("comment", "state"), max_length=10, choices=CommentState, default=CommentState.NONE
    )
    published = models.TextField(_("public wording"), blank=True)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_mixed = models.BooleanField(_("laid down anew"), default=False)

    class Meta(ScopedModel.Meta):
        indexes = [
            models.Index(fields=["organisation", "given_on"], name="rating_by_organisation"),
            models.Index(fields=["provider_id", "given_on", "kind", "stars"], name="rating_by_provider"),
            models.Index(fields=["professional_id", "given_on", "stars"], name="rating_by_professional"),
            models.Index(
                fields=["organisation", "given_on", "id"],
                condition=Q(comment_state=CommentState.WAITING),
                name="comment_waiting",
            ),
            models.Index(fields=["given_on"], condition=Q(is_mixed=False), name="rating_not_mixed"),
        ]
        constraints = [
            models.CheckConstraint(name="rating_one_to_five", condition=Q(stars__gte=1, stars__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.given_on}"
