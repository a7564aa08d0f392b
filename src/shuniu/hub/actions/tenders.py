"""Tenders: drafted, approved by somebody else, published, ended without award."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shuniu.hub.actions.duties import refuse_reserved
from shuniu.hub.enums import (
    CriterionKind,
    ReleaseTag,
    TenderMethod,
    TenderState,
    TenderSubject,
)
from shuniu.hub.models import (
    Duty,
    Provider,
    Tender,
    TenderCriterion,
    TenderInvitation,
    TenderLine,
)
from shuniu.hub.numbering import take_turns
from shuniu.hub.releases import write_release
from shuniu.hub.rules.tender_rules import BOND_PERCENT, SMALL_DISCOUNT, USERS_CONSULTED
from shuniu.hub.rules.tenders import NAMED, needs_reason, price_rule
from shuniu.hub.tendering import (
    day_of,
    end,
    fingerprint,
    given,
    locked,
    move,
    proposed_for,
    refuse_short_time,
    refuse_unless,
    split_verdict,
    step,
    verdict_for,
)
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.registry.public import Organisation
from shuniu.rulebook.public import check, find, place_of

FULL = 100
"""Points that the criteria of a tender come to."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is bought."""

    name: str
    unit: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """What points are given for."""

    name: str
    points: int
    guidance: str = ""
    kind: CriterionKind = CriterionKind.QUALITY


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a draft says. Money in fen."""

    duty: Duty
    title: str
    need: str
    subject: TenderSubject
    fiscal_year: int
    budget: int
    method: TenderMethod
    method_reason: str = ""
    bond: int = 0
    small_discount: int = 0
    lines: Sequence[Line] = ()
    criteria: Sequence[Criterion] = ()
    invited: Sequence[Provider] = field(default_factory=tuple)
    designed_by: Provider | None = None
    consulted_on: date | None = None
    consulted_people: int = 0
    consulted_how: str = ""
    consulted_result: str = ""


def draft_tender(*, actor: Actor, now: datetime, organisation: Organisation, plan: Plan) -> Tender:
    """Draft a tender of a duty of the organisation.

    Raises:
        PermissionDenied: `tender.edit` is missing at the organisation.
        ActionError: the duty is reserved, or the plan breaks a rule; the sentence says which.
    """
    require(actor, "tender.edit", organisation)
    refuse_reserved(plan.duty, attempted="tender.drafted", actor=actor, now=now)
    return _draft(organisation, plan, actor, now)


@transaction.atomic(durable=True)
def _draft(organisation: Organisation, plan: Plan, actor: Actor, now: datetime) -> Tender:
    proposed = _check_plan(organisation, plan, day_of(now))
    number = _next_number(organisation, plan.fiscal_year)
    tender = Tender(
        organisation=organisation,
        number=number,
        ocid=f"{settings.SHUNIU_OCID_PREFIX}-{organisation.code}-{number}",
        drafted_by_id=actor.user_id,
        created_at=now,
        **_columns(plan, proposed),
    )
    try:
        with transaction.atomic():
            tender.save(force_insert=True)
    except IntegrityError as error:
        raise ActionError(_("Somebody else has drafted a tender at the same moment. Please send it again.")) from error
    _write_parts(tender, plan)
    trail.record("tender.drafted", tender, actor=actor, now=now, detail=_told(tender))
    return tender


def edit_tender(*, actor: Actor, now: datetime, tender: Tender, plan: Plan) -> None:
    """Change a draft. Raises as `draft_tender`; ActionError once it is approved."""
    require(actor, "tender.edit", tender.organisation)
    refuse_reserved(plan.duty, attempted="tender.edited", actor=actor, now=now)
    _edit(tender, plan, actor, now)


@transaction.atomic(durable=True)
def _edit(tender: Tender, plan: Plan, actor: Actor, now: datetime) -> None:
    tender = locked(tender)
    if tender.state != TenderState.DRAFT:
        raise ActionError(_("Only a draft can be changed. Once published, publish a clarification instead."))
    proposed = _check_plan(tender.organisation, plan, day_of(now))
    before = _told(tender)
    move(tender, TenderState.DRAFT, **_columns(plan, proposed))
    for rows in (tender.lines, tender.criteria, tender.invitations):
        rows.all().delete()
    _write_parts(tender, plan)
    trail.record("tender.edited", tender, actor=actor, now=now, before=before, after=_told(tender))


def approve_tender(*, actor: Actor, now: datetime, tender: Tender, split_reason: str = "") -> None:
    """Approve a draft that somebody else prepared; the plan is published from now on.

    Raises:
        PermissionDenied: `tender.decide` is missing where the buyer is.
        ActionError: the actor drafted it, the duty is reserved, or the duty comes to more in this year than may be
            bought without an open tender and `split_reason` does not say why it is right all the same.
    """
    step("approve", tender, actor)
    refuse_reserved(tender.duty, attempted="tender.approved", actor=actor, now=now)
    _approve(tender, split_reason, actor, now)


@transaction.atomic(durable=True)
def _approve(tender: Tender, split_reason: str, actor: Actor, now: datetime) -> None:
    tender = locked(tender)
    target = step("approve", tender, actor).target
    if tender.subject == TenderSubject.SERVICES:
        refuse_unless(verdict_for(tender, USERS_CONSULTED, day_of(now), tender.consulted_people))
    overridden = _refuse_split(tender, split_reason, day_of(now))
    move(tender, target, approved_by_id=actor.user_id, approved_at=now, split_reason=overridden)
    write_release(tender, ReleaseTag.PLANNING, now)
    detail = {"split_reason": overridden} if overridden else {}
    trail.record("tender.approved", tender, actor=actor, now=now, detail=detail)


def publish_tender(
    *, actor: Actor, now: datetime, tender: Tender, due_at: datetime, documents_until: date | None = None
) -> None:
    """Publish the notice. From now on bids are taken until `due_at`, when they are opened.

    Raises:
        PermissionDenied: `tender.edit` is missing where the buyer is.
        ActionError: the opening committee has not all got their codes, a time is too short, or nobody was asked to bid.
    """
    step("publish", tender, actor)
    refuse_reserved(tender.duty, attempted="tender.published", actor=actor, now=now)
    _publish(tender, due_at, documents_until, actor, now)


@transaction.atomic(durable=True)
def _publish(tender: Tender, due_at: datetime, documents_until: date | None, actor: Actor, now: datetime) -> None:
    tender = locked(tender)
    target = step("publish", tender, actor).target
    if tender.key_public is None:
        raise ActionError(_("The opening committee is not ready: each member has to make and confirm an opening code."))
    refuse_short_time(tender, day_of(now), due_at, documents_until)
    move(
        tender,
        target,
        published_at=now,
        due_at=due_at,
        documents_until=documents_until,
        sheet_hash=fingerprint(tender),
    )
    write_release(tender, ReleaseTag.TENDER, now)
    trail.record(
        "tender.published", tender, actor=actor, now=now, detail={"due_at": due_at, "sheet": tender.sheet_hash}
    )


@transaction.atomic(durable=True)
def send_back_tender(*, actor: Actor, now: datetime, tender: Tender, reason: str) -> None:
    """Make an approved tender a draft again. Raises as `end_tender`."""
    tender = locked(tender)
    move(tender, step("send_back", tender, actor).target, approved_by_id=None, approved_at=None)
    trail.record("tender.sent_back", tender, actor=actor, now=now, detail={"reason": given(reason)})


@transaction.atomic(durable=True)
def cancel_tender(*, actor: Actor, now: datetime, tender: Tender, reason: str) -> None:
    """Give a tender up for a reason that bidders read. Sealed bids stay sealed. Raises as `end_tender`."""
    tender = locked(tender)
    end(tender, step("cancel", tender, actor).target, given(reason), now)
    trail.record("tender.cancelled", tender, actor=actor, now=now, detail={"reason": tender.end_reason})


@transaction.atomic(durable=True)
def fail_tender(*, actor: Actor, now: datetime, tender: Tender, reason: str) -> None:
    """End a tender without award: too few bids, none valid, all over the budget, no key to open them.

    Raises:
        PermissionDenied: `tender.edit` is missing where the buyer is.
        ActionError: no reason, another state, or bids may still come in.
    """
    tender = locked(tender)
    target = step("fail", tender, actor).target
    if tender.due_at is not None and now < tender.due_at:
        raise ActionError(_("Bids may still come in. Wait for the deadline, or cancel the tender."))
    end(tender, target, given(reason), now)
    trail.record("tender.failed", tender, actor=actor, now=now, detail={"reason": tender.end_reason})


def _columns(plan: Plan, proposed: TenderMethod) -> dict[str, Any]:
    wanted = (
        "duty", "title", "need", "subject", "fiscal_year", "budget", "bond", "method", "small_discount", "designed_by",
        "consulted_on", "consulted_people", "consulted_how", "consulted_result",
    )  # fmt: skip
    reason = plan.method_reason.strip() if needs_reason(plan.method, proposed) else ""
    return {key: getattr(plan, key) for key in wanted} | {"proposed_method": proposed, "method_reason": reason}


def _write_parts(tender: Tender, plan: Plan) -> None:
    TenderLine.everything.bulk_create(
        TenderLine(tender=tender, position=place, name=line.name, unit=line.unit, quantity=line.quantity)
        for place, line in enumerate(plan.lines, start=1)
    )
    TenderCriterion.everything.bulk_create(
        TenderCriterion(
            tender=tender, position=place, name=one.name, kind=one.kind, points=one.points, guidance=one.guidance
        )
        for place, one in enumerate(plan.criteria, start=1)
    )
    if plan.method in NAMED:
        TenderInvitation.everything.bulk_create(TenderInvitation(tender=tender, provider=one) for one in plan.invited)


def _told(tender: Tender) -> dict[str, object]:
    return {"number": tender.number, "title": tender.title, "method": tender.method, "budget": tender.budget}


def _next_number(organisation: Organisation, year: int) -> str:
    take_turns(organisation.pk)
    rows = Tender.objects.unscoped(reason="numbers a new tender of this buyer")
    return f"{year}-{rows.filter(organisation=organisation, number__startswith=f'{year}-').count() + 1:03d}"


def _check_plan(organisation: Organisation, plan: Plan, today: date) -> TenderMethod:
    """The method that the rules propose, if the plan keeps to them."""
    if plan.duty.organisation_id != organisation.pk:
        raise ActionError(_("The duty is another union body's."))
    if plan.budget <= 0:
        raise ActionError(_("A tender has a budget, which is also the highest price that is accepted."))
    if not plan.lines:
        raise ActionError(_("Say what is bought: at least one line with unit and quantity."))
    proposed = proposed_for(organisation, plan.budget, today)
    if needs_reason(plan.method, proposed) and not plan.method_reason.strip():
        raise ActionError(
            _("For this amount the rules propose “{method}”. Give the reason for another method.").format(
                method=proposed.label
            )
        )
    _check_criteria(organisation, plan, today)
    _check_invited(organisation, plan, today)
    at = place_of(organisation)
    if plan.bond:
        share = -(-plan.bond * FULL // plan.budget)
        refuse_unless(check(find(BOND_PERCENT, on=today, at=at).rule, share))
    if plan.small_discount:
        refuse_unless(check(find(SMALL_DISCOUNT, on=today, at=at).rule, plan.small_discount))
    return proposed


def _check_criteria(organisation: Organisation, plan: Plan, today: date) -> None:
    points = sum(one.points for one in plan.criteria)
    if points != FULL:
        raise ActionError(_("The criteria come to {points} points; they have to come to 100.").format(points=points))
    priced = [one.points for one in plan.criteria if one.kind is CriterionKind.PRICE]
    if len(priced) != 1 or any(one.points < 1 for one in plan.criteria):
        raise ActionError(_("There is one criterion for the price, and each criterion has at least one point."))
    rule_id = price_rule(plan.method, plan.subject)
    if not rule_id:
        if priced != [FULL] and plan.method is TenderMethod.QUOTATION:
            raise ActionError(_("In a request for quotations the lowest price wins: the price has all 100 points."))
        return
    refuse_unless(check(find(rule_id, on=today, at=place_of(organisation)).rule, priced[0]))


def _check_invited(organisation: Organisation, plan: Plan, today: date) -> None:
    if plan.method not in NAMED:
        return
    if plan.method is TenderMethod.SINGLE and len(plan.invited) != 1:
        raise ActionError(_("A single source is one provider: name it."))
    rule = find(f"tender.bidders.{plan.method.value}", on=today, at=place_of(organisation)).rule
    if check(rule, len(plan.invited)).ok is False:
        raise ActionError(_("Ask at least {n} providers to bid.").format(n=rule.number))


def _refuse_split(tender: Tender, reason: str, today: date) -> str:
    """The reason that is kept; empty where the year stays below the limit."""
    verdict = split_verdict(tender, today)
    if verdict is None or verdict.ok is not False:
        return ""
    if not reason.strip():
        raise ActionError(
            _("{sentence} Make it an open tender, or give the reason why it is right all the same.").format(
                sentence=verdict.sentence
            )
        )
    return reason.strip()
