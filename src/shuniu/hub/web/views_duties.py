"""Duties: the catalogue, one duty, and what is decided about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shuniu.hub.actions import duties as actions
from shuniu.hub.enums import DeliveryMode, DutyClass
from shuniu.hub.models import Duty, DutyDecision
from shuniu.hub.queries import duties as queries
from shuniu.hub.rules.catalogue import ready_duties
from shuniu.hub.rules.duties import QUESTIONS, Suggestion, suggest
from shuniu.hub.web import forms_duties as own
from shuniu.hub.web.papers_duties import catalogue
from shuniu.kernel.documents import answer
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.files import workbook
from shuniu.kernel.web.lists import Column, Empty, Export, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

BOTH = ("GET", "POST")
DECIDE = "duty.decide"
TONES = {DutyClass.RESERVED: "bad", DutyClass.OWN_FIRST: "warn", DutyClass.OPEN: "good"}


def mode_text(row: Duty) -> str:
    return row.get_mode_display() if row.mode else _("Not decided yet")


def class_tone(row: Duty) -> str:
    return TONES[DutyClass(row.kind)]


COLUMNS: tuple[Column[Duty], ...] = (
    Column("code", pgettext_lazy("duty", "Number"), kind=Kind.CODE, order=("code", "pk"), narrow=False),
    Column("name", gettext_lazy("Duty"), link=True),
    Column("division", gettext_lazy("Field of work"), order=("division", "code", "pk"), narrow=False),
    Column("kind", pgettext_lazy("duty", "Class"), value=lambda row: row.get_kind_display(), tone=class_tone),
    Column("mode", gettext_lazy("Carried out"), value=mode_text),
    Column("organisation", gettext_lazy("Union body"), value="organisation.name", narrow=False),
    Column("review_on", gettext_lazy("To be reviewed on"), kind=Kind.DATE, narrow=False),
)

LIST = ListPage[Duty](
    title=gettext_lazy("Duties"),
    unit=pgettext_lazy("unit", "duties"),
    columns=COLUMNS,
    default_order=("code", "pk"),
    filters=own.DutyFilter,
    row_url=lambda row: reverse("hub:duty", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No duties yet"),
        gettext_lazy("Take the ready catalogue of a district over, then decide about each duty."),
        gettext_lazy("Take the ready catalogue over"),
        "hub:duties_take",
        DECIDE,
    ),
    exports=(
        Export(gettext_lazy("Export to Excel"), "hub:duties_export", "duty.view"),
        Export(gettext_lazy("Catalogue as PDF"), "hub:duties_pdf", "duty.view"),
        Export(gettext_lazy("Catalogue as DOCX"), "hub:duties_docx", "duty.view"),
    ),
    template="hub/duties.html",
)


@page("duty.view")
def duties(request: PageRequest) -> HttpResponse:
    """The catalogue within sight."""
    rows = queries.duties(request.actor)
    numbers = queries.counts(rows)
    return LIST.answer(
        request,
        rows,
        base=numbers["all"],
        base_label=_("all duties you may see"),
        numbers=numbers,
        may_decide=request.actor.may(DECIDE),
    )


def _chosen(request: PageRequest) -> Any:
    form = own.DutyFilter(request.GET, actor=request.actor, today=request.today)
    return form.narrow(queries.duties(request.actor))


@page("duty.view")
def duties_export(request: PageRequest) -> HttpResponse:
    """The duties of the list as a workbook."""
    columns = (*COLUMNS, Column[Duty]("decided_on", _("Decided on")), Column[Duty]("because", _("Reason")))
    rows = _chosen(request).order_by(*LIST.default_order).iterator(chunk_size=2000)
    return workbook(LIST.title, [column.title for column in columns], _cells(columns, rows))


def _cells(columns: Iterable[Column[Duty]], rows: Iterable[Duty]) -> Iterator[list[Any]]:
    for row in rows:
        values = [column.of(row) for column in columns]
        yield [str(value) if isinstance(value, Promise) else value for value in values]


@page("duty.view")
def duties_pdf(request: PageRequest) -> HttpResponse:
    """The catalogue for the wall or the file."""
    return _printed(request, "pdf")


@page("duty.view")
def duties_docx(request: PageRequest) -> HttpResponse:
    """The catalogue to go on writing in."""
    return _printed(request, "docx")


def _printed(request: PageRequest, form: str) -> HttpResponse:
    rows = list(_chosen(request).order_by("organisation__path", "division", "code")[:2000])
    return answer(request, catalogue(rows, request.today), _("Catalogue of duties"), form)


@page("duty.view")
def duty(request: PageRequest, pk: int) -> HttpResponse:
    """One duty: its class and why, how it is carried out, and the decisions so far."""
    row = get_or_404(queries.duties(request.actor), pk=pk)
    may_decide = request.actor.may_at(DECIDE, row.organisation.path or "")
    context = {
        "duty": row,
        "tone": class_tone(row),
        "facts": _facts(row),
        "answers": _answers(row.answers),
        "events": [_event(one) for one in queries.decisions(row)[:50]],
        "review_due": bool(row.review_on and row.review_on <= request.today),
        "may_decide": may_decide,
    }
    return render(request, "hub/duty.html", context)


def _facts(row: Duty) -> list[tuple[str, Any]]:
    return [
        (pgettext("duty", "Number"), row.code),
        (_("Field of work"), row.division),
        (_("Union body"), row.organisation),
        (_("Carried out"), mode_text(row)),
        (_("Decided on"), row.decided_on),
        (_("To be reviewed on"), row.review_on),
        (_("Description"), row.description),
    ]


def _answers(answers: dict[str, str]) -> list[tuple[str, str]]:
    return [(str(one.text), str(one.label_of(answers.get(one.key, "")))) for one in QUESTIONS]


def _event(one: DutyDecision) -> dict[str, Any]:
    title = _("{kind}, {mode}").format(kind=one.get_kind_display(), mode=one.get_mode_display())
    told = [one.reason] if one.reason else []
    if one.suggested != one.kind:
        told.append(_("The answers spoke for: {kind}.").format(kind=one.get_suggested_display()))
    return {
        "on": one.decided_on,
        "title": title,
        "text": " ".join(told),
        "who": one.by_name,
        "tone": TONES[DutyClass(one.kind)],
    }


@page(DECIDE, methods=BOTH)
def duty_new(request: PageRequest) -> HttpResponseBase:
    """Enter a duty that the catalogue lacks."""
    form = own.DutyForm(posted(request), actor=request.actor)
    entered: list[Duty] = []

    def act(data: dict[str, Any]) -> None:
        body = data.pop("organisation")
        entered.append(actions.enter_duty(body, actions.DutyDetails(**data), actor=request.actor, now=request.now))

    if done(form, act):
        messages.success(request, _("The duty is entered. Decide about it now."))
        return redirect("hub:duty_decide", entered[0].pk)
    return _form(request, form, _("Enter a duty"), reverse("hub:duties"), draft="duty-new")


@page(DECIDE, methods=BOTH)
def duty_edit(request: PageRequest, pk: int) -> HttpResponseBase:
    """Correct what a duty is called and how it is described."""
    row = _within(request, pk)
    form = own.DutyForm(posted(request), actor=request.actor, duty=row)

    def act(data: dict[str, Any]) -> None:
        actions.edit_duty(row, actions.DutyDetails(**data), actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("Saved."))
        return redirect("hub:duty", row.pk)
    return _form(request, form, _("Correct {name}").format(name=row), reverse("hub:duty", args=[row.pk]))


@page(DECIDE, methods=BOTH)
def duties_take(request: PageRequest) -> HttpResponseBase:
    """Take the ready catalogue over; what is there already stays as it is."""
    form = own.TakeForm(posted(request), actor=request.actor)
    taken: list[int] = []

    def act(data: dict[str, Any]) -> None:
        taken.append(actions.take_over_catalogue(data["organisation"], actor=request.actor, now=request.now))

    if done(form, act):
        told = (
            _("Duties entered: {n}. Decide about them one by one.") if taken[0] else _("All of them are there already.")
        )
        messages.success(request, told.format(n=taken[0]))
        return redirect("hub:duties")
    context = {"form": form, "cancel_url": reverse("hub:duties"), "number": len(ready_duties())}
    return render(request, "hub/duties_take.html", context)


@page(DECIDE, methods=BOTH)
def duty_decide(request: PageRequest, pk: int) -> HttpResponseBase:
    """Ask the reasons, say what they speak for, and take the decision."""
    row = _within(request, pk)
    asked = own.AnswersForm(posted(request), answers=row.answers)
    if request.method == "GET" or not asked.is_valid():
        return _ask(request, row, asked)
    suggestion = suggest(asked.cleaned_data)
    sent = request.POST if "kind" in request.POST else None
    form = own.DecisionForm(sent, answers=asked.cleaned_data, duty=row, suggestion=suggestion, today=request.today)

    def act(data: dict[str, Any]) -> None:
        actions.decide_duty(row, _decision(data), actor=request.actor, now=request.now)

    if sent is not None and done(form, act):
        messages.success(request, _("The decision is taken."))
        return redirect("hub:duty", row.pk)
    return _decide(request, row, form, suggestion)


def _decision(data: dict[str, Any]) -> actions.Decision:
    return actions.Decision(
        answers={one.key: data[one.key] for one in QUESTIONS},
        kind=DutyClass(data["kind"]),
        mode=DeliveryMode(data["mode"]),
        reason=data["reason"],
        decided_on=data["decided_on"],
        review_on=data["review_on"],
    )


def _ask(request: PageRequest, row: Duty, form: forms.Form) -> HttpResponse:
    context = {
        "form": form,
        "duty": row,
        "title": _("Decide: {name}").format(name=row),
        "submit": _("See what follows"),
    }
    return render(request, "hub/duty_decide.html", context | {"cancel_url": reverse("hub:duty", args=[row.pk])})


def _decide(request: PageRequest, row: Duty, form: own.DecisionForm, suggestion: Suggestion) -> HttpResponse:
    context = {
        "form": form,
        "duty": row,
        "title": _("Decide: {name}").format(name=row),
        "submit": pgettext("duty", "Decide"),
        "suggestion": suggestion,
        "suggested": suggestion.kind.label if suggestion.kind else "",
        "answers": _answers({key: str(form[key].value() or "") for key in (one.key for one in QUESTIONS)}),
        "cancel_url": reverse("hub:duty_decide", args=[row.pk]),
    }
    return render(request, "hub/duty_decide.html", context)


def _within(request: PageRequest, pk: int) -> Duty:
    """A duty in sight, about which the actor may also decide."""
    row = get_or_404(queries.duties(request.actor), pk=pk)
    if not request.actor.may_at(DECIDE, row.organisation.path or ""):
        raise PermissionDenied(DECIDE)
    return row


def _form(request: PageRequest, form: forms.Form, title: str, cancel_url: str, **context: Any) -> HttpResponse:
    return render(request, "hub/form.html", {"form": form, "title": title, "cancel_url": cancel_url, **context})
