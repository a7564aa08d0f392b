"""Notices and results that everybody may read, on a page and as open data."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.hub import releases
from shuniu.hub.enums import TenderState
from shuniu.hub.models import Tender
from shuniu.hub.queries import tenders as queries
from shuniu.hub.rules.tenders import TENDER, TONES
from shuniu.hub.tendering import standing_award
from shuniu.hub.web import forms_tenders as own
from shuniu.hub.web.views_tender_bids import ranking_rows
from shuniu.hub.web.views_tenders import consulted, facts
from shuniu.kernel.web.doing import key_in
from shuniu.kernel.web.formats import moment_text
from shuniu.kernel.web.lists import Column, Empty, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

PAGE = 200
TOLD = {TenderState.ANNOUNCED, TenderState.AWARDED}

NOTICES = ListPage[Tender](
    title=gettext_lazy("Notices of tenders"),
    unit=pgettext_lazy("unit", "tender notices"),
    columns=(
        Column("title", pgettext_lazy("tender", "Title"), link=True),
        Column(
            "state",
            pgettext_lazy("tender", "State"),
            value=lambda row: row.get_state_display(),
            tone=lambda row: TONES[TenderState(row.state)],
        ),
        Column("method", pgettext_lazy("tender", "Method"), value=lambda row: row.get_method_display()),
        Column("budget", gettext_lazy("Budget (yuan)"), kind=Kind.MONEY),
        Column("organisation", gettext_lazy("Buyer"), value="organisation.name", narrow=False),
        Column("due_at", gettext_lazy("Bids due"), value=lambda row: moment_text(row.due_at)),
    ),
    default_order=("-published_at", "-pk"),
    filters=own.TenderFilter,
    row_url=lambda row: reverse("hub:notice", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No notices yet"), gettext_lazy("Tenders appear here when their notice is published."), "", ""
    ),
)


@page(public=True)
def notices(request: PageRequest) -> HttpResponse:
    """Notices and results, the latest first."""
    return NOTICES.answer(request, queries.public_tenders())


@page(public=True)
def notice(request: PageRequest, pk: int) -> HttpResponse:
    """One notice, with its clarifications and, once announced, its result."""
    row = get_or_404(queries.public_tenders(), pk=pk)
    award = standing_award(row)
    told = row.state in TOLD and award is not None
    context = {
        "tender": row,
        "state": TENDER.of(TenderState(row.state)),
        "crumbs": [(NOTICES.title, reverse("hub:notices"))],
        "facts": facts(row),
        "consulted": consulted(row),
        "lines": row.lines.all(),
        "criteria": row.criteria.all(),
        "notes": row.notes.all(),
        "award": award if told else None,
        "rows": ranking_rows(row) if told else [],
        "may_bid": row.state == TenderState.PUBLISHED and bool(row.due_at and request.now < row.due_at),
        "is_manager": request.actor.may("provider.own"),
    }
    return render(request, "hub/notice.html", context)


def _package(request: PageRequest, bodies: list[dict[str, Any]], record: bool) -> JsonResponse:  # noqa: FBT001 -- which of two
    told: dict[str, Any] = {"uri": request.build_absolute_uri(), "publisher": str(_("Shuniu")), "now": request.now}
    body = (
        releases.record_package(bodies, releases.compiled(bodies), **told)
        if record
        else releases.package(bodies, **told)
    )
    answer = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@page(public=True)
def notice_releases(request: PageRequest, pk: int) -> HttpResponse:
    """All releases of a tender as an OCDS 1.1 release package."""
    row = get_or_404(queries.public_tenders(), pk=pk)
    return _package(request, queries.release_bodies(row), record=False)


@page(public=True)
def notice_record(request: PageRequest, pk: int) -> HttpResponse:
    """The same as an OCDS 1.1 record package, with what the releases come to."""
    row = get_or_404(queries.public_tenders(), pk=pk)
    return _package(request, queries.release_bodies(row), record=True)


@page(public=True)
def releases_of_year(request: PageRequest, year: int) -> HttpResponse:
    """Releases of a year, 200 at a time; `?after=` goes on behind a key, and the next address is in the Link header."""
    if not 2000 <= year <= 2200:
        raise Http404
    after = key_in(request.GET.get("after", "0")) or 0
    found = queries.releases_of_year(year, after, PAGE)
    answer = _package(request, [one.body for one in found], record=False)
    if len(found) == PAGE:
        url = request.build_absolute_uri(f"{request.path}?after={found[-1].pk}")
        answer["Link"] = f'<{url}>; rel="next"'
    return answer
