"""What the worker does for the desk, beside and between the requests of people."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task

from shuniu.desk.actions import alerts, anonymous, duties, rosters
from shuniu.desk.enums import Channel, RosterState, ShiftState
from shuniu.desk.models import Case, Roster, Shift, Swap
from shuniu.desk.queries.rosters import OPEN_SWAPS
from shuniu.desk.receipts import erasable
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
    ).select_related("line__organisation__area", "roster")
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


CHORES = (
    Chore("desk.remind", timedelta(minutes=10), remind_of_cases),
    Chore("desk.reckon", timedelta(days=1), reckon_cases),
    Chore("desk.erase", timedelta(hours=6), erase_letters),
    Chore("desk.duties", timedelta(minutes=1), watch_duties),
    Chore("desk.swaps", timedelta(hours=1), lapse_swaps),
)
