"""Agreements: drafted from a decision, filled, signed by somebody else, put in force, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.hub.actions.duties import refuse_reserved
from shuniu.hub.agreement_guards import CHECKED, locked_draft
from shuniu.hub.agreement_parts import Line, Norm, Part, What, line_rows, norm_rows
from shuniu.hub.enums import AgreementState, DeliveryMode, Measure
from shuniu.hub.models import Agreement, AgreementLine, Milestone, Standard
from shuniu.hub.numbering import take_turns
from shuniu.hub.queries.agreements import judge, turning
from shuniu.hub.rules.agreements import AGREEMENT, NEEDS_REASON, OUTSIDE, PRICELESS, number_for
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import refuse_future, require
from shuniu.kernel.scope import Actor


def draft_agreement(what: What, *, actor: Actor, now: datetime) -> Agreement:
    """Draft an agreement about a duty of the body that has it. A reserved duty is refused, and the attempt kept.

    Raises:
        PermissionDenied: the actor may not prepare agreements there.
        ActionError: the duty is reserved, the mode is the union's own, or the term is empty.
    """
    require(actor, "agreement.edit", what.duty.organisation)
    refuse_reserved(what.duty, attempted="agreement.drafted", actor=actor, now=now)
    _refuse_odd(what)
    return _draft(what, actor=actor, now=now)


@transaction.atomic(durable=True)
def _draft(what: What, *, actor: Actor, now: datetime) -> Agreement:
    row: Agreement = Agreement.everything.create(
        organisation=what.duty.organisation,
        number=_next_number(what.duty.organisation_id, timezone.localtime(now).year),
        drafted_by_id=actor.user_id,
        drafted_at=now,
        **_values(what),
    )
    trail.record("agreement.drafted", row, actor=actor, now=now, after=_told(row))
    return row


def _next_number(organisation_id: int, year: int) -> str:
    """One after the highest."""
    take_turns(organisation_id)
    prefix = number_for(year, 0)[:-3]
    rows = Agreement.objects.unscoped(reason=CHECKED).filter(organisation=organisation_id, number__startswith=prefix)
    taken = [int(number[len(prefix) :]) for number in rows.values_list("number", flat=True)]
    return number_for(year, max(taken, default=0) + 1)


def _values(what: What) -> dict[str, Any]:
    values = {one.name: getattr(what, one.name) for one in fields(what)}
    return values | {"kinds": [str(kind) for kind in what.kinds]}


def _refuse_odd(what: What) -> None:
    if what.mode not in OUTSIDE:
        raise ActionError(_("What the union does itself needs no agreement."))
    if what.ends_on <= what.starts_on:
        raise ActionError(_("The last day lies before the first."))


def edit_agreement(agreement: Agreement, what: What, *, actor: Actor, now: datetime) -> None:
    """Change what a draft is about. Raises as `draft_agreement`, and ActionError where it is no draft any more."""
    require(actor, "agreement.edit", agreement.organisation, what.duty.organisation)
    refuse_reserved(what.duty, attempted="agreement.edited", actor=actor, now=now)
    _refuse_odd(what)
    _edit(agreement, what, actor=actor, now=now)


@transaction.atomic(durable=True)
def _edit(agreement: Agreement, what: What, *, actor: Actor, now: datetime) -> None:
    row = locked_draft(agreement)
    if what.duty.organisation_id != row.organisation_id:
        raise ActionError(_("The duty belongs to another union body."))
    before = _told(row)
    for name, value in _values(what).items():
        setattr(row, name, value)
    row.save(update_fields=list(_values(what)))
    trail.record("agreement.edited", row, actor=actor, now=now, before=before, after=_told(row))


@transaction.atomic(durable=True)
def set_lines(agreement: Agreement, lines: Sequence[Line], *, actor: Actor, now: datetime) -> None:
    """State the services of a draft with their prices, in the place of any before; the amount is their sum.

    Raises:
        PermissionDenied: the actor may not prepare agreements there.
        ActionError: it is no draft any more, or nothing but a volunteer's or a joint service would be free.
    """
    require(actor, "agreement.edit", agreement.organisation)
    row = locked_draft(agreement)
    amount = sum(line.quantity * line.price for line in lines)
    if lines and not amount and DeliveryMode(row.mode) not in PRICELESS:
        raise ActionError(_("A service that is bought has a price."))
    AgreementLine.objects.unscoped(reason=CHECKED).filter(agreement=row).delete()
    AgreementLine.everything.bulk_create(line_rows(row, lines))
    before, row.amount = row.amount, amount
    row.save(update_fields=["amount"])
    told = {"lines": len(lines)}
    trail.record(
        "agreement.lines_set", row, actor=actor, now=now, before={"amount": before}, after={"amount": amount} | told
    )


@transaction.atomic(durable=True)
def set_plan(agreement: Agreement, parts: Sequence[Part], *, actor: Actor, now: datetime) -> None:
    """State the payments of a draft, in the place of any before. Raises as `set_lines`.

    Raises:
        ActionError: the payments do not add up to the amount.
    """
    require(actor, "agreement.edit", agreement.organisation)
    row = locked_draft(agreement)
    if sum(part.amount for part in parts) != row.amount:
        raise ActionError(_("The plan of payments does not add up to the amount."))
    Milestone.objects.unscoped(reason=CHECKED).filter(agreement=row).delete()
    Milestone.everything.bulk_create(
        Milestone(agreement=row, order=order, name=part.name, due=part.due, amount=part.amount,
                  expected_on=part.expected_on)
        for order, part in enumerate(parts, 1)
    )  # fmt: skip
    trail.record("agreement.plan_set", row, actor=actor, now=now, after={"payments": [part.amount for part in parts]})


@transaction.atomic(durable=True)
def set_standards(agreement: Agreement, norms: Sequence[Norm], *, actor: Actor, now: datetime) -> None:
    """State the standards of a draft, in the place of any before. Raises as `set_lines`."""
    require(actor, "agreement.edit", agreement.organisation)
    row = locked_draft(agreement)
    if any(norm.measure is not Measure.MANUAL and not norm.deduct for norm in norms):
        raise ActionError(_("A computed item says how many points are taken off for each step."))
    Standard.objects.unscoped(reason=CHECKED).filter(agreement=row).delete()
    Standard.everything.bulk_create(norm_rows(row, norms))
    trail.record("agreement.standards_set", row, actor=actor, now=now, after={"items": [norm.name for norm in norms]})


def sign_agreement(agreement: Agreement, *, on: date, actor: Actor, now: datetime) -> None:
    """Sign a draft that somebody else prepared, once nothing is missing and every rule is kept.

    Raises:
        PermissionDenied: the actor may not sign there.
        ActionError: she drafted it herself, something is missing or over a limit (a line for each), the duty is
            reserved, or somebody else was faster.
    """
    AGREEMENT.check("sign", agreement, actor, agreement.organisation.path or "")
    refuse_reserved(agreement.duty, attempted="agreement.signed", actor=actor, now=now)
    _sign(agreement, on=on, actor=actor, now=now)


@transaction.atomic(durable=True)
def _sign(agreement: Agreement, *, on: date, actor: Actor, now: datetime) -> None:
    row = locked_draft(agreement)
    AGREEMENT.check("sign", row, actor, row.organisation.path or "")
    refuse_future(on, now)
    if wanting := judge(row, on).wanting:
        raise ActionError("\n".join(wanting))
    _move(row, AgreementState.SIGNED, signed_by_id=actor.user_id, signed_on=on)
    trail.record("agreement.signed", row, actor=actor, now=now, after=_told(row))


@transaction.atomic(durable=True)
def take_step(agreement: Agreement, step: str, *, on: date, reason: str = "", actor: Actor, now: datetime) -> None:
    """Put a signed agreement in force, end it, terminate it, decide against its renewal, or withdraw a draft.

    Raises:
        PermissionDenied: the right for this step is missing.
        ActionError: not in this state, before its time, without a reason, or somebody else was faster.
    """
    move = AGREEMENT.check(step, agreement, actor, agreement.organisation.path or "")
    told = reason.strip()
    if step in NEEDS_REASON and not told:
        raise ActionError(_("Please give the reason."))
    _refuse_early(agreement, step, on)
    closing = {"closed_on": on, "close_reason": told} if AGREEMENT.final(move.target) else {}
    _move(agreement, AgreementState(str(move.target)), **closing)
    trail.record(STEP_VERBS[step], agreement, actor=actor, now=now, detail={"on": on, "reason": told})


STEP_VERBS = {
    "start": "agreement.started",
    "end": "agreement.ended",
    "not_renew": "agreement.not_renewed",
    "terminate": "agreement.terminated",
    "withdraw": "agreement.withdrawn",
}
"""The transitions that are a day and, for some, a reason; with their verbs in the trail."""


def _refuse_early(agreement: Agreement, step: str, on: date) -> None:
    if step == "start" and on < agreement.starts_on:
        raise ActionError(_("The agreement begins later."))
    if step == "end" and on < agreement.ends_on:
        raise ActionError(_("Its term is not over yet. It can be terminated with a reason."))


@transaction.atomic(durable=True)
def turn_agreements(*, actor: Actor, now: datetime) -> int:
    """Put in force what begins today, and end what is over; how many turned. Safe to do twice."""
    today = timezone.localtime(now).date()
    turned = 0
    for row in turning(today):
        step = "start" if row.state == AgreementState.SIGNED else "end"
        target = AGREEMENT.transition(step).target
        closing = {"closed_on": row.ends_on} if step == "end" else {}
        rows = Agreement.objects.unscoped(reason="the daily turn of agreements").filter(pk=row.pk, state=row.state)
        if rows.update(state=target, **closing):
            trail.record(STEP_VERBS[step], row, actor=actor, now=now, detail={"on": today})
            turned += 1
    return turned


def _move(agreement: Agreement, target: AgreementState, **values: Any) -> None:
    rows = Agreement.objects.unscoped(reason=CHECKED).filter(pk=agreement.pk, state=agreement.state)
    if not rows.update(state=target, **values):
        raise ActionError(_("Somebody else has changed this agreement. Please load the page again."))
    agreement.state = target


def _told(row: Agreement) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "duty": row.duty_id,
        "provider": str(row.provider),
        "mode": row.mode,
        "amount": row.amount,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    }
