"""What counselling keeps apart from everything else: consent, notes, crises. No place of the tree opens any of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuniu.desk.enums import CrisisLevel, CrisisState, CrisisStep, LineRole
from shuniu.desk.models.bookings import Booking
from shuniu.desk.models.lines import LineStaff, ServiceLine
from shuniu.kernel.scope import Actor, ScopedModel
from shuniu.kernel.vault import EncryptedField


def supervised(user_id: int) -> models.QuerySet[Any, Any]:
    """The lines that an account supervises, for a condition."""
    rows = LineStaff.everything.filter(user_id=user_id, ended_at=None, role=LineRole.SUPERVISES)
    return rows.values("line_id")


class Consent(ScopedModel):
    """The informed consent of somebody to counselling by a line, with the very text that was agreed to."""

    scope_path = "shown_to__path"
    scope_permission = "booking.edit"

    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="+")
    shown_to = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    version = models.CharField(_("version of the text"), max_length=20)
    text = models.TextField(_("text"))
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["line", "person"], condition=Q(withdrawn_at=None), name="consent_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.version}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        if actor.person_id is None or not actor.may("own.view"):
            return None
        return Q(person_id=actor.person_id)


class SessionNote(ScopedModel):
    """What a counsellor noted of a session. Read by its counsellor and the line's supervisors, by nobody else."""

    scope_path = "shown_to__path"
    scope_permission = "service.give"

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="note")
    shown_to = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = EncryptedField(verbose_name=_("note"))
    written_at = models.DateTimeField(_("written at"))

    def __str__(self) -> str:
        return f"note of {self.booking_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        own = Q(booking__line_id__in=supervised(actor.user_id)) if actor.user_id is not None else Q(pk__in=[])
        if actor.may("service.give"):
            own |= Q(booking__professional__user_id=actor.user_id)
        return own


class Crisis(ScopedModel):
    """Somebody in danger, and what is done about it. Read by who reported it and by the line's supervisors."""

    scope_path = "shown_to__path"
    scope_permission = "service.give"

    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="+")
    shown_to = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="crises")
    level = models.CharField(_("level"), max_length=8, choices=CrisisLevel)
    what = EncryptedField(verbose_name=_("what was seen and said"))
    whom = EncryptedField(verbose_name=_("who it is about"))
    state = models.CharField(_("state"), max_length=8, choices=CrisisState, default=CrisisState.OPEN)
    found_at = models.DateTimeField(_("found at"))
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["line", "state", "found_at"], name="crisis_by_state")]

    def __str__(self) -> str:
        return f"{self.level} {self.found_at}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        if actor.user_id is None:
            return None
        own = Q(line_id__in=supervised(actor.user_id))
        return own | Q(reported_by_id=actor.user_id) if actor.may("service.give") else own


class CrisisTask(ScopedModel):
    """A step of the ladder with its time. `escalated_at`: the supervisors were told that it is late."""

    scope_path = "crisis__shown_to__path"
    scope_permission = "service.give"

    crisis = models.ForeignKey(Crisis, on_delete=models.CASCADE, related_name="tasks")
    step = models.CharField(_("step"), max_length=12, choices=CrisisStep)
    due_at = models.DateTimeField(_("due at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = EncryptedField(verbose_name=_("note"))
    escalated_at = models.DateTimeField(_("escalated at"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["crisis", "step"], name="crisis_step_once")]
        indexes = [models.Index(fields=["done_at", "due_at"], name="crisis_task_due")]
        ordering = ("due_at", "pk")

    def __str__(self) -> str:
        return f"{self.step} by {self.due_at}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        if actor.user_id is None:
            return None
        own = Q(crisis__line_id__in=supervised(actor.user_id))
        return own | Q(crisis__reported_by_id=actor.user_id) if actor.may("service.give") else own
