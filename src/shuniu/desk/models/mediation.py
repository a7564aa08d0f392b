"""What a mediation has beside its case: the other side, consent, sessions, the agreement and what became of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.enums import Application, DisputeClass
from shuniu.desk.models.cases import Case
from shuniu.desk.rules.mediation import Signatures
from shuniu.kernel.scope import Actor, ScopedModel
from shuniu.kernel.vault import EncryptedField


class MediationPart(ScopedModel):
    """Reached through the case only: whoever may read what the case says may read this, nobody else."""

    scope_path = "case__organisation__path"
    scope_permission = "case.view"

    class Meta(ScopedModel.Meta):
        abstract = True


class Mediation(MediationPart):
    """One mediation. Days say when a step was taken; empty, that it was not."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="mediation")
    dispute = models.CharField(_("class of dispute"), max_length=12, choices=DisputeClass)
    application = models.CharField(pgettext_lazy("mediation", "applied for"), max_length=8, choices=Application)
    amount = models.BigIntegerField(_("amount asked for (fen)"), default=0)
    people = models.PositiveIntegerField(_("workers concerned"), default=1)
    representatives = EncryptedField(verbose_name=_("representatives"))
    known_on = models.DateField(_("infringement known on"), null=True, blank=True)
    is_arrears = models.BooleanField(_("about pay in arrears"), default=False)
    employment_ended_on = models.DateField(_("employment ended on"), null=True, blank=True)
    other_side = EncryptedField(verbose_name=_("other side"))
    other_person = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("other side, where it is a worker"),
    )  # fmt: skip
    other_contact = EncryptedField(verbose_name=_("contact of the other side"))
    received_on = models.DateField(_("received on"))
    asked_on = models.DateField(_("other side asked on"), null=True, blank=True)
    answered_on = models.DateField(_("other side answered on"), null=True, blank=True)
    is_consented = models.BooleanField(_("other side consents"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    extended_on = models.DateField(_("both agreed to more time on"), null=True, blank=True)
    agreed_on = models.DateField(_("agreement reached on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("days from receipt to the end"), null=True, blank=True)

    class Meta(MediationPart.Meta):
        indexes = [models.Index(fields=["received_on", "dispute"], name="mediation_by_day")]

    def __str__(self) -> str:
        return str(self.case_id)

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return Q(case__in=_own_cases(actor))


class MediationSession(MediationPart):
    """A meeting of both sides, with its record."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sessions", db_index=False)
    number = models.PositiveSmallIntegerField(_("number"))
    held_at = models.DateTimeField(_("held at"))
    place = models.CharField(_("place"), max_length=80)
    present = EncryptedField(verbose_name=_("present"))
    record = EncryptedField(verbose_name=_("record"))

    class Meta(MediationPart.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="mediation_session_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return Q(case__in=_own_cases(actor))


class MediationAgreement(MediationPart):
    """What both sides agreed on, who signed it when, and whether it was performed."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="agreement")
    terms = EncryptedField(verbose_name=_("terms"))
    amount = models.BigIntegerField(_("amount agreed (fen)"), default=0)
    perform_by = models.DateField(_("to be performed by"))
    worker_on = models.DateField(_("signed by the worker on"), null=True, blank=True)
    employer_on = models.DateField(_("signed by the employer on"), null=True, blank=True)
    mediator_on = models.DateField(_("signed by the mediator on"), null=True, blank=True)
    sealed_on = models.DateField(_("sealed on"), null=True, blank=True)
    confirmed_on = models.DateField(_("confirmed by the commission on"), null=True, blank=True)
    performed_on = models.DateField(_("performed on"), null=True, blank=True)
    followed_up_on = models.DateField(_("followed up on"), null=True, blank=True)
    follow_up = EncryptedField(verbose_name=_("what the follow-up found"))

    class Meta(MediationPart.Meta):
        indexes = [models.Index(fields=["perform_by"], condition=Q(performed_on=None), name="agreement_to_perform")]

    def __str__(self) -> str:
        return str(self.case_id)

    @property
    def signatures(self) -> Signatures:
        return Signatures(self.worker_on, self.employer_on, self.mediator_on, self.sealed_on)

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return Q(case__in=_own_cases(actor))


class MediationTie(MediationPart):
    """A tie that somebody declared, or that was found, between her and a side: she does not mediate this case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ties", db_index=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    note = EncryptedField(verbose_name=_("note"))
    at = models.DateTimeField(_("at"))

    class Meta(MediationPart.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="mediation_tie_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return Q(case__in=_own_cases(actor))


def _own_cases(actor: Actor) -> Any:
    own = Case.own_rows(actor)
    return Case.everything.filter(own).values("pk") if own is not None else Case.everything.none().values("pk")
