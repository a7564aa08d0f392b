"""Bookings: held, confirmed, kept, missed, cancelled. A place is given once, however many ask at the same moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.desk.casebridge import case_of_booking
from shuniu.desk.enums import BookingState, WaitState
from shuniu.desk.limits import number_for
from shuniu.desk.models import Booking, Course, ServiceLine, Waiter
from shuniu.desk.queries import bookings as queries
from shuniu.desk.rules.bookings import BOOKING, CANCEL, HOLD, LIVE, MOST, held_until, may_cancel
from shuniu.desk.seats import (
    MINE,
    again,
    booker,
    hour_text,
    lock,
    move,
    opening_at,
    refuse_other,
    refuse_sessions,
    release,
    seat,
    serves,
    tell,
    tell_user,
    user_of,
)
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.kernel.web.formats import date_text
from shuniu.registry.public import Person


@dataclass(frozen=True, slots=True)
class Details:
    """What is said when a booking is confirmed. `person`, `name` and `phone` are for those that a clerk books for."""

    topic: str = ""
    phone: str = ""
    name: str = ""
    person: Person | None = None
    theme: str = ""
    instead: Booking | None = None


@transaction.atomic(durable=True)
def hold_slot(
    line: ServiceLine, professional: int, starts_at: datetime, *, actor: Actor, now: datetime, for_others: bool = False
) -> Booking:
    """Hold a time for a few minutes. Pressing twice holds it once.

    Args:
        professional: with whom, by key.
        starts_at: the beginning of an opening of hers.
        for_others: a clerk holds it for somebody whom she names when she confirms.

    Raises:
        PermissionDenied: neither a member of the line's reach nor a clerk of it.
        ActionError: the time is gone or no time of hers; too many bookings; a wait after missed ones; no consent yet.
    """
    person = booker(line, actor, now, for_others=for_others)
    if person is not None and (known := _held_already(line, person, professional, starts_at, now)):
        return known
    lock(line, professional, starts_at)
    release(professional, starts_at, now)
    opening = opening_at(line, professional, starts_at, person, now)
    minutes = number_for(line, HOLD, timezone.localtime(now).date())
    booking = seat(
        opening, line=line, person=person, made_by_id=actor.user_id, made_at=now, held_until=held_until(now, minutes)
    )
    tell("booking.held", booking, actor, now)
    return booking


@transaction.atomic(durable=True)
def confirm_booking(booking: Booking, what: Details, *, actor: Actor, now: datetime) -> Booking:
    """Turn a held or offered time into a booking, and open a case of the line for it. A second confirmation changes nothing.

    Raises:
        PermissionDenied: it is somebody else's.
        ActionError: the hold is over, nobody is named, or the sessions that the union pays are used up.
    """
    booking = again(booking)
    refuse_other(booking, actor)
    if booking.state == BookingState.CONFIRMED:
        return booking
    if booking.state not in BOOKING.transition("confirm").source:
        raise ActionError(_("This booking is settled already."))
    if booking.held_until and booking.held_until <= now:
        raise ActionError(
            _("The time was held for you until {time} only. Choose one again.").format(
                time=hour_text(booking.held_until)
            )
        )
    person = booking.person or what.person
    if person is None and not what.name.strip():
        raise ActionError(_("Say for whom the booking is: a member, or a name or code."))
    values = _values(booking, person, what, actor, now)
    move(booking, BookingState.CONFIRMED, now, held_until=None, **values)
    Waiter.objects.unscoped(reason=MINE).filter(booking=booking).update(state=WaitState.BOOKED)
    if what.instead is not None:
        _cancel(what.instead, actor, now, _("Booked for another time"))
    booking.refresh_from_db()
    _open_case(booking, what, actor, now)
    tell("booking.confirmed", booking, actor, now)
    tell_user(booking, booking.professional.user_id, gettext_lazy("New booking: {when}"), now)
    return booking


@transaction.atomic(durable=True)
def cancel_booking(booking: Booking, *, reason: str = "", actor: Actor, now: datetime) -> None:
    """Cancel one's own booking, or as a clerk for somebody who asks for it.

    Raises:
        PermissionDenied: it is somebody else's.
        ActionError: it is too late by the rule, or it is settled.
    """
    booking = again(booking)
    refuse_other(booking, actor)
    if booking.state == BookingState.CONFIRMED:
        hours = number_for(booking.line, CANCEL, timezone.localtime(now).date())
        if not may_cancel(booking.starts_at, now, hours):
            told = _("A booking can be cancelled until {hours} hours before it begins. Please call if you cannot come.")
            raise ActionError(told.format(hours=hours))
    _cancel(booking, actor, now, reason)


@transaction.atomic(durable=True)
def withdraw_booking(booking: Booking, *, reason: str, actor: Actor, now: datetime) -> None:
    """Call a booking off from the side of the service, with a reason that the person reads."""
    booking = again(booking)
    if not serves(booking, actor):
        require(actor, "booking.edit", booking.line.organisation)
    if not reason.strip():
        raise ActionError(_("Please give the reason; the person who booked will read it."))
    if booking.state not in LIVE:
        raise ActionError(_("This booking is settled already."))
    move(booking, BookingState.WITHDRAWN, now, reason=reason.strip())
    tell("booking.withdrawn", booking, actor, now)
    tell_user(booking, user_of(booking), gettext_lazy("Your booking of {when} was called off"), now)


@transaction.atomic(durable=True)
def settle_booking(booking: Booking, *, came: bool, actor: Actor, now: datetime) -> None:
    """Note whether somebody came: by who served her, or by the line's desk, once the time has come.

    Raises:
        PermissionDenied: neither serves her nor makes bookings there.
        ActionError: it has not begun yet, or it is settled.
    """
    booking = again(booking)
    if not serves(booking, actor):
        require(actor, "booking.edit", booking.line.organisation)
    if now < booking.starts_at:
        raise ActionError(_("The time of this booking has not come yet."))
    if booking.state != BookingState.CONFIRMED:
        raise ActionError(_("This booking is settled already."))
    move(booking, BookingState.ATTENDED if came else BookingState.MISSED, now)
    tell("booking.attended" if came else "booking.missed", booking, actor, now)


@transaction.atomic(durable=True)
def book_series(booking: Booking, *, times: int, weeks: int = 1, actor: Actor, now: datetime) -> list[Booking]:
    """Book the same hour of the weeks that follow a confirmed session, by the counsellor or by the person herself.

    Raises:
        ActionError: one of the times is taken (then none is booked), or the sessions that the union pays are used up.
    """
    booking = again(booking)
    if not serves(booking, actor):
        refuse_other(booking, actor)
    if booking.state not in {BookingState.CONFIRMED, BookingState.ATTENDED} or not 1 <= times <= 11:
        raise ActionError(_("A series follows a confirmed session, with one to eleven more."))
    if booking.course is not None:
        refuse_sessions(booking.course, booking.line, now, more=times)
    series = booking.series or f"S{booking.pk}"
    found = [_one_of_series(booking, number * weeks, series, actor, now) for number in range(1, times + 1)]
    Booking.objects.unscoped(reason=MINE).filter(pk=booking.pk).update(series=series)
    tell("booking.series_made", booking, actor, now, times=times)
    return found


@transaction.atomic(durable=True)
def lapse_booking(booking: Booking, *, actor: Actor, now: datetime) -> bool:
    """Give a time free that was held or offered for too long. Whether this call did it."""
    rows = Booking.objects.unscoped(reason=MINE).filter(
        pk=booking.pk, state__in=[BookingState.HELD, BookingState.OFFERED], held_until__lte=now
    )
    if not rows.update(state=BookingState.LAPSED, settled_at=now):
        return False
    Waiter.objects.unscoped(reason=MINE).filter(booking=booking, state=WaitState.OFFERED).update(
        state=WaitState.WAITING, booking=None, joined_at=now
    )
    return True


@transaction.atomic(durable=True)
def remind_booking(booking: Booking, *, actor: Actor, now: datetime) -> bool:
    """Remind somebody of her booking, once. Whether this call did it."""
    rows = Booking.objects.unscoped(reason=MINE).filter(
        pk=booking.pk, state=BookingState.CONFIRMED, reminded_at=None, starts_at__gt=now
    )
    if not rows.update(reminded_at=now):
        return False
    tell_user(booking, user_of(booking), gettext_lazy("Your booking: {when}"), now)
    return True


def _held_already(
    line: ServiceLine, person: Person, professional: int, starts_at: datetime, now: datetime
) -> Booking | None:
    """The same time, if she holds it already. Too many bookings, or another at that time, are refused."""
    mine = list(queries.open_bookings(line, person, now))
    same = next((one for one in mine if (one.professional_id, one.starts_at) == (professional, starts_at)), None)
    if same is not None:
        return same
    most = number_for(line, MOST, timezone.localtime(now).date())
    if len(mine) >= most:
        told = _("You hold {n} bookings of this service already. Cancel one, or come to one first.")
        raise ActionError(told.format(n=most))
    if any(one.starts_at <= starts_at < one.ends_at for one in mine):
        raise ActionError(_("You have another booking at that time."))
    return None


def _values(booking: Booking, person: Person | None, what: Details, actor: Actor, now: datetime) -> dict[str, Any]:
    line = booking.line
    course = _course(line, person, what.theme, now) if person is not None and queries.needs_consent(line) else None
    employers = queries.employers_of(person, timezone.localtime(now).date()) if person else set()
    confidential = queries.is_confidential(line)
    return {
        "person": person,
        "topic": what.topic.strip()[:500],
        "phone": what.phone.strip()[:30],
        "name": what.name.strip()[:50],
        "course": course,
        "employer_id": next(iter(employers)) if len(employers) == 1 and not confidential else None,
    }


def _course(line: ServiceLine, person: Person, theme: str, now: datetime) -> Course:
    if not theme:
        raise ActionError(_("Choose what it is about; only the counsellor sees it with your name."))
    year = timezone.localtime(now).year
    course, _made = Course.everything.get_or_create(
        line=line,
        person=person,
        theme=theme,
        year=year,
        defaults={"opened_at": now, "shown_to": queries.shown_to(line)},
    )
    refuse_sessions(course, line, now)
    return course


def _one_of_series(booking: Booking, weeks: int, series: str, actor: Actor, now: datetime) -> Booking:
    starts_at = booking.starts_at + timedelta(weeks=weeks)
    day = timezone.localtime(starts_at).date()
    lock(booking.line, booking.professional_id, starts_at)
    release(booking.professional_id, starts_at, now)
    slots, _barred = queries.free_slots(
        booking.line, day, day, now=now, person=booking.person, only=booking.professional_id
    )
    opening = next((slot.opening for slot in slots if slot.opening.starts_at == starts_at), None)
    if opening is None:
        raise ActionError(
            _("{day} is taken or not offered at that hour. Nothing was booked.").format(day=date_text(day))
        )
    return seat(
        opening,
        line=booking.line,
        person=booking.person,
        course=booking.course,
        series=series,
        state=BookingState.CONFIRMED,
        made_at=now,
        made_by_id=actor.user_id,
        case=booking.case,
        name=booking.name,
        phone=booking.phone,
    )


def _open_case(booking: Booking, what: Details, actor: Actor, now: datetime) -> None:
    case = case_of_booking(booking, topic=what.topic, actor=actor, now=now)
    if case is not None:
        Booking.objects.unscoped(reason=MINE).filter(pk=booking.pk).update(case=case)
        booking.case = case


def _cancel(booking: Booking, actor: Actor, now: datetime, reason: str) -> None:
    if booking.state not in LIVE:
        raise ActionError(_("This booking is settled already."))
    move(booking, BookingState.CANCELLED, now, reason=reason.strip()[:200])
    tell("booking.cancelled", booking, actor, now)
    if booking.state == BookingState.CONFIRMED:
        tell_user(booking, booking.professional.user_id, gettext_lazy("The booking of {when} was cancelled"), now)
