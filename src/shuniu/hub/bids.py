"""What stands in a bid, before it is sealed and after it is opened."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from shuniu.hub.enums import BidState
from shuniu.hub.models import Tender, TenderBid
from shuniu.hub.rules.tender_scoring import bid_total, looks_too_low
from shuniu.hub.rules.tender_sealing import open_bid
from shuniu.kernel.money import format_yuan


@dataclass(frozen=True, slots=True)
class BidFile:
    """A file that came with a bid."""

    name: str
    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class BidContent:
    """What a bidder offers: unit prices in fen by the key of the line, answers by the key of the criterion, files."""

    prices: Mapping[int, int]
    answers: Mapping[int, str] = field(default_factory=dict)
    files: Sequence[BidFile] = ()
    controller: str = ""

    def packed(self) -> bytes:
        """As it is sealed."""
        files = [{"name": one.name, "kind": one.kind, "data": b64encode(one.data).decode()} for one in self.files]
        told = {
            "prices": {str(line): price for line, price in self.prices.items()},
            "answers": {str(one): text for one, text in self.answers.items()},
            "files": files,
            "controller": self.controller,
        }
        return json.dumps(told, ensure_ascii=False).encode()

    @classmethod
    def unpacked(cls, packed: bytes) -> BidContent:
        told = json.loads(packed)
        return cls(
            {int(line): price for line, price in told["prices"].items()},
            {int(one): text for one, text in told["answers"].items()},
            tuple(BidFile(one["name"], one["kind"], b64decode(one["data"])) for one in told["files"]),
            told["controller"],
        )


def content_of(bid: TenderBid) -> BidContent:
    """The content of an opened bid.

    Raises:
        SealError: it was not opened, or was altered since.
    """
    return BidContent.unpacked(open_bid(bytes(bid.content), bytes.fromhex(bid.opened_key), bid.context))


def total_of(content: BidContent, tender: Tender) -> tuple[int | None, str]:
    """What a bid comes to in fen, and why it is invalid; empty for a valid one."""
    quantities = {line.pk: line.quantity for line in tender.lines.all()}
    if quantities.keys() - content.prices.keys():
        return None, _("It names no price for one of the items.")
    total = bid_total(content.prices, quantities)
    if total <= 0 or any(content.prices[line] < 0 for line in quantities):
        return total, _("A price that is not above zero is invalid.")
    if total > tender.budget:
        over = _("Its price, {price} yuan, is above the budget.")
        return total, over.format(price=format_yuan(total))
    return total, ""


def low_prices(tender: Tender, bids: Sequence[TenderBid], *, of_mean: int, of_ceiling: int) -> list[TenderBid]:
    """Valid bids whose price has to be explained."""
    valid = [bid for bid in bids if bid.state == BidState.VALID and bid.total]
    prices = [bid.total or 0 for bid in valid]
    return [
        bid
        for bid in valid
        if looks_too_low(bid.total or 0, prices, tender.budget, of_mean=of_mean, of_ceiling=of_ceiling)
    ]
