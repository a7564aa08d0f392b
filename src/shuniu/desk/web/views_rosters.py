"""The planner: rosters, the calendar of a month, loads and breaches, changes by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from shuniu.desk import fitness
from shuniu.desk.actions import rosters as actions
from shuniu.desk.enums import Half, RosterState, SolvingState
from shuniu.desk.limits import rule_for
from shuniu.desk.models import Roster, ServiceLine
from shuniu.desk.queries import rosters as queries
from shuniu.desk.rules.duties import ROSTER
from shuniu.desk.rules.rosters import Place, breaches, halves_of, spread
from shuniu.desk.web import forms_rosters as forms
from shuniu.desk.web.calendars import Month, month_in, weekdays, weeks_of
from shuniu.desk.web.papers import roster_paper
from shuniu.kernel.calendar import CalendarError
from shuniu.kernel.documents import answer as hand_out
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.formats import date_text
from shuniu.kernel.web.lists import Column, Empty, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.rulebook.public import check

BOTH = ("GET", "POST")
SEES = ("roster.view", "service.give")

LIST = ListPage[Roster](
    title=gettext_lazy("Duty rosters"),
    unit=pgettext_lazy("unit", "rosters"),
    columns=(
        Column("line", gettext_lazy("Service line"), value="line.name", link=True),
        Column("starts_on", gettext_lazy("From"), kind=Kind.DATE, order=("starts_on", "pk")),
        Column("last_day", gettext_lazy("Last day"), value=lambda row: row.ends_on - timedelta(days=1), kind=Kind.DATE),
        Column(
            "state",
            pgettext_lazy("roster", "State"),
            value=lambda row: row.get_state_display(),
            tone=lambda row: ROSTER.of(RosterState(row.state)).tone,
        ),
    ),
    default_order=("-starts_on", "-pk"),
    row_url=lambda row: reverse("desk:roster", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No duty rosters yet"),
        gettext_lazy("Choose a service line and the people who take turns; the days are filled by themselves."),
        gettext_lazy("Make a roster"),
        "desk:roster_new",
        "roster.edit",
    ),
    template="desk/rosters.html",
)


@page(*SEES)
def rosters(request: PageRequest) -> HttpResponse:
    """All rosters within sight."""
    return LIST.answer(request, queries.rosters(request.actor), may_make=request.actor.may("roster.edit"))


def _lines(request: PageRequest) -> Any:
    reach = request.actor.reach("roster.edit").condition("organisation__path")
    return ServiceLine.objects.visible_to(request.actor).filter(reach, is_open=True).order_by("name", "pk")


@page("roster.edit", methods=BOTH)
def roster_new(request: PageRequest) -> HttpResponseBase:
    """Choose the line, then the period and the people."""
    lines = _lines(request)
    line = lines.filter(key=request.GET.get("line", "")).select_related("organisation").first()
    if line is None:
        form = forms.LineForm(posted(request), lines=lines)
        if request.method == "POST" and form.is_valid():
            return redirect(f"{reverse('desk:roster_new')}?line={form.cleaned_data['line'].key}")
        return _form(request, form, _("Make a roster"), submit=_("Next"), cancel=reverse("desk:rosters"))
    first = date(request.today.year + (request.today.month == 12), 1, 1)
    people = fitness.fit_for(line, request.today)
    given = {"first": max(first, request.today), "last": date(first.year, 12, 31)}
    own = forms.RosterForm(posted(request), people=people, **given)
    made: list[Roster] = []

    def act(data: dict[str, Any]) -> None:
        keys = ("starts_on", "whole_days", "seats", "slot_minutes", "place", "phone")
        what = actions.NewRoster(
            line=line, ends_on=own.ends_on, team=tuple(data["team"]), **{key: data[key] for key in keys}
        )
        made.append(actions.make_roster(what, actor=request.actor, now=request.now))

    if done(own, act):
        messages.success(request, _("The roster is begun. Now let its days be filled."))
        return redirect("desk:roster", made[0].pk)
    return _form(
        request, own, _("Roster of “{line}”").format(line=line), submit=_("Begin"), cancel=reverse("desk:rosters")
    )


def _form(request: PageRequest, form: Any, title: str, *, submit: str, cancel: str, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, "submit": submit, "cancel_url": cancel, **more}
    return render(request, "desk/plain_form.html", context)


@page(*SEES)
def roster(request: PageRequest, pk: int) -> HttpResponse:
    """A month of a roster, the loads, and where it does not keep its rules."""
    row = get_or_404(queries.rosters(request.actor), pk=pk)
    path = row.organisation.path or ""
    month = month_in(request.GET.get("month", ""), request.today, row.starts_on, row.ends_on - timedelta(days=1))
    may_edit = request.actor.may_at("roster.edit", path)
    context = {
        "roster": row,
        "state": ROSTER.of(RosterState(row.state)),
        "month": month,
        "crumbs": [(LIST.title, reverse("desk:rosters"))],
        "weeks": _weeks(row, month, request, may_edit=may_edit),
        "weekday_names": weekdays(),
        "gap_url": f"{reverse('desk:roster', args=[row.pk])}day/" if may_edit else "",
        "gap_half": halves_of(row.whole_days)[0],
        "may_edit": may_edit,
        "may_publish": row.state == RosterState.DRAFT and request.actor.may_at("roster.approve", path),
        "is_draft": row.state == RosterState.DRAFT,
        "is_busy": row.solving == SolvingState.QUEUED,
        "swaps": queries.open_swaps_of(row) if may_edit else [],
        **(_judged(row) if request.actor.may_at("roster.view", path) else {}),
    }
    return render(request, "desk/roster.html", context)


def _weeks(row: Roster, month: Month, request: PageRequest, *, may_edit: bool) -> list[Any]:
    by_day: dict[date, list[Any]] = {}
    for shift in queries.month_of(row, month.first):
        url = reverse("desk:shift_settle", args=[row.pk, shift.day.isoformat(), shift.half, shift.seat])
        may = may_edit and shift.day >= request.today
        by_day.setdefault(shift.day, []).append({"shift": shift, "url": url if may else ""})
    return weeks_of(month, by_day, request.today, _needed(row))


def _needed(row: Roster) -> set[date]:
    try:
        return set(queries.days_to_fill(row))
    except CalendarError:
        return set()


def _judged(row: Roster) -> dict[str, Any]:
    team = queries.team_of(row)
    judged: dict[str, Any] = {"loads": queries.loads_of(row, team)}
    try:
        task, plan = queries.task_of(row), queries.plan_of(row)
    except CalendarError as error:
        return judged | {"calendar_error": str(error)}
    found = breaches(task, plan) if plan else []
    rule = rule_for(row.line, queries.SPREAD, row.starts_on)
    return judged | {
        "breaches": [one for one in found if not one.is_wish][:20],
        "wishes": [one for one in found if one.is_wish][:20],
        "verdict": check(rule, spread(plan, task.people)) if plan else None,
        "filled": len(plan),
        "needed": len(task.places),
        "attendance": queries.attendance(queries.all_shifts(row), task.days[-1]) if plan else None,
    }


@page("roster.edit", methods=("POST",))
def roster_solve(request: PageRequest, pk: int) -> HttpResponseBase:
    """Let the days be filled."""
    row = _editable(request, pk)
    try:
        found = actions.solve_roster(row, actor=request.actor, now=request.now)
    except ActionError as error:
        messages.error(request, str(error))
        return redirect("desk:roster", pk)
    if found is None:
        messages.success(request, _("The search goes on in the background. Come back to this page in a minute."))
    elif found.is_possible:
        messages.success(request, _("Every day is filled. Look at the loads, then publish the roster."))
    else:
        messages.warning(request, _("Not all rules can be kept. See below which of them clash."))
    return redirect("desk:roster", pk)


@page("roster.approve", methods=("POST",))
def roster_publish(request: PageRequest, pk: int) -> HttpResponseBase:
    """Make the roster hold."""
    row = get_or_404(queries.rosters(request.actor), pk=pk)
    try:
        actions.publish_roster(row, actor=request.actor, now=request.now)
        messages.success(request, _("The roster is published. Its days can be booked."))
    except ActionError as error:
        for line in str(error).splitlines():
            messages.error(request, line)
    return redirect("desk:roster", pk)


@page("roster.edit", methods=("POST",))
def roster_mend(request: PageRequest, pk: int) -> HttpResponseBase:
    """Solve anew with the least change, after an absence."""
    row = _editable(request, pk)
    try:
        days = actions.repair_roster(row, actor=request.actor, now=request.now)
    except ActionError as error:
        for line in str(error).splitlines():
            messages.error(request, line)
        return redirect("desk:roster", pk)
    if not days:
        messages.success(request, _("The roster keeps its rules. Nothing was changed."))
        return redirect("desk:roster", pk)
    told = ngettext("{n} day was changed: {days}.", "{n} days were changed: {days}.", len(days))
    shown = "、".join(date_text(day) for day in days[:6])
    messages.success(request, told.format(n=len(days), days=shown))
    return redirect("desk:roster", pk)


def _editable(request: PageRequest, pk: int) -> Roster:
    row = get_or_404(queries.rosters(request.actor), pk=pk)
    if not request.actor.may_at("roster.edit", row.organisation.path or ""):
        raise PermissionDenied
    return row


@page("roster.edit", methods=BOTH)
def shift_settle(request: PageRequest, pk: int, day: str, half: str, seat: int) -> HttpResponseBase:
    """Put somebody on one seat by hand."""
    row = _editable(request, pk)
    place = _place(day, half, seat)
    shift = queries.all_shifts(row).filter(day=place.day, half=place.half, seat=place.seat).first()
    people = _team(row)
    form = forms.SettleForm(
        posted(request),
        people=people,
        professional=shift.professional_id if shift else None,
        substitute=shift.substitute_id if shift else None,
    )
    wishes: list[Any] = []

    def act(data: dict[str, Any]) -> None:
        wishes.extend(
            actions.settle_shift(
                row, place, data["professional"], substitute=data["substitute"], despite=data["despite"],
                actor=request.actor, now=request.now,
            )
        )  # fmt: skip

    back = f"{reverse('desk:roster', args=[pk])}?month={place.day:%Y-%m}"
    if done(form, act):
        messages.success(request, _("The duty is settled."))
        for wish in wishes:
            messages.info(request, wish.sentence)
        return redirect(back)
    title = _("Duty on {day}, {half}").format(day=date_text(place.day), half=Half(place.half).label)
    return _form(request, form, title, submit=_("Settle"), cancel=back)


def _place(day: str, half: str, seat: int) -> Place:
    try:
        return Place(date.fromisoformat(day), Half(half).value, seat)
    except ValueError as error:
        raise Http404 from error


def _team(row: Roster) -> Any:
    return fitness.people_of(one.professional_id for one in queries.team_of(row))


@page("roster.edit", methods=BOTH)
def team_wishes(request: PageRequest, pk: int, member: int) -> HttpResponseBase:
    """Note when somebody would rather not be on duty."""
    row = _editable(request, pk)
    found = next((one for one in queries.team_of(row) if one.pk == member), None)
    if found is None:
        raise Http404
    form = forms.WishesForm(posted(request), member=found)

    def act(data: dict[str, Any]) -> None:
        actions.note_wishes(found, **data, actor=request.actor, now=request.now)

    back = reverse("desk:roster", args=[pk])
    if done(form, act):
        messages.success(request, _("The wishes are noted."))
        return redirect(back)
    title = _("Wishes of {name}").format(name=found.professional.name)
    return _form(request, form, title, submit=_("Save"), cancel=back)


@page(*SEES)
def roster_print(request: PageRequest, pk: int, form: str) -> HttpResponse:
    """The duty table of a month, or of the whole roster, as a paper."""
    row = get_or_404(queries.rosters(request.actor), pk=pk)
    last = row.ends_on - timedelta(days=1)
    month = month_in(request.GET.get("month", ""), request.today, row.starts_on, last)
    whole = request.GET.get("month") == "all"
    shifts = (
        queries.all_shifts(row) if whole else queries.all_shifts(row).filter(day__gte=month.first, day__lte=month.last)
    )
    ordered = shifts.select_related("professional__provider", "substitute").order_by("day", "half", "seat")
    title = _("Duty roster of {line}").format(line=row.line)
    period = (
        str(month) if not whole else _("{first} to {last}").format(first=date_text(row.starts_on), last=date_text(last))
    )
    return hand_out(request, roster_paper(row, list(ordered), title, period, request.today), f"{title} {period}", form)
