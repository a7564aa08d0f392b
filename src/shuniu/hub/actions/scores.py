"""Scores: confirmed and frozen, objected to by the provider, answered by somebody else."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.hub.agreement_guards import CHECKED, locked, require_provider
from shuniu.hub.enums import Cycle, ScoreState
from shuniu.hub.models import Agreement, Score
from shuniu.hub.queries.agreements import rule_of
from shuniu.hub.queries.payments import PAYS
from shuniu.hub.queries.scores import Preview, preview, sealed
from shuniu.hub.rules.agreement_scores import periods, told
from shuniu.hub.rules.agreements import OBJECTING
from shuniu.kernel import trail
from shuniu.kernel.calendar import Calendar, CalendarError
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.rulebook.public import check


@transaction.atomic(durable=True)
def confirm_score(agreement: Agreement, *, starts_on: date, actor: Actor, now: datetime) -> Score:
    """Compute the score of the period that begins on `starts_on` and freeze it with every step.

    Raises:
        PermissionDenied: the actor may not score agreements there.
        ActionError: no such period, it is not over yet, or it is scored already.
    """
    require(actor, "agreement.edit", agreement.organisation)
    today = timezone.localtime(now).date()
    row = locked(agreement)
    if row.state not in PAYS:
        raise ActionError(_("Only the work under an agreement that is in force is scored."))
    ends_on = _end_of(row, starts_on)
    if ends_on > today:
        raise ActionError(_("The period is not over yet."))
    score = _frozen(row, preview(row, starts_on, ends_on, today), actor, today)
    detail = {"score": score.pk, "starts_on": starts_on, "total": score.total, "seal": score.digest}
    trail.record("agreement.scored", row, actor=actor, now=now, detail=detail)
    return score


def _end_of(agreement: Agreement, starts_on: date) -> date:
    spans = dict(periods(Cycle(agreement.cycle), agreement.starts_on, agreement.ends_on))
    if starts_on not in spans:
        raise ActionError(_("The agreement has no period that begins on this day."))
    return spans[starts_on]


def _frozen(agreement: Agreement, shown: Preview, actor: Actor, today: date) -> Score:
    followed = shown.followed
    steps = told(shown.score) | {
        "verdict": {"zh": followed.verdict.sentence_zh, "en": followed.verdict.sentence_en},
        "rule": followed.verdict.rule.id,
        "counted": shown.facts is not None,
    }
    about = (agreement.pk, shown.starts_on, shown.ends_on, followed.consequence, followed.percent)
    try:
        with transaction.atomic():
            made: Score = Score.everything.create(
                agreement=agreement, starts_on=shown.starts_on, ends_on=shown.ends_on, total=shown.total,
                consequence=followed.consequence, percent=followed.percent, steps=steps, digest=sealed(steps, *about),
                confirmed_by_id=actor.user_id, confirmed_on=today,
            )  # fmt: skip
    except IntegrityError as error:
        raise ActionError(_("This period is scored already.")) from error
    return made


@transaction.atomic(durable=True)
def object_to_score(score: Score, *, text: str, actor: Actor, now: datetime) -> None:
    """Object to a score, for the provider, within the rule's working days.

    Raises:
        PermissionDenied: the actor does not act for this provider.
        ActionError: too late, without grounds, or objected to already.
    """
    require_provider(score.agreement, actor)
    today = timezone.localtime(now).date()
    if not text.strip():
        raise ActionError(_("Say what you object to and why."))
    _refuse_late(score, today)
    rows = Score.objects.unscoped(reason=CHECKED).filter(pk=score.pk, state=ScoreState.CONFIRMED)
    values = {"objection": text.strip(), "objected_by_id": actor.user_id, "objected_on": today}
    if not rows.update(state=ScoreState.OBJECTED, **values):
        raise ActionError(_("This score was objected to already."))
    trail.record("agreement.score_objected", score.agreement, actor=actor, now=now, detail={"score": score.pk})


def _refuse_late(score: Score, today: date) -> None:
    """Where the calendar of the year is not loaded, nobody's right is cut short."""
    try:
        days = Calendar.official().workdays_between(score.confirmed_on, today)
    except CalendarError:
        return
    verdict = check(rule_of(score.agreement, OBJECTING, today), days)
    if not verdict.ok:
        raise ActionError(verdict.sentence)


@transaction.atomic(durable=True)
def answer_objection(score: Score, *, uphold: bool, answer: str, actor: Actor, now: datetime) -> None:
    """Answer an objection: keep the score, or set it aside so that the period is scored anew.

    Raises:
        PermissionDenied: the actor may not sign agreements there.
        ActionError: she confirmed the score herself, there is no objection, or no reason is given.
    """
    require(actor, "agreement.approve", score.agreement.organisation)
    if score.confirmed_by_id is not None and score.confirmed_by_id == actor.user_id:
        raise ActionError(_("You confirmed this score yourself. Somebody else has to answer the objection."))
    if not answer.strip():
        raise ActionError(_("Please give the reason."))
    today = timezone.localtime(now).date()
    target = ScoreState.SET_ASIDE if uphold else ScoreState.KEPT
    rows = Score.objects.unscoped(reason=CHECKED).filter(pk=score.pk, state=ScoreState.OBJECTED)
    if not rows.update(state=target, answer=answer.strip(), answered_by_id=actor.user_id, answered_on=today):
        raise ActionError(_("There is no objection to answer any more."))
    detail = {"score": score.pk, "upheld": uphold}
    trail.record("agreement.objection_answered", score.agreement, actor=actor, now=now, detail=detail)
