"""What an expert sees: ties to declare, bids to read, points to give."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from shuniu.hub.actions import tender_experts
from shuniu.hub.actions.tender_scoring import Marks, save_marks
from shuniu.hub.enums import BidState, CriterionKind, JurorState
from shuniu.hub.models import Tender, TenderBid, TenderCriterion, TenderJuror
from shuniu.hub.queries import tenders as queries
from shuniu.hub.ranking import points_of
from shuniu.hub.web import forms_tenders as own
from shuniu.hub.web.views_tender_bids import bid_in, file_of, offered, points
from shuniu.hub.web.views_tenders import BOTH, facts
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

SCORES = ("tender.score", "tender.view")
HUNDRED = 100
READS = {JurorState.DECLARED, JurorState.SUBMITTED}


def _own(request: PageRequest, pk: int) -> tuple[Tender, TenderJuror]:
    row: Tender = get_or_404(queries.tenders(request.actor), pk=pk)
    juror = row.jurors.filter(user_id=request.actor.user_id or 0).first()
    if juror is None:
        raise PermissionDenied("no part in scoring")
    return row, juror


class SheetForm(forms.Form):
    """Points for every bid and criterion, and a remark for each bid."""

    def __init__(self, *args: Any, bids: list[TenderBid], criteria: list[TenderCriterion], **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        self.bids, self.criteria = bids, criteria
        for bid in bids:
            for one in criteria:
                self.fields[f"b{bid.pk}c{one.pk}"] = _points_field(one)
            self.fields[f"b{bid.pk}remark"] = forms.CharField(
                label=pgettext_lazy("score", "Remark"),
                max_length=500,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def parts(self) -> list[dict[str, Any]]:
        """Bid by bid, as the page shows them."""
        return [
            {
                "bid": bid,
                "fields": [self[f"b{bid.pk}c{one.pk}"] for one in self.criteria],
                "remark": self[f"b{bid.pk}remark"],
            }
            for bid in self.bids
        ]

    def marks(self) -> dict[int, Marks]:
        """What was filled in, in hundredths."""
        data, found = self.cleaned_data, {}
        for bid in self.bids:
            given = {one.pk: data[f"b{bid.pk}c{one.pk}"] for one in self.criteria}
            told = {key: int(value * HUNDRED) for key, value in given.items() if value is not None}
            remark = data[f"b{bid.pk}remark"]
            if told or remark:
                found[bid.pk] = Marks(told, remark)
        return found


def _points_field(one: TenderCriterion) -> forms.DecimalField:
    label = _("{criterion} (at most {points})").format(criterion=one.name, points=one.points)
    box = forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal"})
    return forms.DecimalField(
        label=label,
        min_value=Decimal(0),
        max_value=Decimal(one.points),
        decimal_places=2,
        max_digits=5,
        required=False,
        widget=box,
        help_text=one.guidance,
    )


@page(*SCORES, methods=BOTH)
def scoring(request: PageRequest, pk: int) -> HttpResponseBase:
    """Declare ties first; then the sheet; then what was handed in."""
    row, juror = _own(request, pk)
    if juror.state == JurorState.DRAWN:
        return _declare(request, row)
    if juror.state == JurorState.RECUSED:
        return render(request, "hub/scoring_done.html", {"tender": row, "juror": juror, "crumbs": crumbs()})
    bids = [bid for bid in queries.opened_bids(row) if bid.state == BidState.VALID]
    criteria = [one for one in row.criteria.all() if one.kind == CriterionKind.QUALITY]
    if juror.state == JurorState.SUBMITTED or row.state != "opened":
        return _handed_in(request, row, juror, bids, criteria)
    form = SheetForm(posted(request), bids=bids, criteria=criteria, initial=_initial(juror))
    submit = "submit" in request.POST

    def act(data: dict[str, Any]) -> None:
        marks = form.marks()
        save_marks(actor=request.actor, now=request.now, tender=row, marks=marks, submit=submit)

    if done(form, act):
        messages.success(request, _("Your scores are handed in.") if submit else _("Your scores are kept."))
        return redirect("hub:scoring", pk)
    context = {"tender": row, "form": form, "crumbs": crumbs(), "facts": facts(row)}
    return render(request, "hub/scoring_sheet.html", context)


def crumbs() -> list[tuple[Any, str]]:
    return [(_("My tenders"), reverse("hub:my_tenders"))]


def _declare(request: PageRequest, row: Tender) -> HttpResponseBase:
    form = own.DeclareForm(posted(request), label_suffix="")

    def act(data: dict[str, Any]) -> None:
        recusal = data["recusal"] if data["tie"] == "yes" else ""
        tender_experts.declare_ties(actor=request.actor, now=request.now, tender=row, recusal=recusal)

    if done(form, act):
        messages.success(request, _("Your declaration is kept."))
        return redirect("hub:scoring", row.pk)
    names = [bid.provider for bid in queries.opened_bids(row)]
    context = {"tender": row, "form": form, "bidders": names, "crumbs": crumbs(), "submit": _("Declare")}
    return render(request, "hub/scoring_declare.html", context)


def _initial(juror: TenderJuror) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for mark in juror.marks.all():
        found |= {f"b{mark.bid_id}c{key}": Decimal(value) / HUNDRED for key, value in points_of(mark).items()}
        found[f"b{mark.bid_id}remark"] = mark.remark
    return found


def _handed_in(
    request: PageRequest, row: Tender, juror: TenderJuror, bids: list[TenderBid], criteria: list[TenderCriterion]
) -> HttpResponse:
    marks = {mark.bid_id: mark for mark in juror.marks.all()}
    rows = []
    for bid in bids:
        given = points_of(marks[bid.pk]) if bid.pk in marks else {}
        rows.append((bid, [points(given.get(one.pk)) for one in criteria], points(sum(given.values()))))
    context = {"tender": row, "juror": juror, "rows": rows, "criteria": criteria, "crumbs": crumbs()}
    return render(request, "hub/scoring_done.html", context)


@page(*SCORES)
def scoring_bid(request: PageRequest, pk: int, number: int) -> HttpResponse:
    """One bid as somebody reads it who has declared."""
    row, juror = _own(request, pk)
    if juror.state not in READS:
        raise PermissionDenied("ties not declared")
    bid = bid_in(row, number)
    back = [*crumbs(), (row.title, reverse("hub:scoring", args=[pk]))]
    context = {"tender": row, "bid": bid, "crumbs": back, "file_url": "hub:scoring_bid_file"}
    return render(request, "hub/tender_bid.html", context | offered(row, queries.read_bid(bid)))


@page(*SCORES)
def scoring_bid_file(request: PageRequest, pk: int, number: int, place: int) -> HttpResponse:
    """A file of that bid."""
    row, juror = _own(request, pk)
    if juror.state not in READS:
        raise PermissionDenied("ties not declared")
    return file_of(queries.read_bid(bid_in(row, number)), place)
