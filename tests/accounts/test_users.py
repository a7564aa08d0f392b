"""Accounts made, changed and closed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import translation

from shuniu.accounts.actions import users
from shuniu.accounts.actions.users import AccountError
from shuniu.accounts.models import SignIn, User
from shuniu.accounts.queries.users import all_users, find_user, search
from shuniu.kernel.models import TrailEntry
from tests.factories import PASSWORD, SYSTEM, Player, make_user

pytestmark = pytest.mark.django_db


def last_entry() -> TrailEntry:
    entry = TrailEntry.objects.order_by("number").last()
    assert entry is not None
    return entry


def test_account_is_found_by_name_and_by_mobile_however_written() -> None:
    user = make_user("Wang.Min", mobile_number="138 0000 1234")

    assert find_user(" WANG.MIN ") == user
    assert find_user("+86 138-0000-1234") == user
    assert find_user("13800001235") is None
    assert find_user("wang") is None


def test_mobile_lies_encrypted() -> None:
    user = make_user(mobile_number="13800001234")

    with connection.cursor() as cursor:
        cursor.execute("select mobile, mobile_index from accounts_user where id = %s", [user.pk])
        stored = b"".join(bytes(value) for value in cursor.fetchone())
    assert b"13800001234" not in stored
    assert User.objects.get(pk=user.pk).masked_mobile == "138****1234"


def test_trail_of_a_new_account_holds_no_secret(now: datetime) -> None:
    users.open_account(username="lin", name="林一", mobile_number="13800001234", actor=SYSTEM, now=now)

    assert last_entry().verb == "user.created"
    assert last_entry().changes == {"before": {}, "after": {"username": "lin", "name": "林一"}}


@pytest.mark.parametrize("username", ["a", "wang min", "13800001234", "", "?x", "x" * 41])
def test_name_that_cannot_be_used_is_refused(username: str, now: datetime) -> None:
    with pytest.raises(AccountError):
        users.open_account(username=username, name="林一", mobile_number="", actor=SYSTEM, now=now)


@pytest.mark.parametrize("mobile", ["1380000123", "abc", "02112345678"])
def test_number_that_is_no_mobile_is_refused(mobile: str, now: datetime) -> None:
    with pytest.raises(AccountError):
        users.open_account(username="lin", name="林一", mobile_number=mobile, actor=SYSTEM, now=now)


def test_name_is_given_once_whatever_its_spelling(now: datetime) -> None:
    make_user("lin")

    with translation.override("zh-hans"), pytest.raises(AccountError) as refusal:
        users.open_account(username="ＬＩＮ", name="林二", mobile_number="", actor=SYSTEM, now=now)

    assert str(refusal.value) == "账号“lin”已存在。"


def test_mobile_is_given_once(now: datetime) -> None:
    make_user(mobile_number="13800001234")

    with translation.override("zh-hans"), pytest.raises(AccountError) as refusal:
        users.open_account(username="lin", name="林二", mobile_number="13800001234", actor=SYSTEM, now=now)

    assert str(refusal.value) == "手机号 138****1234 已绑定其他账号。"


def test_several_accounts_without_mobile() -> None:
    assert make_user().pk != make_user().pk


def test_person_stands_behind_one_account(bob: Player) -> None:
    assert bob.person is not None

    with pytest.raises(AccountError):
        make_user(person_id=bob.person.pk)


def test_one_time_passwords_differ_and_must_be_changed(now: datetime) -> None:
    made = [
        users.open_account(username=f"lin{n}", name="林", mobile_number="", actor=SYSTEM, now=now) for n in range(2)
    ]

    assert made[0].password != made[1].password
    assert len(made[0].password) == users.ONE_TIME_LENGTH
    assert made[0].user.check_password(made[0].password)
    assert made[0].user.must_change_password


def test_change_keeps_before_and_after_masked(operator: Player, now: datetime) -> None:
    user = make_user("lin", name="林一", mobile_number="13800001234")

    users.change_user(user, name="林一一", mobile_number="13900005678", actor=operator.actor, now=now)

    assert find_user("13900005678") == user
    assert find_user("13800001234") is None
    assert last_entry().changes == {
        "before": {"name": "林一", "mobile": "138****1234"},
        "after": {"name": "林一一", "mobile": "139****5678"},
    }


def test_mobile_can_be_taken_off(operator: Player, now: datetime) -> None:
    user = make_user(mobile_number="13800001234")

    users.change_user(user, name="林", mobile_number="", actor=operator.actor, now=now)

    user.refresh_from_db()
    assert (user.mobile, user.mobile_index) == ("", None)


def sign_in(user: User, now: datetime, key: str = "k" * 32) -> SignIn:
    Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=1))
    return SignIn.objects.create(user=user, session_key=key, started_at=now, seen_at=now)


def test_disabled_account_loses_its_sessions(alice: Player, operator: Player, now: datetime) -> None:
    assert alice.user is not None
    sign_in(alice.user, now)

    users.disable_user(alice.user, actor=operator.actor, now=now)

    assert not Session.objects.exists()
    assert not SignIn.objects.exists()
    assert last_entry().verb == "user.disabled"


def test_disabled_account_has_no_rights(alice: Player, operator: Player, now: datetime) -> None:
    assert alice.user is not None
    users.disable_user(alice.user, actor=operator.actor, now=now)
    alice.user.refresh_from_db()

    assert alice.actor.grants == ()


def test_account_is_disabled_once(alice: Player, operator: Player, now: datetime) -> None:
    assert alice.user is not None
    users.disable_user(alice.user, actor=operator.actor, now=now)

    with pytest.raises(AccountError):
        users.disable_user(alice.user, actor=operator.actor, now=now)


def test_nobody_disables_or_resets_herself(operator: Player, now: datetime) -> None:
    assert operator.user is not None

    with pytest.raises(AccountError):
        users.disable_user(operator.user, actor=operator.actor, now=now)
    with pytest.raises(AccountError):
        users.reset_password(operator.user, actor=operator.actor, now=now)


def test_enabled_account_signs_in_as_before(alice: Player, operator: Player, now: datetime) -> None:
    assert alice.user is not None
    users.disable_user(alice.user, actor=operator.actor, now=now)
    users.enable_user(alice.user, actor=operator.actor, now=now)
    alice.user.refresh_from_db()

    assert alice.user.check_password(PASSWORD)
    assert "union_chair" in alice.actor.roles


def test_reset_ends_sessions_and_keeps_the_second_factor(alice: Player, operator: Player, now: datetime) -> None:
    assert alice.user is not None
    sign_in(alice.user, now)

    password = users.reset_password(alice.user, actor=operator.actor, now=now)

    alice.user.refresh_from_db()
    assert alice.user.check_password(password)
    assert alice.user.must_change_password
    assert alice.user.has_second_factor
    assert not Session.objects.exists()
    assert password not in str(last_entry().changes)


def test_changed_password_ends_other_sessions(alice: Player, now: datetime) -> None:
    assert alice.user is not None
    here, _there = sign_in(alice.user, now, "a" * 32), sign_in(alice.user, now, "b" * 32)

    users.change_password(alice.user, password="qing-shan-lü-shui-88", keep=here.pk, actor=alice.actor, now=now)

    assert [row.session_key for row in SignIn.objects.all()] == ["a" * 32]
    assert [row.session_key for row in Session.objects.all()] == ["a" * 32]


@pytest.mark.parametrize("password", ["short", "1234567890", "password123", "qwertyuiop", "20260305123", PASSWORD])
def test_weak_or_present_password_is_refused(alice: Player, now: datetime, password: str) -> None:
    assert alice.user is not None

    with pytest.raises(AccountError):
        users.change_password(alice.user, password=password, actor=alice.actor, now=now)
    alice.user.refresh_from_db()
    assert alice.user.check_password(PASSWORD)


@pytest.mark.parametrize("length", [64, 128])
def test_long_password_with_any_characters_is_taken(alice: Player, now: datetime, length: int) -> None:
    assert alice.user is not None
    password = ("工会 ünïon 😀 " * 20)[:length]

    users.change_password(alice.user, password=password, actor=alice.actor, now=now)

    alice.user.refresh_from_db()
    assert alice.user.check_password(password)


def test_search_finds_beginnings_of_names_and_whole_mobiles() -> None:
    wang = make_user("wang.min", name="王敏", mobile_number="13800001234")
    make_user("li.wang", name="李旺")

    assert list(search(all_users(), "Wang")) == [wang]
    assert list(search(all_users(), "王")) == [wang]
    assert list(search(all_users(), "13800001234")) == [wang]
    assert list(search(all_users(), "1380000")) == []
