"""Days of duty: swapped among those fit for them, checked in to, covered by the substitute; and their calendar feeds."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.desk import notified
from shuniu.desk.enums import RosterState, ShiftState, SwapState
from shuniu.desk.guards import assigned_path
from shuniu.desk.limits import number_for
from shuniu.desk.models import Feed, Roster, Shift, Swap
from shuniu.desk.queries import rosters as queries
from shuniu.desk.rules.duties import DUTY, SWAP, InState
from shuniu.desk.rules.rosters import Place, Plan, Task, breaches
from shuniu.desk.rules.slots import duty_hours
from shuniu.hub.public import Professional
from shuniu.kernel import trail
from shuniu.kernel.calendar import Calendar
from shuniu.kernel.errors import ActionError
from shuniu.kernel.notices import notify
from shuniu.kernel.scope import Actor
from shuniu.kernel.web.formats import date_text

MINE = "the flow has checked who acts on the duty"


@transaction.atomic(durable=True)
def offer_shift(shift: Shift, *, reason: str, actor: Actor, now: datetime) -> Swap:
    """Offer one's own duty to the others of the roster.

    Raises:
        ActionError: it is not one's own, is over, or is offered already.
    """
    if shift.professional.user_id is None or shift.professional.user_id != actor.user_id:
        raise ActionError(_("Only who is on duty can offer the duty to others."))
    if shift.day <= _today(now) or shift.state != ShiftState.PLANNED:
        raise ActionError(_("A duty can be offered until the day before."))
    try:
        with transaction.atomic():
            swap: Swap = Swap.everything.create(
                shift=shift, offered_by=shift.professional, reason=reason.strip(), offered_at=now
            )
    except IntegrityError as error:
        raise ActionError(_("This duty is offered already.")) from error
    _tell("duty.offered", swap, actor, now)
    return swap


@transaction.atomic(durable=True)
def take_shift(swap: Swap, *, in_return: Shift | None = None, actor: Actor, now: datetime) -> SwapState:
    """Take a duty that somebody offers, giving one of one's own in return if both like. Returns what became of it.

    Raises:
        PermissionDenied: the actor does not serve.
        ActionError: she is not of the roster, the duty is gone, or the rules would not be kept.
    """
    swap = _locked(swap)
    shift, roster = swap.shift, swap.shift.roster
    taker = _of_team(roster, actor)
    _refuse_taking(swap, taker, in_return, now)
    _refuse_swap(roster, shift, taker.pk, in_return)
    needs_approval = number_for(roster.line, queries.SWAP_APPROVAL, shift.day) == 1
    move = SWAP.check(
        "take" if needs_approval else "swap", InState(swap.state), actor, assigned_path(actor, "service.give")
    )
    _move(swap, move.target, taken_by=taker, in_return=in_return)
    if not needs_approval:
        _exchange(shift, taker, in_return, now)
    _tell("duty.taken", swap, actor, now, by=taker.pk, in_return=in_return.pk if in_return else None)
    return SwapState(str(move.target))


@transaction.atomic(durable=True)
def approve_swap(swap: Swap, *, actor: Actor, now: datetime) -> None:
    """Let a swap happen; the rules are looked at again, for other swaps may have come between.

    Raises:
        PermissionDenied: `roster.approve` is not held where the line lies, or the actor is one of the two.
        ActionError: nobody has taken it, or the rules would not be kept any more.
    """
    swap = _locked(swap)
    roster = swap.shift.roster
    move = SWAP.check("approve", InState(swap.state), actor, roster.organisation.path or "")
    taker = swap.taken_by
    if taker is None or actor.user_id in {taker.user_id, swap.offered_by.user_id}:
        raise ActionError(_("A swap is approved by somebody who is no part of it."))
    _refuse_past(swap.shift, now)
    _refuse_swap(roster, swap.shift, taker.pk, swap.in_return)
    _move(swap, move.target, settled_at=now)
    _exchange(swap.shift, taker, swap.in_return, now)
    _tell("duty.swapped", swap, actor, now, by=taker.pk)
    for one in (taker, swap.offered_by):
        _tell_user(one, gettext_lazy("The duty of {day} has changed hands."), swap.shift, now)


@transaction.atomic(durable=True)
def refuse_swap(swap: Swap, *, answer: str, actor: Actor, now: datetime) -> None:
    """Refuse a swap with a reason; both keep their duties."""
    swap = _locked(swap)
    move = SWAP.check("refuse", InState(swap.state), actor, swap.shift.roster.organisation.path or "")
    if not answer.strip():
        raise ActionError(_("Please give the reason; both will read it."))
    _move(swap, move.target, settled_at=now, answer=answer.strip())
    _tell("duty.swap_refused", swap, actor, now)


@transaction.atomic(durable=True)
def withdraw_swap(swap: Swap, *, actor: Actor, now: datetime) -> None:
    """Take back one's own offer, taken or not, as long as it is not settled."""
    swap = _locked(swap)
    if swap.offered_by.user_id is None or swap.offered_by.user_id != actor.user_id:
        raise ActionError(_("Only who offers a duty can take the offer back."))
    move = SWAP.check("withdraw", InState(swap.state), actor, assigned_path(actor, "service.give"))
    _move(swap, move.target, settled_at=now)
    _tell("duty.offer_withdrawn", swap, actor, now)


@transaction.atomic(durable=True)
def check_in(shift: Shift, *, actor: Actor, now: datetime) -> ShiftState:
    """Say that one is there. The substitute who was called takes over; who comes late all the same is noted as present.

    Raises:
        ActionError: it is not one's own duty, or not its time.
    """
    window = queries.window_of(shift)
    if now < window.opens:
        raise ActionError(_("Check in from {time} on.").format(time=f"{timezone.localtime(window.opens):%H:%M}"))
    if now > _end(shift):
        raise ActionError(_("This duty is over."))
    user = actor.user_id
    if user is None or user not in {shift.professional.user_id, shift.substitute.user_id if shift.substitute else None}:
        raise ActionError(_("Only who is on duty checks in."))
    name = "check_in" if shift.professional.user_id == user else "cover"
    move = DUTY.check(name, InState(shift.state), actor, assigned_path(actor, "service.give"))
    _step(shift, ShiftState(str(move.target)), came_at=now)
    trail.record("duty.checked_in", shift, actor=actor, now=now, detail={"roster": shift.roster_id, "day": shift.day})
    return ShiftState(str(move.target))


@transaction.atomic(durable=True)
def call_substitute(shift: Shift, *, actor: Actor, now: datetime) -> bool:
    """Call the substitute when nobody has checked in in time. Whether this call did it; a second one changes nothing."""
    if not queries.window_of(shift).is_over(now):
        return False
    target = ShiftState.CALLED if shift.substitute_id else ShiftState.MISSED
    rows = Shift.objects.unscoped(reason=MINE).filter(pk=shift.pk, state=ShiftState.PLANNED)
    if not rows.update(state=target, called_at=now):
        return False
    detail = {"roster": shift.roster_id, "day": shift.day, "substitute": shift.substitute_id}
    trail.record("duty.substitute_called", shift, actor=actor, now=now, detail=detail)
    _tell_user(shift.substitute, gettext_lazy("Please step in today: {line}"), shift, now)
    return True


@transaction.atomic(durable=True)
def close_day(shift: Shift, *, actor: Actor, now: datetime) -> bool:
    """Note that nobody came, once the duty is over and the substitute has not checked in either."""
    if now <= _end(shift):
        return False
    rows = Shift.objects.unscoped(reason=MINE).filter(pk=shift.pk, state__in=[ShiftState.CALLED, ShiftState.PLANNED])
    if not rows.update(state=ShiftState.MISSED):
        return False
    trail.record("duty.missed", shift, actor=actor, now=now, detail={"roster": shift.roster_id, "day": shift.day})
    return True


@transaction.atomic(durable=True)
def lapse_swap(swap: Swap, *, actor: Actor, now: datetime) -> bool:
    """Close an offer whose day has come. Whether this call did it."""
    if swap.shift.day > _today(now):
        return False
    rows = Swap.objects.unscoped(reason=MINE).filter(pk=swap.pk, state__in=queries.OPEN_SWAPS)
    if not rows.update(state=SwapState.LAPSED, settled_at=now):
        return False
    _tell("duty.offer_lapsed", swap, actor, now)
    return True


@transaction.atomic(durable=True)
def make_feed(professional: Professional, *, actor: Actor, now: datetime) -> str:
    """A new secret for the address of one's own duty calendar; the one before ends. It is shown this once.

    Raises:
        ActionError: it is somebody else's calendar.
    """
    _refuse_feed(professional, actor)
    _end_feeds(professional, now)
    secret = secrets.token_urlsafe(24)
    Feed.everything.create(professional=professional, secret=queries.feed_hash(secret), made_at=now)
    trail.record("duty.feed_made", professional, actor=actor, now=now)
    return secret


@transaction.atomic(durable=True)
def end_feed(professional: Professional, *, actor: Actor, now: datetime) -> None:
    """Let the address of one's own duty calendar lead nowhere from now on."""
    _refuse_feed(professional, actor)
    if _end_feeds(professional, now):
        trail.record("duty.feed_ended", professional, actor=actor, now=now)


def _end(shift: Shift) -> datetime:
    return duty_hours(shift.day, shift.half, Calendar.official())[1]


def _refuse_feed(professional: Professional, actor: Actor) -> None:
    if actor.user_id is None or professional.user_id != actor.user_id:
        raise ActionError(_("Everybody makes and ends the address of their own calendar only."))


def _end_feeds(professional: Professional, now: datetime) -> int:
    rows = Feed.objects.unscoped(reason="one's own feed").filter(professional=professional, ended_at=None)
    ended: int = rows.update(ended_at=now)
    return ended


def _today(now: datetime) -> date:
    return timezone.localtime(now).date()


def _locked(swap: Swap) -> Swap:
    """The swap as it is now; swaps of one roster take turns, so that each is judged by the roster as it is."""
    rows = Swap.objects.unscoped(reason=MINE).select_related("shift__roster")
    key = rows.get(pk=swap.pk).shift.roster_id
    list(Roster.objects.unscoped(reason=MINE).filter(pk=key).select_for_update(of=("self",)))
    full = rows.select_related(
        "shift__roster__line__organisation__area", "shift__roster__organisation", "shift__professional", "shift__line",
        "offered_by", "taken_by", "in_return",
    )  # fmt: skip
    found: Swap = full.get(pk=swap.pk)
    return found


def _of_team(roster: Roster, actor: Actor) -> Professional:
    found = next(
        (one.professional for one in queries.team_of(roster) if one.professional.user_id == actor.user_id), None
    )
    if found is None or actor.user_id is None:
        raise ActionError(_("Only people of this roster can take the duty."))
    return found


def _refuse_past(shift: Shift, now: datetime) -> None:
    if shift.day <= _today(now):
        raise ActionError(_("The day of this duty has come. It cannot be swapped any more."))


def _refuse_taking(swap: Swap, taker: Professional, in_return: Shift | None, now: datetime) -> None:
    _refuse_past(swap.shift, now)
    if taker.pk == swap.offered_by_id:
        raise ActionError(_("This is your own duty."))
    if in_return is None:
        return
    mine = in_return.professional_id == taker.pk and in_return.roster_id == swap.shift.roster_id
    if not mine or in_return.day <= _today(now) or in_return.state != ShiftState.PLANNED:
        raise ActionError(_("Give one of your own coming duties of this roster in return."))


def _refuse_swap(roster: Roster, shift: Shift, taker: int, in_return: Shift | None) -> None:
    """The rules are held against the roster as it would be. What was broken before may stay; a swap makes nothing worse.

    Fairness is not: one takes a duty over of one's own will.
    """
    task, plan = queries.task_of(roster), queries.plan_of(roster)
    if plan.get(_place(shift)) != shift.professional_id:
        raise ActionError(_("The duty has changed hands meanwhile."))
    after = dict(plan) | {_place(shift): taker}
    if in_return is not None:
        after[_place(in_return)] = shift.professional_id
    new = _hard(task, after) - _hard(task, plan)
    if new:
        raise ActionError("\n".join(sorted(new)))


def _hard(task: Task, plan: Plan) -> set[str]:
    return {one.sentence for one in breaches(task, plan) if not one.is_wish and one.kind != "uneven"}


def _place(shift: Shift) -> Place:
    return Place(shift.day, shift.half, shift.seat)


def _exchange(shift: Shift, taker: Professional, in_return: Shift | None, now: datetime) -> None:
    if in_return is not None:
        _hand(in_return, in_return.professional_id, shift.professional_id)
    _hand(shift, shift.professional_id, taker.pk)
    Swap.objects.unscoped(reason=MINE).filter(shift=shift, state=SwapState.DONE).update(settled_at=now)


def _hand(shift: Shift, before: int, after: int) -> None:
    rows = Shift.objects.unscoped(reason=MINE).filter(pk=shift.pk, professional_id=before, state=ShiftState.PLANNED)
    values: dict[str, Any] = {"professional_id": after, "is_settled": True}
    if shift.substitute_id == after:
        values["substitute_id"] = before
    if not rows.update(**values):
        raise ActionError(_("The duty has changed hands meanwhile."))
    same_day = Shift.objects.unscoped(reason=MINE).filter(roster_id=shift.roster_id, day=shift.day)
    same_day.exclude(pk=shift.pk).filter(substitute_id=after).update(substitute=None)


def _move(swap: Swap, target: object, **values: Any) -> None:
    rows = Swap.objects.unscoped(reason=MINE).filter(pk=swap.pk, state=swap.state)
    if not rows.update(state=target, **values):
        raise ActionError(_("Somebody else has changed this offer. Please load the page again."))


def _step(shift: Shift, target: ShiftState, **values: Any) -> None:
    rows = Shift.objects.unscoped(reason=MINE).filter(
        pk=shift.pk, state=shift.state, roster__state=RosterState.PUBLISHED
    )
    if not rows.update(state=target, **values):
        raise ActionError(_("Somebody else has changed this duty. Please load the page again."))


def _tell(verb: str, swap: Swap, actor: Actor, now: datetime, **told: object) -> None:
    detail = {"roster": swap.shift.roster_id, "day": swap.shift.day, **told}
    trail.record(verb, swap.shift, actor=actor, now=now, detail=detail)


def _tell_user(who: Professional | None, title: Any, shift: Shift, now: datetime) -> None:
    if who is not None and who.user_id is not None:
        values = {"line": str(shift.line), "day": date_text(shift.day)}
        notify([who.user_id], kind=notified.DUTY, title=title, values=values, url=reverse("desk:my_days"), now=now)
