"""Counselling for those who counsel and supervise: notes, more sessions, crises; and the figures for others."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.desk.actions import counselling as actions
from shuniu.desk.enums import CrisisLevel, CrisisState, CrisisStep, Theme
from shuniu.desk.models import Crisis, ServiceLine
from shuniu.desk.queries import bookings
from shuniu.desk.queries import counselling as queries
from shuniu.desk.rules.counselling import CRISIS, LADDER, rung
from shuniu.desk.web import forms_bookings as forms
from shuniu.hub.enums import ServiceKind
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.doing import done, key_in, posted
from shuniu.kernel.web.lists import Column, Empty, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

BOTH = ("GET", "POST")
TONES = {
    CrisisLevel.RED: "bad",
    CrisisLevel.ORANGE: "warn",
    CrisisLevel.YELLOW: "warn",
    CrisisLevel.BLUE: "active",
}

LIST = ListPage[Crisis](
    title=gettext_lazy("Crises"),
    unit=pgettext_lazy("unit", "crises"),
    columns=(
        Column("found_at", gettext_lazy("Found at"), kind=Kind.MOMENT, link=True, order=("found_at", "pk")),
        Column(
            "level",
            pgettext_lazy("crisis", "Level"),
            value=lambda row: row.get_level_display(),
            tone=lambda row: TONES[CrisisLevel(row.level)],
        ),
        Column("line", gettext_lazy("Service line"), value="line.name"),
        Column("state", pgettext_lazy("crisis", "State"), value=lambda row: row.get_state_display()),
    ),
    default_order=("-found_at", "-pk"),
    row_url=lambda row: reverse("desk:crisis", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No crises"),
        gettext_lazy(
            "When you see somebody in danger, report it at once: the steps and their times are laid out for you."
        ),
        gettext_lazy("Report a crisis"),
        "desk:crisis_new",
    ),
    template="desk/crises.html",
)


def _counsels(request: PageRequest) -> list[ServiceLine]:
    lines = queries.own_lines(request.actor)
    if not lines:
        raise PermissionDenied
    return lines


@page()
def crises(request: PageRequest) -> HttpResponse:
    """The crises one reported or supervises."""
    _counsels(request)
    return LIST.answer(request, queries.crises(request.actor), ladder=LADDER)


@page(methods=BOTH)
def crisis_new(request: PageRequest) -> HttpResponseBase:
    """Report that somebody is in danger."""
    lines = _counsels(request)
    key = key_in(request.GET.get("booking", ""))
    booking = bookings.bookings(request.actor).filter(pk=key).first() if key else None
    line = booking.line if booking and booking.line in lines else lines[0]
    form = forms.CrisisForm(posted(request))
    made: list[Crisis] = []

    def act(data: dict[str, Any]) -> None:
        level = CrisisLevel(data.pop("level"))
        made.append(
            actions.report_crisis(line, level=level, **data, booking=booking, actor=request.actor, now=request.now)
        )

    if done(form, act):
        messages.success(request, _("The crisis is reported. These are the steps and their times."))
        return redirect("desk:crisis", made[0].pk)
    context = {
        "form": form, "title": _("Report a crisis"), "submit": _("Report"), "ladder": LADDER,
        "cancel_url": reverse("desk:crises"),
    }  # fmt: skip
    return render(request, "desk/crisis_new.html", context)


@page()
def crisis(request: PageRequest, pk: int) -> HttpResponse:
    """One crisis: what was seen, what is to be done by when, what was done."""
    row = get_or_404(queries.crises(request.actor), pk=pk)
    steps = queries.steps_of(row)
    context = {
        "crisis": row,
        "tone": TONES[CrisisLevel(row.level)],
        "state": CRISIS.of(CrisisState(row.state)),
        "rung": rung(row.level),
        "crumbs": [(LIST.title, reverse("desk:crises"))],
        "steps": [{"task": one, "late": one.done_at is None and one.due_at < request.now} for one in steps],
        "is_open": row.state == CrisisState.OPEN,
        "may_close": row.state == CrisisState.OPEN and all(one.done_at for one in steps),
    }
    return render(request, "desk/crisis.html", context)


@page(methods=BOTH)
def crisis_step(request: PageRequest, pk: int, task: int) -> HttpResponseBase:
    """Say how a step was done."""
    row = get_or_404(queries.crises(request.actor), pk=pk)
    step = next((one for one in queries.steps_of(row) if one.pk == task), None)
    if step is None:
        raise Http404
    form = forms.StepForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        actions.do_step(step, **data, actor=request.actor, now=request.now)

    back = reverse("desk:crisis", args=[pk])
    if done(form, act):
        messages.success(request, _("The step is noted as done."))
        return redirect(back)
    context = {"form": form, "title": CrisisStep(step.step).label, "submit": _("Done"), "cancel_url": back}
    return render(request, "desk/plain_form.html", context)


@page(methods=("POST",))
def crisis_close(request: PageRequest, pk: int) -> HttpResponseBase:
    """Close a crisis."""
    row = get_or_404(queries.crises(request.actor), pk=pk)
    try:
        actions.close_crisis(row, actor=request.actor, now=request.now)
        messages.success(request, _("The crisis is closed."))
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("desk:crisis", pk)


@page("service.give", methods=BOTH)
def session_note(request: PageRequest, pk: int) -> HttpResponseBase:
    """Write down what a session was about."""
    row = get_or_404(bookings.bookings(request.actor), pk=pk)
    if row.professional.user_id != request.actor.user_id:
        raise PermissionDenied
    known = queries.note_of(row, request.actor)
    form = forms.NoteForm(posted(request), text=known.text if known else "")

    def act(data: dict[str, Any]) -> None:
        actions.write_note(row, **data, actor=request.actor, now=request.now)

    back = reverse("desk:booking", args=[pk])
    if done(form, act):
        messages.success(request, _("The note is kept, sealed."))
        return redirect(back)
    context = {"form": form, "title": _("Note of the session"), "submit": _("Save"), "cancel_url": back}
    return render(request, "desk/plain_form.html", context)


@page(methods=BOTH)
def course_extend(request: PageRequest, pk: int) -> HttpResponseBase:
    """Let the union pay more sessions of a matter."""
    row = get_or_404(bookings.bookings(request.actor), pk=pk)
    if row.course is None or not queries.supervises(request.actor, row.line_id):
        raise PermissionDenied
    course = row.course
    form = forms.MoreForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        actions.approve_sessions(course, **data, actor=request.actor, now=request.now)

    back = reverse("desk:booking", args=[pk])
    if done(form, act):
        messages.success(request, _("More sessions are approved."))
        return redirect(back)
    context = {"form": form, "title": _("Approve more sessions"), "submit": _("Approve"), "cancel_url": back}
    return render(request, "desk/plain_form.html", context)


@page("case.view")
def counselling_figures(request: PageRequest, key: str) -> HttpResponse:
    """What others are told of counselling in a year: counts of groups that reveal nobody."""
    lines = ServiceLine.objects.visible_to(request.actor).filter(kind=ServiceKind.COUNSELLING)
    line = get_or_404(lines.select_related("organisation__area"), key=key)
    year = key_in(request.GET.get("year", "")) or request.today.year
    year = min(max(year, 2015), request.today.year)
    found = queries.figures(line, year, request.today)
    shown = [(theme.label, found.themes[theme.value]) for theme in Theme]
    context = {
        "line": line, "found": found, "themes": shown, "year": year, "years": range(request.today.year, request.today.year - 3, -1),
    }  # fmt: skip
    return render(request, "desk/counselling_figures.html", context)
