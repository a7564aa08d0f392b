"""A professional's own days, the swaps among them, calendar feeds, and who is on duty for everybody to read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.desk import fitness
from shuniu.desk.actions import duties as actions
from shuniu.desk.enums import Half, ShiftState, SwapState
from shuniu.desk.models import Shift, Swap
from shuniu.desk.queries import bookings, counselling
from shuniu.desk.queries import rosters as queries
from shuniu.desk.rules.duties import DUTY, SWAP
from shuniu.desk.rules.slots import duty_hours
from shuniu.desk.web import forms_rosters as forms
from shuniu.desk.web.calendars import Entry, calendar_file
from shuniu.kernel.calendar import Calendar
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.doing import done, key_in, posted
from shuniu.kernel.web.files import download
from shuniu.kernel.web.formats import date_text
from shuniu.kernel.web.lists import Column, Empty, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

BOTH = ("GET", "POST")
GIVES = "service.give"
ICAL = "text/calendar; charset=utf-8"
AHEAD = timedelta(days=60)


def _taker(row: Swap) -> str:
    return row.taken_by.name if row.taken_by else ""


SWAPS = ListPage[Swap](
    title=gettext_lazy("Swaps of duty"),
    unit=pgettext_lazy("unit", "offers"),
    columns=(
        Column("day", pgettext_lazy("duty", "Day"), value="shift.day", kind=Kind.DATE, link=True),
        Column("line", gettext_lazy("Service line"), value="shift.roster.line.name"),
        Column("offered_by", gettext_lazy("Offered by"), value="offered_by.name"),
        Column("taken_by", gettext_lazy("Taken by"), value=_taker),
        Column(
            "state",
            pgettext_lazy("swap", "State"),
            value=lambda row: row.get_state_display(),
            tone=lambda row: SWAP.of(SwapState(row.state)).tone,
        ),
    ),
    default_order=("-offered_at", "-pk"),
    row_url=lambda row: reverse("desk:swap", args=[row.pk]),
    empty=Empty(
        gettext_lazy("Nobody offers a duty"),
        gettext_lazy(
            "Whoever cannot come on a day offers it on the page “My days”; it then stands here for the others."
        ),
    ),
)


@page(GIVES)
def my_days(request: PageRequest) -> HttpResponse:
    """One's own duties and bookings: today's first, then what comes."""
    coming = list(queries.own_shifts(request.actor, request.today)[:40])
    own = fitness.own_professional(request.actor.user_id)
    context = {
        "today_shifts": [_shift(one, request) for one in coming if one.day == request.today],
        "shifts": [_shift(one, request) for one in coming if one.day > request.today],
        "bookings": bookings.served_bookings(request.actor, request.today)[:40],
        "swaps": queries.swaps(request.actor).filter(state=SwapState.OFFERED, shift__day__gt=request.today)[:10],
        "professional": own,
        "counsels": bool(counselling.own_lines(request.actor)),
        "has_feed": own is not None and queries.has_feed(own.pk),
    }
    return render(request, "desk/my_days.html", context)


def _shift(row: Shift, request: PageRequest) -> dict[str, Any]:
    mine = row.professional.user_id == request.actor.user_id
    window = queries.window_of(row) if row.day == request.today else None
    starts_at, ends_at = duty_hours(row.day, row.half, Calendar.official())
    return {
        "row": row,
        "mine": mine,
        "state": DUTY.of(ShiftState(row.state)),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "window": window,
        "may_check_in": window is not None
        and window.opens <= request.now <= ends_at
        and row.state in ({ShiftState.PLANNED, ShiftState.CALLED} if mine else {ShiftState.CALLED}),
    }


@page(GIVES, methods=("POST",))
def check_in(request: PageRequest, pk: int) -> HttpResponseBase:
    """Say that one is there."""
    row = get_or_404(queries.shifts(request.actor), pk=pk)
    try:
        actions.check_in(row, actor=request.actor, now=request.now)
        messages.success(request, _("You are checked in. Thank you."))
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("desk:my_days")


@page(GIVES, methods=BOTH)
def shift_offer(request: PageRequest, pk: int) -> HttpResponseBase:
    """Offer one's own duty to the others."""
    row = get_or_404(queries.own_shifts(request.actor, request.today), pk=pk)
    form = forms.OfferForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        actions.offer_shift(row, **data, actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("The duty is offered. It stays yours until somebody has taken it."))
        return redirect("desk:my_days")
    title = _("Offer the duty of {day}").format(day=date_text(row.day))
    context = {"form": form, "title": title, "submit": _("Offer"), "cancel_url": reverse("desk:my_days")}
    return render(request, "desk/plain_form.html", context)


@page(GIVES, "roster.view")
def swaps(request: PageRequest) -> HttpResponse:
    """Every offer within sight, the latest first."""
    return SWAPS.answer(request, queries.swaps(request.actor))


@page(GIVES, "roster.view")
def swap(request: PageRequest, pk: int) -> HttpResponse:
    """One offer: whose duty, who takes it, what may be done."""
    row = get_or_404(queries.swaps(request.actor), pk=pk)
    path = row.shift.roster.organisation.path or ""
    is_open = row.state in queries.OPEN_SWAPS
    mine = row.offered_by.user_id == request.actor.user_id
    serves = request.actor.may(GIVES)
    part = request.actor.user_id in {row.offered_by.user_id, row.taken_by.user_id if row.taken_by else None}
    approves = is_open and request.actor.may_at("roster.approve", path) and not part
    context = {
        "swap": row,
        "state": SWAP.of(SwapState(row.state)),
        "crumbs": [(SWAPS.title, reverse("desk:swaps"))],
        "facts": _facts(row),
        "may_take": row.state == SwapState.OFFERED and serves and not mine,
        "may_withdraw": is_open and mine,
        "may_approve": approves and row.state == SwapState.TAKEN,
        "may_refuse": approves,
    }
    return render(request, "desk/swap.html", context)


def _facts(row: Swap) -> list[tuple[Any, Any]]:
    return [
        (_("Service line"), row.shift.roster.line),
        (_("Duty"), f"{date_text(row.shift.day)} {Half(row.shift.half).label}"),
        (_("Offered by"), row.offered_by),
        (_("Reason"), row.reason),
        (_("Taken by"), row.taken_by),
        (_("In return"), date_text(row.in_return.day) if row.in_return else ""),
        (_("Answer"), row.answer),
    ]


@page(GIVES, methods=BOTH)
def swap_take(request: PageRequest, pk: int) -> HttpResponseBase:
    """Take a duty that somebody offers."""
    row = get_or_404(queries.swaps(request.actor), pk=pk)
    own = queries.own_shifts(request.actor, request.today + timedelta(days=1)).filter(roster=row.shift.roster)
    mine = [one for one in own if one.professional.user_id == request.actor.user_id]
    form = forms.TakeForm(posted(request), own=[(one.pk, date_text(one.day)) for one in mine])
    ended: list[SwapState] = []

    def act(data: dict[str, Any]) -> None:
        chosen = next((one for one in mine if one.pk == key_in(data["in_return"])), None)
        ended.append(actions.take_shift(row, in_return=chosen, actor=request.actor, now=request.now))

    if done(form, act):
        waits = ended[0] == SwapState.TAKEN
        messages.success(request, _("Taken. It waits for approval.") if waits else _("The duty is yours."))
        return redirect("desk:swap", pk)
    title = _("Take the duty of {day}").format(day=date_text(row.shift.day))
    cancel = reverse("desk:swap", args=[pk])
    context = {"form": form, "title": title, "submit": _("Take"), "cancel_url": cancel}
    return render(request, "desk/plain_form.html", context)


@page(GIVES, methods=("POST",))
def swap_withdraw(request: PageRequest, pk: int) -> HttpResponseBase:
    """Take back one's own offer."""
    row = get_or_404(queries.swaps(request.actor), pk=pk)
    try:
        actions.withdraw_swap(row, actor=request.actor, now=request.now)
        messages.success(request, _("The offer is taken back. The duty is yours."))
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("desk:swap", pk)


@page("roster.approve", methods=("POST",))
def swap_approve(request: PageRequest, pk: int) -> HttpResponseBase:
    """Let the swap happen."""
    row = get_or_404(queries.swaps(request.actor), pk=pk)
    try:
        actions.approve_swap(row, actor=request.actor, now=request.now)
        messages.success(request, _("The duty has changed hands."))
    except ActionError as error:
        for line in str(error).splitlines():
            messages.error(request, line)
    return redirect("desk:swap", pk)


@page("roster.approve", methods=BOTH)
def swap_refuse(request: PageRequest, pk: int) -> HttpResponseBase:
    """Refuse a swap, with the reason."""
    row = get_or_404(queries.swaps(request.actor), pk=pk)
    form = forms.AnswerForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        actions.refuse_swap(row, **data, actor=request.actor, now=request.now)

    back = reverse("desk:swap", args=[pk])
    if done(form, act):
        messages.success(request, _("The swap is refused. Both keep their duties."))
        return redirect(back)
    context = {"form": form, "title": _("Refuse the swap"), "submit": _("Refuse"), "cancel_url": back, "danger": True}
    return render(request, "desk/plain_form.html", context)


@page(GIVES, methods=("POST",))
def feed_make(request: PageRequest) -> HttpResponseBase:
    """A new secret address for one's duty calendar, shown this once."""
    own = fitness.own_professional(request.actor.user_id)
    if own is None:
        raise Http404
    secret = actions.make_feed(own, actor=request.actor, now=request.now)
    address = request.build_absolute_uri(reverse("desk:feed", args=[secret]))
    return render(request, "desk/feed.html", {"address": address})


@page(GIVES, methods=("POST",))
def feed_end(request: PageRequest) -> HttpResponseBase:
    """Let the address lead nowhere."""
    own = fitness.own_professional(request.actor.user_id)
    if own is None:
        raise Http404
    actions.end_feed(own, actor=request.actor, now=request.now)
    messages.success(request, _("The address of your calendar leads nowhere now."))
    return redirect("desk:my_days")


@page(public=True)
def feed(request: PageRequest, secret: str) -> HttpResponse:
    """Somebody's duties as a calendar, for whoever knows the address. Bookings stand in it as times, without a name."""
    found = queries.feed_of(secret)
    if found is None:
        raise Http404
    calendar = Calendar.official()
    entries = [
        Entry(
            f"shift-{one.pk}",
            _("Duty: {line}").format(line=one.line),
            *duty_hours(one.day, one.half, calendar),
            one.roster.place,
        )
        for one in queries.shifts_of(found.professional_id, request.today - AHEAD)
    ]
    entries += [
        Entry(f"booking-{key}", _("Booked"), starts_at, ends_at)
        for key, starts_at, ends_at in bookings.busy_times(found.professional_id, request.now)
    ]
    return download(calendar_file(_("My duties"), entries, request.now), "duty.ics", ICAL)


@page(public=True)
def line_feed(request: PageRequest, key: str) -> HttpResponse:
    """Who is on duty for a line, as a calendar to subscribe to."""
    last = request.today + AHEAD
    line = next((one for one in queries.lines_with_duty(request.today, last) if one.key == key), None)
    if line is None:
        raise Http404
    calendar = Calendar.official()
    entries = [
        Entry(
            f"duty-{one.pk}",
            f"{line.name}：{one.professional.name}",
            *duty_hours(one.day, one.half, calendar),
            one.roster.place,
        )
        for one in queries.shifts_between(line, request.today, last)
    ]
    return download(calendar_file(line.name, entries, request.now), f"{line.key}.ics", ICAL)


@page(public=True)
def duty_public(request: PageRequest) -> HttpResponse:
    """Who is on duty today and in the days that follow, line by line."""
    last = request.today + timedelta(days=13)
    lines = [
        {"line": line, "days": queries.on_duty(line, request.today, last)}
        for line in queries.lines_with_duty(request.today, last)
    ]
    return render(request, "desk/duty_public.html", {"lines": lines, "today": request.today})


@page(public=True)
def help_now(request: PageRequest) -> HttpResponse:
    """Telephone numbers for people in distress, and who is reached tonight; nobody signs in for this."""
    tomorrow = timezone.localtime(request.now).date() + timedelta(days=1)
    context = {"hotlines": queries.hotlines(), "nights": queries.night_duty(request.today, tomorrow)}
    return render(request, "desk/help_now.html", context)
