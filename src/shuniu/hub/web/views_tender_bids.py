"""Opened bids as the buyer reads them, the ranking, and the papers of a tender."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuniu.hub.actions import tender_bids as actions
from shuniu.hub.bids import BidContent
from shuniu.hub.enums import BidState, CriterionKind, LowPrice
from shuniu.hub.models import Tender, TenderBid
from shuniu.hub.queries import tender_papers
from shuniu.hub.queries import tenders as queries
from shuniu.hub.rules.tender_draw import frame_hash
from shuniu.hub.tendering import path_of
from shuniu.hub.web import forms_tenders as own
from shuniu.hub.web.views_tenders import BOTH, answer_form, crumbs, editable
from shuniu.kernel.documents import answer
from shuniu.kernel.web.doing import posted
from shuniu.kernel.web.files import download
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

HUNDRED = 100


def points(hundredths: int | None) -> str:
    """Points as they are printed: with two decimals."""
    return "" if hundredths is None else f"{hundredths // HUNDRED}.{hundredths % HUNDRED:02d}"


def bid_in(row: Tender, number: int) -> TenderBid:
    """An opened bid of the tender; 404 for any other."""
    found = next((bid for bid in queries.opened_bids(row) if bid.pk == number), None)
    if found is None:
        raise Http404
    return found


def offered(row: Tender, content: BidContent | None) -> dict[str, Any]:
    """What a bid offers, line by line and criterion by criterion."""
    if content is None:
        return {"offers": [], "answers": [], "files": []}
    prices = [
        (line, content.prices.get(line.pk), content.prices.get(line.pk, 0) * line.quantity) for line in row.lines.all()
    ]
    answers = [
        (one.name, content.answers.get(one.pk, "")) for one in row.criteria.all() if one.kind != CriterionKind.PRICE
    ]
    return {"offers": prices, "answers": answers, "files": list(enumerate(content.files))}


@page("tender.view")
def tender_bid(request: PageRequest, pk: int, number: int) -> HttpResponse:
    """One opened bid."""
    row = get_or_404(queries.tenders(request.actor), pk=pk)
    bid = bid_in(row, number)
    edits = request.actor.may_at("tender.edit", path_of(row))
    context = {
        "tender": row,
        "bid": bid,
        "crumbs": crumbs(row),
        "file_url": "hub:tender_bid_file",
        "may_reject": edits and bid.state == BidState.VALID and row.state == "opened",
        "may_judge": edits and bid.low in {LowPrice.ASKED, LowPrice.EXPLAINED} and row.state in {"opened", "scored"},
        **offered(row, queries.read_bid(bid)),
    }
    return render(request, "hub/tender_bid.html", context)


@page("tender.view")
def tender_bid_file(request: PageRequest, pk: int, number: int, place: int) -> HttpResponse:
    """A file that came with an opened bid."""
    row = get_or_404(queries.tenders(request.actor), pk=pk)
    return file_of(queries.read_bid(bid_in(row, number)), place)


def file_of(content: BidContent | None, place: int) -> HttpResponse:
    """A file of a bid as a download, whatever it says it is."""
    if content is None or not 0 <= place < len(content.files):
        raise Http404
    return download(content.files[place].data, content.files[place].name, "application/octet-stream")


@page("tender.edit", methods=BOTH)
def tender_bid_reject(request: PageRequest, pk: int, number: int) -> HttpResponseBase:
    """Find a bid invalid."""
    row = editable(request, pk)
    bid = bid_in(row, number)
    form = own.ReasonForm(posted(request), label_suffix="")

    def act(data: dict[str, Any]) -> None:
        actions.reject_bid(actor=request.actor, now=request.now, bid=bid, reason=data["reason"])

    title = _("Find the bid of {name} invalid").format(name=bid.provider)
    return answer_form(request, row, form, act, _("The bid is invalid."), title, danger=True)


@page("tender.edit", methods=BOTH)
def tender_bid_judge(request: PageRequest, pk: int, number: int) -> HttpResponseBase:
    """Judge the explanation of a low price."""
    row = editable(request, pk)
    bid = bid_in(row, number)
    form = own.JudgeForm(posted(request), label_suffix="")

    def act(data: dict[str, Any]) -> None:
        told = {"accepted": data["accepted"] == "yes", "reason": data["reason"]}
        actions.judge_low_price(actor=request.actor, now=request.now, bid=bid, **told)

    title = _("Judge the low price of {name}").format(name=bid.provider)
    context = {"quoted": bid.low_answer or _("No explanation has come in yet."), "quoted_by": bid.provider.name}
    return answer_form(request, row, form, act, _("The price is judged."), title, **context)


@page("tender.view")
def tender_scores(request: PageRequest, pk: int) -> HttpResponse:
    """The ranking, each juror's points and how far they lie apart."""
    row = get_or_404(queries.tenders(request.actor), pk=pk)
    context = {"tender": row, "crumbs": crumbs(row), "rows": ranking_rows(row), **score_table(row)}
    return render(request, "hub/tender_scores.html", context | {"frame": frame_hash(row.draw_frame)})


def ranking_rows(row: Tender) -> list[dict[str, Any]]:
    """The ranking as a table shows it."""
    bids = {bid.pk: bid for bid in queries.opened_bids(row)}
    return [
        {
            "place": one.place,
            "bid": bids[one.bid],
            "url": reverse("hub:tender_bid", args=[row.pk, one.bid]),
            "price": points(one.price_points),
            "quality": points(one.quality_points),
            "total": points(one.total),
            "apart": one.spread
            and (points(one.spread.lowest), points(one.spread.highest), points(one.spread.deviation)),
        }
        for one in queries.result_of(row)
    ]


def score_table(row: Tender) -> dict[str, Any]:
    """Who gave what: a row for each juror and bid."""
    criteria = [one for one in row.criteria.all() if one.kind == CriterionKind.QUALITY]
    bids = {bid.pk: bid for bid in queries.opened_bids(row)}
    sheets = [
        {
            "bid": bids[key],
            "juror": sheet.juror.name,
            "marks": [points(sheet.points.get(one.pk, 0)) for one in criteria],
            "total": points(sheet.total),
            "remark": sheet.remark,
        }
        for key, listed in queries.sheets_of(row).items()
        if key in bids
        for sheet in listed
    ]
    return {"criteria": criteria, "sheets": sheets}


@page("tender.view")
def tender_paper(request: PageRequest, pk: int, kind: str, form: str) -> HttpResponse:
    """A paper of the tender as PDF or DOCX."""
    row = get_or_404(queries.tenders(request.actor), pk=pk)
    make = tender_papers.PAPERS.get(kind)
    document = make(row, request.today) if make else None
    if document is None:
        raise Http404
    return answer(request, document, f"{row.number} {document.title}", form)
