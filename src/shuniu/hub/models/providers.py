"""Outside bodies that may be given work, and the accounts that act for them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.hub.enums import CheckResult, ProviderKind, ProviderState
from shuniu.kernel.period import PeriodModel, starts_before_it_ends
from shuniu.kernel.scope import Actor, ScopedModel
from shuniu.kernel.vault import BlindIndexField, EncryptedField

NOT_BY_ONESELF = "provider_not_approved_by_oneself"


class Provider(ScopedModel):
    """A body in the register that a union body keeps. A firm may belong to a group that bids and contracts for it.

    Whoever applied on the public page is nobody's account: `entered_by` is empty then, and `receipt_index` is the keyed
    hash of the number by which the application is followed.
    """

    scope_permission = "provider.view"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="firms")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(pgettext_lazy("provider", "kind"), max_length=12, choices=ProviderKind)
    credit_code = models.CharField(_("credit code"), max_length=18, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ProviderState, default=ProviderState.APPLIED)
    offers = models.JSONField(_("services offered"), default=list, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    about = models.TextField(_("about the provider"), blank=True)
    contact_name = models.CharField(_("contact"), max_length=50, blank=True)
    contact_phone = EncryptedField(verbose_name=_("telephone"))
    receipt_index = BlindIndexField(unique=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    vetted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(ScopedModel.Meta):
        indexes = [
            models.Index(fields=["organisation", "state", "name"], name="provider_by_state"),
            models.Index(fields=["name"], name="provider_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "credit_code"],
                condition=~Q(credit_code="") & ~Q(state__in=[ProviderState.REFUSED, ProviderState.REMOVED]),
                name="provider_known_once",
            ),
            models.CheckConstraint(
                name=NOT_BY_ONESELF,
                condition=Q(approved_by=None)
                | (
                    (Q(entered_by=None) | ~Q(approved_by=F("entered_by")))
                    & (Q(vetted_by=None) | ~Q(approved_by=F("vetted_by")))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return of_own_provider(actor, "")

    def is_run_by(self, actor: Actor) -> bool:
        """Whether the actor acts for it, or for the group that it belongs to."""
        if actor.user_id is None or not actor.may("provider.own"):
            return False
        rows = ProviderStaff.everything.filter(user_id=actor.user_id, ended_at=None)
        return bool(rows.filter(provider_id__in=[key for key in (self.pk, self.group_id) if key]).exists())

    @property
    def is_active(self) -> bool:
        return self.state == ProviderState.ACTIVE


def of_own_provider(actor: Actor, prefix: str = "provider__") -> Q | None:
    """Rows of the provider that the actor acts for, and of the firms of a group. By subqueries: no row comes twice."""
    if actor.user_id is None or not actor.may("provider.own"):
        return None
    mine = ProviderStaff.everything.filter(user_id=actor.user_id, ended_at=None).values("provider_id")
    return Q(**{f"{prefix}pk__in": mine}) | Q(**{f"{prefix}group__in": mine})


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

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return of_own_provider(actor)


class ProviderCheck(ScopedModel):
    """One item of the checklist as somebody found it."""

    scope_path = "provider__organisation__path"
    scope_permission = "provider.view"

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="checks")
    item = models.SlugField(_("item"), max_length=30)
    result = models.CharField(_("result"), max_length=16, choices=CheckResult)
    note = models.CharField(_("note"), max_length=200, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(_("checked at"))

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["provider", "item"], name="provider_item_checked_once")]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.item}"


class ProviderStep(ScopedModel):
    """One step of a provider's standing: what was done, which state it left, when, by whom, why."""

    scope_path = "provider__organisation__path"
    scope_permission = "provider.view"

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(_("step"), max_length=12)
    """`apply` or the name of a transition of the flow of providers."""
    state = models.CharField(_("state"), max_length=10, choices=ProviderState)
    at = models.DateTimeField(_("at"))
    by_id = models.BigIntegerField(_("account"), null=True)
    by_name = models.CharField(_("by"), max_length=80)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(ScopedModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.provider_id} {self.state}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return of_own_provider(actor)


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
        return of_own_provider(actor)
