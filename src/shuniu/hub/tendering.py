"""The steps that all actions on tenders share: moving the state, finding the rules, counting working days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.hub.enums import AgreementState, BidState, JurorState, ReleaseTag, TenderMethod, TenderState, TenderSubject
from shuniu.hub.models import Agreement, Tender, TenderAward, TenderBid, TenderJuror
from shuniu.hub.releases import write_release
from shuniu.hub.rules.tender_scoring import sheet_hash
from shuniu.hub.rules.tenders import SPENT, TENDER, TenderCase, least_bidders_rule, proposed_method
from shuniu.kernel.calendar import Calendar, CalendarError, DayUnit
from shuniu.kernel.errors import ActionError
from shuniu.kernel.flow import Transition
from shuniu.kernel.scope import Actor
from shuniu.registry.public import Organisation
from shuniu.rulebook.enums import Case
from shuniu.rulebook.public import Place, Rule, Verdict, check, find, place_of


def changed() -> ActionError:
    """What is said to the second of two people."""
    return ActionError(_("Somebody else has changed this tender. Please load the page again."))


def case_of(tender: Tender, award: TenderAward | None = None) -> TenderCase:
    """The tender as its flow sees it."""
    return TenderCase(TenderState(tender.state), tender.drafted_by_id, award.proposed_by_id if award else None)


def path_of(tender: Tender) -> str:
    return tender.organisation.path or ""


def locked(tender: Tender) -> Tender:
    """The row as it is now, held until the transaction ends, with what most steps need of it."""
    rows = Tender.objects.unscoped(reason="the caller has found it within sight, or checks the right next")
    found: Tender = rows.select_for_update(of=("self",)).select_related("organisation__area", "duty").get(pk=tender.pk)
    return found


def step(name: str, tender: Tender, actor: Actor, award: TenderAward | None = None) -> Transition[TenderCase]:
    """The transition, if the actor may take it now. Raises as `Flow.check`."""
    return TENDER.check(name, case_of(tender, award), actor, path_of(tender))


def move(tender: Tender, target: object, **values: Any) -> None:
    """Store the new state, if nobody moved the tender since it was read; `tender` then tells of it.

    Raises:
        ActionError: somebody did.
    """
    rows = Tender.objects.unscoped(reason="the step was checked by the flow or by a seat")
    if not rows.filter(pk=tender.pk, state=tender.state).update(state=target, **values):
        raise changed()
    for key, value in {"state": target, **values}.items():
        setattr(tender, key, value)


def require_part(actor: Actor) -> None:
    """Who opens or scores needs one of the two rights anywhere; the seat itself says in which tender."""
    if not actor.may("tender.view", "tender.score"):
        raise PermissionDenied("tender.score")


def place(tender: Tender) -> Place:
    return place_of(tender.organisation)


def rule_for(tender: Tender, rule_id: str, on: date) -> Rule:
    """The rule in force where the buyer is."""
    return find(rule_id, on=on, at=place(tender)).rule


def verdict_for(tender: Tender, rule_id: str, on: date, figure: int | None, **given: Any) -> Verdict:
    return check(rule_for(tender, rule_id, on), figure, **given)


def refuse_unless(verdict: Verdict) -> None:
    """Raises ActionError with the sentence of a rule that is not met."""
    if verdict.ok is False:
        raise ActionError(verdict.sentence)


def day_of(moment: datetime) -> date:
    """The day of a moment in the site's zone."""
    return timezone.localtime(moment).date()


def days_between(rule: Rule, start: date, end: date) -> int | None:
    """Days after `start` up to `end` in the unit of the rule; None beyond the calendar."""
    if rule.topic.unit.key != "workdays":
        return max((end - start).days, 0)
    try:
        return max(Calendar.official().workdays_between(start, end), 0) if end > start else 0
    except CalendarError:
        return None


def due_on(rule: Rule, start: date) -> date | None:
    """The last day of a limit that begins on `start`; None where the calendar of that year is not loaded yet."""
    unit = DayUnit.WORKDAY if rule.topic.unit.key == "workdays" else DayUnit.CALENDAR
    try:
        return Calendar.official().due_date(start, rule.number, unit)
    except CalendarError:
        return None


def live_bids(tender: Tender) -> Any:
    """Bids that were neither withdrawn nor replaced."""
    rows = TenderBid.objects.unscoped(reason="inside an action that has checked the step")
    return rows.filter(tender=tender).exclude(state__in=[BidState.REPLACED, BidState.WITHDRAWN])


def valid_bids(tender: Tender) -> Any:
    return live_bids(tender).filter(state=BidState.VALID)


def active_jurors(tender: Tender) -> Any:
    """Those who score, without the recused."""
    rows = TenderJuror.objects.unscoped(reason="inside an action that has checked the step")
    return rows.filter(tender=tender).exclude(state=JurorState.RECUSED)


def bidders_verdict(tender: Tender, count: int, on: date, *, opened: bool = False) -> Verdict:
    """Whether enough providers have bid for this method."""
    rule_id = least_bidders_rule(TenderMethod(tender.method), TenderSubject(tender.subject), opened=opened)
    return verdict_for(tender, rule_id, on, count)


def standing_award(tender: Tender) -> TenderAward | None:
    """The award as proposed or decided, if none was taken back since."""
    rows = TenderAward.objects.unscoped(reason="inside an action that has checked the step")
    found: TenderAward | None = (
        rows.filter(tender=tender, taken_back_at=None).select_related("bid__provider", "tender__organisation").first()
    )
    return found


def spent_on(duty_id: int, year: int, *, without: int | None = None) -> list[Tender]:
    """Tenders of a duty in a fiscal year by other methods than an open tender, newest first, with `award_amount`."""
    rows = Tender.objects.unscoped(reason="sums a duty's purchases for a verdict; the page shows those in sight")
    found = rows.filter(duty_id=duty_id, fiscal_year=year, state__in=SPENT).exclude(method=TenderMethod.OPEN)
    return list(found.exclude(pk=without).select_related("organisation").order_by("-created_at", "-pk")[:200])


def agreed_on(duty_id: int, year: int) -> list[Agreement]:
    """Agreements about a duty that begin in the fiscal year and came of no tender."""
    rows = Agreement.objects.unscoped(reason="sums a duty's purchases for a verdict; the page shows those in sight")
    found = rows.filter(duty_id=duty_id, starts_on__year=year, tender=None).exclude(state=AgreementState.WITHDRAWN)
    return list(found.order_by("-starts_on", "-pk")[:200])


def spent_sum(tenders: Iterable[Tender], agreements: Iterable[Agreement] = ()) -> int:
    """What they come to, in fen: tenders by their budgets, agreements by their amounts."""
    return sum(tender.budget for tender in tenders) + sum(one.total for one in agreements)


def proposed_for(organisation: Organisation, budget: int, today: date) -> TenderMethod:
    """The method that the thresholds in force at the buyer propose for an amount in fen."""
    names, at = ("open", "consultation", "quotation"), place_of(organisation)
    first, second, third = (find(f"tender.{name}_threshold", on=today, at=at).rule.number for name in names)
    return proposed_method(budget, open_from=first, consult_from=second, quote_from=third)


def split_verdict(tender: Tender, today: date) -> Verdict | None:
    """What this duty comes to in the fiscal year without open tenders, this tender among it; None for an open tender."""
    if tender.method == TenderMethod.OPEN:
        return None
    others = spent_on(tender.duty_id, tender.fiscal_year, without=tender.pk)
    agreed = agreed_on(tender.duty_id, tender.fiscal_year)
    return verdict_for(tender, "tender.split", today, spent_sum(others, agreed) + tender.budget)


def refuse_short_time(tender: Tender, today: date, due_at: datetime, documents_until: date | None) -> None:
    """The clocks of a notice: for bids, for the documents, for the announcement of a single source.

    Raises:
        ActionError: a time is shorter than its rule asks for; the sentence says by how much.
    """
    due = day_of(due_at)
    if due <= today:
        raise ActionError(_("The deadline for bids lies after the day of the notice."))
    for rule_id, last in _clocks(tender, due, documents_until, today):
        rule = rule_for(tender, rule_id, today)
        refuse_unless(check(rule, days_between(rule, today, last)))


def _clocks(tender: Tender, due: date, documents_until: date | None, today: date) -> list[tuple[str, date]]:
    method = TenderMethod(tender.method)
    clocks: list[tuple[str, date]] = []
    if method is TenderMethod.SINGLE:
        big = check(rule_for(tender, "tender.open_threshold", today), tender.budget).case is not Case.FREE
        return [("tender.single_notice_workdays", due)] if big else []
    clocks.append((f"tender.bid_days.{method.value}", due))
    if method in {TenderMethod.OPEN, TenderMethod.CONSULTATION}:
        clocks.append(("tender.document_workdays", documents_until or due))
    return clocks


def fingerprint(tender: Tender) -> str:
    """Of the score sheet as it stands."""
    criteria = tender.criteria.values("name", "kind", "points", "guidance")
    return sheet_hash(criteria, small_discount=tender.small_discount)


def given(reason: str) -> str:
    """Raises ActionError where no reason is given."""
    if not reason.strip():
        raise ActionError(_("Please give the reason; it is published or read by the others."))
    return reason.strip()


def end(tender: Tender, target: object, reason: str, now: datetime) -> None:
    """End a tender without award. Bids that were not opened never will be."""
    published = tender.published_at is not None
    move(tender, target, ended_at=now, end_reason=reason[:300])
    live_bids(tender).filter(state=BidState.SEALED).update(state=BidState.RETURNED, ended_at=now)
    if published or tender.approved_at is not None:
        write_release(tender, ReleaseTag.TENDER_CANCELLATION, now)
