"""Scoring: everybody alone, sealed until all have handed in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shuniu.hub.actions.tender_experts import own_juror
from shuniu.hub.enums import CriterionKind, JurorState, TenderMethod, TenderState
from shuniu.hub.models import Tender, TenderJuror, TenderMark
from shuniu.hub.rules.tender_scoring import HUNDRED
from shuniu.hub.rules.tenders import committee_rule
from shuniu.hub.tendering import active_jurors, bidders_verdict, day_of, locked, move, valid_bids, verdict_for
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor


@dataclass(frozen=True, slots=True)
class Marks:
    """One juror's view of one bid: hundredths of a point by the key of the criterion, and a remark."""

    points: Mapping[int, int]
    remark: str = ""


@transaction.atomic(durable=True)
def save_marks(*, actor: Actor, now: datetime, tender: Tender, marks: Mapping[int, Marks], submit: bool) -> None:
    """Keep one's marks by the key of the bid; with `submit`, hand them in for good. The last one closes the scoring.

    Raises:
        PermissionDenied: the actor does not score this tender.
        ActionError: handed in already, ties not declared, points out of bounds, or, on handing in, a mark is missing.
    """
    tender = locked(tender)
    juror = own_juror(tender=tender, actor=actor, now=now)
    _refuse_state(tender, juror)
    criteria = {one.pk: one for one in tender.criteria.all() if one.kind == CriterionKind.QUALITY}
    bids = set(valid_bids(tender).values_list("pk", flat=True))
    for bid, given in marks.items():
        if bid not in bids:
            raise ActionError(_("One of these bids is not valid any more. Please load the page again."))
        for key, points in given.points.items():
            if key not in criteria or not 0 <= points <= criteria[key].points * HUNDRED:
                raise ActionError(_("Points lie between nought and what the criterion allows."))
        _write(juror, bid, given, now)
    if submit:
        _hand_in(tender, juror, bids, set(criteria), now)
        trail.record("tender.marks_handed_in", tender, actor=actor, now=now, detail={"state": tender.state})
    else:
        trail.record("tender.marks_saved", tender, actor=actor, now=now, detail={"bids": len(marks)})


def _refuse_state(tender: Tender, juror: TenderJuror) -> None:
    if juror.state == JurorState.SUBMITTED:
        raise ActionError(_("Your scores are handed in and cannot be changed."))
    if juror.state != JurorState.DECLARED or tender.state != TenderState.OPENED:
        raise ActionError(_("Declare first whether anything ties you to a bidder."))


def _write(juror: TenderJuror, bid: int, given: Marks, now: datetime) -> None:
    points = json.dumps({str(key): value for key, value in given.points.items()})
    TenderMark.everything.update_or_create(
        juror=juror, bid_id=bid, defaults={"points": points, "remark": given.remark[:500], "at": now}
    )


def _hand_in(tender: Tender, juror: TenderJuror, bids: set[int], criteria: set[int], now: datetime) -> None:
    wanted = {str(key) for key in criteria}
    complete = {mark.bid_id for mark in juror.marks.all() if set(json.loads(mark.points)) >= wanted}
    if wanted and bids - complete:
        raise ActionError(_("Some points are still missing. Every valid bid gets points for every criterion."))
    rows = TenderJuror.objects.unscoped(reason="the actor's own place among those who score")
    rows.filter(pk=juror.pk).update(state=JurorState.SUBMITTED, submitted_at=now)
    if not active_jurors(tender).exclude(state=JurorState.SUBMITTED).exists():
        _close(tender, now)


def _close(tender: Tender, now: datetime) -> None:
    """All have handed in: the sheets are opened, if the committee is still large enough and enough bids are valid."""
    size, today = active_jurors(tender).count(), day_of(now)
    if verdict_for(tender, committee_rule(TenderMethod(tender.method)), today, size).ok is False:
        return
    if bidders_verdict(tender, valid_bids(tender).count(), today, opened=True).ok is False:
        return
    move(tender, TenderState.SCORED, scored_at=now)
