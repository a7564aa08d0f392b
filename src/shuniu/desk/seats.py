"""What all actions on bookings share: places that are given once, and who learns of what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.accounts.public import User
from shuniu.desk import notified
from shuniu.desk.enums import BookingState, WaitState
from shuniu.desk.guards import assigned_path
from shuniu.desk.limits import rule_for
from shuniu.desk.models import Booking, Course, ServiceLine, Shift, Waiter, WorkPlan
from shuniu.desk.queries import bookings as queries
from shuniu.desk.rules.bookings import SEATED
from shuniu.desk.rules.counselling import SESSIONS
from shuniu.desk.rules.slots import Opening
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import require
from shuniu.kernel.notices import notify
from shuniu.kernel.period import on_day
from shuniu.kernel.scope import Actor
from shuniu.kernel.web.formats import date_text
from shuniu.registry.public import Person
from shuniu.rulebook.public import check

MINE = "the flow has checked who acts on the booking"
SOMEBODY = Actor(None, "当事人")
"""Stands in the trail for the person herself where nobody may learn from it that she sought counsel."""


def lock(line: ServiceLine, professional: int, starts_at: datetime) -> None:
    """All who want a time of the same professional on one day take turns from here on; SQLite does so by itself."""
    day = timezone.localtime(starts_at).date()
    duty = Shift.objects.unscoped(reason=queries.COUNTS).filter(line=line, day=day, professional_id=professional)
    plans = WorkPlan.objects.unscoped(reason=queries.COUNTS).filter(
        on_day(day), line=line, professional_id=professional
    )
    list(duty.order_by("pk").select_for_update().values_list("pk"))
    list(plans.order_by("pk").select_for_update().values_list("pk"))


def release(professional: int, starts_at: datetime, now: datetime) -> None:
    """Holds that are over do not keep the place until the worker comes by."""
    rows = Booking.objects.unscoped(reason=queries.COUNTS).filter(
        professional_id=professional,
        starts_at=starts_at,
        state__in=[BookingState.HELD, BookingState.OFFERED],
        held_until__lte=now,
    )
    keys = list(rows.values_list("pk", flat=True))
    rows.filter(pk__in=keys).update(state=BookingState.LAPSED, settled_at=now)
    waiters = Waiter.objects.unscoped(reason=MINE).filter(booking__in=keys, state=WaitState.OFFERED)
    waiters.update(state=WaitState.WAITING, booking=None, joined_at=now)


def opening_at(
    line: ServiceLine, professional: int, starts_at: datetime, person: Person | None, now: datetime
) -> Opening:
    """The opening that begins then, if she may have it.

    Raises:
        ActionError: it is taken or no opening, or the firm serves her employer.
    """
    day = timezone.localtime(starts_at).date()
    first, last = queries.window_of(line, now)
    slots: list[queries.Slot] = []
    barred: list[str] = []
    if first <= day <= last:
        slots, barred = queries.free_slots(line, day, day, now=now, person=person, only=professional)
    found = next((slot.opening for slot in slots if slot.opening.starts_at == starts_at), None)
    if found is not None:
        return found
    if barred:
        told = _("{firm} serves your employer, so its people may not advise you in this. Choose somebody else.")
        raise ActionError(told.format(firm=barred[0]))
    raise ActionError(_("This time is taken. Please choose another."))


def seat(opening: Opening, *, line: ServiceLine, **values: Any) -> Booking:
    """A place of the opening. The database refuses a seat that somebody took meanwhile; then the next is tried."""
    rows = Booking.objects.unscoped(reason=queries.COUNTS).filter(
        professional_id=opening.professional, starts_at=opening.starts_at, state__in=SEATED
    )
    used = set(rows.values_list("seat", flat=True))
    for seat in (one for one in range(opening.capacity) if one not in used):
        try:
            with transaction.atomic():
                booking: Booking = Booking.everything.create(
                    line=line,
                    shown_to=queries.shown_to(line),
                    professional_id=opening.professional,
                    starts_at=opening.starts_at,
                    ends_at=opening.ends_at,
                    seat=seat,
                    meeting=opening.meeting,
                    place=opening.place,
                    **values,
                )
        except IntegrityError:
            continue
        return booking
    raise ActionError(_("This time is taken. Please choose another."))


def again(booking: Booking) -> Booking:
    """The booking as it is now, with all it is judged by."""
    rows = Booking.objects.unscoped(reason=MINE)
    full = rows.select_related("line__organisation__area", "professional__provider", "person", "course")
    found: Booking = full.get(pk=booking.pk)
    return found


def is_own(booking: Booking, actor: Actor) -> bool:
    """Whether it is the actor's own booking."""
    return actor.person_id is not None and booking.person_id == actor.person_id


def serves(booking: Booking, actor: Actor) -> bool:
    """Whether the actor is whom the booking is with."""
    return actor.user_id is not None and booking.professional.user_id == actor.user_id and actor.may("service.give")


def refuse_other(booking: Booking, actor: Actor) -> None:
    """Refuse unless it is one's own, or a clerk's of the line: PermissionDenied."""
    if not is_own(booking, actor):
        require(actor, "booking.edit", booking.line.organisation)


def move(booking: Booking, target: BookingState, now: datetime, **values: Any) -> None:
    """Change the state, if nobody did since the row was read."""
    rows = Booking.objects.unscoped(reason=MINE).filter(pk=booking.pk, state=booking.state)
    settled = {} if target == BookingState.CONFIRMED else {"settled_at": now}
    if not rows.update(state=target, **settled, **values):
        raise ActionError(_("Somebody else has changed this booking. Please load the page again."))


def hour_text(moment: datetime) -> str:
    """The hour within a sentence."""
    return f"{timezone.localtime(moment):%H:%M}"


def when_text(booking: Booking) -> str:
    """The day and hour of a booking within a sentence."""
    return f"{date_text(timezone.localtime(booking.starts_at).date())} {hour_text(booking.starts_at)}"


def user_of(booking: Booking) -> int | None:
    """The account of who booked, if she has one."""
    if booking.person_id is None:
        return None
    return User.objects.filter(person_id=booking.person_id, is_active=True).values_list("pk", flat=True).first()


def tell_user(booking: Booking, user_id: int | None, title: Any, now: datetime) -> None:
    """Tell of a booking; of a confidential one neither the service nor with whom."""
    if user_id is not None:
        url = reverse("desk:booking", args=[booking.pk])
        notify([user_id], kind=notified.BOOKING, title=title, values={"when": when_text(booking)}, url=url, now=now)


def tell(verb: str, booking: Booking, actor: Actor, now: datetime, **told: object) -> None:
    """An entry of the trail about a booking."""
    told_of(verb, booking, booking.line, actor, now, own=is_own(booking, actor), **told)


def told_of(
    verb: str, row: Any, line: ServiceLine, actor: Actor, now: datetime, *, own: bool = True, **told: object
) -> None:
    """An entry of the trail. On a confidential line it does not say who sought counsel."""
    who = SOMEBODY if own and queries.is_confidential(line) and actor.person_id is not None else actor
    trail.record(verb, row, actor=who, now=now, detail={"line": line.pk, **told})


def booker(line: ServiceLine, actor: Actor, now: datetime, *, for_others: bool) -> Person | None:
    """The member who books for herself, if she may now; None for a clerk who books for somebody else."""
    if not line.is_open:
        raise ActionError(_("“{line}” takes no bookings at present.").format(line=line))
    if for_others:
        require(actor, "booking.edit", line.organisation)
        return None
    assigned_path(actor, "own.view")
    person = queries.own_person(actor)
    today = timezone.localtime(now).date()
    if person is None or line.pk not in {one.pk for one in queries.lines_for(person, today)}:
        raise ActionError(_("This service is for members of the unions of {body}.").format(body=line.organisation))
    if queries.needs_consent(line) and queries.consent_of(line, person.pk) is None:
        raise ActionError(_("Please read and give your informed consent first."))
    if until := queries.waits_until(line, person, now):
        told = _("You did not come to several appointments. You can book again from {day} on.")
        raise ActionError(told.format(day=date_text(timezone.localtime(until).date())))
    return person


def refuse_sessions(course: Course, line: ServiceLine, now: datetime, more: int = 1) -> None:
    """ActionError where the union pays no more sessions of this matter this year."""
    found = queries.sessions_of(course) + more - course.extra
    verdict = check(rule_for(line, SESSIONS, timezone.localtime(now).date()), found)
    if verdict.ok is False:
        raise ActionError(verdict.sentence)
