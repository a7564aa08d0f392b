"""The audit trail, for the audit officer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from shuniu.accounts.actions.trail import note_export, verify_trail
from shuniu.accounts.queries import trail as reading
from shuniu.kernel.exchange.workbook import export_csv
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.verbs import verb_label, verbs
from shuniu.kernel.web import formats
from shuniu.kernel.web.lists import Column, Empty, FilterForm, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404


def _verb_choices() -> list[tuple[str, str]]:
    return [
        ("", _("Everything")),
        *sorted(((verb, str(label)) for verb, label in verbs().items()), key=lambda pair: pair[1]),
    ]


def _target_choices() -> list[tuple[str, str]]:
    return [("", _("Any kind")), *reading.target_choices()]


def _day(label: Any) -> forms.DateField:
    within = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
    return forms.DateField(
        label=label, validators=within, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class TrailFilter(FilterForm):
    who = forms.CharField(
        label=pgettext_lazy("trail", "Who"),
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("User name, mobile or name")}),
    )
    verb = forms.ChoiceField(
        label=pgettext_lazy("trail", "What"), choices=_verb_choices, widget=forms.Select(attrs={"data-search": ""})
    )
    first_day = _day(pgettext_lazy("period", "From"))
    last_day = _day(pgettext_lazy("period", "Last day"))
    target = forms.ChoiceField(label=gettext_lazy("Kind of row"), choices=_target_choices)
    row = forms.IntegerField(label=gettext_lazy("Number of the row"), min_value=0, max_value=2**63 - 1)

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return reading.narrow(rows, **self.values)


TRAIL = ListPage[TrailEntry](
    title=gettext_lazy("Audit trail"),
    unit=pgettext_lazy("unit", "entries"),
    columns=(
        Column("number", gettext_lazy("No."), kind=Kind.NUMBER),
        Column("at", pgettext_lazy("trail", "When"), kind=Kind.MOMENT),
        Column("actor_name", pgettext_lazy("trail", "Who")),
        Column("verb", pgettext_lazy("trail", "What"), value=lambda entry: verb_label(entry.verb), link=True),
        Column("target", pgettext_lazy("trail", "On"), value=reading.target_label),
    ),
    default_order=("-number",),
    filters=TrailFilter,
    row_url=lambda row: reverse("accounts:trail_entry", args=[row.pk]),
    empty=Empty(gettext_lazy("Nothing has happened yet"), gettext_lazy("Whatever anybody does is kept here.")),
    template="accounts/trail.html",
)


@page("trail.view")
def trail(request: PageRequest) -> HttpResponse:
    """Who did what and when."""
    return TRAIL.answer(request, reading.entries())


@page("trail.view")
def trail_entry(request: PageRequest, number: int) -> HttpResponse:
    """One entry, with what was before and after."""
    entry = get_or_404(reading.entries(), pk=number)
    context = {
        "entry": entry,
        "title": verb_label(entry.verb),
        "target": reading.target_label(entry),
        "changes": reading.changes(entry),
        "details": reading.details(entry),
        "crumbs": [(TRAIL.title, reverse("accounts:trail"))],
    }
    return render(request, "accounts/trail_entry.html", context)


@page("trail.view", methods=["POST"])
def trail_verify(request: PageRequest) -> HttpResponse:
    """Check every seal now and say what was found."""
    report = verify_trail(actor=request.actor, now=request.now)
    if report.broken_at is None:
        messages.success(
            request, _("All {count} entries are in order.").format(count=formats.thousands(report.checked))
        )
    else:
        messages.error(request, _problem(report.problem).format(number=report.broken_at))
    return redirect("accounts:trail")


@page("trail.view", methods=["POST"])
def trail_export(request: PageRequest) -> StreamingHttpResponse:
    """The entries that meet the conditions as CSV, oldest first."""
    form = TrailFilter(request.POST, actor=request.actor, today=request.today)
    note_export({key: str(value) for key, value in form.values.items()}, actor=request.actor, now=request.now)
    rows = form.narrow(reading.entries()).order_by("number").iterator(chunk_size=1000)
    file = export_csv([column.title for column in TRAIL.columns] + [pgettext("trail", "Told"), _("Seal")], _lines(rows))
    answer = StreamingHttpResponse(_in_language(get_language(), file), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="audit-trail-{request.today:%Y%m%d}.csv"'
    return answer


def _problem(problem: str) -> str:
    return {
        "altered": _("Entry {number} was altered, or one before it was taken out."),
        "missing": _("Entry {number} is missing."),
        "cut": _("The end of the trail was cut off: entry {number} is missing or does not belong there."),
    }[problem]


def _lines(rows: Iterable[TrailEntry]) -> Iterator[list[Any]]:
    for entry in rows:
        target, told = reading.target_label(entry), reading.told(entry)
        yield [entry.number, entry.at.isoformat(), entry.actor_name, verb_label(entry.verb), target, told, entry.seal]


def _in_language(language: str, parts: Iterator[bytes]) -> Iterator[bytes]:
    """A file is sent after the request's language was put away again."""
    with translation.override(language):
        yield from parts
