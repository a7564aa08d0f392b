"""Outside bodies that may be given work, their people, and whom they must not act against."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.hub.enums import Profession, ProviderKind, ProviderState
from shuniu.kernel.period import PeriodModel, starts_before_it_ends
from shuniu.kernel.scope import Actor, ScopedModel


class Provider(ScopedModel):
    """A body in the register that a union body keeps. A firm may belong to a group that bids and contracts for it."""

    scope_permission = "provider.view"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="firms")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(pgettext_lazy("provider", "kind"), max_length=12, choices=ProviderKind)
    credit_code = models.CharField(_("credit code"), max_length=18, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ProviderState, default=ProviderState.APPLIED)

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["organisation", "state", "name"], name="provider_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "credit_code"], condition=~Q(credit_code=""), name="provider_known_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return Q(staff__user_id=actor.user_id, staff__ended_at=None) if actor.may("provider.own") else None


class ProviderStaff(ScopedModel):
    """An account that acts for a provider while `ended_at` is empty."""

    scope_path = "provider__organisation__path"
    scope_permission = "provider.view"

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="provider_staff_once")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.provider_id}"


class Professional(ScopedModel):
    """Somebody of a provider who serves. `serves` lists the `ServiceKind`s she is fit for."""

    scope_path = "provider__organisation__path"
    scope_permission = "provider.view"

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="professionals")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=50)
    profession = models.CharField(_("profession"), max_length=12, choices=Profession)
    serves = models.JSONField(_("may serve"), default=list)
    is_active = models.BooleanField(_("takes new work"), default=True)

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["provider", "is_active", "name"], name="professional_by_name")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """One's own entry; a provider's manager, those of the provider."""
        if actor.may("provider.own"):
            return Q(provider__staff__user_id=actor.user_id, provider__staff__ended_at=None)
        return Q(user_id=actor.user_id) if actor.may("service.give") else None


class Conflict(ScopedModel, PeriodModel):
    """A period in which a provider serves an employer, so that none of its people act against it."""

    scope_path = "provider__organisation__path"
    scope_permission = "provider.view"

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="conflicts")
    employer = models.ForeignKey("registry.Employer", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [starts_before_it_ends("conflict_not_empty")]
        indexes = [models.Index(fields=["employer", "ends_on"], name="conflict_by_employer")]

    def __str__(self) -> str:
        return f"{self.provider_id} serves {self.employer_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        if not actor.may("provider.own"):
            return None
        return Q(provider__staff__user_id=actor.user_id, provider__staff__ended_at=None)
