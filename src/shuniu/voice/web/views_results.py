"""What ratings say, and the comments that wait for a moderator."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.formats import month_text
from shuniu.kernel.web.lists import Column, Empty, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.voice.actions import ratings as actions
from shuniu.voice.enums import Dimension
from shuniu.voice.models import Rating
from shuniu.voice.queries import results as queries
from shuniu.voice.queries.results import Group, Of
from shuniu.voice.web.forms import ModerateForm, YearForm
from shuniu.voice.web.words import mean_text, share_text

BOTH = ("GET", "POST")

COMMENTS = ListPage[Rating](
    title=gettext_lazy("Comments to be moderated"),
    unit=pgettext_lazy("unit", "comments"),
    columns=(
        Column("comment", gettext_lazy("Comment"), value=lambda row: row.comment[:60], link=True),
        Column("stars", gettext_lazy("Stars"), kind=Kind.NUMBER),
        Column("line", gettext_lazy("Service line"), value="line_name"),
        Column("given_on", gettext_lazy("Given on"), kind=Kind.DATE, narrow=False),
    ),
    default_order=("given_on", "pk"),
    row_url=lambda row: reverse("voice:comment", args=[row.pk]),
    empty=Empty(
        gettext_lazy("Nothing to moderate"),
        gettext_lazy("What people write beside their stars waits here until somebody has read it."),
    ),
)


@page("rating.view")
def results(request: PageRequest) -> HttpResponse:
    """Figures of a year: the whole, and by line, provider, professional and month."""
    rows = queries.ratings(request.actor)
    lines = [(group.key, group.name) for group in queries.results_by(Dimension.LINE, Of(), on=request.today, rows=rows)]
    form = YearForm(request.GET, request.today, lines)
    year, line = form.chosen()
    of = Of(date(year, 1, 1), date(year + 1, 1, 1), lines=[line] if line else None)
    groups = {one: queries.results_by(one, of, on=request.today, rows=rows) for one in Dimension}
    whole = queries.result_of_rows(rows, of, on=request.today)
    context = {
        "form": form,
        "year": year,
        "whole": whole,
        "mean_bounds": mean_text(whole.mean),
        "share_bounds": share_text(whole.share),
        "spread": list(zip(range(5, 0, -1), reversed(whole.spread), strict=True)),
        "chart": _chart(groups[Dimension.MONTH]),
        "tables": [(one.label, groups[one]) for one in Dimension if one is not Dimension.MONTH],
        "months": [(month_text(group.key), group.result) for group in groups[Dimension.MONTH]],
        "waiting": queries.comments_waiting(request.actor).count() if request.actor.may("rating.moderate") else 0,
    }
    return render(request, "voice/results.html", context)


def _chart(months: list[Group]) -> dict[str, Any]:
    shown = [group for group in months if group.result.mean]
    return {
        "grid": {"left": 8, "right": 16, "top": 24, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": [month_text(group.key) for group in shown]},
        "yAxis": {"type": "value", "min": 1, "max": 5},
        "series": [
            {
                "type": "line",
                "name": _("Mean of the stars"),
                "data": [round(group.result.mean.value, 2) for group in shown if group.result.mean],
            }
        ],
    }


@page("rating.moderate")
def comments(request: PageRequest) -> HttpResponse:
    """Comments that nobody has looked at."""
    return COMMENTS.answer(request, queries.comments_waiting(request.actor))


@page("rating.moderate", methods=BOTH)
def comment(request: PageRequest, pk: int) -> HttpResponseBase:
    """One comment: word it for the public, or withhold it."""
    row = get_or_404(queries.comments_waiting(request.actor), pk=pk)
    form = ModerateForm(request.POST if request.method == "POST" else None, initial={"wording": row.comment})
    if request.method == "POST" and form.is_valid() and _moderated(request, row, form):
        return redirect("voice:comments")
    context = {"form": form, "row": row, "cancel_url": reverse("voice:comments"), "submit": _("Make public")}
    return render(request, "voice/comment.html", context)


def _moderated(request: PageRequest, row: Rating, form: ModerateForm) -> bool:
    try:
        if "withhold" in request.POST:
            actions.withhold_comment(row, actor=request.actor, now=request.now)
            messages.success(request, _("The comment is withheld. The stars count all the same."))
        else:
            actions.publish_comment(row, form.cleaned_data["wording"], actor=request.actor, now=request.now)
            messages.success(request, _("The comment is public in your wording."))
    except ActionError as error:
        form.add_error("wording", str(error))
        return False
    return True
