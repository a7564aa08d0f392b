"""Duty rosters as they are read: the task behind one, its days and loads, who is on duty."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from shuniu.desk import fitness
from shuniu.desk.enums import Half, RosterState, ShiftState, SwapState
from shuniu.desk.limits import number_for, rule_for
from shuniu.desk.models import Feed, Hotline, NightDuty, Roster, ServiceLine, Shift, Swap, TeamMember
from shuniu.desk.rules.duties import Window, check_in_window
from shuniu.desk.rules.rosters import Candidate, Limits, Place, Plan, Task, halves_of, places_of
from shuniu.desk.rules.slots import days_of, duty_hours, workdays
from shuniu.kernel.calendar import Calendar
from shuniu.kernel.scope import Actor

FIRM_REST, SPREAD = "roster.firm_rest", "roster.spread"
SWAP_APPROVAL, CHECK_IN = "roster.swap_approval", "roster.checkin_minutes"
LARGE = 30_000
"""Seats times people from which the search is left to the worker."""
OPEN_SWAPS = (SwapState.OFFERED, SwapState.TAKEN)


def rosters(actor: Actor) -> QuerySet[Roster]:
    """Rosters within sight, with what they are shown by."""
    rows: QuerySet[Roster] = Roster.objects.visible_to(actor)
    return rows.select_related("line", "organisation", "organisation__area")


def shifts(actor: Actor) -> QuerySet[Shift]:
    """Duties within sight, with the names they are shown by."""
    rows: QuerySet[Shift] = Shift.objects.visible_to(actor)
    return rows.select_related("roster", "line", "professional__provider", "substitute")


def swaps(actor: Actor) -> QuerySet[Swap]:
    """Swaps within sight, with the duty and the people."""
    rows: QuerySet[Swap] = Swap.objects.visible_to(actor)
    return rows.select_related(
        "shift__roster__line",
        "shift__roster__organisation",
        "shift__professional",
        "offered_by",
        "taken_by",
        "in_return",
    )


def team_of(roster: Roster) -> list[TeamMember]:
    """The people of a roster, by firm and name."""
    rows = TeamMember.objects.unscoped(reason="the caller has reached the roster").filter(roster=roster)
    return list(
        rows.select_related("professional__provider").order_by(
            "professional__provider__name", "professional__name", "pk"
        )
    )


def limits_of(roster: Roster) -> Limits:
    """What the rules ask of the roster, on its first day."""
    return Limits(
        spread=number_for(roster.line, SPREAD, roster.starts_on),
        firm_rest=number_for(roster.line, FIRM_REST, roster.starts_on),
    )


def days_to_fill(roster: Roster) -> list[date]:
    """The working days of the roster, make-up days included. CalendarError where the calendar ends before it."""
    return workdays(roster.starts_on, roster.ends_on, Calendar.official())


def all_shifts(roster: Roster) -> QuerySet[Shift]:
    """Every duty of a roster that the caller has reached."""
    rows: QuerySet[Shift] = Shift.objects.unscoped(reason="the caller has reached the roster")
    return rows.filter(roster=roster)


def plan_of(roster: Roster) -> dict[Place, int]:
    """Who fills which seat, as it stands."""
    rows = all_shifts(roster).order_by("day", "half", "seat").values_list("day", "half", "seat", "professional_id")
    return {Place(day, half, seat): key for day, half, seat, key in rows}


def task_of(roster: Roster, kept: Mapping[Place, int] | None = None) -> Task:
    """The roster as a task to be solved or judged: its seats, its people with their absences and wishes, its rules."""
    days = days_to_fill(roster)
    team = team_of(roster)
    away = fitness.absences((one.professional_id for one in team), roster.starts_on, roster.ends_on)
    people = tuple(_candidate(one, days, away.get(one.professional_id, [])) for one in team)
    places = places_of(days, halves_of(roster.whole_days), roster.seats)
    return Task(places, people, limits_of(roster), kept or {})


def _candidate(member: TeamMember, days: list[date], away: Iterable[tuple[date, date]]) -> Candidate:
    professional = member.professional
    absent = {day for start, end in away for day in days_of(start, end)}
    wished = {date.fromisoformat(text) for text in member.avoids_days}
    avoids = {day for day in days if day.weekday() in member.avoids or day in wished}
    provider = professional.provider
    return Candidate(
        professional.pk, professional.name, provider.pk, provider.name, frozenset(absent), frozenset(avoids)
    )


def settled_before(roster: Roster, today: date) -> dict[Place, int]:
    """Seats that a new search leaves alone: days gone by, and what a planner settled by hand."""
    rows = all_shifts(roster).filter(Q(day__lt=today) | Q(is_settled=True))
    return {
        Place(day, half, seat): key
        for day, half, seat, key in rows.values_list("day", "half", "seat", "professional_id")
    }


def is_large(task: Task) -> bool:
    """Whether the search may take longer than a reader waits."""
    return len(task.places) * len(task.people) > LARGE


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody carries of a roster."""

    member: TeamMember
    duties: int
    weekdays: tuple[int, ...]
    kept: int
    missed: int


def loads_of(roster: Roster, team: Iterable[TeamMember]) -> list[Load]:
    """Duties of each of the team: all, by weekday (Monday first, Sunday last), and what became of those gone by."""
    rows = all_shifts(roster).values_list("professional_id", "day", "state")
    by_weekday: Counter[tuple[int, int]] = Counter()
    states: Counter[tuple[int, str]] = Counter()
    for key, day, state in rows:
        by_weekday[key, day.weekday()] += 1
        states[key, state] += 1
    found = []
    for member in team:
        key = member.professional_id
        weekdays = tuple(by_weekday[key, weekday] for weekday in range(7))
        missed = states[key, ShiftState.MISSED] + states[key, ShiftState.COVERED] + states[key, ShiftState.CALLED]
        found.append(Load(member, sum(weekdays), weekdays, states[key, ShiftState.PRESENT], missed))
    return found


def month_of(roster: Roster, first: date) -> list[Shift]:
    """The duties of one month of a roster, in order."""
    following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    rows = all_shifts(roster).filter(day__gte=first, day__lt=following)
    return list(rows.select_related("professional__provider", "substitute").order_by("day", "half", "seat"))


def open_swaps_of(roster: Roster) -> list[Swap]:
    """Offers of a roster that are not settled."""
    rows = Swap.objects.unscoped(reason="the caller has reached the roster")
    return list(
        rows.filter(shift__roster=roster, state__in=OPEN_SWAPS).select_related("shift", "offered_by", "taken_by")
    )


def shifts_between(line: ServiceLine, first: date, last: date) -> QuerySet[Shift]:
    """Published duties of a line from one day to another, both included."""
    rows: QuerySet[Shift] = Shift.objects.unscoped(reason="who is on duty is published")
    published = rows.filter(line=line, day__gte=first, day__lte=last, roster__state=RosterState.PUBLISHED)
    return published.select_related("roster", "professional__provider", "substitute").order_by("day", "half", "seat")


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody who is on duty, as the public reads it. `half` is the part of the day in words."""

    day: date
    half: str
    name: str
    provider: str
    place: str
    phone: str


def on_duty(line: ServiceLine, first: date, last: date | None = None) -> list[OnDuty]:
    """Who is on duty for a line on a day, or from one day to another, the last included: by part of the day."""
    return [
        OnDuty(
            shift.day,
            str(Half(shift.half).label),
            present_name(shift),
            shift.professional.provider.name,
            shift.roster.place,
            shift.roster.phone,
        )
        for shift in shifts_between(line, first, last or first)
    ]


def present_name(shift: Shift) -> str:
    """Who is there: the substitute, once called."""
    covered = shift.state in {ShiftState.COVERED, ShiftState.CALLED} and shift.substitute is not None
    return shift.substitute.name if covered and shift.substitute else shift.professional.name


def lines_with_duty(first: date, last: date) -> list[ServiceLine]:
    """Open lines whose published roster has duties between two days."""
    rows = Shift.objects.unscoped(reason="who is on duty is published")
    keys = rows.filter(day__gte=first, day__lte=last, roster__state=RosterState.PUBLISHED).values("line_id")
    lines = ServiceLine.objects.unscoped(reason="what is offered is published")
    return list(lines.filter(pk__in=keys, is_open=True).select_related("organisation").order_by("name", "pk"))


def hotlines() -> list[Hotline]:
    """The numbers for people in distress, in order."""
    rows = Hotline.objects.unscoped(reason="shown to everybody in need")
    return list(rows.filter(is_shown=True).order_by("order", "pk"))


def night_duty(first: date, last: date) -> list[NightDuty]:
    """Who can be reached at night from one day to another, both included."""
    rows = NightDuty.objects.unscoped(reason="shown to everybody in need").filter(day__gte=first, day__lte=last)
    return list(rows.select_related("professional", "line").order_by("day", "pk"))


def own_shifts(actor: Actor, first: date) -> QuerySet[Shift]:
    """One's own duties of published rosters from a day on, those as a substitute included."""
    mine = Q(professional__user_id=actor.user_id) | Q(substitute__user_id=actor.user_id)
    return shifts(actor).filter(mine, day__gte=first, roster__state=RosterState.PUBLISHED).order_by("day", "half", "pk")


@dataclass(frozen=True, slots=True)
class Attendance:
    """Of the duties whose day has come: how many were kept, covered by the substitute, and left empty."""

    due: int
    present: int
    covered: int
    missed: int


def attendance(rows: QuerySet[Shift], today: date) -> Attendance:
    """Attendance over duties before `today`."""
    counted = dict(rows.filter(day__lt=today).values_list("state").annotate(n=Count("pk")).order_by())
    return Attendance(
        due=sum(counted.values()),
        present=counted.get(ShiftState.PRESENT, 0),
        covered=counted.get(ShiftState.COVERED, 0),
        missed=counted.get(ShiftState.MISSED, 0) + counted.get(ShiftState.CALLED, 0),
    )


def shift_values(plan: Plan, substitutes: Mapping[Place, int]) -> list[dict[str, Any]]:
    """The columns of the duties of a plan."""
    return [
        {
            "day": place.day,
            "half": place.half,
            "seat": place.seat,
            "professional_id": key,
            "substitute_id": substitutes.get(place),
        }
        for place, key in sorted(plan.items())
    ]


def window_of(shift: Shift) -> Window:
    """When the duty is checked in to."""
    before, after = rule_for(shift.line, CHECK_IN, shift.day).numbers[:2]
    return check_in_window(duty_hours(shift.day, shift.half, Calendar.official())[0], before, after)


def feed_hash(secret: str) -> bytes:
    """What is kept of the secret of a feed."""
    return hashlib.sha256(secret.encode()).digest()


def has_feed(professional_id: int) -> bool:
    """Whether somebody's duty calendar has an address."""
    rows = Feed.objects.unscoped(reason="one's own feed")
    return rows.filter(professional_id=professional_id, ended_at=None).exists()


def feed_of(secret: str) -> Feed | None:
    """The feed that a secret opens; None where it was revoked or never was."""
    rows = Feed.objects.unscoped(reason="whoever knows the address may read the duties")
    found: Feed | None = rows.filter(secret=feed_hash(secret), ended_at=None, professional__is_active=True).first()
    return found


def shifts_of(professional_id: int, first: date) -> list[Shift]:
    """Somebody's published duties from a day on."""
    rows = Shift.objects.unscoped(reason="the feed's address was checked")
    own = rows.filter(professional_id=professional_id, day__gte=first, roster__state=RosterState.PUBLISHED)
    return list(own.select_related("line", "roster").order_by("day", "half", "pk"))
