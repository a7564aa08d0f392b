"""What the worker does for the desk, beside and between the requests of people."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task

from shuniu.desk.actions import duties, rosters
from shuniu.desk.enums import RosterState, ShiftState
from shuniu.desk.models import Roster, Shift, Swap
from shuniu.desk.queries.rosters import OPEN_SWAPS
from shuniu.kernel.scope import Actor
from shuniu.kernel.upkeep import Chore

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


CHORES = (
    Chore("desk.duties", timedelta(minutes=1), watch_duties),
    Chore("desk.swaps", timedelta(hours=1), lapse_swaps),
)
