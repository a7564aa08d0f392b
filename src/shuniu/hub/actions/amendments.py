"""Supplements to an agreement: proposed by one, approved by another, within the rule's share of the amount."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.hub.agreement_guards import CHECKED, locked
from shuniu.hub.enums import AmendmentState, Due
from shuniu.hub.models import Agreement, Amendment, Milestone
from shuniu.hub.queries.agreements import rule_of, supplement_verdict
from shuniu.hub.rules.agreements import LIVE, LONGEST, months_between
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.rulebook.public import check


@transaction.atomic(durable=True)
def propose_amendment(
    agreement: Agreement, *, content: str, amount: int, new_ends_on: date | None, actor: Actor, now: datetime
) -> Amendment:
    """Propose a supplement of `amount` fen, a later end, or both.

    Raises:
        PermissionDenied: the actor may not prepare agreements there.
        ActionError: nothing changes, it would go beyond the rule's share or the longest term, the agreement does not
            live, or a supplement is open already.
    """
    require(actor, "agreement.edit", agreement.organisation)
    on = timezone.localtime(now).date()
    row = locked(agreement)
    _refuse_excess(row, amount, new_ends_on, on)
    try:
        with transaction.atomic():
            made: Amendment = Amendment.everything.create(
                agreement=row, content=content.strip(), amount=amount, new_ends_on=new_ends_on,
                proposed_by_id=actor.user_id, proposed_on=on,
            )  # fmt: skip
    except IntegrityError as error:
        raise ActionError(_("A supplement waits for approval already.")) from error
    detail = {"amendment": made.pk, "amount": amount, "new_ends_on": new_ends_on}
    trail.record("agreement.amendment_proposed", row, actor=actor, now=now, detail=detail)
    return made


@transaction.atomic(durable=True)
def decide_amendment(amendment: Amendment, *, approve: bool, answer: str, actor: Actor, now: datetime) -> None:
    """Approve or refuse a supplement that somebody else proposed. Approved, it is paid after acceptance.

    Raises:
        PermissionDenied: the actor may not amend agreements there.
        ActionError: she proposed it herself, it is decided already, it went beyond a limit since, or a refusal without
            a reason.
    """
    require(actor, "agreement.approve", amendment.agreement.organisation)
    if amendment.proposed_by_id is not None and amendment.proposed_by_id == actor.user_id:
        raise ActionError(_("You proposed this supplement yourself. Somebody else has to decide on it."))
    if not approve and not answer.strip():
        raise ActionError(_("Please give the reason."))
    on = timezone.localtime(now).date()
    row = locked(amendment.agreement)
    rows = Amendment.objects.unscoped(reason=CHECKED).filter(pk=amendment.pk, state=AmendmentState.PROPOSED)
    if approve:
        _refuse_excess(row, amendment.amount, amendment.new_ends_on, on)
    target = AmendmentState.APPROVED if approve else AmendmentState.REFUSED
    if not rows.update(state=target, decided_by_id=actor.user_id, decided_on=on, answer=answer.strip()):
        raise ActionError(_("Somebody else has decided on this supplement already."))
    if approve:
        _take_in(row, amendment)
    verb = "agreement.amended" if approve else "agreement.amendment_refused"
    trail.record(verb, row, actor=actor, now=now, detail={"amendment": amendment.pk, "amount": amendment.amount})


def _refuse_excess(row: Agreement, amount: int, new_ends_on: date | None, on: date) -> None:
    if row.state not in LIVE:
        raise ActionError(_("Only an agreement that is signed and not over can be amended."))
    if amount <= 0 and new_ends_on is None:
        raise ActionError(_("A supplement adds an amount, a later end, or both."))
    if amount > 0:
        _refuse_amount(row, amount, on)
    if new_ends_on is not None:
        _refuse_end(row, new_ends_on, on)


def _refuse_amount(row: Agreement, amount: int, on: date) -> None:
    if not row.amount:
        raise ActionError(_("An agreement without a price cannot be supplemented by an amount."))
    verdict = supplement_verdict(row, amount, on)
    if not verdict.ok:
        raise ActionError(verdict.sentence)


def _refuse_end(row: Agreement, new_ends_on: date, on: date) -> None:
    if new_ends_on <= row.ends_on:
        raise ActionError(_("The new end must lie after the present one."))
    verdict = check(rule_of(row, LONGEST, on), months_between(row.starts_on, new_ends_on))
    if not verdict.ok:
        raise ActionError(verdict.sentence)


def _take_in(row: Agreement, amendment: Amendment) -> None:
    rows = Agreement.objects.unscoped(reason=CHECKED).filter(pk=row.pk)
    ends_on = amendment.new_ends_on or row.ends_on
    rows.update(supplements=F("supplements") + amendment.amount, ends_on=ends_on)
    if amendment.amount:
        last = Milestone.objects.unscoped(reason=CHECKED).filter(agreement=row).aggregate(last=Max("order"))["last"]
        Milestone.everything.create(
            agreement=row, order=(last or 0) + 1, name=_("Supplement"), due=Due.ACCEPTANCE, amount=amendment.amount,
            expected_on=ends_on,
        )  # fmt: skip
