"""The second factor: set up, used once per code, printed spare codes, reset."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shuniu.accounts.models import RecoveryCode, User
from shuniu.accounts.rules import codes
from shuniu.accounts.rules.roles import catalogue
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor
from shuniu.kernel.trail import record
from shuniu.kernel.vault import blind_index

RECOVERY_PURPOSE = "account.recovery"


class SecondFactorError(ActionError):
    """The second factor was not set up."""


@transaction.atomic
def set_up_second_factor(user: User, *, secret: str, code: str, actor: Actor, now: datetime) -> list[str]:
    """Keep `secret` once `code` shows that the app has it. The recovery codes, known at this moment only.

    Raises:
        SecondFactorError: the code is not the app's present one.
    """
    step = codes.matching_step(secret, code, at=now, after=0)
    if step is None:
        raise SecondFactorError(
            _("This code does not fit. Check the clock of your phone and enter the code it shows now.")
        )
    user.totp_secret, user.totp_confirmed_at, user.totp_last_step = secret, now, step
    user.save(update_fields=["totp_secret", "totp_confirmed_at", "totp_last_step"])
    record("user.second_factor_set", user, actor=actor, now=now)
    return _new_codes(user)


@transaction.atomic
def renew_recovery_codes(user: User, *, actor: Actor, now: datetime) -> list[str]:
    """New recovery codes; the old ones open nothing any more."""
    record("user.recovery_codes_renewed", user, actor=actor, now=now)
    return _new_codes(user)


def use_code(user: User, *, code: str, actor: Actor, now: datetime) -> bool:
    """Whether `code` is the app's present one or a recovery code not used before; it is used up by the question.

    A code of the app leaves no trail of its own, the sign-in that follows does.
    """
    if codes.looks_like_code(code):
        return _use_step(user, code, now)
    return _use_recovery_code(user, code, actor, now)


@transaction.atomic
def reset_second_factor(user: User, *, actor: Actor, now: datetime) -> None:
    """Take the second factor off an account whose owner lost phone and recovery codes; its sessions end.

    Raises:
        SecondFactorError: it is one's own account, or has no second factor.
    """
    if user.pk == actor.user_id:
        raise SecondFactorError(_("Somebody else has to reset your second factor."))
    if not user.has_second_factor:
        raise SecondFactorError(_("This account has no second factor."))
    user.totp_secret, user.totp_confirmed_at, user.totp_last_step = "", None, 0
    user.save(update_fields=["totp_secret", "totp_confirmed_at", "totp_last_step"])
    user.recovery_codes.all().delete()
    user.sign_ins.all().end()
    record("user.second_factor_reset", user, actor=actor, now=now)


def _new_codes(user: User) -> list[str]:
    printed = [codes.new_recovery_code() for _code in range(catalogue().sign_in.recovery_codes)]
    user.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=_hash(code)) for code in printed)
    return printed


def _hash(code: str) -> bytes:
    return blind_index(code, RECOVERY_PURPOSE)


def _use_step(user: User, code: str, now: datetime) -> bool:
    if not user.has_second_factor:
        return False
    step = codes.matching_step(user.totp_secret, code, at=now, after=user.totp_last_step)
    # The condition makes two requests with the same code race for one row.
    rows = User.objects.filter(pk=user.pk, totp_last_step__lt=step or 0)
    return step is not None and rows.update(totp_last_step=step) == 1


def _use_recovery_code(user: User, code: str, actor: Actor, now: datetime) -> bool:
    fitting = user.recovery_codes.filter(code_hash=_hash(codes.tidy_recovery_code(code)), used_at=None)
    with transaction.atomic():
        used = fitting.update(used_at=now) == 1
        if used:
            record("user.recovery_code_used", user, actor=actor, now=now)
    return used
