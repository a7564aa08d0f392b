"""The first officers of a site."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shuniu.accounts.models import User
from shuniu.accounts.public import actor_for

pytestmark = pytest.mark.django_db


def first(username: str, name: str = "王敏", *options: str) -> str:
    said = StringIO()
    call_command("first_security_officer", username, name, *options, stdout=said)
    return said.getvalue()


def test_two_officers_come_from_the_command_line_and_no_third() -> None:
    first("wang"), first("li")

    with pytest.raises(CommandError, match="two security officers already"):
        first("zhao")
    assert list(User.objects.order_by("pk").values_list("username", flat=True)) == ["wang", "li"]


def test_officer_may_give_roles_and_must_change_the_password() -> None:
    said = first("wang", "王敏", "--mobile", "13800001234")
    password = re.search(r"one-time password (\S+)", said)

    user = User.objects.get()
    assert actor_for(user, timezone.localdate()).roles == {"security_officer"}
    assert password is not None
    assert user.check_password(password.group(1))
    assert user.must_change_password


def test_officer_who_was_disabled_does_not_count() -> None:
    first("wang"), first("li")
    User.objects.filter(username="li").update(is_active=False)

    assert "Security officer zhao" in first("zhao")


@pytest.mark.parametrize(("username", "options"), [("x", ()), ("zhao", ("--mobile", "12")), ("wang", ())])
def test_name_that_cannot_be_used_is_one_sentence(username: str, options: tuple[str, ...]) -> None:
    first("wang")

    with pytest.raises(CommandError):
        first(username, "赵", *options)
    assert User.objects.count() == 1


def test_account_from_the_command_line_may_do_nothing_yet() -> None:
    said = StringIO()
    call_command("open_account", "chen.lan", "陈岚", stdout=said)

    user = User.objects.get()
    assert f"Account chen.lan, one-time password {said.getvalue().split()[-1]}" in said.getvalue()
    assert actor_for(user, timezone.localdate()).grants == ()
    with pytest.raises(CommandError):
        call_command("open_account", "chen.lan", "陈岚")


def test_lost_officer_is_disabled_and_replaced() -> None:
    first("wang"), first("li")
    call_command("disable_account", "wang", stdout=StringIO())

    assert "Security officer zhao" in first("zhao")
    for again in ("wang", "nobody"):
        with pytest.raises(CommandError):
            call_command("disable_account", again)
