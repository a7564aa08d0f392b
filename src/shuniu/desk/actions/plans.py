"""Working plans: when somebody receives people, and on which days it is otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shuniu.desk.enums import Meeting
from shuniu.desk.guards import assigned_path
from shuniu.desk.models import PlanException, ServiceLine, WorkPlan
from shuniu.desk.rules.slots import read_spans, spans_text
from shuniu.hub.public import Professional, reason_not_to_serve
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import require
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor

CHECKED = "the right was checked at the line's place"


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What a working plan says. `hours` by week (`a`, `b`) and weekday (Monday 0), as people write them."""

    line: ServiceLine
    professional: Professional
    starts_on: date
    hours: Mapping[str, Mapping[int, str]]
    minutes: int
    ends_on: date = FOREVER
    buffer: int = 0
    capacity: int = 1
    meeting: Meeting = Meeting.VISIT
    place: str = ""
    approach: str = ""
    sex: str = ""
    for_emergencies: bool = False


@transaction.atomic(durable=True)
def make_plan(what: NewPlan, *, actor: Actor, now: datetime) -> WorkPlan:
    """Set up when somebody receives people for a line.

    Raises:
        PermissionDenied: `roster.edit` is not held where the line lies.
        ActionError: hours that cannot be read, or somebody who may not serve the line.
    """
    require(actor, "roster.edit", what.line.organisation)
    if reason := reason_not_to_serve(what.professional, what.line.kind, what.starts_on):
        raise ActionError(reason)
    plan: WorkPlan = WorkPlan.everything.create(
        line=what.line, professional=what.professional, starts_on=what.starts_on, ends_on=what.ends_on, **_values(what)
    )
    trail.record("plan.made", plan, actor=actor, now=now, detail=_told(plan))
    return plan


@transaction.atomic(durable=True)
def change_plan(plan: WorkPlan, what: NewPlan, *, actor: Actor, now: datetime) -> None:
    """Change hours, length, place or end of a plan. What is booked stays booked. Raises as `make_plan`."""
    require(actor, "roster.edit", plan.line.organisation)
    if what.ends_on <= plan.starts_on:
        raise ActionError(_("The plan ends before it begins."))
    rows = WorkPlan.objects.unscoped(reason=CHECKED).filter(pk=plan.pk)
    rows.update(ends_on=what.ends_on, **_values(what))
    trail.record("plan.changed", plan, actor=actor, now=now, detail=_told(plan))


@transaction.atomic(durable=True)
def except_day(
    plan: WorkPlan, *, day: date, is_open: bool, hours: str, reason: str, actor: Actor, now: datetime
) -> PlanException:
    """Open or close a day, or some hours of it, against the weekly plan; by the planner, or by whose plan it is.

    Raises:
        PermissionDenied: neither.
        ActionError: the day is said already, or the hours cannot be read.
    """
    _refuse_others(plan, actor)
    spans = spans_text(read_spans(hours))
    try:
        with transaction.atomic():
            found: PlanException = PlanException.everything.create(
                plan=plan, day=day, is_open=is_open, hours=spans, reason=reason.strip()
            )
    except IntegrityError as error:
        raise ActionError(_("Something is said of that day already. Remove it first.")) from error
    trail.record("plan.changed", plan, actor=actor, now=now, detail=_told(plan) | {"day": day})
    return found


@transaction.atomic(durable=True)
def drop_exception(exception: PlanException, *, actor: Actor, now: datetime) -> None:
    """Let a day be as the weekly plan says again."""
    _refuse_others(exception.plan, actor)
    plan, day = exception.plan, exception.day
    PlanException.objects.unscoped(reason=CHECKED).filter(pk=exception.pk).delete()
    trail.record("plan.changed", plan, actor=actor, now=now, detail=_told(plan) | {"day": day})


def _refuse_others(plan: WorkPlan, actor: Actor) -> None:
    if actor.user_id is not None and plan.professional.user_id == actor.user_id:
        assigned_path(actor, "service.give")
        return
    require(actor, "roster.edit", plan.line.organisation)


def _values(what: NewPlan) -> dict[str, Any]:
    hours = {
        week: {str(weekday): spans_text(read_spans(text)) for weekday, text in sorted(days.items()) if text.strip()}
        for week, days in what.hours.items()
    }
    if not any(hours.values()):
        raise ActionError(_("Enter the hours of at least one weekday."))
    if not 5 <= what.minutes <= 240 or not 0 <= what.buffer <= 120 or not 1 <= what.capacity <= 50:
        raise ActionError(_("An appointment takes 5 to 240 minutes, with up to 120 between, for 1 to 50 people."))
    return {
        "hours": {week: days for week, days in hours.items() if days},
        "minutes": what.minutes,
        "buffer": what.buffer,
        "capacity": what.capacity,
        "meeting": what.meeting,
        "place": what.place.strip(),
        "approach": what.approach.strip(),
        "sex": what.sex,
        "for_emergencies": what.for_emergencies,
    }


def _told(plan: WorkPlan) -> dict[str, object]:
    return {"line": plan.line_id, "professional": plan.professional_id}
