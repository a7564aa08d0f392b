"""Which browsers are signed in now."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuniu.accounts.models.users import User
from shuniu.kernel.vault import EncryptedField


class SignInQuerySet(models.QuerySet["SignIn"]):
    def end(self) -> int:
        """Make the browsers' keys worthless and forget the rows; how many sessions ended."""
        keys = [row.session_key for row in self]
        Session.objects.filter(session_key__in=keys).delete()
        self.delete()
        return len(keys)


class SignIn(models.Model):
    """One live session. The row goes when the session ends; the trail keeps when and why.

    The key is sealed rather than hashed, so that a session can be ended from another device; whoever reads this table
    alone still cannot take a session over.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = EncryptedField(verbose_name=_("session"))
    started_at = models.DateTimeField(_("signed in at"))
    seen_at = models.DateTimeField(_("last used at"))
    source = models.GenericIPAddressField(_("from the address"), null=True, blank=True)
    browser = models.CharField(_("browser"), max_length=60, blank=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in")

    def __str__(self) -> str:
        return f"{self.user_id} {self.browser}"
