"""Waiting lists: joined, left, and a place offered to who is first in turn."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.desk.enums import BookingState, WaitState
from shuniu.desk.limits import number_for
from shuniu.desk.models import Booking, ServiceLine, Waiter
from shuniu.desk.queries import bookings as queries
from shuniu.desk.rules.bookings import OFFER
from shuniu.desk.seats import MINE, booker, release, seat, tell_user, told_of, user_of
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor
from shuniu.kernel.web.formats import date_text


@transaction.atomic(durable=True)
def join_waiting(line: ServiceLine, *, from_day: date, to_day: date, actor: Actor, now: datetime) -> Waiter:
    """Wait for a time of a line between two days. Doing it twice waits once.

    Raises:
        PermissionDenied: not a member of the line's reach.
        ActionError: the days are over or in the wrong order, or no consent yet.
    """
    person = booker(line, actor, now, for_others=False)
    today, last = queries.window_of(line, now)
    if person is None or not today <= from_day <= to_day <= last:
        raise ActionError(_("Choose days from today until {day}.").format(day=date_text(last)))
    waiting = {"line": line, "person": person, "state__in": [WaitState.WAITING, WaitState.OFFERED]}
    if known := Waiter.objects.unscoped(reason="one's own place").filter(**waiting).first():
        return known  # type: ignore[no-any-return]
    try:
        with transaction.atomic():
            waiter: Waiter = Waiter.everything.create(
                line=line,
                shown_to=queries.shown_to(line),
                person=person,
                from_day=from_day,
                to_day=to_day,
                joined_at=now,
            )
    except IntegrityError as error:
        raise ActionError(_("You are on this waiting list already.")) from error
    told_of("waiting.joined", waiter, line, actor, now)
    return waiter


@transaction.atomic(durable=True)
def leave_waiting(waiter: Waiter, *, actor: Actor, now: datetime) -> None:
    """Leave a waiting list; a place that was offered goes to the next."""
    if waiter.person_id != actor.person_id or actor.person_id is None:
        raise ActionError(_("Only who waits can leave the list."))
    rows = Waiter.objects.unscoped(reason=MINE).filter(pk=waiter.pk, state__in=[WaitState.WAITING, WaitState.OFFERED])
    if not rows.update(state=WaitState.LEFT):
        return
    offered = Booking.objects.unscoped(reason=MINE).filter(waiter=waiter, state=BookingState.OFFERED)
    offered.update(state=BookingState.LAPSED, settled_at=now)
    told_of("waiting.left", waiter, waiter.line, actor, now)


@transaction.atomic(durable=True)
def offer_place(waiter: Waiter, *, actor: Actor, now: datetime) -> Booking | None:
    """Offer somebody who waits the first time that suits her; None where there is none, or she has an offer already."""
    line, person = waiter.line, waiter.person
    first, last = queries.window_of(line, now)
    first, last = max(first, waiter.from_day), min(last, waiter.to_day)
    slots, _barred = queries.free_slots(line, first, last, now=now, person=person) if first <= last else ([], [])
    if not slots:
        return None
    rows = Waiter.objects.unscoped(reason=MINE).filter(pk=waiter.pk, state=WaitState.WAITING)
    if not rows.update(state=WaitState.OFFERED):
        return None
    until = now + timedelta(hours=number_for(line, OFFER, timezone.localtime(now).date()))
    opening = slots[0].opening
    release(opening.professional, opening.starts_at, now)
    booking = seat(
        opening,
        line=line,
        person=person,
        state=BookingState.OFFERED,
        made_at=now,
        held_until=min(until, opening.starts_at),
    )
    rows = Waiter.objects.unscoped(reason=MINE).filter(pk=waiter.pk)
    rows.update(booking=booking)
    told_of("waiting.offered", waiter, line, actor, now)
    tell_user(
        booking, user_of(booking), gettext_lazy("A place is free for you: {when}. Please confirm it in time."), now
    )
    return booking


@transaction.atomic(durable=True)
def pass_waiting(waiter: Waiter, *, actor: Actor, now: datetime) -> bool:
    """Take somebody off the list whose days have passed. Whether this call did it."""
    if waiter.to_day >= timezone.localtime(now).date():
        return False
    rows = Waiter.objects.unscoped(reason=MINE).filter(pk=waiter.pk, state=WaitState.WAITING)
    return bool(rows.update(state=WaitState.PASSED))
