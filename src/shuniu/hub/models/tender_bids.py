"""Bids, who opens and scores them, the award and what is objected to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.hub.enums import BidState, JurorState, LowPrice, ServiceKind, TieKind
from shuniu.hub.models.providers import Provider
from shuniu.hub.models.tenders import Tender, TenderPart
from shuniu.kernel.period import PeriodModel, starts_before_it_ends
from shuniu.kernel.scope import Actor, ScopedModel
from shuniu.kernel.vault import BlindIndexField, EncryptedField

USER = settings.AUTH_USER_MODEL


class TenderSeat(TenderPart):
    """A seat on the opening committee, with the member's public key and her share of the tender's key."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField()
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    salt = models.BinaryField(null=True, editable=False)
    public_key = models.BinaryField(null=True, editable=False)
    confirmed_at = models.DateTimeField(_("opening code confirmed at"), null=True, blank=True)
    share = models.BinaryField(null=True, editable=False)
    """Encrypted for the member: nobody without her opening code reads it."""
    released_at = models.DateTimeField(_("took part in the opening at"), null=True, blank=True)
    released = EncryptedField()

    class Meta(TenderPart.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "user"], name="tender_seat_once"),
            models.UniqueConstraint(fields=["tender", "number"], name="tender_seat_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} opens {self.tender_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return Q(user_id=actor.user_id) if actor.may("tender.view", "tender.score") else None


class TenderBid(TenderPart):
    """A bid, sealed when it came in. `content` stays sealed for good; from the opening on `opened_key` opens it."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="bids")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="bids")
    family = models.BigIntegerField()
    """The group of the provider, or the provider itself: one family has one bid in a tender."""
    controller_index = BlindIndexField()
    state = models.CharField(_("state"), max_length=10, choices=BidState, default=BidState.SEALED)
    is_small = models.BooleanField(_("small or micro firm"), default=False)
    sent_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("received at"))
    ended_at = models.DateTimeField(_("withdrawn or replaced at"), null=True, blank=True)
    nonce = models.CharField(max_length=32)
    sealed_key = models.BinaryField(editable=False)
    content = models.BinaryField(editable=False)
    digest = models.CharField(_("fingerprint"), max_length=64)

    opened_key = EncryptedField()
    total = models.BigIntegerField(_("price"), null=True, blank=True)
    reason = models.CharField(_("why it is not valid"), max_length=300, blank=True)
    low = models.CharField(_("low price"), max_length=10, choices=LowPrice, blank=True)
    low_answer = EncryptedField()

    class Meta(TenderPart.Meta):
        indexes = [models.Index(fields=["provider", "-received_at"], name="tender_bid_by_provider")]
        constraints = [
            models.UniqueConstraint(
                fields=["tender", "family"], condition=Q(state=BidState.SEALED), name="tender_bid_family_once"
            ),
            models.UniqueConstraint(
                fields=["tender", "controller_index"],
                condition=Q(state=BidState.SEALED, controller_index__isnull=False),
                name="tender_bid_controller_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} for {self.tender_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """One's own provider's bids."""
        if not actor.may("provider.own"):
            return None
        return Q(provider__staff__user_id=actor.user_id, provider__staff__ended_at=None)

    @property
    def context(self) -> str:
        """What the seal is bound to: moved to another tender or bidder, a bid does not open."""
        return f"bid:{self.tender_id}:{self.provider_id}:{self.nonce}"


class TenderExpert(ScopedModel):
    """Somebody in the pool from which those who score are drawn. `fields` lists `ServiceKind`s."""

    scope_permission = "tender.view"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("number"), max_length=12)
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=50)
    employer = models.CharField(_("employer"), max_length=120, blank=True)
    fields = models.JSONField(_("fields"), default=list)
    is_active = models.BooleanField(_("may be drawn"), default=True)

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["organisation", "is_active", "number"], name="tender_expert_by_number")]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="tender_expert_numbered"),
            models.UniqueConstraint(fields=["organisation", "user"], name="tender_expert_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def field_names(self) -> list[str]:
        return [str(ServiceKind(field).label) for field in self.fields]


class TenderTie(ScopedModel, PeriodModel):
    """What binds an expert to a provider."""

    scope_path = "expert__organisation__path"
    scope_permission = "tender.view"

    expert = models.ForeignKey(TenderExpert, on_delete=models.PROTECT, related_name="ties")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(pgettext_lazy("tie", "kind"), max_length=10, choices=TieKind)

    class Meta(ScopedModel.Meta):
        constraints = [starts_before_it_ends("tender_tie_not_empty")]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.kind} {self.provider_id}"


class TenderJuror(TenderPart):
    """Somebody who scores the bids of a tender: a drawn expert, or one of the buyer's own."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="jurors")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    expert = models.ForeignKey(TenderExpert, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=50)
    state = models.CharField(_("state"), max_length=10, choices=JurorState, default=JurorState.DRAWN)
    declared_at = models.DateTimeField(_("declared at"), null=True, blank=True)
    recusal = models.CharField(_("reason for recusal"), max_length=300, blank=True)
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)

    class Meta(TenderPart.Meta):
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["tender", "user"], name="tender_juror_once")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return Q(user_id=actor.user_id) if actor.may("tender.view", "tender.score") else None


class TenderMark(TenderPart):
    """One juror's points for one bid, sealed: JSON of criterion key to hundredths, and a remark."""

    scope_path = "juror__tender__organisation__path"

    juror = models.ForeignKey(TenderJuror, on_delete=models.PROTECT, related_name="marks")
    bid = models.ForeignKey(TenderBid, on_delete=models.PROTECT, related_name="marks")
    points = EncryptedField()
    remark = EncryptedField()
    at = models.DateTimeField(_("entered at"))

    class Meta(TenderPart.Meta):
        constraints = [models.UniqueConstraint(fields=["juror", "bid"], name="tender_mark_once")]

    def __str__(self) -> str:
        return f"{self.juror_id} on {self.bid_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return Q(juror__user_id=actor.user_id) if actor.may("tender.view", "tender.score") else None


class TenderAward(TenderPart):
    """The award of a tender; one that was taken back stays with `taken_back_at`."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="awards")
    bid = models.ForeignKey(TenderBid, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(_("amount"))
    reason = models.CharField(_("reason for the choice"), max_length=300, blank=True)
    proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    announced_at = models.DateTimeField(_("announced at"), null=True, blank=True)
    objections_until = models.DateField(_("objections until"), null=True, blank=True)
    agreement_due = models.DateField(_("agreement due on"), null=True, blank=True)
    final_at = models.DateTimeField(_("final since"), null=True, blank=True)
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    class Meta(TenderPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tender"], condition=Q(taken_back_at=None), name="tender_award_once"),
            models.CheckConstraint(
                name="tender_award_by_two",
                condition=Q(decided_by=None) | Q(proposed_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bid_id} for {self.tender_id}"


class TenderObjection(TenderPart):
    """What a bidder objects to the result, and the answer."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="objections")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("objection"))
    received_at = models.DateTimeField(_("received at"))
    due_on = models.DateField(_("answer due on"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    upheld = models.BooleanField(_("upheld"), null=True)
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta(TenderPart.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.provider_id} on {self.tender_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        if not actor.may("provider.own"):
            return None
        return Q(provider__staff__user_id=actor.user_id, provider__staff__ended_at=None)
