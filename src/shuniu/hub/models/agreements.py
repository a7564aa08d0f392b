"""Agreements with providers: what is to be done, by what standard, for which payments."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.hub.enums import AgreementState, AmendmentState, Cycle, DeliveryMode, Due, Measure
from shuniu.hub.models.duties import Duty
from shuniu.hub.models.professionals import Professional
from shuniu.hub.models.providers import Provider, ProviderStaff
from shuniu.kernel.period import PeriodModel, starts_before_it_ends
from shuniu.kernel.scope import Actor, ScopedModel

UNSEEN = (AgreementState.DRAFT, AgreementState.WITHDRAWN)
"""States in which the provider does not see an agreement yet, or no more."""


def account() -> Any:
    """Whoever did something; empty for the software itself."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


def providers_of(actor: Actor) -> models.QuerySet[Provider]:
    """The providers an account acts for, and the groups that bid and contract for them."""
    mine = ProviderStaff.everything.filter(user_id=actor.user_id or 0, ended_at=None).values("provider_id")
    groups = Provider.everything.filter(pk__in=mine, group__isnull=False).values("group_id")
    return Provider.everything.filter(Q(pk__in=mine) | Q(pk__in=groups))


def own_agreements(actor: Actor, prefix: str = "") -> Q | None:
    """Rows of agreements of the actor's providers; `prefix` leads from the row to its agreement."""
    if not actor.may("provider.own"):
        return None
    mine = Q(**{f"{prefix}provider__in": providers_of(actor)})
    return mine & ~Q(**{f"{prefix}state__in": UNSEEN})


class Agreement(ScopedModel, PeriodModel):
    """What a union body agreed with a provider, or a group, about one of its duties.

    `amount` is the sum of the lines in fen as signed, `supplements` what approved amendments added since. `kinds` are
    the `ServiceKind`s it covers. It holds from `starts_on` until the day before `ends_on`.
    """

    scope_permission = "agreement.view"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("number"), max_length=24)
    title = models.CharField(_("title"), max_length=120)
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="agreements")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="agreements")
    tender = models.ForeignKey("hub.Tender", on_delete=models.PROTECT, null=True, blank=True, related_name="agreements")
    mode = models.CharField(_("carried out"), max_length=12, choices=DeliveryMode)
    kinds = models.JSONField(_("services covered"), default=list)
    cycle = models.CharField(_("scored"), max_length=8, choices=Cycle, default=Cycle.QUARTER)
    amount = models.BigIntegerField(_("amount"), default=0)
    supplements = models.BigIntegerField(_("supplements"), default=0)
    bond = models.BigIntegerField(_("performance bond"), default=0)
    reason = models.CharField(_("why without a tender, or for longer than usual"), max_length=300, blank=True)
    confidentiality = models.TextField(_("confidentiality"), blank=True)
    personal_information = models.TextField(_("personal information"), blank=True)
    liability = models.TextField(_("breach"), blank=True)
    disputes = models.TextField(_("settlement of disputes"), blank=True)
    standards_version = models.PositiveSmallIntegerField(_("version of the standards"), default=1)
    state = models.CharField(_("state"), max_length=12, choices=AgreementState, default=AgreementState.DRAFT)
    drafted_by = account()
    drafted_at = models.DateTimeField(_("drafted at"))
    signed_by = account()
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    close_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            starts_before_it_ends("agreement_not_empty"),
            models.UniqueConstraint(fields=["organisation", "number"], name="agreement_numbered_once"),
            models.CheckConstraint(
                name="agreement_signed_by_another",
                condition=Q(signed_by__isnull=True) | Q(drafted_by__isnull=True) | ~Q(signed_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="agreement_money_not_negative", condition=Q(amount__gte=0, supplements__gte=0, bond__gte=0)
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "ends_on"], name="agreement_by_state"),
            models.Index(fields=["provider", "state"], name="agreement_by_provider"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> int:
        """Fen, supplements included."""
        return self.amount + self.supplements

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return own_agreements(actor)


class AgreementPart(ScopedModel):
    """What hangs on an agreement lies where it lies and is seen by whoever sees it."""

    scope_path = "agreement__organisation__path"
    scope_permission = "agreement.view"

    class Meta(ScopedModel.Meta):
        abstract = True

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return own_agreements(actor, "agreement__")


class AgreementLine(AgreementPart):
    """Something to be delivered: so many units at a price in fen each."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="lines")
    order = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("service"), max_length=120)
    unit = models.CharField(pgettext_lazy("agreement line", "unit"), max_length=20)
    quantity = models.PositiveIntegerField(_("quantity"))
    price = models.BigIntegerField(_("price"))

    class Meta(AgreementPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["agreement", "order"], name="agreement_line_once"),
            models.CheckConstraint(name="agreement_line_price_not_negative", condition=Q(price__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def amount(self) -> int:
        """Fen."""
        return self.quantity * self.price


class Milestone(AgreementPart):
    """A payment of the plan in fen, and what it waits for. `expected_on` is the day it was planned for."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="milestones")
    order = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("payment"), max_length=60)
    due = models.CharField(_("paid after"), max_length=12, choices=Due)
    amount = models.BigIntegerField(_("amount"))
    expected_on = models.DateField(_("planned for"))

    class Meta(AgreementPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["agreement", "order"], name="milestone_once"),
            models.CheckConstraint(name="milestone_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name


class Standard(AgreementPart):
    """An assessment item of an agreement: what is asked, and what is taken off where it is not met.

    Points, targets, steps and deductions are integer hundredths, see `rules.agreement_scores`.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="standards")
    order = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("item"), max_length=60)
    requirement = models.CharField(_("work standard"), max_length=300)
    measure = models.CharField(_("assessed by"), max_length=12, choices=Measure)
    points = models.PositiveIntegerField(_("points"))
    target = models.PositiveIntegerField(_("target"), default=0)
    step = models.PositiveIntegerField(_("step"), default=100)
    deduct = models.PositiveIntegerField(_("taken off for each step"), default=0)

    class Meta(AgreementPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["agreement", "order"], name="standard_once"),
            models.CheckConstraint(name="standard_step_positive", condition=Q(step__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name


class Amendment(AgreementPart):
    """A supplement: something added for an amount in fen, a later end, or both. It holds once somebody else approved."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="amendments")
    content = models.CharField(_("what changes"), max_length=300)
    amount = models.BigIntegerField(_("added amount"), default=0)
    new_ends_on = models.DateField(_("holds until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=AmendmentState, default=AmendmentState.PROPOSED)
    proposed_by = account()
    proposed_on = models.DateField(_("proposed on"))
    decided_by = account()
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    answer = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(AgreementPart.Meta):
        constraints = [
            models.CheckConstraint(
                name="amendment_decided_by_another",
                condition=Q(decided_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(name="amendment_adds", condition=Q(amount__gte=0)),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(state=AmendmentState.PROPOSED), name="amendment_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} +{self.amount}"


class Induction(ScopedModel):
    """A professional was told the standards of an agreement before the first duty. It counts once both sides confirmed."""

    scope_path = "agreement__organisation__path"
    scope_permission = "agreement.view"

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="inductions")
    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="inductions")
    course = models.CharField(_("course"), max_length=80)
    on = models.DateField(_("on"))
    version = models.PositiveSmallIntegerField(_("version of the standards"))
    union_by = account()
    union_at = models.DateTimeField(_("confirmed by the union at"), null=True, blank=True)
    provider_by = account()
    provider_at = models.DateTimeField(_("confirmed by the provider at"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["agreement", "professional", "version"], name="inducted_once"),
            models.CheckConstraint(
                name="induction_confirmed_by_two",
                condition=Q(union_by__isnull=True) | Q(provider_by__isnull=True) | ~Q(union_by=F("provider_by")),
            ),
        ]
        indexes = [models.Index(fields=["professional", "on"], name="induction_by_professional")]

    def __str__(self) -> str:
        return f"{self.professional_id} {self.agreement_id}"

    @property
    def is_complete(self) -> bool:
        return self.union_at is not None and self.provider_at is not None

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        own = own_agreements(actor, "agreement__")
        if actor.may("service.give"):
            mine = Q(professional__user_id=actor.user_id)
            return mine if own is None else own | mine
        return own
