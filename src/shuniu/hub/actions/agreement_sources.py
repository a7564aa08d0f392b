"""Drafts that begin with something that was decided before: an award, or the agreement that ends."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.hub.actions.agreements import draft_agreement, set_lines
from shuniu.hub.agreement_guards import CHECKED
from shuniu.hub.agreement_parts import Line, Norm, What, line_rows, norm_rows
from shuniu.hub.bids import content_of
from shuniu.hub.enums import AgreementState, Cycle, DeliveryMode, ServiceKind, TenderState
from shuniu.hub.models import Agreement, AgreementLine, Milestone, Standard, Tender, TenderAward
from shuniu.hub.queries.agreements import lines_of, plan_of, standards_of
from shuniu.hub.queries.scores import standing_scores
from shuniu.hub.rules.agreements import CLAUSE_TEXTS
from shuniu.hub.rules.consequences import Consequence
from shuniu.hub.tendering import standing_award
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor


def draft_from_award(tender: Tender, *, actor: Actor, now: datetime) -> Agreement:
    """Draft the agreement that an award leads to: provider, services and prices are those of the bid that won.

    Raises:
        PermissionDenied: the actor may not prepare agreements there.
        ActionError: nothing was awarded for good, it is drafted already, or the duty is reserved by now.
    """
    require(actor, "agreement.edit", tender.organisation)
    award = standing_award(tender)
    if tender.state != TenderState.AWARDED or award is None:
        raise ActionError(_("The award of this tender is not final."))
    drafted = Agreement.objects.unscoped(reason=CHECKED).filter(tender=tender)
    if drafted.exclude(state=AgreementState.WITHDRAWN).exists():
        raise ActionError(_("The agreement of this award is drafted already."))
    made = draft_agreement(_awarded(tender, award, timezone.localtime(now).date()), actor=actor, now=now)
    Agreement.objects.unscoped(reason=CHECKED).filter(pk=made.pk).update(tender=tender)
    set_lines(made, _lines_of_bid(tender, award), actor=actor, now=now)
    return made


def _awarded(tender: Tender, award: TenderAward, today: date) -> What:
    start = date(today.year + (today.month == 12), today.month % 12 + 1, 1)
    provider = award.bid.provider
    known = {str(kind) for kind in ServiceKind}
    return What(
        title=tender.title,
        duty=tender.duty,
        provider=provider,
        mode=DeliveryMode.PURCHASED,
        kinds=[ServiceKind(kind) for kind in provider.offers if kind in known] or [ServiceKind.OTHER],
        cycle=Cycle.QUARTER,
        starts_on=start,
        ends_on=start.replace(year=start.year + 1),
        confidentiality=str(CLAUSE_TEXTS["confidentiality"]),
        personal_information=str(CLAUSE_TEXTS["personal_information"]),
        liability=str(CLAUSE_TEXTS["liability"]),
        disputes=str(CLAUSE_TEXTS["disputes"]),
    )


def _lines_of_bid(tender: Tender, award: TenderAward) -> list[Line]:
    prices = content_of(award.bid).prices
    return [Line(one.name, one.unit, one.quantity, prices[one.pk]) for one in tender.lines.all()]


def draft_renewal(agreement: Agreement, *, actor: Actor, now: datetime) -> Agreement:
    """Draft the next agreement with the same provider: same length, services, plan and standards, from the day it ends.

    Raises:
        PermissionDenied: the actor may not prepare agreements there.
        ActionError: it was not in force, its last score leads to no renewal, or the duty is reserved by now.
    """
    require(actor, "agreement.edit", agreement.organisation)
    if agreement.state not in (AgreementState.IN_FORCE, AgreementState.ENDED):
        raise ActionError(_("Only an agreement that is in force or has ended can be renewed."))
    last = standing_scores(agreement).first()
    if last is not None and last.consequence == Consequence.NO_RENEWAL:
        raise ActionError(_("The last score is too low: by the rules this agreement is not renewed."))
    made = draft_agreement(_next_term(agreement), actor=actor, now=now)
    _copy_parts(agreement, made, actor=actor, now=now)
    return made


def _next_term(agreement: Agreement) -> What:
    values = {one.name: getattr(agreement, one.name) for one in fields(What)}
    days = agreement.ends_on - agreement.starts_on
    values |= {
        "mode": DeliveryMode(agreement.mode),
        "kinds": [ServiceKind(kind) for kind in agreement.kinds],
        "cycle": Cycle(agreement.cycle),
        "starts_on": agreement.ends_on,
        "ends_on": _same_day(agreement) or agreement.ends_on + days,
    }
    return What(**values)


def _same_day(agreement: Agreement) -> date | None:
    """The end of a term that ran for whole years, so that a leap day moves nothing."""
    start, end = agreement.starts_on, agreement.ends_on
    if (start.month, start.day) != (end.month, end.day):
        return None
    try:
        return end.replace(year=end.year + end.year - start.year)
    except ValueError:
        return None


@transaction.atomic(durable=True)
def _copy_parts(old: Agreement, new: Agreement, *, actor: Actor, now: datetime) -> None:
    moved = new.starts_on - old.starts_on
    lines = [Line(one.name, one.unit, one.quantity, one.price) for one in lines_of(old)]
    AgreementLine.everything.bulk_create(line_rows(new, lines))
    norms = [Norm(**{one.name: getattr(row, one.name) for one in fields(Norm)}) for row in standards_of(old)]
    Standard.everything.bulk_create(norm_rows(new, norms))
    Milestone.everything.bulk_create(
        Milestone(agreement=new, order=one.order, name=one.name, due=one.due, amount=one.amount,
                  expected_on=one.expected_on + moved)
        for one in plan_of(old).filter(order__lte=_planned(old))
    )  # fmt: skip
    new.amount = old.amount
    new.save(update_fields=["amount"])
    trail.record("agreement.renewed", old, actor=actor, now=now, detail={"agreement": new.pk, "number": new.number})


def _planned(old: Agreement) -> int:
    """The order of the last payment that was planned at the signing; what supplements added comes after it."""
    total = 0
    for one in plan_of(old):
        total += one.amount
        if total >= old.amount:
            return one.order
    return 0
