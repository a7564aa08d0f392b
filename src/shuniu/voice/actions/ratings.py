"""What people answer, and what of their words becomes public."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import prose
from shuniu.voice.enums import CommentState, Stars
from shuniu.voice.models import Invitation, Rating
from shuniu.voice.models.ratings import unordered_key
from shuniu.voice.rules.services import Given, kept_answers

LONGEST = 1000
AT_ONCE = 500
CHECKED = "the link or the invitation was checked"
MODERATES = "the right to moderate was checked at the row's place"
SERVICE = ("line", "line_name", "kind", "provider_id", "provider_name", "professional_id", "professional_name")


class RatingError(ActionError):
    """The answer was not taken. The sentence says why."""


@transaction.atomic(durable=True)
def give_rating(invitation: Invitation, given: Given, *, actor: Actor, now: datetime) -> bool:
    """Take somebody's answer. False where this invitation has been answered before: then nothing is written.

    The trail tells that a rating came in for the organisation, and neither who gave it nor which.

    Raises:
        RatingError: the link has run out, the actor served, or there are no stars from one to five.
    """
    _refuse(invitation, given, actor, _day(now))
    rows = Invitation.objects.unscoped(reason=CHECKED)
    if not rows.filter(pk=invitation.pk, is_used=False).update(is_used=True):
        return False
    comment = prose(given.comment)[:LONGEST]
    Rating.objects.unscoped(reason=CHECKED).create(
        id=unordered_key(),
        organisation_id=invitation.organisation_id,
        given_on=_day(now),
        stars=given.stars,
        is_solved=given.is_solved,
        more=kept_answers(invitation.service.get("asks", ()), given.more),
        comment=comment,
        comment_state=CommentState.WAITING if comment else CommentState.NONE,
        **{name: invitation.service.get(name) for name in SERVICE},
    )
    trail.record("rating.given", invitation.organisation, actor=_nobody(), now=now)
    return True


@transaction.atomic(durable=True)
def publish_comment(rating: Rating, wording: str, *, actor: Actor, now: datetime) -> None:
    """Make a comment public in a wording that names nobody.

    Raises:
        PermissionDenied: the actor does not moderate there.
        ActionError: no wording, or somebody else has decided.
    """
    text = prose(wording)[:LONGEST]
    if not text:
        raise ActionError(_("Write the wording that everybody may read, or withhold the comment."))
    _decide(rating, CommentState.PUBLISHED, text, actor)
    trail.record("comment.published", rating.organisation, actor=actor, now=now)


@transaction.atomic(durable=True)
def withhold_comment(rating: Rating, *, actor: Actor, now: datetime) -> None:
    """Keep a comment from the public; the stars count all the same. Raises as `publish_comment`."""
    _decide(rating, CommentState.WITHHELD, "", actor)
    trail.record("comment.withheld", rating.organisation, actor=actor, now=now)


@transaction.atomic(durable=True)
def mix_ratings(*, actor: Actor, now: datetime) -> int:
    """Lay the ratings of past days down anew in an order drawn at random; the count.

    A database keeps beside each row which transaction wrote it, and rows in the order they came. Until this is done,
    somebody who holds the database file could lay that beside the used invitations.
    """
    rows = Rating.objects.unscoped(reason="the order of all ratings is drawn anew")
    past = list(rows.filter(is_mixed=False, given_on__lt=_day(now)).order_by("pk")[:AT_ONCE])
    if past:
        secrets.SystemRandom().shuffle(past)
        rows.filter(pk__in=[row.pk for row in past]).delete()
        for row in past:
            row.id, row.is_mixed = unordered_key(), True
        rows.bulk_create(past)
        trail.record("rating.mixed", None, actor=actor, now=now, detail={"rows": len(past)})
    return len(past)


def _refuse(invitation: Invitation, given: Given, actor: Actor, on: date) -> None:
    if on >= invitation.expires_on and not invitation.is_used:
        raise RatingError(_("This link has run out. Thank you all the same."))
    if invitation.bars(actor):
        raise RatingError(_("Whoever gave the service does not rate it."))
    if given.stars not in Stars.values:
        raise RatingError(_("Choose from one to five stars."))


def _decide(rating: Rating, state: CommentState, wording: str, actor: Actor) -> None:
    if not actor.may_at("rating.moderate", rating.organisation.path or ""):
        raise PermissionDenied("rating.moderate")
    rows = Rating.objects.unscoped(reason=MODERATES).filter(pk=rating.pk, comment_state=CommentState.WAITING)
    if not rows.update(comment_state=state, published=wording, moderated_by_id=actor.user_id):
        raise ActionError(_("Somebody else has decided about this comment. Please load the page again."))


def _nobody() -> Actor:
    return Actor(None, _("somebody who was asked"))


def _day(now: datetime) -> date:
    return timezone.localtime(now).date()
