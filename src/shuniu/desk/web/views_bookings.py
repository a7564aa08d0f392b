"""A booking, for everybody it concerns; the clerk's list; working plans."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shuniu.desk import fitness
from shuniu.desk.actions import bookings as actions
from shuniu.desk.actions import plans as planning
from shuniu.desk.enums import BookingState, Meeting
from shuniu.desk.limits import number_for
from shuniu.desk.models import Booking, PlanException, ServiceLine, WorkPlan
from shuniu.desk.queries import bookings as queries
from shuniu.desk.queries import counselling
from shuniu.desk.rules.bookings import BOOKING, CANCEL, may_cancel
from shuniu.desk.rules.counselling import SESSION
from shuniu.desk.web import forms_bookings as forms
from shuniu.desk.web.forms_rosters import LineForm
from shuniu.kernel.errors import ActionError
from shuniu.kernel.period import FOREVER
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.formats import date_text
from shuniu.kernel.web.lists import Column, Empty, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

BOTH = ("GET", "POST")
CONCERNS = ("own.view", "booking.edit", "service.give")


def who_text(row: Booking) -> str:
    """Who comes: the member, or the name or code that was given."""
    return row.person.name if row.person else row.name


LIST = ListPage[Booking](
    title=gettext_lazy("Bookings"),
    unit=pgettext_lazy("unit", "bookings"),
    columns=(
        Column("starts_at", gettext_lazy("Time"), kind=Kind.MOMENT, link=True, order=("starts_at", "pk")),
        Column("line", gettext_lazy("Service line"), value="line.name"),
        Column("who", gettext_lazy("For"), value=who_text),
        Column("professional", gettext_lazy("With"), value="professional.name"),
        Column("meeting", gettext_lazy("Way of meeting"), value=lambda row: row.get_meeting_display(), narrow=False),
        Column(
            "state",
            pgettext_lazy("booking", "State"),
            value=lambda row: row.get_state_display(),
            tone=lambda row: BOOKING.of(BookingState(row.state)).tone,
        ),
    ),
    default_order=("-starts_at", "-pk"),
    filters=forms.BookingFilter,
    row_url=lambda row: reverse("desk:booking", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No bookings yet"),
        gettext_lazy("Bookings of confidential lines are not listed here."),
        gettext_lazy("Book for somebody"),
        "desk:book",
        "booking.edit",
    ),
    template="desk/bookings.html",
)


@page("booking.edit")
def bookings(request: PageRequest) -> HttpResponse:
    """Bookings of the lines one looks after; of confidential lines, none."""
    return LIST.answer(request, queries.bookings(request.actor).exclude(state=BookingState.LAPSED))


@page(*CONCERNS)
def booking(request: PageRequest, pk: int) -> HttpResponse:
    """One booking: when, with whom, where, and what may be done."""
    row = get_or_404(queries.bookings(request.actor), pk=pk)
    mine = row.person_id is not None and row.person_id == request.actor.person_id
    serves = row.professional.user_id is not None and row.professional.user_id == request.actor.user_id
    clerk = request.actor.may_at("booking.edit", row.line.organisation.path or "")
    is_live = row.state in {BookingState.HELD, BookingState.OFFERED, BookingState.CONFIRMED}
    begun = row.starts_at <= request.now
    hours = number_for(row.line, CANCEL, request.today)
    in_time = row.state != BookingState.CONFIRMED or may_cancel(row.starts_at, request.now, hours)
    counsels = queries.needs_consent(row.line)
    context = {
        "booking": row,
        "state": BOOKING.of(BookingState(row.state)),
        "facts": _facts(row, with_person=not mine),
        "mine": mine,
        "may_confirm": row.state in {BookingState.HELD, BookingState.OFFERED} and (mine or clerk),
        "may_cancel": is_live and (mine or clerk) and not begun and in_time,
        "too_late": is_live and mine and not begun and not in_time,
        "hours": hours,
        "may_withdraw": is_live and (serves or clerk) and not begun,
        "may_settle": row.state == BookingState.CONFIRMED and begun and (serves or clerk),
        "may_series": counsels and row.state in {BookingState.CONFIRMED, BookingState.ATTENDED} and (serves or mine),
        "may_note": serves and counsels and begun,
        "note": counselling.note_of(row, request.actor) if counsels else None,
        "may_report": serves and counsels,
        "sessions": queries.sessions_of(row.course) if row.course else None,
        "may_extend": row.course is not None and counselling.supervises(request.actor, row.line_id),
        "may_open_case": row.case_id is not None,
    }
    return render(request, "desk/booking.html", context)


def _facts(row: Booking, *, with_person: bool) -> list[tuple[Any, Any]]:
    facts = [
        (_("Service line"), row.line),
        (_("Day"), date_text(timezone.localtime(row.starts_at).date())),
        (_("Time"), f"{timezone.localtime(row.starts_at):%H:%M}–{timezone.localtime(row.ends_at):%H:%M}"),
        (_("With"), f"{row.professional.name}（{row.professional.provider.name}）"),
        (_("Way of meeting"), Meeting(row.meeting).label),
        (pgettext("duty", "Place"), row.place),
        (_("What it is about"), row.topic),
        (_("Telephone"), row.phone),
        (pgettext("booking", "Reason"), row.reason),
    ]
    told = facts if row.reason else facts[:-1]
    return [(_("For"), who_text(row)), *told] if with_person else told


@page("own.view", "booking.edit", methods=BOTH)
def booking_cancel(request: PageRequest, pk: int) -> HttpResponseBase:
    """Cancel a booking."""
    row = get_or_404(queries.bookings(request.actor), pk=pk)
    form = forms.ReasonForm(posted(request), required=False)

    def act(data: dict[str, Any]) -> None:
        actions.cancel_booking(row, **data, actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("The booking is cancelled."))
        return redirect("desk:booking", pk)
    return _form(request, form, _("Cancel the booking"), submit=_("Cancel the booking"), row=row, danger=True)


@page("service.give", "booking.edit", methods=BOTH)
def booking_withdraw(request: PageRequest, pk: int) -> HttpResponseBase:
    """Call a booking off from the side of the service."""
    row = get_or_404(queries.bookings(request.actor), pk=pk)
    form = forms.ReasonForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        actions.withdraw_booking(row, **data, actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("The booking is called off; the person is told."))
        return redirect("desk:booking", pk)
    return _form(request, form, _("Call the booking off"), submit=_("Call off"), row=row, danger=True)


@page("service.give", "booking.edit", methods=("POST",))
def booking_settle(request: PageRequest, pk: int, came: str) -> HttpResponseBase:
    """Note whether somebody came."""
    row = get_or_404(queries.bookings(request.actor), pk=pk)
    try:
        actions.settle_booking(row, came=came == "came", actor=request.actor, now=request.now)
        messages.success(request, _("It is noted."))
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("desk:booking", pk)


@page("service.give", "own.view", methods=BOTH)
def booking_series(request: PageRequest, pk: int) -> HttpResponseBase:
    """Book the same hour of the weeks that follow."""
    row = get_or_404(queries.bookings(request.actor), pk=pk)
    form = forms.SeriesForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        actions.book_series(row, **data, actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("The sessions are booked."))
        return redirect("desk:booking", pk)
    return _form(request, form, _("Book a series"), submit=_("Book"), row=row)


def _form(
    request: PageRequest, form: Any, title: str, *, submit: str, row: Booking, danger: bool = False
) -> HttpResponse:
    cancel = reverse("desk:booking", args=[row.pk])
    context = {"form": form, "title": title, "submit": submit, "cancel_url": cancel, "danger": danger}
    return render(request, "desk/plain_form.html", context)


PLANS = ListPage[WorkPlan](
    title=gettext_lazy("Working plans"),
    unit=pgettext_lazy("unit", "plans"),
    columns=(
        Column("professional", gettext_lazy("Professional"), value="professional.name", link=True),
        Column("provider", gettext_lazy("Provider"), value="professional.provider.name", narrow=False),
        Column("line", gettext_lazy("Service line"), value="line.name"),
        Column("starts_on", gettext_lazy("From"), kind=Kind.DATE, order=("starts_on", "pk")),
        Column("minutes", gettext_lazy("Minutes"), kind=Kind.NUMBER, narrow=False),
    ),
    default_order=("-starts_on", "-pk"),
    row_url=lambda row: reverse("desk:plan", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No working plans yet"),
        gettext_lazy("A working plan says when somebody receives people; its times can then be booked."),
        gettext_lazy("Set up a plan"),
        "desk:plan_new",
        "roster.edit",
    ),
    template="desk/plans.html",
)


def _plans(request: PageRequest) -> Any:
    rows = WorkPlan.objects.visible_to(request.actor)
    return rows.select_related("professional__provider", "line__organisation__area")


@page("roster.view", "service.give")
def plans(request: PageRequest) -> HttpResponse:
    """Working plans within sight."""
    return PLANS.answer(request, _plans(request), may_make=request.actor.may("roster.edit"))


@page("roster.view", "service.give")
def plan(request: PageRequest, pk: int) -> HttpResponse:
    """One plan: its weeks and the days that differ."""
    row = get_or_404(_plans(request), pk=pk)
    own = row.professional.user_id is not None and row.professional.user_id == request.actor.user_id
    may_edit = request.actor.may_at("roster.edit", row.line.organisation.path or "")
    context = {
        "plan": row,
        "crumbs": [(PLANS.title, reverse("desk:plans"))],
        "facts": _plan_facts(row),
        "week_rows": queries.week_rows(row),
        "two_weeks": "b" in row.hours,
        "exceptions": row.exceptions.filter(day__gte=request.today)[:60],
        "may_edit": may_edit,
        "may_except": may_edit or own,
    }
    return render(request, "desk/plan.html", context)


def _plan_facts(row: WorkPlan) -> list[tuple[Any, Any]]:
    return [
        (_("Service line"), row.line),
        (_("Provider"), row.professional.provider),
        (_("From"), row.starts_on),
        (_("First day without it"), row.ends_on if row.ends_on < FOREVER else ""),
        (_("Minutes of an appointment"), row.minutes),
        (_("Minutes between two"), row.buffer),
        (_("People at a time"), row.capacity),
        (_("Way of meeting"), row.get_meeting_display()),
        (_("Place, number or link"), row.place),
        (_("Approach"), row.approach),
    ]


def _lines(request: PageRequest) -> Any:
    reach = request.actor.reach("roster.edit").condition("organisation__path")
    return ServiceLine.objects.visible_to(request.actor).filter(reach, is_open=True).order_by("name", "pk")


@page("roster.edit", methods=BOTH)
def plan_new(request: PageRequest) -> HttpResponseBase:
    """Choose the line, then the hours."""
    lines = _lines(request)
    line = lines.filter(key=request.GET.get("line", "")).select_related("organisation__area").first()
    cancel = reverse("desk:plans")
    if line is None:
        chosen = LineForm(posted(request), lines=lines)
        if request.method == "POST" and chosen.is_valid():
            return redirect(f"{reverse('desk:plan_new')}?line={chosen.cleaned_data['line'].key}")
        context = {"form": chosen, "title": _("Set up a plan"), "submit": _("Next"), "cancel_url": cancel}
        return render(request, "desk/plain_form.html", context)
    people, minutes = fitness.fit_for(line, request.today), number_for(line, SESSION, request.today)
    form = forms.PlanForm(posted(request), people=people, today=request.today, minutes=minutes)
    made: list[WorkPlan] = []

    def act(data: dict[str, Any]) -> None:
        made.append(planning.make_plan(_new_plan(line, form, data), actor=request.actor, now=request.now))

    if done(form, act):
        messages.success(request, _("The plan is set up. Its times can be booked."))
        return redirect("desk:plan", made[0].pk)
    context = {
        "form": form,
        "title": _("Working plan: {line}").format(line=line),
        "submit": _("Set up"),
        "cancel_url": cancel,
    }
    return render(request, "desk/plain_form.html", context)


def _new_plan(line: ServiceLine, form: forms.PlanForm, data: dict[str, Any]) -> planning.NewPlan:
    keys = ("professional", "minutes", "buffer", "capacity", "place", "approach", "sex", "for_emergencies", "starts_on")
    return planning.NewPlan(
        line=line,
        hours=form.hours,
        meeting=Meeting(data["meeting"]),
        ends_on=data["ends_on"] or FOREVER,
        **{key: data[key] for key in keys},
    )


@page("roster.edit", methods=BOTH)
def plan_edit(request: PageRequest, pk: int) -> HttpResponseBase:
    """Change a plan; what is booked stays booked."""
    row = get_or_404(_plans(request), pk=pk)
    if not request.actor.may_at("roster.edit", row.line.organisation.path or ""):
        raise PermissionDenied
    people = fitness.people_of([row.professional_id])
    form = forms.PlanForm(posted(request), people=people, today=request.today, minutes=row.minutes, plan=row)

    def act(data: dict[str, Any]) -> None:
        planning.change_plan(row, _new_plan(row.line, form, data), actor=request.actor, now=request.now)

    back = reverse("desk:plan", args=[pk])
    if done(form, act):
        messages.success(request, _("The plan is changed. What is booked stays booked."))
        return redirect(back)
    context = {"form": form, "title": _("Change the plan"), "submit": _("Save"), "cancel_url": back}
    return render(request, "desk/plain_form.html", context)


@page("roster.edit", "service.give", methods=BOTH)
def plan_except(request: PageRequest, pk: int) -> HttpResponseBase:
    """Open or close a day against the weekly plan."""
    row = get_or_404(_plans(request), pk=pk)
    form = forms.ExceptionForm(posted(request), today=request.today)

    def act(data: dict[str, Any]) -> None:
        planning.except_day(row, **data, actor=request.actor, now=request.now)

    back = reverse("desk:plan", args=[pk])
    if done(form, act):
        messages.success(request, _("The day is noted."))
        return redirect(back)
    context = {"form": form, "title": _("A day that differs"), "submit": _("Save"), "cancel_url": back}
    return render(request, "desk/plain_form.html", context)


@page("roster.edit", "service.give", methods=("POST",))
def exception_drop(request: PageRequest, pk: int) -> HttpResponseBase:
    """Let a day be as the weekly plan says."""
    row = get_or_404(
        PlanException.objects.visible_to(request.actor).select_related(
            "plan__line__organisation", "plan__professional"
        ),
        pk=pk,
    )
    planning.drop_exception(row, actor=request.actor, now=request.now)
    messages.success(request, _("The day is as the weekly plan says again."))
    return redirect("desk:plan", row.plan_id)
