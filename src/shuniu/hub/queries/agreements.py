"""Reads of agreements: who sees which, what a draft still lacks, what the rules say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from shuniu.hub.enums import AgreementState, AmendmentState, DeliveryMode, Due, DutyClass, ProviderState, TenderState
from shuniu.hub.models import Agreement, AgreementLine, Amendment, Duty, Milestone, Payment, Provider, Standard, Tender
from shuniu.hub.rules.agreement_scores import WHOLE
from shuniu.hub.rules.agreements import LIVE, OUTSIDE, PRICELESS, REQUIRED_CLAUSES, months_between
from shuniu.kernel.scope import STEP, Actor
from shuniu.rulebook.public import Rule, Verdict, check, find, place_of

SEEN = "parts of an agreement that the caller may see"
RELATED = ("organisation", "duty", "provider")


def agreements(actor: Actor) -> QuerySet[Agreement]:
    """The agreements an actor may see, with what a line of the list shows."""
    rows = Agreement.objects.visible_to(actor).select_related(*RELATED)
    return rows.defer("organisation__contact_phone", "organisation__bank_account")


def rule_of(agreement: Agreement, rule_id: str, on: date) -> Rule:
    """The rule in force where the agreement lies."""
    return find(rule_id, on=on, at=place_of(agreement.organisation)).rule


def lines_of(agreement: Agreement) -> QuerySet[AgreementLine]:
    return AgreementLine.objects.unscoped(reason=SEEN).filter(agreement=agreement).order_by("order")


def plan_of(agreement: Agreement) -> QuerySet[Milestone]:
    return Milestone.objects.unscoped(reason=SEEN).filter(agreement=agreement).order_by("order")


def standards_of(agreement: Agreement) -> QuerySet[Standard]:
    return Standard.objects.unscoped(reason=SEEN).filter(agreement=agreement).order_by("order")


def amendments_of(agreement: Agreement) -> QuerySet[Amendment]:
    """The latest first."""
    return Amendment.objects.unscoped(reason=SEEN).filter(agreement=agreement).order_by("-pk")


def payments_of(agreement: Agreement) -> QuerySet[Payment]:
    rows = Payment.objects.unscoped(reason=SEEN).filter(agreement=agreement)
    return rows.select_related("milestone").order_by("milestone__order", "pk")


def provider_ids(agreement: Agreement) -> list[int]:
    """The provider and, where it is a group, its firms."""
    firms = Provider.objects.unscoped(reason="who works under an agreement").filter(group=agreement.provider_id)
    return [agreement.provider_id, *firms.order_by("pk").values_list("pk", flat=True)]


def ending(rows: QuerySet[Agreement], today: date, days: int) -> QuerySet[Agreement]:
    """Agreements that live and end within so many days, the first to end first."""
    until = today + timedelta(days=days)
    return rows.filter(state__in=LIVE, ends_on__lte=until).order_by("ends_on", "pk")


def duties_to_give(actor: Actor, path: str = "") -> QuerySet[Duty]:
    """Duties that were decided to be given away, where the actor prepares agreements; and reserved ones, to be refused."""
    rows = Duty.objects.visible_to(actor).filter(actor.reach("agreement.edit").condition("organisation__path"))
    return rows.filter(Q(mode__in=OUTSIDE) | Q(kind=DutyClass.RESERVED)).order_by("code", "pk")


def providers_to_bind(actor: Actor) -> QuerySet[Provider]:
    """Active providers in the registers of the bodies where the actor prepares agreements, and of those above them."""
    reach = actor.reach("agreement.edit")
    above = {path[:end] for path in reach.paths for end in range(STEP, len(path), STEP)}
    rows = Provider.objects.unscoped(reason="a body may bind the providers in the registers of the bodies above it")
    near = reach.condition("organisation__path") | Q(organisation__path__in=above)
    return rows.filter(near, state=ProviderState.ACTIVE).order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of an agreement, and what stands in the way of signing it."""

    verdicts: tuple[Verdict, ...]
    wanting: tuple[str, ...]


def judge(agreement: Agreement, on: date) -> Judged:
    """Everything that is checked before an agreement is signed; sentences for what is missing or not allowed."""
    verdicts = _verdicts(agreement, on)
    refused = [one.sentence for one in verdicts if one.ok is False and one.rule.id not in WITH_REASON]
    if not agreement.reason and any(one.ok is False and one.rule.id in WITH_REASON for one in verdicts):
        refused.append(_("It runs for longer than usual: give the reason."))
    return Judged(verdicts, (*refused, *_missing(agreement)))


WITH_REASON = frozenset({"agreement.term_months"})
"""Limits that a reason may go beyond."""


def _verdicts(agreement: Agreement, on: date) -> tuple[Verdict, ...]:
    months = months_between(agreement.starts_on, agreement.ends_on)
    found = [
        check(rule_of(agreement, "agreement.term_months", on), months),
        check(rule_of(agreement, "agreement.longest_months", on), months),
    ]
    if agreement.amount and not has_tender(agreement):
        found.append(check(rule_of(agreement, "agreement.direct_amount", on), agreement.amount))
    if agreement.bond:
        found.append(check(rule_of(agreement, "agreement.bond_share", on), agreement.bond, base=agreement.amount))
    return tuple(found)


def has_tender(agreement: Agreement) -> bool:
    """Whether the provider was found by a tender."""
    return getattr(agreement, "tender_id", None) is not None


def _missing(agreement: Agreement) -> list[str]:
    said = [*_missing_money(agreement), *_missing_standards(agreement)]
    if any(not getattr(agreement, name).strip() for name in REQUIRED_CLAUSES):
        said.append(_("The clauses on confidentiality and personal information are required."))
    if agreement.provider.state != ProviderState.ACTIVE:
        said.append(_("{provider} is not active in the register.").format(provider=agreement.provider))
    if agreement.duty.mode not in OUTSIDE:
        said.append(_("It was not decided that “{duty}” is given to somebody outside.").format(duty=agreement.duty))
    return said


def _missing_money(agreement: Agreement) -> list[str]:
    if not agreement.amount:
        if DeliveryMode(agreement.mode) in PRICELESS:
            return []
        return [_("The services with their prices are missing.")]
    planned = plan_of(agreement).aggregate(sum=Sum("amount"))["sum"] or 0
    return [] if planned == agreement.amount else [_("The plan of payments does not add up to the amount.")]


def _missing_standards(agreement: Agreement) -> list[str]:
    points = standards_of(agreement).aggregate(sum=Sum("points"))["sum"]
    if points is None:
        return [_("The standards and assessment items are missing.")]
    return [] if points == WHOLE else [_("The points of the assessment items must add up to 100.")]


def supplements_of(agreement: Agreement) -> int:
    """Fen that approved supplements added."""
    rows = amendments_of(agreement).filter(state=AmendmentState.APPROVED)
    return int(rows.aggregate(sum=Sum("amount"))["sum"] or 0)


def supplement_verdict(agreement: Agreement, added: int, on: date) -> Verdict:
    """What the rule says of the supplements in total, with `added` fen more."""
    rule = rule_of(agreement, "agreement.supplement_share", on)
    return check(rule, supplements_of(agreement) + added, base=agreement.amount)


def active_for(provider_keys: list[int], on: date) -> QuerySet[Agreement]:
    """The agreements under which these providers work on a day."""
    rows = Agreement.objects.unscoped(reason="whether somebody may serve, whoever asks")
    return rows.filter(Q(provider__in=provider_keys), state__in=LIVE, starts_on__lte=on, ends_on__gt=on).order_by("pk")


def next_payment(agreement: Agreement) -> Milestone | None:
    """The first payment of the plan that nobody has asked for."""
    asked = payments_of(agreement).exclude(state="refused").values("milestone_id")
    return plan_of(agreement).exclude(pk__in=asked).order_by("expected_on", "order").first()


def turning(today: date) -> QuerySet[Agreement]:
    """Signed agreements that have begun, and those in force whose term is over."""
    rows = Agreement.objects.unscoped(reason="the daily turn of agreements")
    begun = Q(state=AgreementState.SIGNED, starts_on__lte=today)
    over = Q(state=AgreementState.IN_FORCE, ends_on__lte=today)
    return rows.filter(begun | over).order_by("pk")


def needs_score(milestone: Milestone) -> bool:
    """Whether the share paid follows from a score."""
    return milestone.due != Due.SIGNING


def providers_in(rows: QuerySet[Agreement]) -> QuerySet[Provider]:
    """The providers of these agreements, for a filter."""
    found = Provider.objects.unscoped(reason="providers of agreements that the caller may see")
    return found.filter(pk__in=rows.values("provider_id")).order_by("name", "pk")


def duties_in(rows: QuerySet[Agreement]) -> QuerySet[Duty]:
    """The duties of these agreements, for a filter."""
    found = Duty.objects.unscoped(reason="duties of agreements that the caller may see")
    return found.filter(pk__in=rows.values("duty_id")).order_by("code", "pk")


def awarded_without(actor: Actor) -> QuerySet[Tender]:
    """Tenders awarded for good without an agreement yet, where the actor prepares agreements."""
    rows = Tender.objects.unscoped(reason="narrowed to where the actor prepares agreements")
    drafted = Agreement.objects.unscoped(reason="whether an award has its agreement")
    drafted = drafted.filter(tender__isnull=False).exclude(state=AgreementState.WITHDRAWN)
    near = actor.reach("agreement.edit").condition("organisation__path")
    rows = rows.filter(near, state=TenderState.AWARDED).exclude(pk__in=drafted.values("tender_id"))
    return rows.select_related("organisation__area", "duty__organisation__area").order_by("pk")
