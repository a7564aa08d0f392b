"""Counselling: consent, notes, more sessions, and what is done in a crisis."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.desk import notified
from shuniu.desk.consent import TEXT, VERSION
from shuniu.desk.enums import CrisisLevel
from shuniu.desk.guards import assigned_path
from shuniu.desk.limits import number_for, rule_for
from shuniu.desk.models import Booking, Consent, Course, Crisis, CrisisTask, ServiceLine, SessionNote
from shuniu.desk.queries import bookings as queries
from shuniu.desk.queries import counselling
from shuniu.desk.rules.counselling import CRISIS, ESCALATE, FOLLOW_UP, RESPOND, TELL, due_steps
from shuniu.desk.seats import SOMEBODY
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.notices import notify
from shuniu.kernel.scope import Actor

OURS = "the action has checked who counsels and who supervises"


@transaction.atomic(durable=True)
def give_consent(line: ServiceLine, *, actor: Actor, now: datetime) -> Consent:
    """Agree to be counselled on the terms of the text as it stands. Giving it twice gives it once.

    Raises:
        PermissionDenied: not a member.
    """
    assigned_path(actor, "own.view")
    person = queries.own_person(actor)
    if person is None:
        raise PermissionDenied("own.view")
    if known := queries.consent_of(line, person.pk):
        return known
    try:
        with transaction.atomic():
            consent: Consent = Consent.everything.create(
                line=line, shown_to=None, person=person, version=VERSION, text=str(TEXT), given_at=now
            )
    except IntegrityError:
        return Consent.objects.unscoped(reason="one's own consent").get(line=line, person=person, withdrawn_at=None)  # type: ignore[no-any-return]
    trail.record("consent.given", consent, actor=SOMEBODY, now=now, detail={"line": line.pk, "consent": VERSION})
    return consent


@transaction.atomic(durable=True)
def withdraw_consent(consent: Consent, *, actor: Actor, now: datetime) -> None:
    """Take one's consent back. Bookings ahead stay until they are cancelled; no new ones can be made."""
    if actor.person_id is None or consent.person_id != actor.person_id:
        raise PermissionDenied("own.view")
    rows = Consent.objects.unscoped(reason="one's own consent").filter(pk=consent.pk, withdrawn_at=None)
    if rows.update(withdrawn_at=now):
        trail.record("consent.withdrawn", consent, actor=SOMEBODY, now=now, detail={"line": consent.line_id})


@transaction.atomic(durable=True)
def approve_sessions(course: Course, *, more: int, actor: Actor, now: datetime) -> None:
    """Let the union pay more sessions of a matter than the rule says.

    Raises:
        PermissionDenied: the actor does not supervise the line.
        ActionError: no number from 1 to 12.
    """
    if not counselling.supervises(actor, course.line_id):
        raise PermissionDenied("service.give")
    if not 1 <= more <= 12:
        raise ActionError(_("One to twelve more sessions can be approved at a time."))
    rows = Course.objects.unscoped(reason=OURS).filter(pk=course.pk, extra=course.extra)
    if not rows.update(extra=course.extra + more):
        raise ActionError(_("Somebody else has changed this. Please load the page again."))
    trail.record("course.extended", course, actor=actor, now=now, detail={"line": course.line_id, "more": more})


@transaction.atomic(durable=True)
def write_note(booking: Booking, *, text: str, actor: Actor, now: datetime) -> SessionNote:
    """Write down what a session was about; sealed, for the counsellor and the supervisors.

    Raises:
        PermissionDenied: it is not one's own session.
        ActionError: nothing is written, or no session of counselling.
    """
    if actor.user_id is None or booking.professional.user_id != actor.user_id:
        raise PermissionDenied("service.give")
    assigned_path(actor, "service.give")
    if not queries.needs_consent(booking.line) or not text.strip():
        raise ActionError(_("Please write the note."))
    note, _made = SessionNote.everything.update_or_create(
        booking=booking, defaults={"text": text.strip(), "written_at": now, "shown_to": None}
    )
    trail.record("booking.noted", booking, actor=actor, now=now, detail={"line": booking.line_id})
    return note


@transaction.atomic(durable=True)
def report_crisis(
    line: ServiceLine,
    *,
    level: CrisisLevel,
    what: str,
    whom: str,
    booking: Booking | None = None,
    actor: Actor,
    now: datetime,
) -> Crisis:
    """Report that somebody is in danger. The steps of the level begin to run at once, and the supervisors are told.

    Raises:
        PermissionDenied: the actor neither counsels for the line nor supervises it.
        ActionError: nothing is said of what was seen.
    """
    if not counselling.works_for(actor, line):
        raise PermissionDenied("service.give")
    if not what.strip():
        raise ActionError(_("Please say what you saw and heard."))
    crisis: Crisis = Crisis.everything.create(
        line=line,
        shown_to=None,
        booking=booking,
        level=level,
        what=what.strip(),
        whom=whom.strip(),
        found_at=now,
        reported_by_id=actor.user_id,
    )
    _lay_out(crisis, now)
    trail.record("crisis.reported", crisis, actor=actor, now=now, detail={"line": line.pk, "level": level})
    _tell_supervisors(crisis, gettext_lazy("A crisis was reported. See what is to be done."), now, but=actor.user_id)
    return crisis


@transaction.atomic(durable=True)
def do_step(task: CrisisTask, *, note: str, actor: Actor, now: datetime) -> None:
    """Say that a step was done, and how. Saying it twice changes nothing.

    Raises:
        ActionError: nothing is said of how.
    """
    _refuse_others(task.crisis, actor)
    if not note.strip():
        raise ActionError(_("Please say briefly what was done."))
    rows = CrisisTask.objects.unscoped(reason=OURS).filter(pk=task.pk, done_at=None)
    if rows.update(done_at=now, done_by_id=actor.user_id):
        CrisisTask.objects.unscoped(reason=OURS).filter(pk=task.pk).update(note=note.strip())
        detail = {"crisis": task.crisis_id, "step": task.step}
        trail.record("crisis.step_done", task.crisis, actor=actor, now=now, detail=detail)


@transaction.atomic(durable=True)
def close_crisis(crisis: Crisis, *, actor: Actor, now: datetime) -> None:
    """Close a crisis once every step is done.

    Raises:
        ActionError: a step is open, or somebody has closed it.
    """
    _refuse_others(crisis, actor)
    move = CRISIS.transition("close")
    if crisis.state not in move.source:
        raise ActionError(_("This crisis is closed already."))
    if CrisisTask.objects.unscoped(reason=OURS).filter(crisis=crisis, done_at=None).exists():
        raise ActionError(_("Some steps are not done yet."))
    rows = Crisis.objects.unscoped(reason=OURS).filter(pk=crisis.pk, state=crisis.state)
    if not rows.update(state=move.target, closed_at=now):
        raise ActionError(_("Somebody else has changed this. Please load the page again."))
    trail.record("crisis.closed", crisis, actor=actor, now=now, detail={"line": crisis.line_id})


@transaction.atomic(durable=True)
def escalate_step(task: CrisisTask, *, actor: Actor, now: datetime) -> bool:
    """Tell the supervisors that a step is late, once. Whether this call did it."""
    day = timezone.localtime(now).date()
    late = number_for(task.crisis.line, ESCALATE, day)
    if now < task.due_at + timedelta(minutes=late):
        return False
    rows = CrisisTask.objects.unscoped(reason=OURS).filter(pk=task.pk, done_at=None, escalated_at=None)
    if not rows.update(escalated_at=now):
        return False
    detail = {"crisis": task.crisis_id, "step": task.step}
    trail.record("crisis.step_late", task.crisis, actor=actor, now=now, detail=detail)
    _tell_supervisors(task.crisis, gettext_lazy("A step of a crisis is late."), now)
    return True


def _lay_out(crisis: Crisis, now: datetime) -> None:
    day, line = timezone.localtime(now).date(), crisis.line
    steps = due_steps(
        crisis.level,
        now,
        respond=number_for(line, RESPOND[crisis.level], day),
        tell=number_for(line, TELL, day),
        follow_up=tuple(rule_for(line, FOLLOW_UP, day).numbers),
    )
    CrisisTask.everything.bulk_create(CrisisTask(crisis=crisis, step=step, due_at=due_at) for step, due_at in steps)


def _refuse_others(crisis: Crisis, actor: Actor) -> None:
    if not counselling.crises(actor).filter(pk=crisis.pk).exists():
        raise PermissionDenied("service.give")


def _tell_supervisors(crisis: Crisis, title: object, now: datetime, but: int | None = None) -> None:
    users = [key for key in counselling.supervisors_of(crisis.line_id) if key != but]
    if users:
        notify(users, kind=notified.CRISIS, title=title, url=reverse("desk:crisis", args=[crisis.pk]), now=now)  # type: ignore[arg-type]
