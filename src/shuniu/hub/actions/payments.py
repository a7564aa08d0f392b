"""Payments: asked for by one, decided by another, told paid by the books."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.hub.agreement_guards import CHECKED, locked
from shuniu.hub.enums import PaymentState, ScoreState
from shuniu.hub.models import Milestone, Payment
from shuniu.hub.queries.payments import basis_of, due_day
from shuniu.hub.rules.agreements import PAYMENT
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import refuse_future, require
from shuniu.kernel.scope import Actor


@transaction.atomic(durable=True)
def request_payment(milestone: Milestone, *, actor: Actor, now: datetime) -> Payment:
    """Ask for a payment of the plan. What it comes to follows from the score and is frozen here.

    Raises:
        PermissionDenied: the actor may not ask for payments there.
        ActionError: what it waits for has not happened, nothing would be paid, or it was asked for already.
    """
    agreement = milestone.agreement
    require(actor, "payment.request", agreement.organisation)
    today = timezone.localtime(now).date()
    row = locked(agreement)
    basis = basis_of(milestone, row)
    if not basis.amount:
        raise ActionError(_("The score leaves nothing to pay."))
    try:
        with transaction.atomic():
            made: Payment = Payment.everything.create(
                agreement=row, milestone=milestone, score=basis.score, planned=basis.planned, percent=basis.percent,
                amount=basis.amount, accepted_on=basis.accepted_on, due_on=due_day(row, basis.accepted_on, today),
                requested_by_id=actor.user_id, requested_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise ActionError(_("This payment was asked for already.")) from error
    detail = {"payment": made.pk, "milestone": milestone.name, "amount": made.amount, "percent": made.percent}
    trail.record("payment.requested", row, actor=actor, now=now, detail=detail)
    return made


@transaction.atomic(durable=True)
def decide_payment(payment: Payment, *, approve: bool, answer: str = "", actor: Actor, now: datetime) -> None:
    """Approve or refuse a payment that somebody else asked for.

    Raises:
        PermissionDenied: the actor may not approve payments there.
        ActionError: she asked for it herself, it is decided already, the score it rests on does not stand any more, or
            a refusal without a reason.
    """
    move = PAYMENT.check("approve" if approve else "refuse", payment, actor, payment.agreement.organisation.path or "")
    if not approve and not answer.strip():
        raise ActionError(_("Please give the reason."))
    if approve:
        _refuse_shaken(payment)
    rows = Payment.objects.unscoped(reason=CHECKED).filter(pk=payment.pk, state=PaymentState.REQUESTED)
    values = {"decided_by_id": actor.user_id, "decided_at": now, "answer": answer.strip()}
    if not rows.update(state=move.target, **values):
        raise ActionError(_("Somebody else has decided on this payment already."))
    verb = "payment.approved" if approve else "payment.refused"
    detail = {"payment": payment.pk, "amount": payment.amount, "reason": answer.strip()}
    trail.record(verb, payment.agreement, actor=actor, now=now, detail=detail)


def _refuse_shaken(payment: Payment) -> None:
    score = payment.score
    if score is not None and score.state in (ScoreState.OBJECTED, ScoreState.SET_ASIDE):
        raise ActionError(
            _("The score this payment rests on does not stand any more. Refuse the request and let it be asked anew.")
        )


@transaction.atomic(durable=True)
def tell_paid(payment: Payment, *, on: date, actor: Actor, now: datetime) -> None:
    """Note the day on which an approved payment was made; the books will call this.

    Raises:
        PermissionDenied: the actor may not ask for payments there.
        ActionError: it is not approved, or paid already; the day lies in the future.
    """
    move = PAYMENT.check("pay", payment, actor, payment.agreement.organisation.path or "")
    refuse_future(on, now)
    rows = Payment.objects.unscoped(reason=CHECKED).filter(pk=payment.pk, state=PaymentState.APPROVED)
    if not rows.update(state=move.target, paid_on=on):
        raise ActionError(_("Somebody else has noted this payment already."))
    detail = {"payment": payment.pk, "amount": payment.amount, "on": on}
    trail.record("payment.paid", payment.agreement, actor=actor, now=now, detail=detail)
