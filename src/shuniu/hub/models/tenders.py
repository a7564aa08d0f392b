"""Tenders, what they ask for and how it is scored, what was said about them in public, and what came of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.hub.enums import CriterionKind, ReleaseTag, TenderMethod, TenderState, TenderSubject
from shuniu.hub.models.duties import Duty
from shuniu.hub.models.providers import Provider
from shuniu.hub.rules.tenders import SECRET
from shuniu.kernel.scope import Actor, ScopedModel
from shuniu.kernel.vault import EncryptedField

USER = settings.AUTH_USER_MODEL


class Tender(ScopedModel):
    """One purchase of a duty from outside, from the plan to the award. Money is in fen."""

    scope_permission = "tender.view"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="tenders")
    number = models.CharField(_("number"), max_length=20)
    ocid = models.CharField("OCID", max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=120)
    need = models.TextField(_("requirement"))
    subject = models.CharField(pgettext_lazy("tender", "subject"), max_length=10, choices=TenderSubject)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    budget = models.BigIntegerField(_("budget (and highest price)"))
    bond = models.BigIntegerField(_("bid bond"), default=0)
    method = models.CharField(_("method"), max_length=12, choices=TenderMethod)
    proposed_method = models.CharField(_("method proposed by the rules"), max_length=12, choices=TenderMethod)
    method_reason = models.CharField(_("reason for the method"), max_length=300, blank=True)
    small_discount = models.PositiveSmallIntegerField(_("discount for small firms, per cent"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=TenderState, default=TenderState.DRAFT)

    consulted_on = models.DateField(_("users asked on"), null=True, blank=True)
    consulted_people = models.PositiveIntegerField(_("users asked"), default=0)
    consulted_how = models.CharField(_("how they were asked"), max_length=200, blank=True)
    consulted_result = models.TextField(_("what they said and what was made of it"), blank=True)

    designed_by = models.ForeignKey(Provider, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    drafted_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("drafted at"))
    approved_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    split_reason = models.CharField(_("reason for going over the limit of the year"), max_length=300, blank=True)

    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    due_at = models.DateTimeField(_("bids due and opened at"), null=True, blank=True)
    documents_until = models.DateField(_("documents offered until"), null=True, blank=True)
    sheet_hash = models.CharField(_("fingerprint of the score sheet"), max_length=64, blank=True)
    opened_at = models.DateTimeField(pgettext_lazy("tender", "opened at"), null=True, blank=True)
    scored_at = models.DateTimeField(_("scored at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=300, blank=True)

    key_public = models.BinaryField(null=True, editable=False)
    key_half = EncryptedField()
    """The site's half of the wrapping secret, in hexadecimal: used from the opening hour on only."""
    keys_needed = models.PositiveSmallIntegerField(_("opening keys needed"), default=0)

    draw_seed = models.CharField(_("seed of the draw"), max_length=64, blank=True)
    draw_frame = models.JSONField(_("numbers of those drawn from"), default=list)
    drawn_at = models.DateTimeField(_("drawn at"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        indexes = [
            models.Index(fields=["organisation", "-created_at"], name="tender_by_date"),
            models.Index(fields=["duty", "fiscal_year"], name="tender_by_duty_year"),
            models.Index(fields=["state", "due_at"], name="tender_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="tender_numbered_once"),
            models.CheckConstraint(name="tender_budget_positive", condition=Q(budget__gt=0)),
            models.CheckConstraint(
                name="tender_published_has_hour", condition=Q(published_at=None) | Q(due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """Tenders whose bids one opens or scores."""
        if not actor.may("tender.view", "tender.score"):
            return None
        return Q(models.Exists(_parts(actor, "seats"))) | Q(models.Exists(_parts(actor, "jurors")))

    @property
    def is_secret(self) -> bool:
        """Whether nobody may be told yet who has bid."""
        return self.state in SECRET


def _parts(actor: Actor, part: str) -> models.QuerySet[Any]:
    """The actor's seats or places as juror in a tender; a sub-query, so that no tender comes twice."""
    model: Any = Tender._meta.get_field(part).related_model
    rows: models.QuerySet[Any] = model.everything.filter(tender=models.OuterRef("pk"), user_id=actor.user_id)
    return rows


class TenderPart(ScopedModel):
    """Something that lies where its tender lies."""

    scope_path = "tender__organisation__path"
    scope_permission = "tender.view"

    class Meta(ScopedModel.Meta):
        abstract = True


class TenderLine(TenderPart):
    """What is bought: so many of a unit."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("item"), max_length=120)
    unit = models.CharField(_("unit"), max_length=20)
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta(TenderPart.Meta):
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["tender", "position"], name="tender_line_once")]

    def __str__(self) -> str:
        return self.name


class TenderCriterion(TenderPart):
    """What points are given for; all criteria of a tender come to 100."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("criterion"), max_length=60)
    kind = models.CharField(pgettext_lazy("criterion", "kind"), max_length=10, choices=CriterionKind)
    points = models.PositiveSmallIntegerField(_("points"))
    guidance = models.CharField(_("how points are given"), max_length=300, blank=True)

    class Meta(TenderPart.Meta):
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["tender", "position"], name="tender_criterion_once")]

    def __str__(self) -> str:
        return self.name


class TenderInvitation(TenderPart):
    """A provider that was asked to bid, where only those asked may."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="invitations")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")

    class Meta(TenderPart.Meta):
        constraints = [models.UniqueConstraint(fields=["tender", "provider"], name="tender_invited_once")]

    def __str__(self) -> str:
        return f"{self.provider_id} for {self.tender_id}"


class TenderNote(TenderPart):
    """A clarification or change of the notice, published before the deadline; `new_due_at` moved it."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="notes")
    number = models.PositiveSmallIntegerField()
    question = models.TextField(_("question"), blank=True)
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    text = models.TextField(_("clarification or change"))
    at = models.DateTimeField(_("published at"))
    new_due_at = models.DateTimeField(_("new deadline"), null=True, blank=True)

    class Meta(TenderPart.Meta):
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["tender", "number"], name="tender_note_once")]

    def __str__(self) -> str:
        return f"{self.tender_id} {self.number}"


class TenderRelease(TenderPart):
    """What was published of a step, as OCDS 1.1 has it. The database lets nobody change one."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField(_("published at"))
    tag = models.CharField(_("tag"), max_length=20, choices=ReleaseTag)
    body = models.JSONField()

    class Meta(TenderPart.Meta):
        ordering = ["number"]
        indexes = [models.Index(fields=["at"], name="tender_release_by_time")]
        constraints = [models.UniqueConstraint(fields=["tender", "number"], name="tender_release_once")]

    def __str__(self) -> str:
        return f"{self.tender_id}-{self.number} {self.tag}"
