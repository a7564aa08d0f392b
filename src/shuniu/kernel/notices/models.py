"""Tables of notices and of how they went out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.kernel.notices.enums import DeliveryState
from shuniu.kernel.scope import Actor, ScopedModel


class Notice(ScopedModel):
    """Something one account is told. `routed_at` is when it was decided by which channels it goes out."""

    scope_path: ClassVar[str] = "kind"  # no place of the tree opens it: it is its reader's

    user_id = models.BigIntegerField(_("account"))
    kind = models.CharField(pgettext_lazy("notice", "kind"), max_length=40)
    title = models.CharField(pgettext_lazy("notice", "title"), max_length=200)
    text = models.CharField(pgettext_lazy("notice", "text"), max_length=500, blank=True)
    url = models.CharField(pgettext_lazy("notice", "page"), max_length=200, blank=True)
    created_at = models.DateTimeField(pgettext_lazy("notice", "at"))
    read_at = models.DateTimeField(pgettext_lazy("notice", "read at"), null=True, blank=True)
    routed_at = models.DateTimeField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        indexes = [
            models.Index(fields=["user_id", "-id"], name="notice_by_user"),
            models.Index(fields=["user_id"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["id"], condition=Q(routed_at=None), name="notice_unrouted"),
            models.Index(fields=["created_at"], name="notice_by_age"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return Q(user_id=actor.user_id) if actor.user_id is not None else None


class Delivery(models.Model):
    """A notice going out by one channel. The address is looked up when it is sent and kept nowhere here."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(_("channel"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("to be tried at"))
    tried_at = models.DateTimeField(_("last tried at"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=DeliveryState.WAITING), name="delivery_due"),
            models.Index(fields=["tried_at"], condition=Q(state=DeliveryState.SENDING), name="delivery_under_way"),
            models.Index(
                fields=["-id"],
                condition=Q(state__in=(DeliveryState.FAILED, DeliveryState.UNCLEAR)),
                name="delivery_in_trouble",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} {self.state}"


class NoticeChoice(models.Model):
    """Whether an account wants a kind of notice by a channel; without a row, the kind's own default holds."""

    user_id = models.BigIntegerField(_("account"))
    kind = models.CharField(pgettext_lazy("notice", "kind"), max_length=40)
    channel = models.CharField(_("channel"), max_length=20)
    wanted = models.BooleanField(_("wanted"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "kind", "channel"], name="notice_chosen_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.channel}"
