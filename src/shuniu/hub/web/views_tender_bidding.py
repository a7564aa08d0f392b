"""What a provider's manager sees: tenders that take bids, one's own bids, receipts."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.hub.actions import tender_award, tender_bids
from shuniu.hub.bids import BidContent, BidFile
from shuniu.hub.enums import BidState, CriterionKind, LowPrice
from shuniu.hub.models import Provider, Tender, TenderBid
from shuniu.hub.queries import tenders as queries
from shuniu.hub.tendering import standing_award
from shuniu.hub.web.forms_tenders import LONG, MoneyField
from shuniu.hub.web.views_tender_bids import file_of, offered
from shuniu.hub.web.views_tenders import BOTH, facts
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

LARGEST_FILE, FILES = 5_000_000, 3
ENDINGS = (".pdf", ".docx", ".xlsx", ".zip", ".jpg", ".png")
NONCE = 32


class BidForm(forms.Form):
    """A price for each line, an answer for each criterion, up to three files."""

    nonce = forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput)
    is_small = forms.BooleanField(
        label=gettext_lazy("We are a small or micro firm and declare so in writing."), required=False
    )
    controller = forms.CharField(
        label=gettext_lazy("Controlling shareholder or head"),
        max_length=120,
        help_text=gettext_lazy("Bidders with the same controller may not bid in one tender."),
    )

    def __init__(self, *args: Any, tender: Tender, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        self.lines = list(tender.lines.all())
        self.criteria = [one for one in tender.criteria.all() if one.kind == CriterionKind.QUALITY]
        for line in self.lines:
            label = _("{item}: price of one {unit} in yuan (of {quantity})")
            self.fields[f"line{line.pk}"] = MoneyField(
                label=label.format(item=line.name, unit=line.unit, quantity=line.quantity)
            )
        for one in self.criteria:
            self.fields[f"answer{one.pk}"] = forms.CharField(
                label=one.name, max_length=10_000, widget=LONG, required=False, help_text=one.guidance
            )
        for place in range(1, FILES + 1):
            help_text = _("PDF, DOCX, XLSX, ZIP or picture, at most 5 MB.") if place == 1 else ""
            self.fields[f"file{place}"] = forms.FileField(
                label=_("File {n}").format(n=place), required=False, help_text=help_text
            )
        self.order_fields(["nonce", *(f"line{line.pk}" for line in self.lines)])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for place in range(1, FILES + 1):
            sent = data.get(f"file{place}")
            if sent and (sent.size > LARGEST_FILE or not sent.name.lower().endswith(ENDINGS)):
                self.add_error(f"file{place}", ValidationError(_("PDF, DOCX, XLSX, ZIP or picture, at most 5 MB.")))
        return data

    def content(self) -> BidContent:
        """What was filled in."""
        data = self.cleaned_data
        sent = [data[f"file{place}"] for place in range(1, FILES + 1) if data.get(f"file{place}")]
        return BidContent(
            prices={line.pk: data[f"line{line.pk}"] for line in self.lines},
            answers={one.pk: data[f"answer{one.pk}"] for one in self.criteria},
            files=[BidFile(one.name[:120], one.content_type or "", one.read()) for one in sent],
            controller=data["controller"],
        )


class TextForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Text"), max_length=3000, widget=LONG)


def _provider(request: PageRequest) -> Provider:
    return tender_bids.provider_of(actor=request.actor, now=request.now)


def crumbs() -> list[tuple[Any, str]]:
    return [(_("Tenders and bids"), reverse("hub:bidding"))]


@page("provider.own")
def bidding(request: PageRequest) -> HttpResponse:
    """Tenders that take one's bids, and the bids one has sent."""
    provider = _provider(request)
    bids = queries.bids_of(request.actor).order_by("-received_at", "-pk")[:100]
    sealed = {bid.tender_id: bid for bid in bids if bid.state == BidState.SEALED}
    rows = [(row, sealed.get(row.pk)) for row in queries.tenders_for(provider, request.now)[:100]]
    return render(request, "hub/bidding.html", {"provider": provider, "rows": rows, "bids": bids})


@page("provider.own", methods=BOTH)
def bid_new(request: PageRequest, pk: int) -> HttpResponseBase:
    """Send a bid; one that was sent before is replaced."""
    provider = _provider(request)
    row: Tender = get_or_404(queries.public_tenders(), pk=pk)
    try:
        tender_bids.refuse_bidder(provider=provider, actor=request.actor, now=request.now, tender=row)
    except ActionError as error:
        messages.error(request, str(error))
        return redirect("hub:bidding")
    form = BidForm(posted(request), request.FILES or None, tender=row, initial={"nonce": token_hex(NONCE // 2)})
    made: list[TenderBid] = []

    def act(data: dict[str, Any]) -> None:
        told = {"content": form.content(), "nonce": data["nonce"], "is_small": data["is_small"]}
        made.append(tender_bids.submit_bid(actor=request.actor, now=request.now, tender=row, **told))

    if done(form, act):
        messages.success(request, _("Your bid is sealed. Keep the receipt."))
        return redirect("hub:bid", made[0].pk)
    earlier = queries.bids_of(request.actor).filter(tender=row, state=BidState.SEALED).exists()
    context = {"tender": row, "form": form, "earlier": earlier, "crumbs": crumbs(), "facts": facts(row)}
    context |= {"submit": _("Seal and send the bid"), "cancel_url": reverse("hub:bidding")}
    return render(request, "hub/bid_form.html", context)


@page("provider.own")
def bid(request: PageRequest, pk: int) -> HttpResponse:
    """One's own bid: its receipt, and after the opening what became of it."""
    row: TenderBid = get_or_404(queries.bids_of(request.actor), pk=pk)
    award = standing_award(row.tender)
    announced = award if award and award.announced_at else None
    context = {
        "bid": row,
        "tender": row.tender,
        "crumbs": crumbs(),
        "may_withdraw": row.state == BidState.SEALED and bool(row.tender.due_at and request.now < row.tender.due_at),
        "may_explain": row.low == LowPrice.ASKED and row.tender.state in {"opened", "scored"},
        "award": announced,
        "may_object": row.tender.state == "announced" and row.state in queries.OPENED,
        "objections": row.tender.objections.filter(provider=row.provider),
        "file_url": "",
        **offered(row.tender, queries.read_bid(row) if row.tender.opened_at else None),
    }
    return render(request, "hub/bid.html", context)


@page("provider.own")
def bid_file(request: PageRequest, pk: int, place: int) -> HttpResponse:
    """A file of one's own bid, after the opening."""
    row: TenderBid = get_or_404(queries.bids_of(request.actor), pk=pk)
    if not row.tender.opened_at:
        raise Http404
    return file_of(queries.read_bid(row), place)


@page("provider.own", methods=["POST"])
def bid_withdraw(request: PageRequest, pk: int) -> HttpResponseBase:
    """Take a sealed bid back."""
    row: TenderBid = get_or_404(queries.bids_of(request.actor), pk=pk)
    try:
        tender_bids.withdraw_bid(actor=request.actor, now=request.now, bid=row)
        messages.success(request, _("The bid is withdrawn. It will never be opened."))
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("hub:bid", pk)


def _text_page(request: PageRequest, row: TenderBid, title: str, act: Any, said: str) -> HttpResponseBase:
    form = TextForm(posted(request), label_suffix="")
    if done(form, act):
        messages.success(request, said)
        return redirect("hub:bid", row.pk)
    back = reverse("hub:bid", args=[row.pk])
    context = {"tender": row.tender, "form": form, "title": title, "crumbs": [*crumbs(), (row.tender.title, back)]}
    return render(request, "hub/tender_form.html", context | {"submit": _("Send"), "cancel_url": back})


@page("provider.own", methods=BOTH)
def bid_explain(request: PageRequest, pk: int) -> HttpResponseBase:
    """Explain a low price."""
    row: TenderBid = get_or_404(queries.bids_of(request.actor), pk=pk)

    def act(data: dict[str, Any]) -> None:
        tender_bids.explain_low_price(actor=request.actor, now=request.now, bid=row, text=data["text"])

    return _text_page(request, row, _("Explain the low price"), act, _("The explanation is sent."))


@page("provider.own", methods=BOTH)
def bid_object(request: PageRequest, pk: int) -> HttpResponseBase:
    """Object to the result."""
    row: TenderBid = get_or_404(queries.bids_of(request.actor), pk=pk)

    def act(data: dict[str, Any]) -> None:
        tender_award.object_to_award(actor=request.actor, now=request.now, tender=row.tender, text=data["text"])

    return _text_page(request, row, _("Object to the result"), act, _("The objection is received."))
