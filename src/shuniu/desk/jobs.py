"""What the worker does for the desk, beside and between the requests of people."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task

from shuniu.desk.actions import alerts, anonymous, bookings, counselling, duties, rosters
from shuniu.desk.actions import waiting as waiting_actions
from shuniu.desk.enums import BookingState, Channel, RosterState, ShiftState, WaitState
from shuniu.desk.limits import number_for
from shuniu.desk.models import Booking, Case, Roster, Shift, Swap, Waiter
from shuniu.desk.queries.counselling import late_steps
from shuniu.desk.queries.rosters import OPEN_SWAPS
from shuniu.desk.receipts import erasable
from shuniu.desk.rules.bookings import REMIND, remind_at
from shuniu.kernel.scope import Actor
from shuniu.kernel.upkeep import Chore

CLOCK = Actor.system("自动处理")
WORKER = Actor.system("值班自动处理")


@task()
def solve_roster(roster_id: int) -> None:
    """Search for a large roster."""
    rows = Roster.objects.unscoped(reason="the planner's right was checked when the search was asked for")
    roster = rows.select_related("line__organisation__area", "organisation").filter(pk=roster_id).first()
    if roster is not None:
        rosters.solve_queued(roster, actor=WORKER, now=timezone.now())


def watch_duties(now: datetime) -> list[int]:
    """Call the substitutes of those who have not checked in, and close the days that are over. Keys of those changed."""
    today = timezone.localtime(now).date()
    rows = Shift.objects.unscoped(reason="the substitute is called by the clock")
    due = rows.filter(
        day__gte=today - timedelta(days=7),
        day__lte=today,
        state__in=[ShiftState.PLANNED, ShiftState.CALLED],
        roster__state=RosterState.PUBLISHED,
    ).select_related("line__organisation__area", "roster", "substitute")
    changed = []
    for shift in due:
        called = shift.state == ShiftState.PLANNED and duties.call_substitute(shift, actor=WORKER, now=now)
        if called or duties.close_day(shift, actor=WORKER, now=now):
            changed.append(shift.pk)
    return changed


def lapse_swaps(now: datetime) -> list[int]:
    """Close offers of duties whose day has come. Keys of those closed."""
    rows = Swap.objects.unscoped(reason="an offer ends with its day")
    due = rows.filter(state__in=OPEN_SWAPS, shift__day__lte=timezone.localtime(now).date()).select_related("shift")
    return [swap.pk for swap in due if duties.lapse_swap(swap, actor=WORKER, now=now)]


def remind_of_cases(now: datetime) -> int:
    """Tell those who are late, or nearly so."""
    return alerts.remind(actor=CLOCK, now=now)


def reckon_cases(now: datetime) -> int:
    """Give due times to cases that had none because a calendar was missing."""
    return alerts.reckon_open(actor=CLOCK, now=now)


def erase_letters(now: datetime) -> int:
    """Delete anonymous letters whose time is over."""
    rows = Case.objects.unscoped(reason="letters are deleted by the clock").filter(channel=Channel.ANONYMOUS)
    closed = rows.filter(closed_at__lt=now, erased_at=None).select_related("organisation__area")
    return sum(anonymous.erase_case(case, actor=CLOCK, now=now) for case in closed if erasable(case, now))


def watch_bookings(now: datetime) -> list[int]:
    """Give times free that were held for too long, and remind people of what they booked. Keys of those changed."""
    rows = Booking.objects.unscoped(reason="holds end and reminders go out by the clock")
    over = rows.filter(state__in=[BookingState.HELD, BookingState.OFFERED], held_until__lte=now)
    changed = [one.pk for one in over if bookings.lapse_booking(one, actor=WORKER, now=now)]
    soon = rows.filter(
        state=BookingState.CONFIRMED, reminded_at=None, starts_at__gt=now, starts_at__lte=now + timedelta(days=7)
    ).select_related("line__organisation__area", "professional__provider")
    for one in soon:
        hours = number_for(one.line, REMIND, timezone.localtime(now).date())
        if remind_at(one.starts_at, hours) <= now and bookings.remind_booking(one, actor=WORKER, now=now):
            changed.append(one.pk)
    return changed


def fill_waiting(now: datetime) -> list[int]:
    """Offer free places to those who wait, in turn, and let go who waited in vain. Keys of the waiting who got an offer."""
    rows = Waiter.objects.unscoped(reason="places are offered in turn")
    waiting = rows.filter(state=WaitState.WAITING).select_related(
        "line__organisation__area", "person__home", "professional"
    )
    found = []
    for waiter in waiting.order_by("joined_at", "pk"):
        passed = waiting_actions.pass_waiting(waiter, actor=WORKER, now=now)
        if not passed and waiting_actions.offer_place(waiter, actor=WORKER, now=now):
            found.append(waiter.pk)
    return found


def watch_crises(now: datetime) -> list[int]:
    """Tell the supervisors of steps that are late. Keys of those steps."""
    return [task.pk for task in late_steps(now) if counselling.escalate_step(task, actor=WORKER, now=now)]


CHORES = (
    Chore("desk.remind", timedelta(minutes=10), remind_of_cases),
    Chore("desk.reckon", timedelta(days=1), reckon_cases),
    Chore("desk.erase", timedelta(hours=6), erase_letters),
    Chore("desk.duties", timedelta(minutes=1), watch_duties),
    Chore("desk.swaps", timedelta(hours=1), lapse_swaps),
    Chore("desk.bookings", timedelta(minutes=1), watch_bookings),
    Chore("desk.waiting", timedelta(minutes=1), fill_waiting),
    Chore("desk.crises", timedelta(minutes=1), watch_crises),
)
