"""Acceptance: each standard held against what was delivered, with the users' opinion, and published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.hub.agreement_guards import CHECKED
from shuniu.hub.enums import AcceptanceState, Finding, Outcome, ServiceKind
from shuniu.hub.models import Acceptance, Agreement, Opinion, Standard
from shuniu.hub.queries.acceptances import opinions_heard
from shuniu.hub.queries.agreements import provider_ids, rule_of, standards_of
from shuniu.hub.queries.facts import facts_of
from shuniu.hub.queries.payments import PAYS
from shuniu.hub.rules.agreements import OPINIONS
from shuniu.hub.rules.facts import ServiceFacts
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import refuse_future, require
from shuniu.kernel.scope import Actor
from shuniu.rulebook.public import check


@transaction.atomic(durable=True)
def open_acceptance(
    agreement: Agreement, *, starts_on: date, ends_on: date, on: date, actor: Actor, now: datetime
) -> Acceptance:
    """Begin an acceptance of what was delivered in `[starts_on, ends_on)`, so that users' opinions can be entered.

    Raises:
        PermissionDenied: the actor may not accept deliveries there.
        ActionError: the agreement is not in force, the period is empty or outside its term, or one is open already.
    """
    require(actor, "agreement.edit", agreement.organisation)
    refuse_future(on, now)
    if agreement.state not in PAYS:
        raise ActionError(_("Only what was delivered under an agreement that is in force is accepted."))
    if not agreement.starts_on <= starts_on < ends_on <= agreement.ends_on:
        raise ActionError(_("The period must lie within the term of the agreement."))
    try:
        with transaction.atomic():
            made: Acceptance = Acceptance.everything.create(
                agreement=agreement, starts_on=starts_on, ends_on=ends_on, on=on, opened_by_id=actor.user_id
            )
    except IntegrityError as error:
        raise ActionError(_("An acceptance of this agreement is open already.")) from error
    trail.record("agreement.acceptance_opened", agreement, actor=actor, now=now, detail={"acceptance": made.pk})
    return made


@transaction.atomic(durable=True)
def add_opinion(
    acceptance: Acceptance, *, stars: int, comment: str, who: str = "", actor: Actor, now: datetime
) -> Opinion:
    """Enter what somebody who was served says. The name stays sealed.

    Raises:
        PermissionDenied: the actor may not accept deliveries there.
        ActionError: the acceptance is concluded, or stars are not one to five.
    """
    require(actor, "agreement.edit", acceptance.agreement.organisation)
    _locked_open(acceptance)
    if not 1 <= stars <= 5:
        raise ActionError(_("Give one to five stars."))
    made: Opinion = Opinion.everything.create(
        acceptance=acceptance, stars=stars, comment=comment.strip(), who=who.strip(), entered_by_id=actor.user_id
    )
    trail.record(
        "agreement.opinion_entered", acceptance.agreement, actor=actor, now=now, detail={"acceptance": acceptance.pk}
    )
    return made


@transaction.atomic(durable=True)
def conclude_acceptance(
    acceptance: Acceptance,
    *,
    findings: Mapping[int, tuple[Finding, str]],
    outcome: Outcome,
    summary: str,
    rectify_by: date | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Say for each standard how it was kept, and what that comes to. The ratings of the period are frozen with it.

    Args:
        findings: by key of the standard, what was found and a note.

    Raises:
        PermissionDenied: the actor may not accept deliveries there.
        ActionError: a standard is left out, a deviation has no note, it passes with a standard not met, too few users
            were heard, or it is concluded already.
    """
    agreement = acceptance.agreement
    require(actor, "agreement.edit", agreement.organisation)
    _locked_open(acceptance)
    norms = list(standards_of(agreement))
    _refuse_gaps(norms, findings, outcome, rectify_by)
    facts = facts_of(
        provider_ids(agreement), [ServiceKind(kind) for kind in agreement.kinds], acceptance.starts_on,
        acceptance.ends_on,
    )  # fmt: skip
    _refuse_unheard(acceptance, facts, timezone.localtime(now).date())
    rows = Acceptance.objects.unscoped(reason=CHECKED).filter(pk=acceptance.pk, state=AcceptanceState.OPEN)
    rows.update(
        state=AcceptanceState.CONCLUDED, outcome=outcome, findings=_written(norms, findings),
        facts=asdict(facts) if facts else {}, summary=summary.strip(), rectify_by=rectify_by,
        concluded_by_id=actor.user_id,
    )  # fmt: skip
    detail = {"acceptance": acceptance.pk, "outcome": outcome}
    trail.record("agreement.acceptance_concluded", agreement, actor=actor, now=now, detail=detail)


def _refuse_gaps(
    norms: list[Standard], findings: Mapping[int, tuple[Finding, str]], outcome: Outcome, rectify_by: date | None
) -> None:
    if {norm.pk for norm in norms} != findings.keys():
        raise ActionError(_("Say for each standard how it was kept."))
    if any(found is not Finding.MET and not note.strip() for found, note in findings.values()):
        raise ActionError(_("Say of each deviation what it was."))
    if outcome is Outcome.PASS and any(found is Finding.NOT_MET for found, _note in findings.values()):
        raise ActionError(_("With a standard that was not met the acceptance cannot pass."))
    if outcome is Outcome.RECTIFY and rectify_by is None:
        raise ActionError(_("Say by which day it must be put right."))


def _refuse_unheard(acceptance: Acceptance, facts: ServiceFacts | None, today: date) -> None:
    heard = opinions_heard(acceptance) + (facts.ratings if facts else 0)
    verdict = check(rule_of(acceptance.agreement, OPINIONS, today), heard)
    if not verdict.ok:
        raise ActionError(verdict.sentence)


def _written(norms: list[Standard], findings: Mapping[int, tuple[Finding, str]]) -> list[dict[str, Any]]:
    return [
        {"name": norm.name, "requirement": norm.requirement, "found": str(findings[norm.pk][0]),
         "note": findings[norm.pk][1].strip()}
        for norm in norms
    ]  # fmt: skip


@transaction.atomic(durable=True)
def publish_acceptance(acceptance: Acceptance, *, actor: Actor, now: datetime) -> None:
    """Publish a concluded acceptance on the public page. Again does nothing.

    Raises:
        PermissionDenied: the actor may not accept deliveries there.
        ActionError: it is not concluded yet.
    """
    require(actor, "agreement.edit", acceptance.agreement.organisation)
    if acceptance.state == AcceptanceState.OPEN:
        raise ActionError(_("Conclude the acceptance first."))
    rows = Acceptance.objects.unscoped(reason=CHECKED).filter(pk=acceptance.pk, state=AcceptanceState.CONCLUDED)
    if rows.update(state=AcceptanceState.PUBLISHED, published_on=timezone.localtime(now).date()):
        detail = {"acceptance": acceptance.pk}
        trail.record("agreement.acceptance_published", acceptance.agreement, actor=actor, now=now, detail=detail)


def _locked_open(acceptance: Acceptance) -> Acceptance:
    rows = Acceptance.objects.unscoped(reason=CHECKED).select_for_update(of=("self",))
    row: Acceptance = rows.get(pk=acceptance.pk)
    if row.state != AcceptanceState.OPEN:
        raise ActionError(_("This acceptance is concluded already."))
    return row
