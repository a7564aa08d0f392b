"""The papers of a tender: notice, record of the opening, summary of the scoring, notice of the award."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuniu.hub.models import Tender
from shuniu.hub.queries import tenders as queries
from shuniu.hub.rules.tender_draw import frame_hash
from shuniu.hub.tendering import standing_award
from shuniu.kernel.documents import Block, Document, Facts, Grid, Heading, Signatures, Signed, Text
from shuniu.kernel.web.formats import date_text, moment_text, money

HUNDRED = 100


def notice(tender: Tender, today: date) -> Document | None:
    """The notice, once it is out."""
    if tender.published_at is None:
        return None
    blocks: tuple[Block, ...] = (
        Facts(_about(tender)),
        Heading(_("Requirement")),
        Text(tender.need),
        Grid(
            (pgettext("tender", "Item"), _("Unit"), _("Quantity")),
            [(one.name, one.unit, one.quantity) for one in tender.lines.all()],
        ),
        Heading(_("How bids are scored")),
        Grid(
            (_("Criterion"), _("Points"), _("How points are given")),
            [(one.name, one.points, one.guidance) for one in tender.criteria.all()],
            widths=(2, 1, 4),
        ),
        Signed(tender.organisation.name, date_text(tender.published_at.date())),
    )
    return _paper(tender, _("Notice of tender"), blocks)


def _about(tender: Tender) -> list[tuple[str, Any]]:
    return [
        (_("Project"), tender.title),
        (pgettext("tender", "Number"), tender.number),
        (pgettext("tender", "Method"), tender.get_method_display()),
        (_("Budget and highest price"), _("{amount} yuan").format(amount=money(tender.budget))),
        (_("Bids due and opened"), moment_text(tender.due_at)),
        (_("Documents offered until"), date_text(tender.documents_until)),
    ]


def opening(tender: Tender, today: date) -> Document | None:
    """The record of the opening."""
    if tender.opened_at is None:
        return None
    bids = queries.opened_bids(tender)
    rows = [
        (bid.provider.name, moment_text(bid.received_at), money(bid.total), bid.get_state_display(), bid.digest[:16])
        for bid in bids
    ]
    seats = [seat for seat in tender.seats.select_related("user") if seat.released_at]
    blocks: tuple[Block, ...] = (
        Facts([*_about(tender), (pgettext("tender", "Opened at"), moment_text(tender.opened_at))]),
        Heading(_("Bids")),
        Grid(
            (
                _("Bidder"),
                pgettext("bid", "Received at"),
                pgettext("bid", "Price (yuan)"),
                pgettext("bid", "State"),
                _("Fingerprint"),
            ),
            rows,
            widths=(4, 3, 2, 2, 3),
        ),
        Text(_("Opened by: {names}").format(names=_("; ").join(seat.user.name for seat in seats))),
        Signatures(tuple(seat.user.name for seat in seats)),
    )
    return _paper(tender, _("Record of the opening of bids"), blocks)


def scoring(tender: Tender, today: date) -> Document | None:
    """The summary of the scoring."""
    results = queries.result_of(tender)
    if not results:
        return None
    names = {bid.pk: bid.provider.name for bid in queries.opened_bids(tender)}
    rows = [
        (
            one.place,
            names[one.bid],
            money(one.price),
            _points(one.price_points),
            _points(one.quality_points),
            _points(one.total),
        )
        for one in results
    ]
    jurors = [one for one in tender.jurors.all() if one.submitted_at]
    blocks: tuple[Block, ...] = (
        Facts([(_("Project"), tender.title), (pgettext("tender", "Number"), tender.number)]),
        Grid(
            (
                pgettext("ranking", "Place"),
                _("Bidder"),
                pgettext("bid", "Price (yuan)"),
                _("Points for the price"),
                _("Other points"),
                pgettext("points", "Total"),
            ),
            rows,
            widths=(1, 4, 2, 2, 2, 2),
        ),
        *_sheets(tender, names),
        Text(
            _("Experts were drawn with the seed {seed} from the frame {frame}.").format(
                seed=tender.draw_seed, frame=frame_hash(tender.draw_frame)
            )
        ),
        Signatures(tuple(one.name for one in jurors)),
    )
    return _paper(tender, _("Summary of the scoring"), blocks)


def _sheets(tender: Tender, names: dict[int, str]) -> list[Block]:
    rows = [
        (names.get(key, ""), sheet.juror.name, _points(sheet.total), sheet.remark)
        for key, sheets in queries.sheets_of(tender).items()
        for sheet in sheets
    ]
    if not rows:
        return []
    heads = (_("Bidder"), _("Scored by"), _("Other points"), pgettext("score", "Remark"))
    return [Grid(heads, rows, widths=(3, 2, 2, 4), title=_("Points by each who scored"))]


def award(tender: Tender, today: date) -> Document | None:
    """The notice of the award."""
    given = standing_award(tender)
    if given is None or given.announced_at is None:
        return None
    told = [
        (_("Project"), tender.title),
        (pgettext("tender", "Number"), tender.number),
        (_("Awarded to"), given.bid.provider.name),
        (_("Amount"), _("{amount} yuan").format(amount=money(given.amount))),
        (_("Objections until"), date_text(given.objections_until)),
        (_("Agreement due on"), date_text(given.agreement_due)),
    ]
    blocks: tuple[Block, ...] = (
        Text(_("{name}:").format(name=given.bid.provider.name), to=True),
        Text(_("In this tender your bid was found the best. Please make the agreement by the day named below.")),
        Facts(told),
        Signed(tender.organisation.name, date_text(given.announced_at.date())),
    )
    return _paper(tender, _("Notice of the award"), blocks)


def _points(hundredths: int) -> str:
    return f"{hundredths // HUNDRED}.{hundredths % HUNDRED:02d}"


def _paper(tender: Tender, title: str, blocks: tuple[Block, ...]) -> Document:
    return Document(title, head=tender.organisation.name, number=tender.number, blocks=blocks)


Maker = Callable[[Tender, date], Document | None]
PAPERS: dict[str, Maker] = {"notice": notice, "opening": opening, "scoring": scoring, "award": award}


def at_hand(tender: Tender) -> list[tuple[str, str]]:
    """The papers that a tender has come to, with their keys."""
    award_given = standing_award(tender)
    told = (
        (tender.published_at is not None, _("Notice of tender"), "notice"),
        (tender.opened_at is not None, _("Record of the opening of bids"), "opening"),
        (tender.scored_at is not None, _("Summary of the scoring"), "scoring"),
        (award_given is not None and award_given.announced_at is not None, _("Notice of the award"), "award"),
    )
    return [(label, kind) for there, label, kind in told if there]
