"""What is done in a mediation beside the steps of its case: consent, representatives, sessions, the agreement."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.desk import clockwork
from shuniu.desk.actions.cases import take
from shuniu.desk.casework import CaseError, locked, tell_trail
from shuniu.desk.enums import Signer, Who
from shuniu.desk.models import Case, CaseClock, Mediation, MediationAgreement, MediationSession, MediationTie
from shuniu.desk.rules.statutory import CONFIRM
from shuniu.desk.sight import Sight
from shuniu.kernel.calendar import Calendar, CalendarError, DayUnit
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal, prose
from shuniu.rulebook.public import find, place_of

HANDS = frozenset({Who.HANDLER, Who.DISPATCHER, Who.SUPERVISOR})
LONGEST = 8000
MOST_EXTRA = 30
"""Calendar days by which both sides may agree to go on, at most, in one go."""


@transaction.atomic(durable=True)
def record_consent(case: Case, *, is_consented: bool, on: date, note: str, actor: Actor, now: datetime) -> Case:
    """Record whether the other side agrees to mediation. Its refusal ends the mediation and the applicant is told.

    Raises:
        PermissionDenied: the actor does not serve the case.
        CaseError: it has answered already, the day lies outside, or the mediation is over.
    """
    case, row = _served(case, actor)
    _refuse_day(on, row.received_on, now)
    rows = Mediation.everything.filter(pk=row.pk, is_consented=None, ended_on=None)
    if not rows.update(is_consented=is_consented, answered_on=on, asked_on=row.asked_on or on):
        raise CaseError(_("The answer of the other side is recorded already, or the mediation is over."))
    tell_trail("mediation.answered", case, actor, now, consents=is_consented)
    if is_consented:
        return case
    if case.state == "new":
        case = take(case, "ask_other", actor=actor, now=now)
    reason = prose(note) or _("The other side does not agree to mediation. You may apply for arbitration.")
    return take(case, "refuse", actor=actor, now=now, text=reason)


@transaction.atomic(durable=True)
def elect_representatives(case: Case, names: str, *, actor: Actor, now: datetime) -> None:
    """Enter who represents a group of workers. Raises as `record_consent`."""
    case, row = _served(case, actor)
    _refuse_over(row)
    text = prose(names)[:500]
    if not text:
        raise CaseError(_("Enter the names of the representatives, one a line."))
    row.representatives = text
    row.save(update_fields=["representatives"])
    tell_trail("mediation.represented", case, actor, now)


@transaction.atomic(durable=True)
def declare_tie(case: Case, account: int, note: str, *, actor: Actor, now: datetime) -> None:
    """Keep somebody from mediating a case for a tie to a side: declared by herself, or entered by who hands it out.

    Raises:
        PermissionDenied: the actor neither declares for herself nor hands out the case.
        CaseError: the tie is not named, or it is entered already.
    """
    case = locked(case)
    roles = Sight.of(actor).roles(case)
    own = account == actor.user_id and Who.HANDLER in roles
    if not own and not roles & {Who.DISPATCHER, Who.SUPERVISOR}:
        raise PermissionDenied
    text = prose(note)[:500]
    if not text:
        raise CaseError(_("Say what the tie is. Only those who hand out the case read it."))
    try:
        with transaction.atomic():
            MediationTie.everything.create(case=case, user_id=account, note=text, at=now)
    except IntegrityError as error:
        raise CaseError(_("This tie is entered already.")) from error
    tell_trail("mediation.tied", case, actor, now, account=account)


@transaction.atomic(durable=True)
def hold_session(
    case: Case, *, held_at: datetime, place: str, present: str, record: str, actor: Actor, now: datetime
) -> MediationSession:
    """Keep the record of a session.

    Raises:
        PermissionDenied: the actor does not mediate the case.
        CaseError: it is not being mediated, something is missing, or the session lies in the future.
    """
    case, row = _served(case, actor)
    if case.state != "working":
        raise CaseError(_("Sessions are held while the case is being mediated."))
    if held_at > now or timezone.localtime(held_at).date() < row.received_on:
        raise CaseError(_("Enter a session that was held since the application came in."))
    if not normal(place) or not prose(present) or not prose(record):
        raise CaseError(_("Enter the place, who was present, and the record."))
    values: dict[str, Any] = {
        "held_at": held_at, "place": normal(place)[:80], "present": prose(present)[:500], "record": prose(record)[:LONGEST],
    }  # fmt: skip
    session: MediationSession = MediationSession.everything.create(
        case=case, number=MediationSession.everything.filter(case=case).count() + 1, **values
    )
    tell_trail("mediation.session_held", case, actor, now, session=session.number)
    return session


@transaction.atomic(durable=True)
def agree_on_more_time(
    case: Case, days: int, *, worker_agrees: bool, employer_agrees: bool, actor: Actor, now: datetime
) -> None:
    """Let a mediation go on for some more days, which both sides must want.

    Raises:
        PermissionDenied: the actor does not serve the case.
        CaseError: one side does not agree, the mediation is over, or the days are out of bounds.
    """
    case, row = _served(case, actor)
    _refuse_over(row)
    if not (worker_agrees and employer_agrees):
        raise CaseError(_("A mediation goes on beyond its time only if both sides agree."))
    if not 1 <= days <= MOST_EXTRA:
        raise CaseError(_("Enter from 1 to {n} days.").format(n=MOST_EXTRA))
    clock = CaseClock.everything.filter(case=case, key="solve", stopped_at=None).first()
    if clock is None:
        raise CaseError(_("The time for this mediation does not run any more."))
    clock.extra += days
    clockwork.reckon(clock)
    due = clockwork.nearest(CaseClock.everything.filter(case=case, stopped_at=None))
    Case.everything.filter(pk=case.pk).update(due_at=due)
    Mediation.everything.filter(pk=row.pk).update(extended_on=timezone.localtime(now).date())
    tell_trail("mediation.extended", case, actor, now, days=days)


@transaction.atomic(durable=True)
def draw_up_agreement(
    case: Case, *, terms: str, amount: int, perform_by: date, actor: Actor, now: datetime
) -> MediationAgreement:
    """Write down what both sides agreed on, `amount` in fen. Until somebody has signed it may be written anew.

    Raises:
        PermissionDenied: the actor does not mediate the case.
        CaseError: it is not being mediated, no terms, an amount out of bounds, or somebody has signed.
    """
    case, row = _served(case, actor)
    if case.state != "working":
        raise CaseError(_("An agreement is drawn up while the case is being mediated."))
    if not prose(terms) or not 0 <= amount <= 10**13:
        raise CaseError(_("Enter the terms, and an amount that is not negative."))
    if perform_by < row.received_on:
        raise CaseError(_("The day to perform it lies before the application."))
    known = MediationAgreement.everything.filter(case=case).first()
    if known is not None and _is_signed(known):
        raise CaseError(_("Somebody has signed this agreement. It cannot be changed any more."))
    agreement = known or MediationAgreement(case=case)
    agreement.terms, agreement.amount, agreement.perform_by = prose(terms)[:LONGEST], amount, perform_by
    agreement.save()
    tell_trail("mediation.agreement_drawn_up", case, actor, now)
    return agreement


@transaction.atomic(durable=True)
def sign_agreement(case: Case, signer: Signer, *, on: date, actor: Actor, now: datetime) -> MediationAgreement:
    """Record a signature or the seal; signed by all and sealed it binds both sides, and the case comes to its agreement.

    Raises:
        PermissionDenied: the actor does not serve the case.
        CaseError: there is no agreement, or the day is before the application or in the future.
    """
    case, row = _served(case, actor)
    _refuse_day(on, row.received_on, now)
    agreement = _agreement(case)
    column = f"{signer}_on"
    rows = MediationAgreement.everything.filter(pk=agreement.pk, **{column: None})
    if rows.update(**{column: on}):
        tell_trail("mediation.signed", case, actor, now, by=str(signer))
    agreement.refresh_from_db()
    if agreement.signatures.binding_on is not None and case.state == "working":
        take(
            case,
            "agree",
            actor=actor,
            now=now,
            text=_("The agreement is signed by all and sealed. It binds both sides."),
        )
    return agreement


@transaction.atomic(durable=True)
def record_confirmation(case: Case, *, on: date, actor: Actor, now: datetime) -> None:
    """Record that the arbitration commission confirmed the agreement, on the joint request of both sides.

    Raises:
        CaseError: it does not bind yet, or the request came after the days of the rule.
    """
    case, _row = _served(case, actor)
    agreement = _agreement(case)
    binding = agreement.signatures.binding_on
    if binding is None:
        raise CaseError(_("The agreement binds nobody yet: both sides and the mediator sign it, and it is sealed."))
    _refuse_day(on, binding, now)
    if (last := confirm_until(case, binding, actor=actor, now=now)) is not None and on > last:
        raise CaseError(_("The days for a joint request are over."))
    MediationAgreement.everything.filter(pk=agreement.pk).update(confirmed_on=on)
    tell_trail("mediation.confirmed", case, actor, now, confirmed_on=on)


def confirm_until(case: Case, binding_on: date, *, actor: Actor, now: datetime) -> date | None:
    """The last day for a joint request to confirm an agreement; None beyond the calendar."""
    number = int(find(CONFIRM, on=binding_on, at=place_of(case.organisation)).rule.number)
    try:
        return Calendar.official().due_date(binding_on, number, DayUnit.CALENDAR)
    except CalendarError:
        return binding_on + timedelta(days=number)


@transaction.atomic(durable=True)
def follow_up(case: Case, *, is_performed: bool, on: date, note: str, actor: Actor, now: datetime) -> Case:
    """Ask whether an agreement was performed. If so the case comes to its end; if not, the note says what is open.

    Raises:
        PermissionDenied: the actor does not serve the case.
        CaseError: there is no agreement, or the day is wrong.
    """
    case, row = _served(case, actor)
    agreement = _agreement(case)
    _refuse_day(on, row.received_on, now)
    if case.state != "agreed":
        raise CaseError(_("There is no agreement that waits to be performed."))
    agreement.followed_up_on, agreement.follow_up = on, prose(note)[:LONGEST]
    if is_performed:
        agreement.performed_on = on
    agreement.save(update_fields=["followed_up_on", "follow_up", "performed_on"])
    tell_trail("mediation.followed_up", case, actor, now, performed=is_performed)
    return take(case, "perform", actor=actor, now=now) if is_performed else case


def _served(case: Case, actor: Actor) -> tuple[Case, Mediation]:
    case = locked(case)
    if not Sight.of(actor).roles(case) & HANDS:
        raise PermissionDenied
    row = Mediation.everything.filter(case=case).first()
    if row is None:
        raise CaseError(_("This case is no mediation."))
    return case, row


def _refuse_over(row: Mediation) -> None:
    if row.ended_on is not None:
        raise CaseError(_("This mediation is over."))


def _refuse_day(on: date, earliest: date, now: datetime) -> None:
    if not earliest <= on <= timezone.localtime(now).date():
        raise CaseError(_("Enter a day from the application until today."))


def _agreement(case: Case) -> MediationAgreement:
    agreement = MediationAgreement.everything.filter(case=case).first()
    if agreement is None:
        raise CaseError(_("There is no agreement yet."))
    return agreement


def _is_signed(agreement: MediationAgreement) -> bool:
    return any((agreement.worker_on, agreement.employer_on, agreement.mediator_on, agreement.sealed_on))
