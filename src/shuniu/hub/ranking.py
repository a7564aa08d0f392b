"""The ranking of a tender's bids, from the sheets that were handed in."""

from __future__ import annotations

import json

from shuniu.hub.enums import BidState, CriterionKind, JurorState
from shuniu.hub.models import Tender, TenderAward, TenderBid, TenderJuror, TenderMark
from shuniu.hub.rules.tender_scoring import Entry, Result, ranking


def points_of(mark: TenderMark) -> dict[int, int]:
    """Hundredths of a point by the key of the criterion."""
    return {int(key): points for key, points in json.loads(mark.points or "{}").items()}


def ranked(tender: Tender) -> list[Result]:
    """Valid bids from the best. To be asked only once scoring is closed."""
    bids = list(
        TenderBid.objects.unscoped(reason="ranks a tender in sight").filter(tender=tender, state=BidState.VALID)
    )
    handed_in = TenderJuror.objects.unscoped(reason="ranks a tender in sight").filter(
        tender=tender, state=JurorState.SUBMITTED
    )
    rows = TenderMark.objects.unscoped(reason="ranks a tender in sight").filter(juror__in=handed_in, bid__in=bids)
    marks: dict[int, list[int]] = {}
    for mark in rows.order_by("juror_id"):
        marks.setdefault(mark.bid_id, []).append(sum(points_of(mark).values()))
    points = next((one.points for one in tender.criteria.all() if one.kind == CriterionKind.PRICE), 0)
    entries = (Entry(bid.pk, bid.total or 0, bid.is_small, tuple(marks.get(bid.pk, ()))) for bid in bids)
    return ranking(entries, points=points, discount=tender.small_discount)


def candidates(tender: Tender) -> set[int]:
    """Keys of the bids that may be proposed: those in the first place among bids whose award was not taken back."""
    rows = TenderAward.objects.unscoped(reason="awards of a tender in sight")
    gone = set(rows.filter(tender=tender).exclude(taken_back_at=None).values_list("bid_id", flat=True))
    left = [one for one in ranked(tender) if one.bid not in gone]
    return {one.bid for one in left if one.place == left[0].place}
