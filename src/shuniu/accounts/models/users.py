"""Who may sign in."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.vault import BlindIndexField, EncryptedField, mask_email, mask_mobile

MOBILE_PURPOSE = "account.mobile"
"""Purpose of the blind index over mobiles of accounts."""


class User(AbstractBaseUser):
    """An account. What it may do follows from `RoleGrant`; it has no permissions of Django's own.

    `person` is the registry's person behind the account, absent for service accounts and outsiders.
    """

    username = models.CharField(_("user name"), max_length=40, unique=True)
    name = models.CharField(_("name shown"), max_length=50)
    mobile = EncryptedField(verbose_name=_("mobile"))
    mobile_index = BlindIndexField(unique=True)
    email = EncryptedField(verbose_name=_("e-mail address"))
    person = models.OneToOneField(
        "registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    must_change_password = models.BooleanField(_("must choose a new password"), default=False)
    password_changed_at = models.DateTimeField(_("password set at"))
    totp_secret = EncryptedField(verbose_name=_("secret of the second factor"))
    totp_confirmed_at = models.DateTimeField(_("second factor set up at"), null=True, blank=True)
    totp_last_step = models.BigIntegerField(_("last one-time code used"), default=0)
    created_at = models.DateTimeField(_("created at"))

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    class Meta:
        verbose_name = _("account")
        indexes = [models.Index(fields=["name", "id"], name="user_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def has_second_factor(self) -> bool:
        return self.totp_confirmed_at is not None

    @property
    def masked_mobile(self) -> str:
        return mask_mobile(self.mobile)

    @property
    def masked_email(self) -> str:
        return mask_email(self.email)


class RecoveryCode(models.Model):
    """A printed code that stands in for the one-time code once. Only its keyed hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes", db_index=False)
    code_hash = models.BinaryField(_("hash"), max_length=16)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("recovery code")
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="recovery_code_once")]

    def __str__(self) -> str:
        return str(self.pk)
