"""Keys by which programs read through the API on behalf of a user."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shuniu.accounts.models.users import User


class ApiToken(models.Model):
    """Lets a program do what its user may do, as far as `scopes` say. Only the keyed hash of the token is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens", verbose_name=_("account"))
    name = models.CharField(_("what it is for"), max_length=60)
    token_hash = models.BinaryField(_("hash"), max_length=16, unique=True)
    scopes = models.JSONField(_("permissions"), default=list)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_on = models.DateField(_("last used on"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> date:
        """The last day on which the token opens anything."""
        return (timezone.localtime(self.expires_at) - timedelta(days=1)).date()
