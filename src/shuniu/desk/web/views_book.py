"""A member books: service, day, time, and it is done; then her bookings, her consent and the waiting list."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from shuniu.desk.actions import bookings as actions
from shuniu.desk.actions import counselling as consents
from shuniu.desk.actions import waiting
from shuniu.desk.consent import TEXT, VERSION
from shuniu.desk.enums import BookingState
from shuniu.desk.models import Booking, Consent, ServiceLine, Waiter
from shuniu.desk.queries import bookings as queries
from shuniu.desk.rules.bookings import BOOKING
from shuniu.desk.web import forms_bookings as forms
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.doing import done, key_in, posted
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.registry.public import Person

BOTH = ("GET", "POST")
OWN = "own.view"
BOOKS = ("own.view", "booking.edit")
SHOWN_DAYS = 14


@page(*BOOKS)
def book(request: PageRequest) -> HttpResponse:
    """What can be booked."""
    person = queries.own_person(request.actor)
    lines = queries.lines_for(person, request.today) if person else []
    for_others = [line for line in queries.lines_to_book(request.today) if _is_clerk(request, line)]
    return render(request, "desk/book.html", {"lines": lines, "for_others": for_others})


def _is_clerk(request: PageRequest, line: ServiceLine) -> bool:
    return request.actor.may_at("booking.edit", line.organisation.path or "")


def _line(request: PageRequest, key: str) -> tuple[ServiceLine, Person | None, bool]:
    """The line, who books for herself, and whether a clerk books for others; 404 where neither."""
    line = queries.lines_to_book(request.today).filter(key=key).first()
    if line is None:
        raise Http404
    person = queries.own_person(request.actor) if request.actor.may(OWN) else None
    own = person is not None and line.pk in {one.pk for one in queries.lines_for(person, request.today)}
    for_others = _is_clerk(request, line) and (not own or request.GET.get("for") == "others")
    if not own and not for_others:
        raise Http404
    return line, None if for_others else person, for_others


@page(*BOOKS, methods=BOTH)
def book_line(request: PageRequest, key: str) -> HttpResponseBase:
    """Days with free times, and the times of the day that was chosen."""
    line, person, for_others = _line(request, key)
    if person is not None and queries.needs_consent(line) and queries.consent_of(line, person.pk) is None:
        return redirect("desk:consent", key)
    if request.method == "POST":
        return _hold(request, line, for_others=for_others)
    first, last = queries.window_of(line, request.now)
    only = key_in(request.GET.get("with", ""))
    slots, barred = queries.free_slots(line, first, last, now=request.now, person=person, only=only)
    slots = _wished(slots, request)
    days = _days(slots, first, last)
    chosen = _chosen(request.GET.get("day", ""), days)
    context = {
        "line": line,
        "for_others": for_others,
        "days": days,
        "chosen": chosen,
        "times": _times(slots, chosen),
        "barred": barred,
        "last": last,
        "choices": _choices(line, request),
        "instead": key_in(request.GET.get("instead", "")),
        "crumbs": [(_("Book"), reverse("desk:book"))],
    }
    return render(request, "desk/book_line.html", context)


def _wished(slots: list[queries.Slot], request: PageRequest) -> list[queries.Slot]:
    approach, sex = request.GET.get("approach", ""), request.GET.get("sex", "")
    return [slot for slot in slots if (not approach or slot.approach == approach) and (not sex or slot.sex == sex)]


def _choices(line: ServiceLine, request: PageRequest) -> dict[str, Any]:
    """What may be wished for in counselling: approach and sex, as links that keep the rest."""
    if not queries.needs_consent(line):
        return {}
    approaches = queries.approaches_of(line, request.today)
    return {"approaches": approaches, "sexes": [("F", _("Female")), ("M", _("Male"))]}


def _days(slots: list[queries.Slot], first: date, last: date) -> list[dict[str, Any]]:
    counted: dict[date, int] = {}
    for slot in slots:
        day = timezone.localtime(slot.opening.starts_at).date()
        counted[day] = counted.get(day, 0) + slot.left
    span = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [{"day": day, "free": counted[day]} for day in span if day in counted]


def _chosen(text: str, days: list[dict[str, Any]]) -> date | None:
    open_days = {one["day"].isoformat(): one["day"] for one in days}
    first: date | None = days[0]["day"] if days else None
    return open_days.get(text, first)


def _times(slots: list[queries.Slot], chosen: date | None) -> list[dict[str, Any]]:
    """The free times of a day, by hour, each with everybody to be met then."""
    by_time: dict[datetime, list[queries.Slot]] = {}
    for slot in slots:
        if timezone.localtime(slot.opening.starts_at).date() == chosen:
            by_time.setdefault(slot.opening.starts_at, []).append(slot)
    return [{"starts_at": moment, "slots": found} for moment, found in sorted(by_time.items())]


def _hold(request: PageRequest, line: ServiceLine, *, for_others: bool) -> HttpResponseBase:
    starts_at = _moment(request.POST.get("starts_at", ""))
    professional = key_in(request.POST.get("professional", ""))
    instead = key_in(request.POST.get("instead", ""))
    try:
        if starts_at is None or professional is None:
            raise ActionError(_("Please choose a time."))
        booking = actions.hold_slot(
            line, professional, starts_at, actor=request.actor, now=request.now, for_others=for_others
        )
    except ActionError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('desk:book_line', args=[line.key])}{'?for=others' if for_others else ''}")
    url = reverse("desk:booking_confirm", args=[booking.pk])
    return redirect(f"{url}?instead={instead}" if instead else url)


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


@page(*BOOKS, methods=BOTH)
def booking_confirm(request: PageRequest, pk: int) -> HttpResponseBase:
    """Say what it is about, and the time is yours."""
    booking = get_or_404(queries.bookings(request.actor), pk=pk)
    counsels = queries.needs_consent(booking.line)
    people = queries.people_in_sight(request.actor) if booking.person_id is None else None
    form = forms.ConfirmForm(posted(request), counselling=counsels, people=people)
    instead = _instead(request)

    def act(data: dict[str, Any]) -> None:
        actions.confirm_booking(booking, actions.Details(**data, instead=instead), actor=request.actor, now=request.now)

    if booking.state == BookingState.CONFIRMED or done(form, act):
        messages.success(request, _("It is booked."))
        seen = queries.bookings(request.actor).filter(pk=pk).exists()
        return redirect("desk:booking", pk) if seen else redirect("desk:book")
    context = {
        "form": form, "booking": booking, "submit": _("Book"), "instead": instead,
        "cancel_url": reverse("desk:book_line", args=[booking.line.key]),
    }  # fmt: skip
    return render(request, "desk/booking_confirm.html", context)


def _instead(request: PageRequest) -> Booking | None:
    key = key_in(request.GET.get("instead", ""))
    return queries.own_bookings(request.actor).filter(pk=key).first() if key else None


@page(OWN)
def my_bookings(request: PageRequest) -> HttpResponse:
    """One's own bookings: what is ahead, what is past, where one waits, what one agreed to."""
    rows = list(queries.own_bookings(request.actor)[:60])
    context = {
        "ahead": [_row(one) for one in reversed(rows) if one.ends_at > request.now and one.state in LIVE],
        "past": [_row(one) for one in rows if one.ends_at <= request.now or one.state not in LIVE][:20],
        "waiting": queries.own_waiting(request.actor),
        "consents": queries.own_consents(request.actor),
    }
    return render(request, "desk/my_bookings.html", context)


LIVE = {BookingState.HELD, BookingState.OFFERED, BookingState.CONFIRMED}


def _row(booking: Booking) -> dict[str, Any]:
    return {"booking": booking, "state": BOOKING.of(BookingState(booking.state))}


@page(OWN, methods=BOTH)
def consent(request: PageRequest, key: str) -> HttpResponseBase:
    """Read what counselling is and is not, and agree to it."""
    line, person, _others = _line(request, key)
    if person is None or not queries.needs_consent(line):
        raise Http404
    if request.method == "POST":
        consents.give_consent(line, actor=request.actor, now=request.now)
        return redirect("desk:book_line", key)
    context = {
        "line": line, "text": TEXT, "version": VERSION, "cancel_url": reverse("desk:book"), "submit": _("I agree"),
        "known": queries.consent_of(line, person.pk),
    }  # fmt: skip
    return render(request, "desk/consent.html", context)


@page(OWN, methods=("POST",))
def consent_withdraw(request: PageRequest, pk: int) -> HttpResponseBase:
    """Take one's consent back."""
    row = get_or_404(Consent.objects.visible_to(request.actor), pk=pk)
    consents.withdraw_consent(row, actor=request.actor, now=request.now)
    messages.success(request, _("Your consent is withdrawn. Bookings ahead stay until you cancel them."))
    return redirect("desk:my_bookings")


@page(OWN, methods=BOTH)
def wait(request: PageRequest, key: str) -> HttpResponseBase:
    """Wait for a time between two days."""
    line, _person, _others = _line(request, key)
    first, last = queries.window_of(line, request.now)
    form = forms.WaitForm(posted(request), first=first, last=last)

    def act(data: dict[str, Any]) -> None:
        waiting.join_waiting(line, **data, actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("You are on the waiting list. As soon as a time is free you are told."))
        return redirect("desk:my_bookings")
    title = _("Wait for a time: {line}").format(line=line)
    cancel = reverse("desk:book_line", args=[key])
    context = {"form": form, "title": title, "submit": _("Join the waiting list"), "cancel_url": cancel}
    return render(request, "desk/plain_form.html", context)


@page(OWN, methods=("POST",))
def wait_leave(request: PageRequest, pk: int) -> HttpResponseBase:
    """Leave a waiting list."""
    row = get_or_404(Waiter.objects.visible_to(request.actor), pk=pk)
    try:
        waiting.leave_waiting(row, actor=request.actor, now=request.now)
        messages.success(request, _("You have left the waiting list."))
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("desk:my_bookings")
