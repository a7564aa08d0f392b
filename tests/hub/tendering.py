"""Tenders for tests, made the way the pages make them: by actions, each with its own actor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from secrets import token_hex
from typing import Any

from shuniu.accounts.public import User
from shuniu.hub.actions import tender_bids, tender_experts, tender_opening, tenders
from shuniu.hub.actions.tender_scoring import Marks, save_marks
from shuniu.hub.actions.tenders import Criterion, Line, Plan
from shuniu.hub.bids import BidContent
from shuniu.hub.enums import (
    CriterionKind,
    ServiceKind,
    TenderMethod,
    TenderSubject,
)
from shuniu.hub.models import Duty, Provider, ProviderStaff, Tender, TenderBid, TenderExpert, TenderJuror
from shuniu.kernel.scope import Actor, Grant
from shuniu.registry.models import Organisation
from tests.factories import FOUNDED, NOW, give, make_user
from tests.hub.making import make_duty, make_provider
from tests.registry.making import make_district

YUAN = 100
LATER = timedelta(days=12)
DUE = NOW + LATER
AFTER = DUE + timedelta(days=1)
_numbers = count(1)
RIGHTS = ("tender.view", "tender.edit", "tender.decide", "tender.score")
CRITERIA = (
    Criterion("报价", 20, kind=CriterionKind.PRICE),
    Criterion("服务方案", 50, "按完整性、针对性分三档"),
    Criterion("团队资质", 30, "每名执业五年以上律师得3分，最高30分"),
)


def acting(user: User, organisation: Organisation, *rights: str) -> Actor:
    """The account with these rights at the organisation, and nothing else."""
    return Actor(
        user.pk, user.name, None, (Grant("test", organisation.pk, organisation.path or "", frozenset(rights)),)
    )


def manager_of(provider: Provider, user: User | None = None) -> Actor:
    """Somebody who acts for the provider."""
    user = user or make_user()
    ProviderStaff.everything.create(provider=provider, user=user, started_at=NOW - timedelta(days=30))
    return Actor(user.pk, user.name, None, (Grant("provider_manager", None, "~", frozenset({"provider.own"})),))


@dataclass
class Stage:
    """A buyer with a duty, and the people a tender needs."""

    district: Organisation
    duty: Duty
    clerk: Actor
    chief: Actor
    committee: list[User]
    tender: Tender = field(init=False)
    codes: dict[int, str] = field(default_factory=dict)
    managers: list[Actor] = field(default_factory=list)
    bids: list[TenderBid] = field(default_factory=list)
    experts: list[TenderExpert] = field(default_factory=list)

    def again(self) -> Tender:
        self.tender = Tender.everything.select_related("organisation", "duty").get(pk=self.tender.pk)
        return self.tender

    def member(self, place: int) -> Actor:
        return acting(self.committee[place], self.district, "tender.view")

    def expert(self, juror: TenderJuror) -> Actor:
        return Actor(juror.user_id, juror.name, None, (Grant("tender_expert", None, "~", frozenset({"tender.score"})),))


def plan(duty: Duty, **given: Any) -> Plan:
    values: dict[str, Any] = {
        "title": "职工法律服务采购项目",
        "need": "工作日律师值班、案件代理和普法讲座。",
        "subject": TenderSubject.SERVICES,
        "fiscal_year": 2026,
        "budget": 500_000 * YUAN,
        "method": TenderMethod.CONSULTATION,
        "lines": (Line("律师值班", "天", 250),),
        "criteria": CRITERIA,
        "consulted_on": FOUNDED,
        "consulted_people": 120,
        "consulted_how": "职工问卷",
        "consulted_result": "多数职工希望工作日中午有律师值班。",
    }
    return Plan(duty=duty, **{**values, **given})


def set_stage(members: int = 3, district: Organisation | None = None) -> Stage:
    district = district or make_district()[0]
    committee = [make_user() for _ in range(members)]
    for user in committee:
        give(user, "tender_clerk", district)
    clerk = acting(make_user(), district, "tender.view", "tender.edit")
    chief = acting(make_user(), district, "tender.view", "tender.edit", "tender.decide")
    return Stage(district, make_duty(district, name="职工法律咨询"), clerk, chief, committee)


def draft(stage: Stage, **given: Any) -> Tender:
    stage.tender = tenders.draft_tender(
        actor=stage.clerk, now=NOW, organisation=stage.district, plan=plan(stage.duty, **given)
    )
    return stage.tender


def ready(stage: Stage, **given: Any) -> Tender:
    """Drafted, its opening committee with codes, and approved."""
    draft(stage, **given)
    tender_opening.name_opening_committee(actor=stage.clerk, now=NOW, tender=stage.tender, members=stage.committee)
    for place in range(len(stage.committee)):
        member = stage.member(place)
        code = tender_opening.make_opening_code(actor=member, now=NOW, tender=stage.tender)
        tender_opening.confirm_opening_code(actor=member, now=NOW, tender=stage.tender, code=code)
        stage.codes[place] = code
    tenders.approve_tender(actor=stage.chief, now=NOW, tender=stage.again())
    return stage.again()


def published(stage: Stage, due_at: datetime = DUE, **given: Any) -> Tender:
    ready(stage, **given)
    tenders.publish_tender(actor=stage.clerk, now=NOW, tender=stage.tender, due_at=due_at)
    return stage.again()


def send(
    stage: Stage, price: int, provider: Provider | None = None, now: datetime = NOW + timedelta(days=1), **given: Any
) -> TenderBid:
    """A bid of so many fen a unit, by a provider of its own."""
    provider = provider or make_provider(stage.district)
    manager = manager_of(provider)
    stage.managers.append(manager)
    bid = tender_bids.submit_bid(
        actor=manager, now=now, tender=stage.tender, content=content(stage.tender, price), nonce=token_hex(16), **given
    )
    stage.bids.append(bid)
    return bid


def content(tender: Tender, price: int, **given: Any) -> BidContent:
    answers = {one.pk: "应答内容" for one in tender.criteria.all()}
    return BidContent(prices={line.pk: price for line in tender.lines.all()}, answers=answers, **given)


def release(stage: Stage, places: Sequence[int] = (0, 1, 2), now: datetime = DUE) -> Tender:
    for place in places:
        tender_opening.release_key(actor=stage.member(place), now=now, tender=stage.tender, code=stage.codes[place])
    return stage.again()


def opened(stage: Stage, prices: Sequence[int] = (1200 * YUAN, 1000 * YUAN, 1500 * YUAN), **given: Any) -> Tender:
    """Published, bid for at these prices a unit, and opened."""
    published(stage, **given)
    for price in prices:
        send(stage, price)
    return release(stage)


def make_expert(stage: Stage, fields: Sequence[ServiceKind] = (ServiceKind.ADVICE,)) -> TenderExpert:
    user = make_user(second_factor=True)
    give(user, "tender_expert")
    expert = tender_experts.enter_expert(
        actor=stage.clerk, now=NOW, organisation=stage.district, user=user, fields=fields
    )
    stage.experts.append(expert)
    return expert


def drawn(stage: Stage, experts: int = 3, pool: int = 4, **given: Any) -> list[TenderJuror]:
    """Opened, and lots drawn from a pool of so many."""
    opened(stage, **given)
    for _ in range(pool):
        make_expert(stage)
    return tender_experts.draw_experts(
        actor=stage.clerk, now=DUE, tender=stage.tender, experts=experts, subject=ServiceKind.ADVICE
    )


def mark_all(stage: Stage, juror: TenderJuror, shares: Sequence[int], *, submit: bool = True) -> None:
    """Give each valid bid this share, in per cent, of every criterion's points."""
    criteria = [one for one in stage.tender.criteria.all() if one.kind == CriterionKind.QUALITY]
    marks = {
        bid.pk: Marks({one.pk: one.points * share for one in criteria}, "方案完整")
        for bid, share in zip(stage.bids, shares, strict=True)
    }
    save_marks(actor=stage.expert(juror), now=DUE, tender=stage.tender, marks=marks, submit=submit)


def jury(stage: Stage, shares: Sequence[int] = (90, 90, 90)) -> None:
    """Draw three of four for an opened tender; all declare and hand the same marks in."""
    for _ in range(4):
        make_expert(stage)
    told = {"experts": 3, "subject": ServiceKind.ADVICE}
    jurors = tender_experts.draw_experts(actor=stage.clerk, now=DUE, tender=stage.tender, **told)  # type: ignore[arg-type]
    hand_in(stage, jurors, shares)


def hand_in(stage: Stage, jurors: Sequence[TenderJuror], shares: Sequence[int]) -> None:
    """Everybody declares, and hands the same marks in."""
    for juror in jurors:
        tender_experts.declare_ties(actor=stage.expert(juror), now=DUE, tender=stage.tender)
    for juror in jurors:
        mark_all(stage, juror, shares)


def scored(stage: Stage, shares: Sequence[int] = (90, 80, 70), **given: Any) -> Tender:
    """All jurors have declared and handed the same marks in."""
    hand_in(stage, drawn(stage, **given), shares)
    return stage.again()


__all__ = ["DUE", "NOW", "YUAN", "Stage", "make_duty", "make_provider"]
