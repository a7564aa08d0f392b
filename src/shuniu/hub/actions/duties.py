"""The catalogue of duties: take one over, enter a duty, decide about it, and stop what is reserved from being given away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.hub.enums import DeliveryMode, DutyClass
from shuniu.hub.models import Duty, DutyDecision
from shuniu.hub.rules.catalogue import ReadyDuty, ready_duties
from shuniu.hub.rules.duties import QUESTIONS, REVIEW_LIMIT, joined, refusal, suggest
from shuniu.hub.rules.reviews import months_between
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError, FieldError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.registry.public import Organisation
from shuniu.rulebook.public import check, find, place_of

DECIDE = "duty.decide"


class ReservedError(ActionError):
    """A reserved duty was to be given to somebody else. The attempt is in the trail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDetails:
    """What a duty is."""

    code: str
    name: str
    division: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is decided about a duty: the answers to the six questions, the class, the mode, and when to look again."""

    answers: Mapping[str, str]
    kind: DutyClass
    mode: DeliveryMode
    decided_on: date
    review_on: date
    reason: str = ""


@transaction.atomic(durable=True)
def take_over_catalogue(organisation: Organisation, *, actor: Actor, now: datetime) -> int:
    """Enter the duties of the ready catalogue that are not there by their number, undecided; how many there were.

    Raises:
        PermissionDenied: the actor may not decide about duties of the body.
    """
    require(actor, DECIDE, organisation)
    have = set(_duties_of(organisation).select_for_update().values_list("code", flat=True))
    missing = [_undecided(organisation, one) for one in ready_duties() if one.code not in have]
    entered = len(Duty.everything.bulk_create(missing, ignore_conflicts=True))
    if entered:
        trail.record("duty.catalogue_taken", organisation, actor=actor, now=now, detail={"duties_entered": entered})
    return entered


def _duties_of(organisation: Organisation) -> Any:
    return Duty.objects.unscoped(reason="the action has checked the right at the body").filter(
        organisation=organisation
    )


def _undecided(organisation: Organisation, ready: ReadyDuty) -> Duty:
    return Duty(
        organisation=organisation,
        code=ready.code,
        name=ready.name,
        division=ready.division,
        description=ready.description,
        kind=ready.kind,
        answers=dict(ready.answers),
        reason="",
    )


@transaction.atomic(durable=True)
def enter_duty(organisation: Organisation, details: DutyDetails, *, actor: Actor, now: datetime) -> Duty:
    """Enter a duty that the catalogue lacks. Until somebody decides, it counts as the union's own first.

    Raises:
        PermissionDenied: the actor may not decide about duties of the body.
        FieldError: a text is missing, or the number is taken.
    """
    require(actor, DECIDE, organisation)
    values = _checked(details)
    duty = Duty(organisation=organisation, kind=DutyClass.OWN_FIRST, **values)
    _save_numbered(duty)
    trail.record("duty.entered", duty, actor=actor, now=now, after=values)
    return duty


@transaction.atomic(durable=True)
def edit_duty(duty: Duty, details: DutyDetails, *, actor: Actor, now: datetime) -> None:
    """Correct what a duty is called and how it is described. Raises as `enter_duty`."""
    require(actor, DECIDE, duty.organisation)
    values = _checked(details)
    before = {key: getattr(duty, key) for key in values}
    changed = {key: value for key, value in values.items() if before[key] != value}
    if not changed:
        return
    for key, value in changed.items():
        setattr(duty, key, value)
    _save_numbered(duty)
    told = {key: before[key] for key in changed}
    trail.record("duty.edited", duty, actor=actor, now=now, before=told, after=changed)


def _checked(details: DutyDetails) -> dict[str, str]:
    values = {key: normal(text) for key, text in asdict(details).items()}
    for field in ("code", "name", "division"):
        if not values[field]:
            raise FieldError(field, _("This is needed."))
    return values


def _save_numbered(duty: Duty) -> None:
    try:
        with transaction.atomic():
            duty.save()
    except IntegrityError as error:
        told = _("The number {code} is another duty's already.").format(code=duty.code)
        raise FieldError("code", told) from error


@transaction.atomic(durable=True)
def decide_duty(duty: Duty, decision: Decision, *, actor: Actor, now: datetime) -> DutyDecision:
    """Decide on the class of a duty and how it is carried out. Earlier decisions stay as they were made.

    A second press of the button within the same state of the duty decides nothing new: the decision made is returned.

    Raises:
        PermissionDenied: the actor may not decide about duties of the body.
        FieldError: the class departs from what binds, or without a reason; a day is wrong; the review is too late.
        ActionError: the duty is to be reserved and is under a tender or an agreement that still stands.
    """
    require(actor, DECIDE, duty.organisation)
    duty = Duty.everything.select_for_update().select_related("organisation__area").get(pk=duty.pk)
    _refuse_decision(duty, decision, now)
    last = duty.decisions.order_by("-at", "-pk").first()
    if last and _is_same(last, decision, actor):
        return last
    before = {"duty_class": duty.kind, "mode": duty.mode, "review_on": duty.review_on}
    made = _keep(duty, decision, actor, now)
    told = {"duty_class": made.kind, "mode": made.mode, "review_on": made.review_on}
    trail.record("duty.decided", duty, actor=actor, now=now, before=before, after=told, detail={"reason": made.reason})
    return made


def _refuse_decision(duty: Duty, decision: Decision, now: datetime) -> None:
    field, sentence = refusal(suggest(decision.answers), decision.kind, decision.mode, decision.reason)
    if sentence:
        raise FieldError(field, sentence)
    if decision.decided_on > timezone.localtime(now).date():
        raise FieldError("decided_on", _("The day lies in the future. Enter it when it has come."))
    if duty.decided_on and decision.decided_on < duty.decided_on:
        raise FieldError("decided_on", _("The day lies before that of the last decision."))
    if decision.review_on <= decision.decided_on:
        raise FieldError("review_on", _("The review comes after the decision."))
    rule = find(REVIEW_LIMIT, on=decision.decided_on, at=place_of(duty.organisation)).rule
    verdict = check(rule, months_between(decision.decided_on, decision.review_on))
    if verdict.ok is False:
        raise FieldError("review_on", verdict.sentence)


def _is_same(last: DutyDecision, decision: Decision, actor: Actor) -> bool:
    """Whether it is the last decision over again."""
    told = (last.kind, last.mode, last.reason, last.decided_on, last.review_on, last.answers, last.by_id)
    return told == (
        decision.kind,
        decision.mode,
        normal(decision.reason),
        decision.decided_on,
        decision.review_on,
        _given(decision.answers),
        actor.user_id,
    )


def _given(answers: Mapping[str, str]) -> dict[str, str]:
    return {one.key: answers[one.key] for one in QUESTIONS if one.label_of(answers.get(one.key, ""))}


def _keep(duty: Duty, decision: Decision, actor: Actor, now: datetime) -> DutyDecision:
    """Write the decision down and make it the duty's own state."""
    suggested = suggest(decision.answers).kind or decision.kind
    values = {
        "kind": decision.kind,
        "mode": decision.mode,
        "answers": _given(decision.answers),
        "reason": normal(decision.reason),
        "decided_on": decision.decided_on,
        "review_on": decision.review_on,
    }
    made: DutyDecision = DutyDecision.everything.create(
        duty=duty, suggested=suggested, by_id=actor.user_id, by_name=actor.name, at=now, **values
    )
    for key, value in {**values, "decided_by_id": actor.user_id}.items():
        setattr(duty, key, value)
    try:
        with transaction.atomic():
            duty.save(update_fields=[*values, "decided_by"])
    except IntegrityError as error:
        raise FieldError("kind", _("A tender or an agreement about this duty still stands. End it first.")) from error
    return made


def refuse_reserved(duty: Duty, *, attempted: str, actor: Actor, now: datetime) -> None:
    """Stop a tender or an agreement about a reserved duty, and keep the attempt in the trail.

    To be called first thing in an action, after its check of the right and before its own transaction: the refusal rolls
    that one back, and the entry must stay. A transaction that is open already is a RuntimeError.

    Args:
        attempted: what was to be done, a verb of the trail such as `tender.drafted`.

    Raises:
        ReservedError: the duty is reserved; the sentence gives its reason.
    """
    rows = Duty.objects.unscoped(reason="the caller has the duty already")
    if rows.filter(pk=duty.pk, kind=DutyClass.RESERVED).exists():
        _record_attempt(duty, attempted, actor, now)
        raise ReservedError(_reserved_sentence(duty))


@transaction.atomic(durable=True)
def _record_attempt(duty: Duty, attempted: str, actor: Actor, now: datetime) -> None:
    detail = {"attempted": attempted, "duty": f"{duty.code} {duty.name}"}
    trail.record("duty.reserved_refused", duty, actor=actor, now=now, detail=detail)


def _reserved_sentence(duty: Duty) -> str:
    told = _("“{duty}” is reserved to the union's own officers and cannot be tendered or put under an agreement.")
    return joined(told.format(duty=duty.name), duty.because)
