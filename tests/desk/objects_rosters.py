"""The objects of rosters, bookings and counselling in the access matrix: lines of the district, which Alice's members use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from shuniu.desk.actions import bookings, counselling
from shuniu.desk.actions.bookings import Details
from shuniu.desk.enums import CrisisLevel, RosterState
from shuniu.desk.models import (
    Booking,
    Consent,
    Crisis,
    PlanException,
    Roster,
    Shift,
    Swap,
    TeamMember,
    Waiter,
    WorkPlan,
)
from shuniu.desk.queries.bookings import free_slots
from shuniu.hub.enums import ProviderKind, ServiceKind
from tests.desk.making import make_line, staff
from tests.desk.rostering import link, make_plan
from tests.factories import Cast
from tests.hub.making import make_professional, make_provider


def roster(cast: Cast) -> Roster:
    """A published roster of one day to come, on which the cast's lawyer is on duty."""
    known = Roster.everything.first()
    if known is not None:
        return known
    line, today = make_line(cast.district), timezone.localdate()
    lawyer = link(make_professional(make_provider(cast.district)), cast.lawyer)
    found: Roster = Roster.everything.create(
        line=line, organisation=cast.district, starts_on=today, ends_on=today + timedelta(days=9),
        state=RosterState.PUBLISHED, made_at=timezone.now(),
    )  # fmt: skip
    TeamMember.everything.create(roster=found, professional=lawyer)
    Shift.everything.create(roster=found, line=line, day=today + timedelta(days=3), professional=lawyer)
    return found


def shift(cast: Cast) -> Shift:
    return Shift.everything.filter(roster=roster(cast)).order_by("day")[0]


def swap(cast: Cast) -> Swap:
    duty = shift(cast)
    known = Swap.everything.first()
    return known or Swap.everything.create(shift=duty, offered_by=duty.professional, offered_at=timezone.now())


def plan(cast: Cast) -> WorkPlan:
    """Every day of the week, so that there is always a time to book."""
    lawyer, line = shift(cast).professional, roster(cast).line
    known = WorkPlan.everything.filter(line=line).first()
    hours = {"a": {str(weekday): "00:00-23:59" for weekday in range(7)}}
    return known or make_plan(line, lawyer, hours=hours, starts_on=timezone.localdate())


def booking(cast: Cast) -> Booking:
    """Bob's booking, confirmed, more than a day ahead."""
    known = Booking.everything.first()
    if known is not None:
        return known
    own, now = plan(cast), timezone.now()
    first = timezone.localdate() + timedelta(days=2)
    slots, _barred = free_slots(own.line, first, first + timedelta(days=9), now=now, person=cast.bob.person)
    opening = slots[0].opening
    held = bookings.hold_slot(own.line, opening.professional, opening.starts_at, actor=cast.bob.actor, now=now)
    return bookings.confirm_booking(held, Details(topic="工资"), actor=cast.bob.actor, now=now)


def exception(cast: Cast) -> PlanException:
    own = plan(cast)
    known = own.exceptions.first()
    return known or PlanException.everything.create(plan=own, day=timezone.localdate() + timedelta(days=30))


def waiter(cast: Cast) -> Waiter:
    today = timezone.localdate()
    known = Waiter.everything.first()
    return known or Waiter.everything.create(
        line=roster(cast).line, person=cast.bob.person, from_day=today, to_day=today, joined_at=timezone.now()
    )


def crisis(cast: Cast) -> Crisis:
    known = Crisis.everything.first()
    if known is not None:
        return known
    line = make_line(cast.district, "counselling")
    staff(line, cast.lawyer.user)
    provider = make_provider(cast.district, ProviderKind.ASSOCIATION)
    make_plan(line, make_professional(provider, (ServiceKind.COUNSELLING,)))
    return counselling.report_crisis(
        line, level=CrisisLevel.BLUE, what="情绪低落", whom="", actor=cast.lawyer.actor, now=timezone.now()
    )


def consent(cast: Cast) -> Consent:
    known = Consent.everything.filter(withdrawn_at=None).first()
    if known is not None:
        return known
    line = crisis(cast).line
    return counselling.give_consent(line, actor=cast.bob.actor, now=timezone.now())


def _of(name: str, make: Callable[[Cast], Any]) -> dict[str, Callable[[Cast], dict[str, Any]]]:
    return {f"desk:{name}": lambda cast: {"pk": make(cast).pk}}


def _settle(cast: Cast) -> dict[str, Any]:
    duty = shift(cast)
    return {"pk": duty.roster_id, "day": duty.day.isoformat(), "half": duty.half, "seat": duty.seat}


def _line(cast: Cast) -> dict[str, Any]:
    return {"key": plan(cast).line.key}


def _counselling_line(cast: Cast) -> dict[str, Any]:
    return {"key": crisis(cast).line.key}


BY_PAGE: dict[str, Callable[[Cast], dict[str, Any]]] = {
    **{
        key: make
        for names, maker in (
            (("roster", "roster_solve", "roster_publish", "roster_mend"), roster),
            (("check_in", "shift_offer"), shift),
            (("swap", "swap_take", "swap_withdraw", "swap_approve", "swap_refuse"), swap),
            (
                ("booking", "booking_confirm", "booking_cancel", "booking_withdraw", "booking_series", "session_note"),
                booking,
            ),
            (("course_extend",), booking),
            (("plan", "plan_edit", "plan_except"), plan),
            (("exception_drop",), exception),
            (("wait_leave",), waiter),
            (("crisis", "crisis_close"), crisis),
            (("consent_withdraw",), consent),
        )
        for name in names
        for key, make in _of(name, maker).items()
    },
    "desk:roster_print": lambda cast: {"pk": roster(cast).pk, "form": "docx"},
    "desk:shift_settle": _settle,
    "desk:team_wishes": lambda cast: {
        "pk": roster(cast).pk,
        "member": TeamMember.everything.get(roster=roster(cast)).pk,
    },
    "desk:feed": lambda cast: {"secret": "nobody-knows"},
    "desk:line_feed": _line,
    "desk:book_line": _line,
    "desk:wait": _line,
    "desk:consent": _counselling_line,
    "desk:counselling_figures": _counselling_line,
    "desk:booking_settle": lambda cast: {"pk": booking(cast).pk, "came": "came"},
    "desk:crisis_step": lambda cast: {"pk": crisis(cast).pk, "task": crisis(cast).tasks.order_by("pk")[0].pk},
}
