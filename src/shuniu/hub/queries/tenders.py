"""Tenders within sight, what is due in them, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from shuniu.accounts.public import User, holders
from shuniu.hub.bids import BidContent, content_of
from shuniu.hub.enums import BidState, TenderMethod, TenderState
from shuniu.hub.models import (
    Duty,
    Provider,
    Tender,
    TenderAward,
    TenderBid,
    TenderExpert,
    TenderJuror,
    TenderObjection,
    TenderRelease,
    TenderSeat,
)
from shuniu.hub.ranking import points_of, ranked
from shuniu.hub.rules.tender_scoring import Result
from shuniu.hub.rules.tender_sealing import SealError
from shuniu.hub.rules.tenders import SEEN
from shuniu.hub.tendering import (
    agreed_on,
    bidders_verdict,
    day_of,
    days_between,
    due_on,
    rule_for,
    spent_on,
    split_verdict,
    standing_award,
    verdict_for,
)
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor
from shuniu.registry.public import Organisation
from shuniu.rulebook.public import Verdict, check

OPENED = (BidState.VALID, BidState.INVALID, BidState.DAMAGED)


def tenders(actor: Actor) -> QuerySet[Tender]:
    """Tenders in sight, with the names they are shown by."""
    rows: QuerySet[Tender] = Tender.objects.visible_to(actor)
    return rows.select_related("organisation__area", "duty")


def duties_to_buy(actor: Actor) -> QuerySet[Duty]:
    """Duties of where the actor prepares tenders; the reserved ones too, which the action refuses with their reason."""
    rows: QuerySet[Duty] = Duty.objects.unscoped(reason="narrowed to where the actor prepares tenders")
    where = actor.reach("tender.edit").condition("organisation__path")
    return rows.filter(where).select_related("organisation").order_by("code", "pk")


def providers_of_buyer(tender_or_organisation: Any) -> QuerySet[Provider]:
    """Active providers in the buyer's register."""
    rows: QuerySet[Provider] = Provider.objects.unscoped(reason="whom a buyer in sight may ask to bid")
    return rows.filter(organisation=tender_or_organisation, state="active").order_by("name", "pk")


def committee_candidates(tender: Tender, today: date) -> QuerySet[User]:
    """Who may hold an opening key or sit for the buyer: whoever sees tenders where the buyer is."""
    return holders("tender.view", today, tender.organisation.path or "")


def expert_candidates(today: date) -> QuerySet[User]:
    """Who may be entered in a pool of experts."""
    return holders("tender.score", today)


def opened_bids(tender: Tender) -> list[TenderBid]:
    """The bids of a tender in sight, once it is told who has bid; nothing before."""
    if tender.is_secret or tender.opened_at is None:
        return []
    rows = TenderBid.objects.unscoped(reason="the bids of a tender in sight, after their opening")
    return list(rows.filter(tender=tender, state__in=OPENED).select_related("provider").order_by("total", "pk"))


def read_bid(bid: TenderBid) -> BidContent | None:
    """What an opened bid says; None for one that does not open."""
    try:
        return content_of(bid) if bid.opened_key else None
    except SealError:
        return None


def result_of(tender: Tender) -> list[Result]:
    """The ranking, once the scoring is closed; nothing before."""
    return ranked(tender) if tender.scored_at is not None else []


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one juror gave one bid, in hundredths by criterion."""

    juror: TenderJuror
    points: dict[int, int]
    remark: str

    @property
    def total(self) -> int:
        return sum(self.points.values())


def sheets_of(tender: Tender) -> dict[int, list[Sheet]]:
    """All sheets by bid, once the scoring is closed; nothing before."""
    if tender.scored_at is None:
        return {}
    found: dict[int, list[Sheet]] = {}
    for juror in tender.jurors.filter(state="submitted").prefetch_related("marks"):
        for mark in juror.marks.all():
            found.setdefault(mark.bid_id, []).append(Sheet(juror, points_of(mark), mark.remark))
    return found


def verdicts(tender: Tender, today: date) -> list[Verdict]:
    """What the rules say of a tender as it stands, in the order of its steps."""
    found: list[Verdict | None] = [
        verdict_for(tender, "tender.open_threshold", today, tender.budget, done=_is_open(tender))
    ]
    if tender.subject == "services":
        found.append(verdict_for(tender, "tender.users_consulted", today, tender.consulted_people))
    found += [split_verdict(tender, today), *_time_verdicts(tender, today), *_later_verdicts(tender, today)]
    return [one for one in found if one is not None]


def _is_open(tender: Tender) -> bool:
    return tender.method == TenderMethod.OPEN


def _time_verdicts(tender: Tender, today: date) -> list[Verdict | None]:
    if tender.published_at is None or tender.due_at is None or tender.method == TenderMethod.SINGLE:
        return []
    rule = rule_for(tender, f"tender.bid_days.{tender.method}", today)
    return [check(rule, days_between(rule, day_of(tender.published_at), day_of(tender.due_at)))]


def _later_verdicts(tender: Tender, today: date) -> list[Verdict | None]:
    found: list[Verdict | None] = []
    if tender.opened_at is not None:
        bids = [bid for bid in opened_bids(tender) if bid.state == BidState.VALID]
        found.append(bidders_verdict(tender, len(bids), today, opened=True))
    award = standing_award(tender)
    if award is not None and tender.scored_at is not None:
        for rule_id, start, end in _award_clocks(tender, award):
            rule = rule_for(tender, rule_id, today)
            found.append(check(rule, days_between(rule, day_of(start), day_of(end))))
    return found


def _award_clocks(tender: Tender, award: TenderAward) -> Iterable[tuple[str, datetime, datetime]]:
    if award.decided_at and tender.scored_at:
        yield "tender.decide_workdays", tender.scored_at, award.decided_at
    if award.announced_at and award.decided_at:
        yield "tender.result_workdays", award.decided_at, award.announced_at


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit that runs: until when what is to be done; `day` is empty where the calendar is not loaded."""

    rule_id: str
    day: date | None
    late: bool


def clock_of(tender: Tender, today: date) -> Clock | None:
    """What is due next in a tender, by rule."""
    award = standing_award(tender) if tender.state in {"proposed", "decided", "announced", "awarded"} else None
    match tender.state:
        case TenderState.SCORED | TenderState.PROPOSED if tender.scored_at:
            return _clock(tender, "tender.decide_workdays", tender.scored_at, today)
        case TenderState.DECIDED if award and award.decided_at:
            return _clock(tender, "tender.result_workdays", award.decided_at, today)
        case TenderState.ANNOUNCED if award and award.announced_at:
            return _clock(tender, "tender.objection_workdays", award.announced_at, today, ends=True)
        case TenderState.AWARDED if award and award.announced_at and not tender.agreements.exists():
            return _clock(tender, "tender.agreement_days", award.announced_at, today)
        case _:
            return None


def _clock(tender: Tender, rule_id: str, start: datetime, today: date, *, ends: bool = False) -> Clock:
    day = due_on(rule_for(tender, rule_id, today), day_of(start))
    return Clock(rule_id, day, bool(day and day < today and not ends))


def bought_besides(tender: Tender) -> tuple[list[Tender], list[Any]]:
    """The rows behind the sum of a duty's year: other tenders, and agreements that came of none."""
    others = spent_on(tender.duty_id, tender.fiscal_year, without=tender.pk)
    return others, agreed_on(tender.duty_id, tender.fiscal_year)


def release_bodies(tender: Tender) -> list[dict[str, Any]]:
    """What was published of a tender, from the first step on."""
    rows = TenderRelease.objects.unscoped(reason="releases are public")
    return [release.body for release in rows.filter(tender=tender).order_by("number")]


def releases_of_year(year: int, after: int, limit: int) -> list[TenderRelease]:
    """Releases of a year behind a key, oldest first."""
    rows = TenderRelease.objects.unscoped(reason="releases are public")
    return list(rows.filter(at__year=year, pk__gt=after).order_by("pk")[:limit])


def public_tenders() -> QuerySet[Tender]:
    """Tenders whose notice the public may read: those that were published."""
    rows: QuerySet[Tender] = Tender.objects.unscoped(reason="notices of tenders are public")
    return rows.filter(published_at__isnull=False, state__in=SEEN).select_related("organisation", "duty")


def tenders_for(provider: Provider, now: datetime) -> QuerySet[Tender]:
    """Tenders of the provider's buyer that take bids from it."""
    rows = public_tenders().filter(state=TenderState.PUBLISHED, due_at__gt=now, organisation=provider.organisation_id)
    asked = Q(method__in=[TenderMethod.INVITED, TenderMethod.SINGLE])
    return rows.filter(~asked | Q(invitations__provider=provider)).order_by("due_at", "pk")


def bids_of(actor: Actor) -> QuerySet[TenderBid]:
    """The actor's own provider's bids."""
    rows: QuerySet[TenderBid] = TenderBid.objects.unscoped(reason="narrowed to the bids of the actor's own provider")
    own = TenderBid.own_rows(actor)
    rows = rows.none() if own is None else rows.filter(own)
    return rows.select_related("tender__organisation", "provider")


def seats_of(actor: Actor) -> QuerySet[TenderSeat]:
    """Tenders that the actor helps to open."""
    rows: QuerySet[TenderSeat] = TenderSeat.objects.unscoped(reason="the actor's own seats")
    return rows.filter(user_id=actor.user_id or 0).select_related("tender__organisation").order_by("-pk")


def juries_of(actor: Actor) -> QuerySet[TenderJuror]:
    """Tenders that the actor scores."""
    rows: QuerySet[TenderJuror] = TenderJuror.objects.unscoped(reason="the actor's own parts in scoring")
    return rows.filter(user_id=actor.user_id or 0).select_related("tender__organisation").order_by("-pk")


def objections_of(tender: Tender) -> list[TenderObjection]:
    """Objections to the result of a tender in sight."""
    return list(tender.objections.select_related("provider", "answered_by"))


def experts(actor: Actor) -> QuerySet[TenderExpert]:
    """Experts of the pools in sight."""
    rows: QuerySet[TenderExpert] = TenderExpert.objects.visible_to(actor)
    return rows.select_related("organisation", "user")


@dataclass(frozen=True, slots=True)
class MethodFigures:
    """Tenders of one method: how many, for how much, how they went. Money in fen."""

    method: str
    count: int
    budget: int
    awarded: int
    award_budget: int
    award_amount: int
    failed: int
    opened: int
    bids: int

    @property
    def saved(self) -> int:
        """Budget less award, of the tenders awarded."""
        return self.award_budget - self.award_amount

    @property
    def bids_each(self) -> str:
        """Bids of an opened tender, with one decimal; empty where none was opened."""
        if not self.opened:
            return ""
        tenths = (self.bids * 20 + self.opened) // (2 * self.opened)
        return f"{tenths // 10}.{tenths % 10}"


def figures(rows: QuerySet[Tender]) -> list[MethodFigures]:
    """By method, of tenders that were published; the sums of awards are of those that stand."""
    rows = rows.filter(published_at__isnull=False).order_by()
    told: dict[str, dict[str, Any]] = {
        row["method"]: dict(row)
        for row in rows.values("method").annotate(
            count=Count("pk"),
            budget_sum=Sum("budget"),
            failed=Count("pk", filter=Q(state=TenderState.FAILED)),
            opened=Count("pk", filter=Q(opened_at__isnull=False)),
        )
    }
    awards = {
        row["tender__method"]: row
        for row in TenderAward.objects.unscoped(reason="sums of tenders in sight")
        .filter(tender__in=rows, taken_back_at=None, announced_at__isnull=False)
        .values("tender__method")
        .annotate(count=Count("pk"), amount_sum=Sum("amount"), budget_sum=Sum("tender__budget"))
    }
    bids = dict(
        TenderBid.objects.unscoped(reason="counts of tenders in sight, after their opening")
        .filter(tender__in=rows.filter(opened_at__isnull=False), state__in=OPENED)
        .values_list("tender__method")
        .annotate(count=Count("pk"))
    )
    return [
        _figures(method, told[method], awards.get(method, {}), bids.get(method, 0))
        for method in TenderMethod.values
        if method in told
    ]


def _figures(method: str, told: dict[str, Any], award: dict[str, Any], bids: int) -> MethodFigures:
    return MethodFigures(
        method,
        told["count"],
        told["budget_sum"] or 0,
        award.get("count", 0),
        award.get("budget_sum", 0),
        award.get("amount_sum", 0),
        told["failed"],
        told["opened"],
        bids,
    )


@dataclass(frozen=True, slots=True)
class AwardedLine:
    """A line of an award: so many of a unit at so much, in fen."""

    name: str
    unit: str
    quantity: int
    price: int


@dataclass(frozen=True, slots=True)
class AwardData:
    """What an agreement takes over from an award."""

    tender: Tender
    provider: Provider
    amount: int
    lines: tuple[AwardedLine, ...]
    agreement_due: date | None


def award_data(tender: Tender) -> AwardData | None:
    """The final award of a tender, for whoever drafts the agreement; None while there is none."""
    award = standing_award(tender)
    if tender.state != TenderState.AWARDED or award is None:
        return None
    content = read_bid(award.bid)
    prices = content.prices if content else {}
    lines = tuple(
        AwardedLine(line.name, line.unit, line.quantity, prices.get(line.pk, 0)) for line in tender.lines.all()
    )
    return AwardData(tender, award.bid.provider, award.amount, lines, award.agreement_due)


def summed(rows: list[MethodFigures]) -> MethodFigures:
    """The figures of all methods together."""
    sums = [sum(column) for column in zip(*([getattr(one, key) for key in SUMMED] for one in rows), strict=True)]
    return MethodFigures("", *(sums or [0] * len(SUMMED)))


SUMMED = ("count", "budget", "awarded", "award_budget", "award_amount", "failed", "opened", "bids")


def buyer_of(actor: Actor) -> Organisation:
    """The body at the top of where the actor prepares tenders.

    Raises:
        ActionError: there is none.
    """
    first = next((path for path in actor.reach("tender.edit").paths if path), "")
    rows = Organisation.objects.unscoped(reason="where the actor's own role is held").select_related("area")
    body = rows.filter(path=first).first()
    if body is None:
        raise ActionError(_("You hold no role at a union body that could buy."))
    return body  # type: ignore[no-any-return]
