"""What can be booked, and what is booked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.dates import WEEKDAYS

from shuniu.desk import fitness
from shuniu.desk.enums import BookingState, RosterState, Secrecy, WaitState
from shuniu.desk.limits import number_for
from shuniu.desk.models import Booking, Consent, Course, Roster, ServiceLine, Shift, Waiter, WorkPlan
from shuniu.desk.queries import rosters
from shuniu.desk.rules.bookings import AHEAD, LIVE, NO_SHOW_DAYS, NO_SHOWS, SEATED, WAIT, last_day, wait_until
from shuniu.desk.rules.slots import (
    Opening,
    Special,
    Weekly,
    With,
    at,
    cut,
    days_of,
    duty_spans,
    free,
    openings,
    read_spans,
)
from shuniu.hub.enums import ServiceKind
from shuniu.hub.public import Professional
from shuniu.kernel.calendar import Calendar
from shuniu.kernel.period import on_day
from shuniu.kernel.scope import Actor
from shuniu.registry.public import Coverage, Person

OFFERED = "what can be booked is shown to whoever may use the line"
COUNTS = "a place taken is taken, whoever has it"


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be had: the opening, with whom, and how many may still come."""

    opening: Opening
    professional: Professional
    left: int
    approach: str = ""
    sex: str = ""


def own_person(actor: Actor) -> Person | None:
    """The person behind the account, with her union."""
    rows = Person.objects.unscoped(reason="one's own row").select_related("home")
    found: Person | None = rows.filter(pk=actor.person_id).first() if actor.person_id else None
    return found


def lines_to_book(today: date) -> QuerySet[ServiceLine]:
    """Open lines that have a published roster or a working plan from today on."""
    rows: QuerySet[ServiceLine] = ServiceLine.objects.unscoped(reason="what is offered is published")
    duty = Roster.objects.unscoped(reason=OFFERED).filter(state=RosterState.PUBLISHED, ends_on__gt=today)
    plans = WorkPlan.objects.unscoped(reason=OFFERED).filter(ends_on__gt=today)
    offered = Q(pk__in=duty.values("line_id")) | Q(pk__in=plans.values("line_id"))
    return rows.filter(offered, is_open=True).select_related("organisation__area").order_by("name", "pk")


def lines_for(person: Person, today: date) -> list[ServiceLine]:
    """The lines that a member may book: those of the bodies at or above her union."""
    path = person.home.path if person.home else None
    return [line for line in lines_to_book(today) if path and path.startswith(line.organisation.path or "-")]


def employers_of(person: Person | None, on: date) -> set[int]:
    """The employers whose staff she may be of: those that her union covers."""
    if person is None or person.home_id is None:
        return set()
    rows = Coverage.objects.unscoped(reason="against whom nobody of a firm acts")
    return set(rows.filter(on_day(on), organisation_id=person.home_id).values_list("employer_id", flat=True))


def barred_providers(person: Person | None, on: date) -> set[int]:
    """Providers that serve one of her employers, so that none of their people may advise her."""
    return {key for employer in employers_of(person, on) for key in fitness.conflicting(employer, on)}


def window_of(line: ServiceLine, now: datetime) -> tuple[date, date]:
    """The first and the last day that can be booked now."""
    today = timezone.localtime(now).date()
    return today, last_day(today, number_for(line, AHEAD, today))


def offered(line: ServiceLine, first: date, last: date, *, only: int | None = None) -> list[Slot]:
    """Every opening of a line from one day to another, both included, taken or not."""
    calendar = Calendar.official()
    duty = rosters.shifts_between(line, first, last)
    plans = plans_between(line, first, last)
    if only is not None:
        duty, plans = duty.filter(professional_id=only), plans.filter(professional_id=only)
    found = [slot for shift in duty for slot in _of_duty(shift, calendar)]
    for plan in plans:
        found += _of_plan(plan, first, last, calendar)
    return sorted(found, key=lambda slot: (slot.opening, slot.professional.name))


def plans_between(line: ServiceLine, first: date, last: date) -> QuerySet[WorkPlan]:
    """Working plans of a line that hold on some day between two."""
    rows: QuerySet[WorkPlan] = WorkPlan.objects.unscoped(reason=OFFERED)
    held = rows.filter(line=line, starts_on__lte=last, ends_on__gt=first)
    return held.select_related("professional__provider").prefetch_related("exceptions")


def _of_duty(shift: Shift, calendar: Calendar) -> list[Slot]:
    of = With(shift.professional_id, place=shift.roster.place)
    spans = cut(duty_spans(shift.half, calendar), shift.roster.slot_minutes)
    return [Slot(at(shift.day, span, calendar, of), shift.professional, 1) for span in spans]


def _of_plan(plan: WorkPlan, first: date, last: date, calendar: Calendar) -> list[Slot]:
    days = days_of(max(first, plan.starts_on), min(last + timedelta(days=1), plan.ends_on))
    of = With(plan.professional_id, plan.meeting, plan.place, plan.capacity)
    found = openings(weekly_of(plan), days, calendar, of)
    return [Slot(opening, plan.professional, opening.capacity, plan.approach, plan.sex) for opening in found]


def weekly_of(plan: WorkPlan) -> Weekly:
    """A working plan as the arithmetic knows it. HoursError where its hours cannot be read."""
    weeks = {
        week: {int(weekday): read_spans(text) for weekday, text in days.items()} for week, days in plan.hours.items()
    }
    special = tuple(Special(one.day, one.is_open, read_spans(one.hours)) for one in plan.exceptions.all())
    return Weekly(plan.starts_on, weeks, plan.minutes, plan.buffer, special)


def taken(
    keys: Iterable[int], first: datetime, last: datetime, *, now: datetime
) -> list[tuple[int, datetime, datetime]]:
    """Professional, start and end of every booking that holds a place between two moments, whatever line it is of."""
    rows = Booking.objects.unscoped(reason=COUNTS).filter(
        Q(state__in=SEATED) & (Q(held_until=None) | Q(held_until__gt=now)),
        professional__in=list(keys),
        starts_at__lt=last,
        ends_at__gt=first,
    )
    return list(rows.values_list("professional_id", "starts_at", "ends_at"))


def free_slots(
    line: ServiceLine, first: date, last: date, *, now: datetime, person: Person | None = None, only: int | None = None
) -> tuple[list[Slot], list[str]]:
    """What somebody may book from one day to another, and the firms she is not offered because they serve her employer."""
    slots = _in_season(line, offered(line, first, last, only=only), now)
    barred = barred_providers(person, first)
    kept = [slot for slot in slots if slot.professional.provider_id not in barred]
    kept = _present(kept, first, last)
    if not kept:
        return [], _names(slots, barred)
    booked = taken({slot.professional.pk for slot in kept}, kept[0].opening.starts_at, _end(kept), now=now)
    by_opening = {slot.opening: slot for slot in kept}
    found = [
        replace(by_opening[opening], opening=opening, left=left)
        for opening, left in free([slot.opening for slot in kept], booked, now=now)
    ]
    return found, _names(slots, barred)


def _in_season(line: ServiceLine, slots: Sequence[Slot], now: datetime) -> list[Slot]:
    """Without the slots kept for emergencies, except those of today."""
    today = timezone.localtime(now).date()
    rows = WorkPlan.objects.unscoped(reason=OFFERED).filter(line=line, for_emergencies=True)
    urgent = {(plan.professional_id, plan.place) for plan in rows}
    return [
        slot
        for slot in slots
        if (slot.professional.pk, slot.opening.place) not in urgent
        or timezone.localtime(slot.opening.starts_at).date() == today
    ]


def _present(slots: Sequence[Slot], first: date, last: date) -> list[Slot]:
    """Without the days on which somebody is away."""
    away = fitness.absences({slot.professional.pk for slot in slots}, first, last + timedelta(days=1))
    return [slot for slot in slots if not _is_away(slot, away.get(slot.professional.pk, ()))]


def _is_away(slot: Slot, away: Iterable[tuple[date, date]]) -> bool:
    day = timezone.localtime(slot.opening.starts_at).date()
    return any(start <= day < end for start, end in away)


def _end(slots: Sequence[Slot]) -> datetime:
    return max(slot.opening.ends_at for slot in slots)


def _names(slots: Sequence[Slot], barred: set[int]) -> list[str]:
    names = {slot.professional.provider.name for slot in slots if slot.professional.provider_id in barred}
    return sorted(names)


def bookings(actor: Actor) -> QuerySet[Booking]:
    """Bookings within sight, with what they are shown by."""
    rows: QuerySet[Booking] = Booking.objects.visible_to(actor)
    return rows.select_related("line__organisation__area", "professional__provider", "person", "case", "course")


def own_bookings(actor: Actor) -> QuerySet[Booking]:
    """One's own bookings, the latest first; those only held and let go are not told."""
    rows = bookings(actor).filter(person_id=actor.person_id) if actor.person_id else bookings(actor).none()
    return rows.exclude(state=BookingState.LAPSED).order_by("-starts_at", "-pk")


def served_bookings(actor: Actor, first: date) -> QuerySet[Booking]:
    """Confirmed bookings with oneself from a day on."""
    zone = Calendar.official().hours.zone
    start = datetime.combine(first, datetime.min.time(), zone)
    states = [BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.MISSED]
    if actor.user_id is None:
        return bookings(actor).none()
    rows = bookings(actor).filter(professional__user_id=actor.user_id, starts_at__gte=start, state__in=states)
    return rows.order_by("starts_at", "pk")


def open_bookings(line: ServiceLine, person: Person, now: datetime) -> QuerySet[Booking]:
    """Her bookings of a line that are still ahead."""
    rows: QuerySet[Booking] = Booking.objects.unscoped(reason="how many one person holds")
    ahead = rows.filter(line=line, person=person, state__in=LIVE, starts_at__gt=now)
    return ahead.filter(Q(held_until=None) | Q(held_until__gt=now))


def waits_until(line: ServiceLine, person: Person, now: datetime) -> datetime | None:
    """Until when she has to wait because she stayed away too often; None where she need not."""
    today = timezone.localtime(now).date()
    most, within, wait = (number_for(line, rule, today) for rule in (NO_SHOWS, NO_SHOW_DAYS, WAIT))
    rows = Booking.objects.unscoped(reason="the rule about missed appointments")
    missed = rows.filter(
        line=line, person=person, state=BookingState.MISSED, starts_at__gt=now - timedelta(days=within + wait)
    )
    until = wait_until(missed.values_list("starts_at", flat=True), most=most, within_days=within, wait_days=wait)
    return until if until and until > now else None


def needs_consent(line: ServiceLine) -> bool:
    """Whether somebody agrees to something before she books: in counselling."""
    return line.kind == ServiceKind.COUNSELLING


def consent_of(line: ServiceLine, person_id: int) -> Consent | None:
    """The consent she has given to this line and not taken back."""
    rows = Consent.objects.unscoped(reason="the caller has reached the person")
    found: Consent | None = rows.filter(line=line, person_id=person_id, withdrawn_at=None).first()
    return found


def own_consents(actor: Actor) -> list[Consent]:
    """The consents one has given and not taken back."""
    if actor.person_id is None:
        return []
    rows = Consent.objects.visible_to(actor).filter(person_id=actor.person_id, withdrawn_at=None)
    return list(rows.select_related("line").order_by("given_at"))


def sessions_of(course: Course) -> int:
    """Sessions of a course that took place or are still to come."""
    rows = Booking.objects.unscoped(reason="how many sessions the union pays")
    states = [BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.MISSED]
    return rows.filter(course=course, state__in=states).count()


def own_waiting(actor: Actor) -> list[Waiter]:
    """Where one waits for a place."""
    if actor.person_id is None:
        return []
    rows = Waiter.objects.visible_to(actor).filter(person_id=actor.person_id)
    active = rows.filter(state__in=[WaitState.WAITING, WaitState.OFFERED])
    return list(active.select_related("line", "booking__professional").order_by("joined_at"))


def figures(line: ServiceLine, first: datetime, last: datetime) -> dict[str, int]:
    """How many bookings of a line began between two moments, by state: counts only, of nobody in particular."""
    rows = Booking.objects.unscoped(reason="counts of a line, of nobody in particular")
    counted = rows.filter(line=line, starts_at__gte=first, starts_at__lt=last).values_list("state")
    return dict(counted.annotate(n=Count("pk")).order_by())


def is_confidential(line: ServiceLine) -> bool:
    """Whether bookings of the line are seen by nobody but those concerned."""
    return line.secrecy == Secrecy.CONFIDENTIAL


def shown_to(line: ServiceLine) -> Any:
    """The body whose clerks may see bookings of the line; None where nobody else may."""
    return None if is_confidential(line) else line.organisation


def busy_times(professional_id: int, now: datetime) -> list[tuple[int, datetime, datetime]]:
    """Key, start and end of somebody's confirmed bookings that are ahead; nothing of who comes or why."""
    rows = Booking.objects.unscoped(reason="times only, without anybody's name")
    own = rows.filter(professional_id=professional_id, state=BookingState.CONFIRMED, ends_at__gt=now)
    return list(own.order_by("starts_at").values_list("pk", "starts_at", "ends_at"))


def approaches_of(line: ServiceLine, today: date) -> list[str]:
    """The approaches that the counsellors of a line have named."""
    rows = plans_between(line, today, today + timedelta(days=60)).exclude(approach="")
    return sorted(set(rows.values_list("approach", flat=True)))


def people_in_sight(actor: Actor) -> QuerySet[Person]:
    """The people whom a clerk may name."""
    rows: QuerySet[Person] = Person.objects.visible_to(actor)
    return rows.select_related("home")


def week_rows(plan: WorkPlan) -> list[tuple[Any, str, str]]:
    """The weekdays of a plan with their hours in weeks A and B."""
    weeks = [plan.hours.get(week, {}) for week in ("a", "b")]
    return [
        (WEEKDAYS[weekday], weeks[0].get(str(weekday), ""), weeks[1].get(str(weekday), ""))
        for weekday in range(7)
        if any(week.get(str(weekday)) for week in weeks)
    ]
