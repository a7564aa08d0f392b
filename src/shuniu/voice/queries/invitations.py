"""Invitations: found by their link, or by the person who was asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from shuniu.kernel.scope import Actor
from shuniu.voice.models import Invitation
from shuniu.voice.models.invitations import link_index

BY_LINK = "whoever has the link was sent it"


def invitation_by_link(token: str) -> Invitation | None:
    """The invitation that a link belongs to; None for a link that is wrong or was replaced by a newer one."""
    rows = Invitation.objects.unscoped(reason=BY_LINK).select_related("organisation")
    return rows.filter(link_index=link_index(token)).first()


def own_invitations(actor: Actor) -> QuerySet[Invitation]:
    """What the actor was asked as a person."""
    rows = Invitation.objects.visible_to(actor).select_related("organisation")
    return rows.filter(person_id=actor.person_id, person__isnull=False)


def open_invitations(actor: Actor, kind: str, ids: Collection[int], on: date) -> dict[int, int]:
    """Of these subjects, those that the actor was asked about and has not answered: subject to invitation."""
    rows = own_invitations(actor).filter(subject_kind=kind, subject_id__in=ids, is_used=False, expires_on__gt=on)
    return dict(rows.values_list("subject_id", "pk"))


def waiting_invitations(actor: Actor, on: date) -> QuerySet[Invitation]:
    """What the actor was asked and may still answer, the latest first."""
    return own_invitations(actor).filter(is_used=False, expires_on__gt=on).order_by("-invited_on", "-pk")


def is_rated(kind: str, subject_id: int) -> bool:
    """Whether anybody answered about a subject. What was answered is not told."""
    rows = Invitation.objects.unscoped(reason="whether there was an answer, not which")
    return rows.filter(subject_kind=kind, subject_id=subject_id, is_used=True).exists()
