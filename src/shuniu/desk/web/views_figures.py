"""What a cadre looks at: today, who has how much in hand, and how each line keeps its limits."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shuniu.desk.queries import cases as queries
from shuniu.desk.queries import figures
from shuniu.kernel.web.files import workbook
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest

MOST_LINES = 40
"""Lines that the report shows; who looks after more chooses a narrower place."""


class YearForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)


def _asked(request: PageRequest) -> tuple[YearForm, int]:
    form = YearForm(request.GET or {"year": request.today.year}, label_suffix="")
    return form, form.cleaned_data["year"] if form.is_valid() else request.today.year


def _found(request: PageRequest, year: int) -> list[figures.LineFigures]:
    lines = [line for line in queries.lines(request.actor)[:MOST_LINES] if line.current is not None]
    return figures.by_line(request.actor, lines, date(year, 1, 1), date(year + 1, 1, 1), request.now)


@page("case.view")
def figures_page(request: PageRequest) -> HttpResponse:
    """Today's counts, loads, and each line's year."""
    form, year = _asked(request)
    found = _found(request, year)
    context = {
        "form": form,
        "year": year,
        "today": figures.today(request.actor, request.now),
        "loads": figures.loads(request.actor, request.now),
        "lines": found,
        "whole": sum((one.whole for one in found), figures.NOTHING),
        "chart": _chart(found, year),
        "months": [(one.line, sorted(one.months.items())) for one in found if one.months],
    }
    return render(request, "desk/figures.html", context)


@page("case.view")
def figures_export(request: PageRequest) -> HttpResponse:
    """The months of each line as a workbook."""
    _form, year = _asked(request)
    heads = (
        _("Line"),
        _("Month"),
        pgettext("figure", "Received"),
        _("Answered"),
        pgettext("figure", "Closed"),
        _("Reopened"),
        _("Limits due"),
        _("Kept in time"),
    )
    rows = (
        (one.line.name, f"{month:%Y-%m}", m.received, m.answered, m.closed, m.reopened, m.due, m.kept)
        for one in _found(request, year)
        for month, m in sorted(one.months.items())
    )
    return workbook(_("Cases by line and month"), heads, rows)


def _chart(found: list[figures.LineFigures], year: int) -> dict[str, Any]:
    """The share of limits kept, by month and line, of those that were due."""
    months = [date(year, month, 1) for month in range(1, 13)]
    series = [
        {"name": one.line.name, "type": "line", "data": [_share(one.months.get(month)) for month in months]}
        for one in found
        if one.months
    ]
    return {
        "xAxis": {"type": "category", "data": [f"{month:%Y-%m}" for month in months]},
        "yAxis": {"type": "value", "min": 0, "max": 100, "name": "%"},
        "legend": {"bottom": 0},
        "series": series,
    }


def _share(kept: figures.Kept | None) -> float | None:
    return round(100 * kept.kept / kept.due, 1) if kept and kept.due else None
