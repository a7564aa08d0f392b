"""Reads of payments: what a payment rests on, which wait for approval, which the books have to pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shuniu.hub.enums import AcceptanceState, AgreementState, Cycle, Due, Outcome, PaymentState, ScoreState
from shuniu.hub.models import Acceptance, Agreement, Milestone, Payment, Score
from shuniu.hub.queries.agreements import SEEN, rule_of, standards_of
from shuniu.hub.queries.scores import standing_scores
from shuniu.hub.rules.agreement_scores import periods
from shuniu.hub.rules.agreements import paid_amount
from shuniu.hub.rules.consequences import FULL
from shuniu.kernel.calendar import Calendar, CalendarError, DayUnit
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor
from shuniu.kernel.web.formats import date_text

PAYS = (AgreementState.SIGNED, AgreementState.IN_FORCE, AgreementState.ENDED, AgreementState.NOT_RENEWED)
"""States of an agreement under which payments fall due."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a payment comes to: the plan at a share in whole per cent, and the day from which its time runs."""

    planned: int
    percent: int
    accepted_on: date
    score: Score | None = None

    @property
    def amount(self) -> int:
        """Fen."""
        return paid_amount(self.planned, self.percent)


def basis_of(milestone: Milestone, agreement: Agreement) -> Basis:
    """What the payment rests on now.

    Raises:
        ActionError: what it waits for has not happened yet; the sentence says what.
    """
    if agreement.state not in PAYS:
        raise ActionError(_("Payments are made under agreements that are signed."))
    if milestone.due == Due.SIGNING:
        return Basis(milestone.amount, FULL, agreement.signed_on or agreement.starts_on)
    if milestone.due == Due.PERIOD:
        return _by_period(milestone, agreement)
    return _by_acceptance(milestone, agreement)


def _by_period(milestone: Milestone, agreement: Agreement) -> Basis:
    if not standards_of(agreement).exists():
        return Basis(milestone.amount, FULL, milestone.expected_on)
    spans = periods(Cycle(agreement.cycle), agreement.starts_on, agreement.ends_on)
    start, _end = next((span for span in reversed(spans) if span[1] <= milestone.expected_on), spans[0])
    score = standing_scores(agreement).filter(starts_on=start).first()
    if score is None:
        raise ActionError(
            _("The score of the period from {start} is not confirmed yet.").format(start=date_text(start))
        )
    return Basis(milestone.amount, _undisputed(score).percent, score.confirmed_on, score)


def _undisputed(score: Score) -> Score:
    if score.state == ScoreState.OBJECTED:
        raise ActionError(_("The provider has objected to the score. The objection must be answered first."))
    return score


def _by_acceptance(milestone: Milestone, agreement: Agreement) -> Basis:
    rows = Acceptance.objects.unscoped(reason=SEEN).filter(agreement=agreement).exclude(state=AcceptanceState.OPEN)
    accepted = rows.order_by("-on", "-pk").first()
    if accepted is None or accepted.outcome != Outcome.PASS:
        raise ActionError(_("The delivery has not been accepted yet."))
    score = standing_scores(agreement).first()
    percent = _undisputed(score).percent if score else FULL
    return Basis(milestone.amount, percent, accepted.on, score)


def due_day(agreement: Agreement, accepted_on: date, on: date) -> date | None:
    """The last day for paying, by the rule in force; None where the calendar of that year is not loaded yet."""
    days = rule_of(agreement, "payment.due_days", on).number
    try:
        return Calendar.official().due_date(accepted_on, days, DayUnit.CALENDAR)
    except CalendarError:
        return None


def payments(actor: Actor) -> QuerySet[Payment]:
    """The payments an actor may see, with what a line of the list shows."""
    rows = Payment.objects.visible_to(actor)
    return rows.select_related("agreement__provider", "agreement__organisation", "milestone", "requested_by").defer(
        "agreement__organisation__contact_phone", "agreement__organisation__bank_account"
    )


def to_approve(actor: Actor) -> QuerySet[Payment]:
    """Payments that this actor may decide on: where the right is held, and not asked for by the same account."""
    place = actor.reach("payment.approve").condition("agreement__organisation__path")
    rows = payments(actor).filter(place, state=PaymentState.REQUESTED)
    return rows.exclude(requested_by=actor.user_id).order_by("requested_at", "pk")


@dataclass(frozen=True, slots=True)
class ApprovedPayment:
    """What the books have to pay: to whom, for what, how much in fen, until when (None: calendar not loaded)."""

    key: int
    agreement: str
    organisation_id: int
    provider_id: int
    provider: str
    purpose: str
    amount: int
    due_on: date | None


def approved_payments(organisation_id: int | None = None) -> list[ApprovedPayment]:
    """Payments that were approved and of which nobody has told that they were paid, the first due first."""
    rows = Payment.objects.unscoped(reason="the books of a body read what it has to pay")
    wanted = Q(agreement__organisation=organisation_id) if organisation_id else Q()
    rows = rows.filter(wanted, state=PaymentState.APPROVED).select_related("agreement__provider", "milestone")
    return [
        ApprovedPayment(
            row.pk, row.agreement.number, row.agreement.organisation_id, row.agreement.provider_id,
            row.agreement.provider.name, row.milestone.name, row.amount, row.due_on,
        )
        for row in rows.order_by("due_on", "pk")
    ]  # fmt: skip
