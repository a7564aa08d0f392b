"""What counselling shows, to whom, and the figures that are given to others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from shuniu.desk.enums import BookingState, CrisisState, LineRole, Theme
from shuniu.desk.limits import number_for
from shuniu.desk.models import Booking, Crisis, CrisisTask, LineStaff, ServiceLine, SessionNote, WorkPlan
from shuniu.desk.rules.counselling import GROUP, suppressed, total_shown
from shuniu.hub.enums import ServiceKind
from shuniu.kernel.period import on_day
from shuniu.kernel.scope import Actor
from shuniu.registry.public import Coverage, Employer

FIGURES = "counts of people, suppressed below the smallest group"
ROLES = "who works for the line"


def supervises(actor: Actor, line_id: int) -> bool:
    """Whether an account supervises a line."""
    return actor.user_id is not None and actor.user_id in supervisors_of(line_id)


def supervisors_of(line_id: int) -> list[int]:
    """The accounts that supervise a line."""
    rows = LineStaff.objects.unscoped(reason=ROLES).filter(line_id=line_id, role=LineRole.SUPERVISES, ended_at=None)
    return list(rows.values_list("user_id", flat=True))


def works_for(actor: Actor, line: ServiceLine) -> bool:
    """Whether an account counsels for a line, or supervises it."""
    if actor.user_id is None:
        return False
    if supervises(actor, line.pk):
        return True
    staff = LineStaff.objects.unscoped(reason=ROLES).filter(line=line, user_id=actor.user_id, ended_at=None)
    plans = WorkPlan.objects.unscoped(reason=ROLES).filter(line=line, professional__user_id=actor.user_id)
    return actor.may("service.give") and (staff.exists() or plans.exists())


def own_lines(actor: Actor) -> list[ServiceLine]:
    """The counselling lines for which an account counsels or which it supervises."""
    if actor.user_id is None:
        return []
    staff = LineStaff.objects.unscoped(reason=ROLES).filter(user_id=actor.user_id, ended_at=None)
    plans = WorkPlan.objects.unscoped(reason=ROLES).filter(professional__user_id=actor.user_id)
    mine = Q(pk__in=staff.values("line_id")) | Q(pk__in=plans.values("line_id"))
    rows = ServiceLine.objects.unscoped(reason=ROLES).filter(mine, kind=ServiceKind.COUNSELLING)
    return list(rows.select_related("organisation__area").order_by("name", "pk"))


def crises(actor: Actor) -> QuerySet[Crisis]:
    """Crises that one reported or supervises, open ones first."""
    rows: QuerySet[Crisis] = Crisis.objects.visible_to(actor)
    return rows.select_related("line__organisation__area", "reported_by").order_by("-state", "-found_at", "-pk")


def steps_of(crisis: Crisis) -> list[CrisisTask]:
    """The steps of a crisis that the caller has reached, by their time."""
    rows = CrisisTask.objects.unscoped(reason="the caller has reached the crisis")
    return list(rows.filter(crisis=crisis).select_related("done_by"))


def late_steps(now: datetime) -> QuerySet[CrisisTask]:
    """Steps that are past their time and of which nobody was told."""
    rows: QuerySet[CrisisTask] = CrisisTask.objects.unscoped(reason="the clock escalates what is late")
    late = rows.filter(done_at=None, escalated_at=None, due_at__lt=now, crisis__state=CrisisState.OPEN)
    return late.select_related("crisis__line__organisation__area")


def due_steps_of(actor: Actor, now: datetime) -> QuerySet[CrisisTask]:
    """Open steps of the crises in sight, by their time."""
    rows: QuerySet[CrisisTask] = CrisisTask.objects.visible_to(actor)
    return rows.filter(done_at=None).select_related("crisis__line").order_by("due_at", "pk")


def note_of(booking: Booking, actor: Actor) -> SessionNote | None:
    """The note of a session, for those who may read it."""
    found: SessionNote | None = SessionNote.objects.visible_to(actor).filter(booking=booking).first()
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """What others are told of counselling in a year: totals and themes, None where a group is too small to be shown."""

    line: ServiceLine
    year: int
    least: int
    sessions: int | None
    people: int | None
    came_share: tuple[int, int] | None
    themes: dict[str, int | None]


def figures(line: ServiceLine, year: int, today: date, employer: Employer | None = None) -> Figures:
    """Counselling of a year, of all who come or of the staff of one employer. Themes count people, not sessions."""
    least = number_for(line, GROUP, today)
    rows = _sessions(line, year, employer).values_list("person_id", "course__theme", "state")
    found = list(rows)
    people = {person for person, _theme, _state in found}
    themes = Counter(theme for _person, theme in {(person, theme) for person, theme, _state in found})
    shown = total_shown(len(people), least)
    parts = {theme.value: themes.get(theme.value, 0) for theme in Theme}
    came = sum(state == BookingState.ATTENDED for _person, _theme, state in found)
    return Figures(
        line=line,
        year=year,
        least=least,
        sessions=len(found) if shown is not None else None,
        people=shown,
        came_share=(came, len(found)) if shown is not None else None,
        themes=suppressed(parts, least) if shown is not None else dict.fromkeys(parts),
    )


def _sessions(line: ServiceLine, year: int, employer: Employer | None) -> QuerySet[Booking]:
    zone = timezone.get_default_timezone()
    first, last = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    rows: QuerySet[Booking] = Booking.objects.unscoped(reason=FIGURES)
    rows = rows.filter(
        line=line,
        starts_at__gte=first,
        starts_at__lt=last,
        state__in=[BookingState.ATTENDED, BookingState.MISSED],
        person__isnull=False,
    ).exclude(course=None)
    if employer is None:
        return rows
    unions = Coverage.objects.unscoped(reason=FIGURES).filter(on_day(date(year, 12, 31)), employer=employer)
    return rows.filter(person__home__in=unions.values("organisation_id"))
