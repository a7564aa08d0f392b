"""Who holds which role, where and when."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.accounts.enums import GrantState
from shuniu.accounts.models.users import User
from shuniu.accounts.rules.roles import Role, catalogue
from shuniu.kernel.period import PeriodModel, starts_before_it_ends
from shuniu.kernel.scope import Actor, ScopedModel


class RoleGrant(ScopedModel, PeriodModel):
    """A role held by a user for a period, at an organisation or (without one) for the whole site.

    `granted_by` proposed it, `approved_by` decided; the first officers of a site come from the command line and have
    neither.
    """

    scope_permission = "role.view"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants", verbose_name=_("account"))
    role = models.CharField(_("role"), max_length=40)
    organisation = models.ForeignKey(
        "registry.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("role grant", "at"),
    )
    state = models.CharField(_("state"), max_length=10, choices=GrantState, default=GrantState.PROPOSED)
    reason = models.CharField(_("reason"), max_length=200)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposed by")
    )
    granted_at = models.DateTimeField(_("proposed at"))
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("role grant")
        indexes = [models.Index(fields=["state", "id"], name="grant_by_state")]
        constraints = [
            starts_before_it_ends("grant_not_empty"),
            models.CheckConstraint(
                name="grant_decided_has_moment",
                condition=Q(state=GrantState.PROPOSED, decided_at__isnull=True)
                | (~Q(state=GrantState.PROPOSED) & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="grant_seen_by_two",
                condition=Q(granted_by__isnull=True)
                | ~Q(state=GrantState.APPROVED)
                | ~Q(granted_by=models.F("approved_by")),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation"],
                condition=Q(state=GrantState.PROPOSED),
                name="grant_proposed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """One's own roles."""
        return Q(user_id=actor.user_id) if actor.user_id is not None else None

    @property
    def last_day(self) -> date | None:
        """The last day on which the role is held; None while no end is set."""
        return None if self.is_open else self.ends_on - timedelta(days=1)

    @property
    def definition(self) -> Role | None:
        """The role's description; None where the installed `roles.toml` no longer has it."""
        return catalogue().roles.get(self.role)
