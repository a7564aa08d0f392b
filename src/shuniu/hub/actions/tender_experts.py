"""The pool of experts, and drawing by lot those who score a tender."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shuniu.accounts.public import User, actor_for
from shuniu.hub.enums import JurorState, ServiceKind, TenderMethod, TenderState, TieKind
from shuniu.hub.models import Provider, ProviderStaff, Tender, TenderExpert, TenderJuror, TenderTie
from shuniu.hub.rules.tender_draw import Tie, bars, drawn_order, frame_hash
from shuniu.hub.rules.tender_rules import EXPERTS, RECUSAL_YEARS
from shuniu.hub.rules.tenders import committee_rule
from shuniu.hub.tendering import (
    day_of,
    live_bids,
    locked,
    move,
    path_of,
    refuse_unless,
    require_part,
    rule_for,
    verdict_for,
)
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import require
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.registry.public import Organisation


@transaction.atomic(durable=True)
def enter_expert(
    *,
    actor: Actor,
    now: datetime,
    organisation: Organisation,
    user: User,
    fields: Sequence[ServiceKind],
    employer: str = "",
) -> TenderExpert:
    """Put somebody with an account into the pool.

    Raises:
        PermissionDenied: `tender.edit` is missing at the organisation.
        ActionError: she is in the pool already, or has not the role of an expert.
    """
    require(actor, "tender.edit", organisation)
    if not actor_for(user, day_of(now)).may("tender.score"):
        raise ActionError(_("{name} has not the role of a tender expert. Have it given first.").format(name=user.name))
    rows = TenderExpert.objects.unscoped(reason="numbers a new expert of this pool")
    number = f"E{rows.filter(organisation=organisation).count() + 1:03d}"
    told = {"organisation": organisation, "number": number, "user": user, "name": user.name, "employer": employer}
    try:
        with transaction.atomic():
            expert: TenderExpert = TenderExpert.everything.create(**told, fields=[str(one) for one in fields])
    except IntegrityError as error:
        raise ActionError(_("{name} is in the pool already.").format(name=user.name)) from error
    trail.record("expert.entered", expert, actor=actor, now=now, detail={"number": number, "name": user.name})
    return expert


@transaction.atomic(durable=True)
def edit_expert(
    *,
    actor: Actor,
    now: datetime,
    expert: TenderExpert,
    fields: Sequence[ServiceKind],
    employer: str = "",
    is_active: bool = True,
) -> None:
    """Change what an expert is drawn for, or take her out of the pool. PermissionDenied without `tender.edit`."""
    require(actor, "tender.edit", expert.organisation)
    expert.fields, expert.employer, expert.is_active = [str(one) for one in fields], employer, is_active
    expert.save(update_fields=["fields", "employer", "is_active"])
    after = {"fields": expert.fields, "employer": employer, "is_active": is_active}
    trail.record("expert.edited", expert, actor=actor, now=now, after=after)


@transaction.atomic(durable=True)
def record_tie(
    *,
    actor: Actor,
    now: datetime,
    expert: TenderExpert,
    provider: Provider,
    kind: TieKind,
    starts_on: date,
    ends_on: date = FOREVER,
) -> TenderTie:
    """Record what binds an expert to a provider, so that she is not drawn where it bids.

    Raises:
        PermissionDenied: `tender.edit` is missing where the pool is.
        ActionError: the period is empty.
    """
    require(actor, "tender.edit", expert.organisation)
    if ends_on <= starts_on:
        raise ActionError(_("The period ends before it begins."))
    tie: TenderTie = TenderTie.everything.create(
        expert=expert, provider=provider, kind=kind, starts_on=starts_on, ends_on=ends_on
    )
    trail.record("expert.tied", expert, actor=actor, now=now, detail={"provider": provider.name, "kind": kind})
    return tie


@transaction.atomic(durable=True)
def draw_experts(
    *,
    actor: Actor,
    now: datetime,
    tender: Tender,
    experts: int,
    subject: ServiceKind,
    representatives: Sequence[User] = (),
) -> list[TenderJuror]:
    """Draw those who score, once, from the experts of the field without ties to any bidder; the seed is published.

    Raises:
        PermissionDenied: `tender.edit` is missing where the buyer is.
        ActionError: bids are not open, lots were drawn already, the committee would be too small, even, or short of
            experts, or the pool is too small.
    """
    tender = locked(tender)
    require(actor, "tender.edit", tender.organisation)
    if tender.state != TenderState.OPENED or tender.drawn_at is not None:
        raise ActionError(_("Lots are drawn once, after the opening."))
    _refuse_committee(tender, experts, len(representatives), day_of(now))
    for user in representatives:
        _refuse_representative(tender, user, now)
    frame = _frame(tender, subject, day_of(now))
    if len(frame) < experts:
        raise ActionError(
            _(
                "Only {n} experts of this field have no tie to a bidder. Widen the pool, or choose another field."
            ).format(n=len(frame))
        )
    seed = secrets.token_hex(16)
    order = drawn_order(frame, seed)
    move(tender, TenderState.OPENED, draw_seed=seed, draw_frame=sorted(frame), drawn_at=now)
    jurors = [_seat(tender, frame[number]) for number in order[:experts]]
    jurors += [
        TenderJuror.everything.create(tender=tender, user=user, name=user.name)
        for user in dict.fromkeys(representatives)
    ]
    detail = {"seed": seed, "frame": frame_hash(frame), "drawn": order[:experts]}
    trail.record("tender.drawn", tender, actor=actor, now=now, detail=detail)
    return jurors


def _refuse_committee(tender: Tender, experts: int, representatives: int, today: date) -> None:
    """Size, oddness and share of experts. Raises ActionError."""
    size = experts + representatives
    refuse_unless(verdict_for(tender, committee_rule(TenderMethod(tender.method)), today, size))
    if size % 2 == 0:
        raise ActionError(_("An odd number of people score."))
    refuse_unless(verdict_for(tender, EXPERTS, today, experts, base=size))


def _refuse_representative(tender: Tender, user: User, now: datetime) -> None:
    if not actor_for(user, day_of(now)).may_at("tender.view", path_of(tender)):
        raise ActionError(_("{name} may not see tenders here.").format(name=user.name))


def _frame(tender: Tender, subject: ServiceKind, today: date) -> dict[str, TenderExpert]:
    """Experts of the field who may be drawn, by number: nobody tied to a bidder or its group, nor its staff."""
    bidders = {key for pair in live_bids(tender).values_list("provider_id", "family") for key in pair}
    years = rule_for(tender, RECUSAL_YEARS, today).number
    tied, staff = _tied(tender, bidders, today, years), _staff_of(bidders)
    rows = TenderExpert.objects.unscoped(reason="the pool of this buyer, for a draw")
    pool = rows.filter(organisation=tender.organisation, is_active=True).exclude(user__in=staff).order_by("number")
    return {one.number: one for one in pool if subject in one.fields and one.pk not in tied}


def _tied(tender: Tender, providers: set[int], today: date, years: int) -> set[int]:
    rows = TenderTie.objects.unscoped(reason="ties of the pool of this buyer, for a draw")
    ties = rows.filter(expert__organisation=tender.organisation, provider_id__in=providers)
    return {tie.expert_id for tie in ties if bars(Tie(TieKind(tie.kind), tie.provider_id, tie.ends_on), today, years)}


def _staff_of(providers: set[int]) -> list[int]:
    rows = ProviderStaff.objects.unscoped(reason="who acts for a bidder does not score")
    return list(rows.filter(provider_id__in=providers).values_list("user_id", flat=True))


def _seat(tender: Tender, expert: TenderExpert) -> TenderJuror:
    juror: TenderJuror = TenderJuror.everything.create(
        tender=tender, user_id=expert.user_id, expert=expert, name=expert.name
    )
    return juror


@transaction.atomic(durable=True)
def declare_ties(*, actor: Actor, now: datetime, tender: Tender, recusal: str = "") -> TenderJuror | None:
    """Declare, before seeing any bid, that nothing binds one to a bidder; or, with a reason, step aside.

    Whoever steps aside is followed by the next of the draw; it is returned, None where nobody follows.

    Raises:
        PermissionDenied: the actor does not score this tender.
        ActionError: she has declared already.
    """
    tender = locked(tender)
    juror = own_juror(tender=tender, actor=actor, now=now)
    state = JurorState.RECUSED if recusal.strip() else JurorState.DECLARED
    rows = TenderJuror.objects.unscoped(reason="the actor's own place among those who score")
    values = {"state": state, "declared_at": now, "recusal": recusal.strip()[:300]}
    if not rows.filter(pk=juror.pk, state=JurorState.DRAWN).update(**values):
        raise ActionError(_("You have declared already."))
    follows = _next_of_draw(tender) if recusal.strip() and juror.expert_id else None
    verb = "tender.recused" if recusal.strip() else "tender.declared"
    trail.record(verb, tender, actor=actor, now=now, detail={"reason": recusal.strip()} if recusal.strip() else {})
    return follows


def own_juror(*, tender: Tender, actor: Actor, now: datetime) -> TenderJuror:
    """The actor's place among those who score. PermissionDenied where she has none, or `now` the role is gone."""
    require_part(actor)
    juror: TenderJuror | None = tender.jurors.filter(user_id=actor.user_id).first() if actor.user_id else None
    if juror is None:
        raise PermissionDenied(f"no part in scoring at {now}")
    return juror


def _next_of_draw(tender: Tender) -> TenderJuror | None:
    rows = TenderExpert.objects.unscoped(reason="the pool of this buyer, for the next of a draw")
    frame = {one.number: one for one in rows.filter(organisation=tender.organisation, number__in=tender.draw_frame)}
    seated = set(tender.jurors.values_list("user_id", flat=True))
    for number in drawn_order(tender.draw_frame, tender.draw_seed):
        if number in frame and frame[number].user_id not in seated:
            return _seat(tender, frame[number])
    return None
