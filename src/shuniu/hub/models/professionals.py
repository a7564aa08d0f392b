"""The people of providers, what they may do, when they are away, and the papers of both."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shuniu.hub.enums import AbsenceReason, PaperKind, Profession
from shuniu.hub.models.providers import Provider, of_own_provider
from shuniu.kernel.period import FOREVER, PeriodModel, starts_before_it_ends
from shuniu.kernel.scope import Actor, ScopedModel
from shuniu.kernel.vault import EncryptedField


def own_or_of_provider(actor: Actor, professional: str, provider: str) -> Q | None:
    """Rows of the professional that the actor is, and of the provider that the actor acts for; by lookup prefixes."""
    firm = of_own_provider(actor, provider)
    if actor.user_id is None or not actor.may("service.give"):
        return firm
    own = Q(**{f"{professional}user_id": actor.user_id})
    return own if firm is None else own | firm


class Professional(ScopedModel):
    """Somebody of a provider who serves. `serves` lists the `ServiceKind`s she is fit for.

    Whom a provider names is not active until somebody of the union admits her.
    """

    scope_path = "provider__organisation__path"
    scope_permission = "provider.view"

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="professionals")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=50)
    profession = models.CharField(_("profession"), max_length=12, choices=Profession)
    serves = models.JSONField(_("may serve"), default=list)
    mobile = EncryptedField(verbose_name=_("mobile"))
    is_active = models.BooleanField(_("takes new work"), default=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    admitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["provider", "is_active", "name"], name="professional_by_name")]
        constraints = [
            models.CheckConstraint(
                name="professional_not_admitted_by_oneself",
                condition=Q(admitted_by=None) | Q(entered_by=None) | ~Q(admitted_by=F("entered_by")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """One's own entry; a provider's manager, those of the provider."""
        return own_or_of_provider(actor, "", "provider__")


class Paper(ScopedModel):
    """A paper of a provider, or of one of its professionals. A renewed paper is a new row; the old one stays.

    Proves something only once somebody of the union has compared it with the original (`checked_by`).
    """

    scope_path = "provider__organisation__path"
    scope_permission = "provider.view"

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="papers")
    professional = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, blank=True, related_name="papers"
    )
    kind = models.CharField(_("kind"), max_length=14, choices=PaperKind)
    level = models.CharField(_("level"), max_length=20, blank=True)
    number = EncryptedField(verbose_name=_("certificate number"))
    issuer = models.CharField(_("issuer"), max_length=80, blank=True)
    issued_on = models.DateField(_("issued on"))
    good_until = models.DateField(_("good until"), default=FOREVER)
    """The last day on which it proves something; `FOREVER` for a paper without an end."""
    file_id = models.CharField(_("file"), max_length=32, blank=True)
    file_name = models.CharField(_("name of the file"), max_length=120, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    warned_days = models.PositiveSmallIntegerField(_("warned so many days before"), null=True, blank=True)
    """The last warning of its end that went out; 0 once it has ended."""

    class Meta(ScopedModel.Meta):
        indexes = [
            models.Index(fields=["good_until"], name="paper_by_end"),
            models.Index(fields=["professional", "kind", "good_until"], name="paper_of_professional"),
            models.Index(fields=["provider", "kind", "good_until"], name="paper_of_provider"),
        ]
        constraints = [
            models.CheckConstraint(name="paper_good_for_a_day", condition=Q(good_until__gte=F("issued_on"))),
            models.CheckConstraint(
                name="paper_not_checked_by_oneself",
                condition=Q(checked_by=None) | Q(entered_by=None) | ~Q(checked_by=F("entered_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.kind}"

    @property
    def holder(self) -> str:
        return self.professional.name if self.professional else self.provider.name

    def proves_on(self, day: date) -> bool:
        return self.checked_at is not None and self.issued_on <= day <= self.good_until

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """A provider's manager, those of the provider; a professional, one's own."""
        return own_or_of_provider(actor, "professional__", "provider__")


class Absence(ScopedModel, PeriodModel):
    """Days on which a professional takes no work. Nothing is said of why beyond its kind."""

    scope_path = "professional__provider__organisation__path"
    scope_permission = "provider.view"

    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="absences")
    reason = models.CharField(_("reason"), max_length=10, choices=AbsenceReason)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(ScopedModel.Meta):
        constraints = [starts_before_it_ends("absence_not_empty")]
        indexes = [models.Index(fields=["professional", "ends_on"], name="absence_by_professional")]

    def __str__(self) -> str:
        return f"{self.professional_id} {self.starts_on}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return own_or_of_provider(actor, "professional__", "professional__provider__")
