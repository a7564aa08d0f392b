"""Inspections: what was found, what was done about it, and whether that was enough.

The rectification kept here is small on purpose: one finding, one piece of evidence, one check by somebody else.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.hub.agreement_guards import CHECKED, require_side
from shuniu.hub.enums import InspectionState, Measure
from shuniu.hub.models import Agreement, Inspection, Standard
from shuniu.hub.queries.payments import PAYS
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import refuse_future, require
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal


@transaction.atomic(durable=True)
def record_inspection(
    standard: Standard,
    *,
    on: date,
    place: str = "",
    issue: str = "",
    note: str = "",
    deduct: int = 0,
    due_on: date | None = None,
    photo: str = "",
    actor: Actor,
    now: datetime,
) -> Inspection:
    """Record that a standard was looked at. Without an `issue` nothing was found.

    Args:
        deduct: hundredths of a point.
        due_on: the day by which it must be put right; None where it is only noted.

    Raises:
        PermissionDenied: the actor may not score agreements there.
        ActionError: the item is computed, the agreement is not in force, the day lies in the future or outside its
            term, points are taken off without an issue, or the day for putting right is before the inspection.
    """
    agreement = standard.agreement
    require(actor, "agreement.edit", agreement.organisation)
    refuse_future(on, now)
    _refuse_odd(agreement, standard, on, issue, deduct, due_on)
    made: Inspection = Inspection.everything.create(
        agreement=agreement, standard=standard, on=on, place=normal(place), issue=normal(issue), note=note.strip(),
        deduct=deduct, due_on=due_on, photo=photo, state=_first_state(issue, due_on), raised_by_id=actor.user_id,
    )  # fmt: skip
    detail = {"inspection": made.pk, "on": on, "item": standard.name, "issue": made.issue, "due_on": due_on}
    trail.record("agreement.inspected", agreement, actor=actor, now=now, detail=detail)
    return made


def _first_state(issue: str, due_on: date | None) -> InspectionState:
    if not issue.strip():
        return InspectionState.CLEAR
    return InspectionState.TO_MEND if due_on else InspectionState.NOTED


def _refuse_odd(
    agreement: Agreement, standard: Standard, on: date, issue: str, deduct: int, due_on: date | None
) -> None:
    if agreement.state not in PAYS:
        raise ActionError(_("Only the work under an agreement that is in force is inspected."))
    if standard.measure != Measure.MANUAL:
        raise ActionError(_("This item is computed from the facts; it is not inspected."))
    if not agreement.starts_on <= on < agreement.ends_on:
        raise ActionError(_("The day lies outside the term of the agreement."))
    if not issue.strip() and (deduct or due_on):
        raise ActionError(_("Say what was found: points are taken off for an issue only."))
    if due_on and due_on < on:
        raise ActionError(_("The day for putting it right lies before the inspection."))


@transaction.atomic(durable=True)
def give_evidence(inspection: Inspection, *, text: str, file: str = "", actor: Actor, now: datetime) -> None:
    """Say what was done about a finding: the provider's manager, or the union on her word.

    Raises:
        PermissionDenied: the actor is neither.
        ActionError: nothing is to be put right any more, or nothing was said.
    """
    require_side(inspection.agreement, actor)
    if not text.strip():
        raise ActionError(_("Say what was done."))
    _move(
        inspection, (InspectionState.TO_MEND,), InspectionState.MENDED, evidence=text.strip(), evidence_file=file,
        evidence_on=timezone.localtime(now).date(),
    )  # fmt: skip
    detail = {"inspection": inspection.pk}
    trail.record("agreement.evidence_given", inspection.agreement, actor=actor, now=now, detail=detail)


@transaction.atomic(durable=True)
def check_inspection(inspection: Inspection, *, passed: bool, answer: str = "", actor: Actor, now: datetime) -> None:
    """Look at the evidence. What is not enough goes back to the provider, with the reason.

    Raises:
        PermissionDenied: the actor may not score agreements there.
        ActionError: she raised it herself, there is no evidence to look at, or a refusal without a reason.
    """
    require(actor, "agreement.edit", inspection.agreement.organisation)
    if inspection.raised_by_id is not None and inspection.raised_by_id == actor.user_id:
        raise ActionError(_("You raised this finding yourself. Somebody else has to check it."))
    if not passed and not answer.strip():
        raise ActionError(_("Please give the reason."))
    target = InspectionState.PASSED if passed else InspectionState.TO_MEND
    today = timezone.localtime(now).date()
    _move(
        inspection, (InspectionState.MENDED,), target, answer=answer.strip(), checked_by_id=actor.user_id,
        checked_on=today,
    )  # fmt: skip
    detail = {"inspection": inspection.pk, "passed": passed}
    trail.record("agreement.evidence_checked", inspection.agreement, actor=actor, now=now, detail=detail)


def _move(
    inspection: Inspection, sources: tuple[InspectionState, ...], target: InspectionState, **values: object
) -> None:
    rows = Inspection.objects.unscoped(reason=CHECKED).filter(pk=inspection.pk, state__in=sources)
    if not rows.update(state=target, **values):
        raise ActionError(
            _("This is not possible any more: the state is “{state}” now.").format(
                state=InspectionState(inspection.state).label
            )
        )
