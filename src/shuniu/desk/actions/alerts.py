"""What time does to cases: reminders as limits run out, due times after a change of the calendar, letters that expire.

Each is safe to do twice and to leave undone: a reminder is sent by whoever first moves the clock up its ladder.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from shuniu.desk import clockwork
from shuniu.desk.casework import add_step, locked, tell_trail
from shuniu.desk.enums import Audience, Event, StepKind
from shuniu.desk.models import Case, CaseClock
from shuniu.desk.rules.clocks import ladder
from shuniu.desk.telling import tell
from shuniu.kernel.calendar import Calendar, CalendarError
from shuniu.kernel.scope import Actor
from shuniu.rulebook.public import Snapshot, place_of, snapshot

STEPS: Final = {1: Event.DUE_SOON, 2: Event.OVERDUE, 3: Event.LONG_OVERDUE}
RULES: Final = ("case.remind_before_workdays", "case.remind_after_days", "case.escalate_after_workdays")
AHEAD: Final = timedelta(days=15)
"""How far ahead of its end a clock is looked at: longer than a reminder and the longest holidays together."""


@transaction.atomic(durable=True)
def climb(clock: CaseClock, rules: Snapshot, *, actor: Actor, now: datetime) -> int:
    """Move a running clock up the ladder of reminders and tell those whom the step is for; the step, 0 for none."""
    clock = CaseClock.everything.select_for_update(of=("self",)).get(pk=clock.pk)
    case = Case.everything.select_related("organisation__area", "line", "version").get(pk=clock.case_id)
    if clock.stopped_at is not None or clock.due_at is None or case.closed_at is not None:
        return 0
    place = place_of(case.organisation)
    before, after, long_after = (rules.find(rule, place).rule.number for rule in RULES)
    try:
        step = ladder(clock.due_at, now, Calendar.official(), before=before, after=after, long_after=long_after)
    except CalendarError:
        step = 2 if now > clock.due_at else 0
    if not CaseClock.everything.filter(pk=clock.pk, alerted__lt=step).update(alerted=step):
        return 0
    tell(case, STEPS[step], now=now)
    add_step(case, StepKind.ALERT, actor=actor, now=now, text=str(STEPS[step].label), audience=Audience.STAFF)
    tell_trail("case.reminded", case, actor, now, step=step, clock=clock.key)
    return step


def remind(*, actor: Actor, now: datetime) -> int:
    """Send every reminder that is due; how many were sent."""
    rules = snapshot(on=timezone.localtime(now).date())
    rows = CaseClock.everything.filter(stopped_at=None, due_at__lt=now + AHEAD, alerted__lt=3, case__closed_at=None)
    return sum(bool(climb(clock, rules, actor=actor, now=now)) for clock in rows.order_by("due_at").iterator())


@transaction.atomic(durable=True)
def reckon_case(case: Case, *, actor: Actor, now: datetime) -> bool:
    """Work out anew when the running clocks of a case are due; whether anything changed."""
    case = locked(case)
    before = case.due_at
    clocks = list(case.clocks.filter(stopped_at=None))
    for clock in clocks:
        clockwork.reckon(clock)
    case.due_at = clockwork.nearest(clocks)
    Case.everything.filter(pk=case.pk).update(due_at=case.due_at)
    if case.due_at != before:
        tell_trail("case.reckoned", case, actor, now)
    return case.due_at != before


def reckon_open(*, actor: Actor, now: datetime) -> int:
    """Work out anew what open cases have no due time: a calendar of their year may be loaded by now."""
    paused = CaseClock.everything.filter(stopped_at=None, pauses__ended_at=None, pauses__isnull=False)
    blank = CaseClock.everything.filter(stopped_at=None, due_at=None).exclude(pk__in=paused.values("pk"))
    rows = Case.everything.filter(closed_at=None, pk__in=blank.values("case_id"))
    return sum(reckon_case(case, actor=actor, now=now) for case in rows.iterator())
