"""The tender each page is asked about: one of Alice's union, so that Charlie and the stranger show what strangers get."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from shuniu.hub.actions import tender_award
from shuniu.hub.enums import ServiceKind
from shuniu.hub.models import ProviderStaff, TenderBid, TenderExpert, TenderObjection
from shuniu.hub.ranking import ranked
from tests.factories import Cast
from tests.hub.making import make_duty, make_manager, make_provider
from tests.hub.tendering import AFTER, NOW, YUAN, Stage, draft, jury, published, release, send, set_stage

TENDER_PAGES = (
    "tender",
    "tender_edit",
    "tender_committee",
    "tender_code",
    "tender_code_make",
    "tender_code_confirm",
    "tender_open",
    "tender_note",
    "tender_draw",
    "tender_scores",
    "scoring",
)


Maker = Callable[[Cast], Any]


def once(make: Maker) -> Maker:
    """Make it for the first page that asks, and show the same to the others: nothing that a page does is kept."""
    kept: list[tuple[Cast, Any]] = []

    def made(cast: Cast) -> Any:
        if not kept or kept[0][0] is not cast:
            kept[:] = [(cast, make(cast))]
        return kept[0][1]

    return made


def _stage(cast: Cast) -> Stage:
    stage = set_stage(district=cast.union)
    stage.duty = make_duty(cast.union)
    return stage


@once
def _draft(cast: Cast) -> dict[str, Any]:
    return {"pk": draft(_stage(cast)).pk}


@once
def _notice(cast: Cast) -> dict[str, Any]:
    stage = _stage(cast)
    published(stage, due_at=timezone.now() + timedelta(days=30))
    return {"pk": stage.tender.pk}


@once
def _provider(cast: Cast) -> Any:
    """The provider whose bid is asked about."""
    return make_provider(cast.union)


def _act(cast: Cast) -> None:
    """Let the cast's manager act for that provider, whichever other pages have given her to since."""
    provider = _provider(cast)
    ProviderStaff.everything.filter(user=cast.manager.user, ended_at=None).update(ended_at=timezone.now())
    make_manager(provider, cast.manager, NOW)


@once
def _award(cast: Cast) -> tuple[Stage, TenderObjection]:
    """An announced award with an objection; one of the bids is the manager's."""
    stage = _stage(cast)
    published(stage)
    for price, provider in ((1200, None), (1000, _provider(cast)), (1500, None)):
        send(stage, price * YUAN, provider)
    release(stage)
    jury(stage)
    tender = stage.again()
    best = TenderBid.everything.get(pk=ranked(tender)[0].bid)
    tender_award.propose_award(actor=stage.clerk, now=AFTER, tender=tender, bid=best)
    tender_award.decide_award(actor=stage.chief, now=AFTER, tender=tender)
    tender_award.announce_award(actor=stage.clerk, now=AFTER, tender=tender)
    told = {"provider": best.provider, "text": "评分有误", "received_at": AFTER}
    return stage, TenderObjection.everything.create(tender=tender, **told)


def _opened(cast: Cast) -> dict[str, Any]:
    stage, _ = _award(cast)
    return {"pk": stage.tender.pk, "number": stage.bids[0].pk}


def _own_bid(cast: Cast) -> dict[str, Any]:
    _act(cast)
    stage, _ = _award(cast)
    return {"pk": stage.bids[1].pk}


def _objection(cast: Cast) -> dict[str, Any]:
    stage, objection = _award(cast)
    return {"pk": stage.tender.pk, "number": objection.pk}


@once
def _expert(cast: Cast) -> dict[str, Any]:
    expert = TenderExpert.everything.create(
        organisation=cast.union, number="E901", user=cast.expert.user, name="艾评", fields=[ServiceKind.ADVICE]
    )
    return {"pk": expert.pk}


def _bidding(cast: Cast) -> dict[str, Any]:
    _act(cast)
    return dict(_notice(cast))


BY_PAGE: dict[str, Callable[[Cast], dict[str, Any]]] = {
    **{f"hub:{name}": _draft for name in TENDER_PAGES},
    "hub:tender_step": lambda cast: {**_draft(cast), "move": "cancel"},
    "hub:bidding": lambda cast: {key: one for key, one in _bidding(cast).items() if key != "pk"},
    "hub:tender_paper": lambda cast: {**_notice(cast), "kind": "notice", "form": "docx"},
    "hub:tender_objection": _objection,
    **{f"hub:{name}": _opened for name in ("tender_bid", "tender_bid_reject", "tender_bid_judge", "scoring_bid")},
    **{f"hub:{name}": lambda cast: {**_opened(cast), "place": 0} for name in ("tender_bid_file", "scoring_bid_file")},
    **{f"hub:{name}": _notice for name in ("notice", "notice_releases", "notice_record")},
    "hub:releases_of_year": lambda cast: {"year": 2026},
    "hub:expert": _expert,
    "hub:expert_tie": _expert,
    "hub:bid_new": _bidding,
    **{f"hub:{name}": _own_bid for name in ("bid", "bid_withdraw", "bid_explain", "bid_object")},
    "hub:bid_file": lambda cast: {**_own_bid(cast), "place": 0},
}
