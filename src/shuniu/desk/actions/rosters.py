"""Duty rosters: made, filled by the solver, mended by hand, published, and solved anew with the least change."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuniu.desk import background, fitness
from shuniu.desk.enums import RosterState, ShiftState, SolvingState
from shuniu.desk.models import Roster, ServiceLine, Shift, TeamMember
from shuniu.desk.queries import rosters as queries
from shuniu.desk.rules.duties import ROSTER, InState
from shuniu.desk.rules.rosters import Breach, Place, Plan, Task, breaches, changed, fits, spread, substitutes
from shuniu.desk.rules.slots import workdays
from shuniu.desk.rules.solving import Solution, repaired, solve
from shuniu.hub.public import Professional
from shuniu.kernel import trail
from shuniu.kernel.calendar import Calendar
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor

SETTLED = "the roster's right was checked at its place"


@dataclass(frozen=True, slots=True)
class NewRoster:
    """What a roster is made from."""

    line: ServiceLine
    starts_on: date
    ends_on: date
    team: tuple[Professional, ...]
    whole_days: bool = True
    seats: int = 1
    slot_minutes: int = 30
    place: str = ""
    phone: str = ""


@transaction.atomic(durable=True)
def make_roster(what: NewRoster, *, actor: Actor, now: datetime) -> Roster:
    """Begin a roster with its team; its days are filled by `solve_roster` or by hand.

    Raises:
        PermissionDenied: `roster.edit` is not held where the line lies.
        ActionError: no team, somebody unfit, a period that overlaps another roster of the line.
        CalendarError: the official calendar does not know the period yet.
    """
    require(actor, "roster.edit", what.line.organisation)
    _refuse_period(what)
    _refuse_team(what)
    roster: Roster = Roster.everything.create(
        line=what.line,
        organisation=what.line.organisation,
        starts_on=what.starts_on,
        ends_on=what.ends_on,
        whole_days=what.whole_days,
        seats=what.seats,
        slot_minutes=what.slot_minutes,
        place=what.place.strip(),
        phone=what.phone.strip(),
        made_at=now,
    )
    TeamMember.everything.bulk_create(TeamMember(roster=roster, professional=one) for one in what.team)
    _tell("roster.made", roster, actor, now, team=len(what.team), starts_on=what.starts_on, ends_on=what.ends_on)
    return roster


@transaction.atomic(durable=True)
def note_wishes(
    member: TeamMember, *, avoids: Collection[int], avoids_days: Collection[date], actor: Actor, now: datetime
) -> None:
    """Note on which weekdays and days somebody would rather not be on duty. The solver heeds it where it can."""
    require(actor, "roster.edit", member.roster.organisation)
    rows = TeamMember.objects.unscoped(reason=SETTLED).filter(pk=member.pk)
    rows.update(avoids=sorted(avoids), avoids_days=sorted(day.isoformat() for day in avoids_days))
    _tell("roster.wishes_noted", member.roster, actor, now, professional=member.professional_id)


def solve_roster(roster: Roster, *, actor: Actor, now: datetime) -> Solution | None:
    """Search for a roster and keep what is found; None where the search is so large that the worker does it.

    The search runs outside any transaction, so that nobody waits for it. Days gone by and seats settled by hand stay.

    Raises:
        PermissionDenied: `roster.edit` is not held where the line lies.
        ActionError: the roster is published, or the calendar ends before it.
    """
    require(actor, "roster.edit", roster.organisation)
    _refuse_published(roster)
    task = queries.task_of(roster, queries.settled_before(roster, timezone.localtime(now).date()))
    if queries.is_large(task):
        _mark(roster, SolvingState.QUEUED, {})
        background.enqueue("solve_roster", roster.pk)
        return None
    solution = solve(task)
    keep_solution(roster, task, solution, actor=actor, now=now)
    return solution


def solve_queued(roster: Roster, *, actor: Actor, now: datetime) -> None:
    """The worker's part of `solve_roster`; doing it twice changes nothing."""
    if roster.solving != SolvingState.QUEUED:
        return
    task = queries.task_of(roster, queries.settled_before(roster, timezone.localtime(now).date()))

    def tell(found: int) -> None:
        _mark(roster, SolvingState.QUEUED, {"found": found})

    keep_solution(roster, task, solve(task, seconds=60, tell=tell), actor=actor, now=now)


@transaction.atomic(durable=True)
def keep_solution(roster: Roster, task: Task, solution: Solution, *, actor: Actor, now: datetime) -> None:
    """Put a solution in the place of what the draft had, with a substitute for each duty."""
    _refuse_published(_locked(roster))
    _replace(roster, task, solution.plan)
    result = _result(task, solution)
    _mark(roster, SolvingState.DONE if solution.is_possible else SolvingState.FAILED, result)
    _tell("roster.solved", roster, actor, now, duties=len(solution.plan), clashes=len(solution.clashes))


def repair_roster(roster: Roster, *, actor: Actor, now: datetime) -> list[date]:
    """Solve anew from tomorrow on, after an absence, on as few days as can be. Returns the days that changed.

    Raises:
        PermissionDenied: `roster.edit` is not held where the line lies.
        ActionError: no roster keeps the rules now; the sentences say which clash, and nothing is changed.
    """
    require(actor, "roster.edit", roster.organisation)
    today, before = timezone.localtime(now).date(), queries.plan_of(roster)
    judged = queries.task_of(roster)
    free = {place for one in breaches(judged, before) if not one.is_wish for place in before if place.day in one.days}
    past = {place: key for place, key in before.items() if place.day <= today}
    settled = {place: key for place, key in queries.settled_before(roster, today).items() if place not in free}
    task = queries.task_of(roster, {**past, **settled})
    solution = repaired(task, before)
    if not solution.is_possible:
        raise ActionError("\n".join(one.sentence for one in solution.clashes))
    return _apply_changes(roster, task, before, solution.plan, actor, now)


@transaction.atomic(durable=True)
def _apply_changes(roster: Roster, task: Task, before: Plan, after: Plan, actor: Actor, now: datetime) -> list[date]:
    days = changed(before, after)
    if queries.plan_of(_locked(roster)) != dict(before):
        raise ActionError(_("Somebody else changed this roster meanwhile. Please load the page again."))
    rows = queries.all_shifts(roster).filter(day__in=days)
    rows.delete()
    stand_ins = substitutes(task, after)
    values = queries.shift_values({place: key for place, key in after.items() if place.day in set(days)}, stand_ins)
    _insert(roster, values)
    _free_substitutes(roster, days)
    _tell("roster.repaired", roster, actor, now, days=[day.isoformat() for day in days])
    return days


@transaction.atomic(durable=True)
def settle_shift(
    roster: Roster,
    place: Place,
    professional: Professional,
    *,
    substitute: Professional | None = None,
    despite: str = "",
    actor: Actor,
    now: datetime,
) -> list[Breach]:
    """Put somebody on one seat by hand, and keep her there in later searches. Returns the wishes it goes against.

    A breach of fairness or of the firms' rest is let through with a reason (`despite`); what cannot be, never.

    Raises:
        PermissionDenied: `roster.edit` is not held where the line lies.
        ActionError: it breaks a rule; one line for each.
    """
    require(actor, "roster.edit", roster.organisation)
    _locked(roster)
    task, plan = queries.task_of(roster), queries.plan_of(roster)
    if place not in task.places:
        raise ActionError(_("There is no duty of this roster on that day."))
    found = fits(task, plan, place, professional.pk)
    _refuse_breaches(found, despite)
    _refuse_substitute(task, plan, place, professional, substitute)
    _settle(roster, place, professional, substitute)
    told = {"day": place.day, "professional": professional.pk, "despite": despite.strip()}
    _tell("roster.settled", roster, actor, now, **told)
    return [one for one in found if one.is_wish]


@transaction.atomic(durable=True)
def publish_roster(roster: Roster, *, actor: Actor, now: datetime) -> None:
    """Make a roster hold: its days can be booked and are on the public page.

    Raises:
        PermissionDenied: `roster.approve` is not held where the line lies.
        ActionError: it is published already, overlaps another, or does not keep its rules.
    """
    move = ROSTER.check("publish", InState(roster.state), actor, roster.organisation.path or "")
    task, plan = queries.task_of(roster), queries.plan_of(roster)
    settled = set(queries.settled_before(roster, date.min))
    hard = [one for one in breaches(task, plan) if not one.is_wish and not _let_through(one, settled)]
    if hard:
        raise ActionError("\n".join(one.sentence for one in hard[:5]))
    _refuse_overlap(roster.line, roster.starts_on, roster.ends_on, but=roster)
    rows = Roster.objects.unscoped(reason=SETTLED).filter(pk=roster.pk, state=roster.state)
    if not rows.update(state=move.target, published_at=now, published_by_id=actor.user_id):
        raise ActionError(_("Somebody else has changed this roster. Please load the page again."))
    _tell("roster.published", roster, actor, now, duties=len(plan), spread=spread(plan, task.people))


def _let_through(breach: Breach, settled: Iterable[Place]) -> bool:
    """Whether a planner has accepted this breach with a reason: one of its days was settled by hand."""
    days = {place.day for place in settled}
    return breach.kind in {"firm_run", "uneven"} and (not breach.days or bool(days & set(breach.days))) and bool(days)


def _refuse_period(what: NewRoster) -> None:
    if what.ends_on <= what.starts_on:
        raise ActionError(_("The roster ends before it begins."))
    if (what.ends_on - what.starts_on).days > 366:
        raise ActionError(_("A roster is for a year at most."))
    if not workdays(what.starts_on, what.ends_on, Calendar.official()):
        raise ActionError(_("There is no working day in this period."))
    _refuse_overlap(what.line, what.starts_on, what.ends_on)


def _refuse_overlap(line: ServiceLine, starts_on: date, ends_on: date, but: Roster | None = None) -> None:
    rows = Roster.objects.unscoped(reason="no line has two rosters for one day")
    others = rows.filter(line=line, state=RosterState.PUBLISHED, starts_on__lt=ends_on, ends_on__gt=starts_on)
    if others.exclude(pk=but.pk if but else None).exists():
        raise ActionError(_("There is a published roster of this line in that period already."))


def _refuse_team(what: NewRoster) -> None:
    if not what.team:
        raise ActionError(_("Choose the people who take turns."))
    if not 1 <= what.seats <= 9:
        raise ActionError(_("One to nine people can be on duty at a time."))
    fit = {one.pk for one in fitness.fit_for(what.line, what.starts_on)}
    unfit = [one.name for one in what.team if one.pk not in fit]
    if unfit:
        raise ActionError(_("{names} may not serve this line.").format(names=pgettext("list", ", ").join(unfit)))


def _refuse_published(roster: Roster) -> None:
    if roster.state != RosterState.DRAFT:
        raise ActionError(_("This roster is published. It is changed day by day, or mended with the least change."))


def _refuse_breaches(found: Iterable[Breach], despite: str) -> None:
    never = [one for one in found if not one.is_wish and one.kind not in {"firm_run", "uneven"}]
    others = [one for one in found if one.kind in {"firm_run", "uneven"}]
    if never or (others and not despite.strip()):
        raise ActionError("\n".join(one.sentence for one in [*never, *others]))


def _refuse_substitute(
    task: Task, plan: Plan, place: Place, professional: Professional, substitute: Professional | None
) -> None:
    if substitute is None:
        return
    busy = {key for other, key in plan.items() if other.day == place.day and other != place} | {professional.pk}
    person = task.by_key().get(substitute.pk)
    if person is None or place.day in person.away or substitute.pk in busy:
        raise ActionError(_("{name} cannot be the substitute that day.").format(name=substitute.name))


def _settle(roster: Roster, place: Place, professional: Professional, substitute: Professional | None) -> None:
    values = {"professional": professional, "substitute": substitute, "is_settled": True}
    seat = {"roster": roster, "day": place.day, "half": place.half, "seat": place.seat}
    rows = queries.all_shifts(roster).filter(day=place.day, half=place.half, seat=place.seat)
    with transaction.atomic():
        try:
            if not rows.exclude(state__in=[ShiftState.PRESENT, ShiftState.COVERED]).update(**values):
                Shift.everything.create(line=roster.line, **seat, **values)
        except IntegrityError as error:
            raise ActionError(_("This duty was kept already, or the person is on duty that day.")) from error


def _free_substitutes(roster: Roster, days: Iterable[date]) -> None:
    """Nobody stands in on a day on which she is on duty herself."""
    for day in days:
        rows = queries.all_shifts(roster).filter(day=day)
        rows.filter(substitute__in=list(rows.values_list("professional_id", flat=True))).update(substitute=None)


def _replace(roster: Roster, task: Task, plan: Plan) -> None:
    kept = {(one.day, one.half, one.seat) for one in queries.all_shifts(roster).filter(is_settled=True)}
    queries.all_shifts(roster).delete()
    values = queries.shift_values(plan, substitutes(task, plan))
    _insert(roster, ({**one, "is_settled": (one["day"], one["half"], one["seat"]) in kept} for one in values))


def _insert(roster: Roster, values: Iterable[dict[str, Any]]) -> None:
    rows = [Shift(roster=roster, line_id=roster.line_id, **one) for one in values]
    Shift.everything.bulk_create(rows, batch_size=400)


def _result(task: Task, solution: Solution) -> dict[str, Any]:
    wishes = sum(len(one.days) for one in breaches(task, solution.plan) if one.is_wish)
    return {
        "optimal": solution.optimal,
        "spread": spread(solution.plan, task.people),
        "wishes": wishes,
        "clashes": [one.sentence for one in solution.clashes][:12],
    }


def _mark(roster: Roster, state: SolvingState, result: dict[str, Any]) -> None:
    rows = Roster.objects.unscoped(reason=SETTLED).filter(pk=roster.pk)
    rows.update(solving=state, solved=result)
    roster.solving, roster.solved = state, result


def _locked(roster: Roster) -> Roster:
    """The roster, which nobody else changes until the transaction ends."""
    rows = Roster.objects.unscoped(reason=SETTLED).select_for_update(of=("self",))
    found: Roster = rows.select_related("line", "organisation").get(pk=roster.pk)
    return found


def _tell(verb: str, roster: Roster, actor: Actor, now: datetime, **told: object) -> None:
    trail.record(verb, roster, actor=actor, now=now, detail={"line": roster.line_id, **told})
