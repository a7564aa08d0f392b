"""Codes that open once, whatever comes at the same time."""

from __future__ import annotations

from datetime import datetime

import pyotp
import pytest

from shuniu.accounts.actions.second_factor import (
    SecondFactorError,
    renew_recovery_codes,
    reset_second_factor,
    set_up_second_factor,
    use_code,
)
from shuniu.accounts.models import RecoveryCode, User
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.scope import Actor
from tests.factories import SECRET, Cast, Player, make_user

pytestmark = pytest.mark.django_db
NOBODY = Actor(None, "")


def code(now: datetime, shift: int = 0) -> str:
    return pyotp.TOTP(SECRET).generate_otp(int(now.timestamp()) // 30 + shift)


def twice(user: User) -> tuple[User, User]:
    """The same account as two requests that came at the same time have read it."""
    return User.objects.get(pk=user.pk), User.objects.get(pk=user.pk)


def test_code_of_the_app_opens_one_of_two_requests(now: datetime) -> None:
    first, second = twice(make_user(second_factor=True))

    assert [use_code(one, code=code(now), actor=NOBODY, now=now) for one in (first, second)] == [True, False]


def test_later_code_opens_after_an_earlier_one_and_not_the_other_way(now: datetime) -> None:
    user = make_user(second_factor=True)

    opened = [
        use_code(User.objects.get(pk=user.pk), code=code(now, shift), actor=NOBODY, now=now) for shift in (0, 1, -1, 0)
    ]

    assert opened == [True, True, False, False]


def test_recovery_code_opens_one_of_two_requests(now: datetime) -> None:
    user = make_user(second_factor=True)
    spare = renew_recovery_codes(user, actor=NOBODY, now=now)[3]
    first, second = twice(user)

    assert [use_code(one, code=spare, actor=NOBODY, now=now) for one in (first, second)] == [True, False]
    assert RecoveryCode.objects.filter(user=user, used_at=None).count() == 9


def test_recovery_codes_of_another_account_open_nothing(now: datetime) -> None:
    spare = renew_recovery_codes(make_user(second_factor=True), actor=NOBODY, now=now)[0]

    assert not use_code(make_user(second_factor=True), code=spare, actor=NOBODY, now=now)


def test_renewed_recovery_codes_take_the_place_of_the_old(now: datetime) -> None:
    user = make_user(second_factor=True)
    old = renew_recovery_codes(user, actor=NOBODY, now=now)
    new = renew_recovery_codes(user, actor=NOBODY, now=now)

    assert not use_code(user, code=old[0], actor=NOBODY, now=now)
    assert use_code(user, code=new[0], actor=NOBODY, now=now)


def test_codes_are_kept_as_hashes_only(now: datetime) -> None:
    user = make_user(second_factor=True)
    printed = renew_recovery_codes(user, actor=NOBODY, now=now)

    kept = [bytes(row.code_hash) for row in user.recovery_codes.all()]
    assert {len(one) for one in kept} == {16}
    assert [one for one in printed if one.encode() in b"".join(kept)] == []
    assert not [one for one in printed if one in str([entry.changes for entry in TrailEntry.objects.all()])]


def test_account_without_second_factor_has_no_code(now: datetime) -> None:
    assert not use_code(make_user(), code="000000", actor=NOBODY, now=now)


def test_secret_that_the_app_has_not_got_is_not_kept(now: datetime) -> None:
    user = make_user()

    with pytest.raises(SecondFactorError):
        set_up_second_factor(user, secret=SECRET, code="000000", actor=NOBODY, now=now)
    assert not User.objects.get(pk=user.pk).has_second_factor


def test_code_that_set_it_up_does_not_open_as_well(now: datetime) -> None:
    user = make_user()
    set_up_second_factor(user, secret=SECRET, code=code(now), actor=NOBODY, now=now)

    assert not use_code(User.objects.get(pk=user.pk), code=code(now), actor=NOBODY, now=now)


def test_second_factor_is_reset_by_somebody_else_once(cast: Cast, alice: Player, now: datetime) -> None:
    assert alice.user is not None
    with pytest.raises(SecondFactorError):
        reset_second_factor(alice.user, actor=alice.actor, now=now)

    reset_second_factor(alice.user, actor=cast.security.actor, now=now)

    assert (alice.user.totp_secret, alice.user.recovery_codes.count()) == ("", 0)
    with pytest.raises(SecondFactorError):
        reset_second_factor(alice.user, actor=cast.security.actor, now=now)
