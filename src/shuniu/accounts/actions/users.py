"""Accounts made, changed, closed and opened again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shuniu.accounts.models import User
from shuniu.accounts.models.users import MOBILE_PURPOSE
from shuniu.accounts.rules.names import canonical, is_user_name, mobile
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.trail import record
from shuniu.kernel.vault import blind_index, mask_mobile

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not taken for each other on paper."""
ONE_TIME_LENGTH = 14
LONGEST_NAME = 50


class AccountError(ActionError):
    """Something about an account was refused."""


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """An account with a password that must be changed at the first sign-in. The password is known at this moment only."""

    user: User
    password: str


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    password: str,
    mobile_number: str = "",
    person_id: int | None = None,
    must_change: bool = False,
    actor: Actor,
    now: datetime,
) -> User:
    """A new account. It may do nothing until it is given a role, or a person stands behind it.

    Raises:
        AccountError: the name or mobile cannot be used, or an account has it already.
    """
    user = User(
        username=_free_name(username),
        name=_shown(name),
        person_id=person_id,
        password=make_password(password),
        must_change_password=must_change,
        password_changed_at=now,
        created_at=now,
        **_mobile(mobile_number),
    )
    _save_unique(user)
    record("user.created", user, actor=actor, now=now, after={"username": user.username, "name": user.name})
    return user


def open_account(*, username: str, name: str, mobile_number: str, actor: Actor, now: datetime) -> OpenedAccount:
    """A new account with a one-time password made here, so that nobody chooses another person's password.

    Raises:
        AccountError: as `create_user`.
    """
    password = _one_time_password()
    user = create_user(
        username=username,
        name=name,
        password=password,
        mobile_number=mobile_number,
        must_change=True,
        actor=actor,
        now=now,
    )
    return OpenedAccount(user, password)


@transaction.atomic
def change_user(user: User, *, name: str, mobile_number: str, actor: Actor, now: datetime) -> None:
    """Change the name shown and the mobile.

    Raises:
        AccountError: the mobile is none, or another account has it.
    """
    before = {"name": user.name, "mobile": user.masked_mobile}
    user.name = _shown(name)
    for field, value in _mobile(mobile_number).items():
        setattr(user, field, value)
    _save_unique(user, update_fields=["name", "mobile", "mobile_index"])
    after = {"name": user.name, "mobile": user.masked_mobile}
    record("user.changed", user, actor=actor, now=now, before=before, after=after)


@transaction.atomic
def set_email(user: User, *, address: str, actor: Actor, now: datetime) -> None:
    """Where notices reach the account by e-mail; an empty address: nowhere.

    Raises:
        AccountError: it is no address.
    """
    wanted = normal(address)
    try:
        validate_email(wanted or "nobody@example.invalid")
    except ValidationError as error:
        raise AccountError(_("This is no e-mail address.")) from error
    before = user.masked_email
    user.email = wanted
    user.save(update_fields=["email"])
    record("user.email_set", user, actor=actor, now=now, before={"email": before}, after={"email": user.masked_email})


@transaction.atomic
def disable_user(user: User, *, actor: Actor, now: datetime) -> None:
    """Nobody signs in to this account any more; its sessions and tokens end at once.

    Raises:
        AccountError: it is one's own account, or it was disabled before.
    """
    if user.pk == actor.user_id:
        raise AccountError(_("You cannot disable your own account."))
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise AccountError(_("This account is disabled already."))
    user.sign_ins.all().end()
    record("user.disabled", user, actor=actor, now=now, before={"is_active": True}, after={"is_active": False})


@transaction.atomic
def enable_user(user: User, *, actor: Actor, now: datetime) -> None:
    """Let the account sign in again, with its password and roles as they were.

    Raises:
        AccountError: it was not disabled.
    """
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise AccountError(_("This account is not disabled."))
    record("user.enabled", user, actor=actor, now=now, before={"is_active": False}, after={"is_active": True})


@transaction.atomic
def reset_password(user: User, *, actor: Actor, now: datetime) -> str:
    """A new one-time password; the second factor stays, so that whoever resets cannot sign in instead.

    Raises:
        AccountError: it is one's own account.
    """
    if user.pk == actor.user_id:
        raise AccountError(_("Change your own password on the page “Change password”."))
    password = _one_time_password()
    _set_password(user, password, must_change=True, now=now)
    user.sign_ins.all().end()
    record("user.password_reset", user, actor=actor, now=now)
    return password


@transaction.atomic
def change_password(user: User, *, password: str, keep: int = 0, actor: Actor, now: datetime) -> None:
    """Set one's own new password; all other sessions end. `keep`: the sign-in that goes on.

    Raises:
        AccountError: the password is the present one, too short or too common. The sentences say which.
    """
    if user.check_password(password):
        raise AccountError(_("The new password must differ from the present one."))
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise AccountError(" ".join(map(_why_weak, error.error_list))) from error
    _set_password(user, password, must_change=False, now=now)
    user.sign_ins.exclude(pk=keep).end()
    record("user.password_changed", user, actor=actor, now=now)


def _one_time_password() -> str:
    """Fourteen characters that can be read out and typed, 69 bits of chance."""
    return "".join(secrets.choice(READABLE) for _place in range(ONE_TIME_LENGTH))


def _set_password(user: User, password: str, *, must_change: bool, now: datetime) -> None:
    user.password, user.must_change_password, user.password_changed_at = make_password(password), must_change, now
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])


def _why_weak(error: ValidationError) -> str:
    """What Django's rules found, in words of ours."""
    sentences = {
        "password_too_short": _("The password is too short; it needs at least {min_length} characters."),
        "password_too_common": _("This password is among the most common ones. Choose another."),
        "password_entirely_numeric": _("The password must not be digits alone."),
        "password_too_similar": _("The password is too much like your user name, name or mobile number."),
    }
    return sentences.get(error.code or "", str(error.message)).format(**(error.params or {}))


def _free_name(typed: str) -> str:
    name = canonical(typed)
    if not is_user_name(name):
        raise AccountError(
            _("A user name has 2 to 40 letters, digits, dots, hyphens or underscores, and is not a mobile number.")
        )
    return name


def _shown(typed: str) -> str:
    name = normal(typed)
    if not 0 < len(name) <= LONGEST_NAME:
        raise AccountError(_("Please give the name shown, at most 50 characters."))
    return name


def _mobile(typed: str) -> dict[str, Any]:
    number = mobile(typed)
    if normal(typed) and number is None:
        raise AccountError(_("A mobile number has eleven digits and begins with 1."))
    return {"mobile": number or "", "mobile_index": blind_index(number, MOBILE_PURPOSE) if number else None}


def _save_unique(user: User, **options: Any) -> None:
    same_name = User.objects.filter(username=user.username).exclude(pk=user.pk)
    same_mobile = User.objects.filter(mobile_index=user.mobile_index).exclude(pk=user.pk)
    if same_name.exists():
        raise AccountError(_("There is an account “{username}” already.").format(username=user.username))
    if user.mobile_index and same_mobile.exists():
        raise AccountError(_("Another account has the mobile {mobile}.").format(mobile=mask_mobile(user.mobile)))
    try:
        with transaction.atomic():
            user.save(**options)
    except IntegrityError as error:
        raise AccountError(_("Another account has this name, mobile or person.")) from error
