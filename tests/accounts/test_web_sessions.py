"""Sessions: how long they last, what ends them, and what one request costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuniu.accounts.actions.grants import end_grant
from shuniu.accounts.actions.users import disable_user
from shuniu.accounts.jobs import FORGET_SESSIONS
from shuniu.accounts.models import RoleGrant, SignIn, User
from shuniu.kernel.models import TrailEntry
from tests.factories import PASSWORD, Cast, Player, give, make_user

pytestmark = pytest.mark.django_db
HOME = "/account/"


def signed_in(user: User | None) -> Client:
    """Somebody who came through the door, so that the session is in the list."""
    assert user is not None
    User.objects.filter(pk=user.pk).update(totp_confirmed_at=None)
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/120.0")
    client.post("/account/sign-in/", {"username": user.username, "password": PASSWORD})
    User.objects.filter(pk=user.pk).update(totp_confirmed_at=timezone.now())
    return client


def turn_back(client: Client, *, since: timedelta = timedelta(0), seen: timedelta = timedelta(0)) -> None:
    """As if the session had begun and been used that much earlier."""
    session = client.session
    session["since"], session["seen"] = session["since"] - since.total_seconds(), session["seen"] - seen.total_seconds()
    session.save()


def last_ending() -> str:
    entry = TrailEntry.objects.filter(verb="user.signed_out").order_by("number").last()
    assert entry is not None
    return str(entry.changes["ending"])


@pytest.mark.parametrize(
    ("since", "seen", "ending"),
    [
        (timedelta(0), timedelta(minutes=31), "idle"),
        (timedelta(hours=12, minutes=1), timedelta(0), "too_old"),
    ],
)
def test_staff_session_ends_and_says_why(alice: Player, since: timedelta, seen: timedelta, ending: str) -> None:
    client = signed_in(alice.user)
    turn_back(client, since=since, seen=seen)

    response = client.get(HOME, follow=True)

    assert response.redirect_chain == [("/account/sign-in/?next=/account/", 302)]
    assert "上次登录已结束：" in response.content.decode()
    assert last_ending() == ending
    assert not SignIn.objects.filter(user=alice.user).exists()


def test_member_session_lasts_longer(bob: Player) -> None:
    client = signed_in(bob.user)
    turn_back(client, since=timedelta(days=13), seen=timedelta(hours=7))

    assert client.get(HOME).status_code == 200


def test_part_of_a_page_sends_the_whole_page_to_sign_in(client: Client) -> None:
    answer = client.get(
        "/account/sessions/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/account/sessions/?a=1"},
    )

    assert (answer.status_code, answer["HX-Redirect"]) == (
        204,
        "/account/sign-in/?next=%2Faccount%2Fsessions%2F%3Fa%3D1",
    )


def test_reason_is_told_once(alice: Player) -> None:
    client = signed_in(alice.user)
    turn_back(client, seen=timedelta(hours=1))
    client.get(HOME)
    client.get("/account/sign-in/")

    assert "上次登录已结束" not in client.get("/account/sign-in/").content.decode()


def test_use_is_noted_at_most_once_a_minute(alice: Player) -> None:
    client = signed_in(alice.user)
    before = SignIn.objects.get(user=alice.user).seen_at
    client.get(HOME)
    at_once = SignIn.objects.get(user=alice.user).seen_at
    turn_back(client, seen=timedelta(seconds=61))
    client.get(HOME)

    assert at_once == before
    assert SignIn.objects.get(user=alice.user).seen_at > before


def test_request_costs_three_queries_before_the_page(alice: Player) -> None:
    client = signed_in(alice.user)

    with CaptureQueriesContext(connection) as queries:
        client.get("/account/roles/")

    assert [one["sql"].split(" FROM ")[-1].split()[0] for one in queries] == [
        '"django_session"', '"accounts_user"', '"accounts_rolegrant"',
    ]  # fmt: skip


def test_stranger_costs_nothing(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/account/sign-in/")

    assert len(queries) == 0


def test_list_shows_my_sessions_and_nobody_elses(alice: Player, charlie: Player) -> None:
    client = signed_in(alice.user)
    signed_in(charlie.user)
    signed_in(alice.user)

    page = client.get("/account/sessions/")

    assert [row.user for row in page.context["rows"]] == [alice.user, alice.user]
    assert "Firefox · Windows" in page.content.decode()


def test_another_session_of_mine_is_ended(alice: Player) -> None:
    here, there = signed_in(alice.user), signed_in(alice.user)

    here.post(f"/account/sessions/{there.session['sign_in']}/end/")

    assert here.get(HOME).status_code == 200
    assert there.get(HOME).status_code == 302


def test_session_of_somebody_else_is_not_found(alice: Player, charlie: Player) -> None:
    mine, theirs = signed_in(alice.user), signed_in(charlie.user)

    assert mine.post(f"/account/sessions/{theirs.session['sign_in']}/end/").status_code == 404
    assert theirs.get(HOME).status_code == 200


def test_all_others_end_and_this_one_stays(alice: Player, charlie: Player) -> None:
    here, there, stranger = signed_in(alice.user), signed_in(alice.user), signed_in(charlie.user)

    here.post("/account/sessions/others/end/")

    assert [client.get(HOME).status_code for client in (here, there, stranger)] == [200, 302, 200]


def test_changed_password_ends_the_others_and_not_this_one(alice: Player) -> None:
    here, there = signed_in(alice.user), signed_in(alice.user)

    response = here.post(
        "/account/password/",
        {"password": PASSWORD, "new_password": "hai-tang-hua-99", "new_password_again": "hai-tang-hua-99"},
    )

    assert response.status_code == 302
    assert [client.get(HOME).status_code for client in (here, there)] == [200, 302]
    assert SignIn.objects.get(user=alice.user).session_key == here.session.session_key


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"password": "wrong"}, "当前密码不正确。"),
        ({"new_password_again": "different-one"}, "两次输入的新密码不一致。"),
        ({"new_password": "password123", "new_password_again": "password123"}, "该密码属于常见密码，请更换。"),
        ({"new_password": "duan", "new_password_again": "duan"}, "密码太短，不能少于 10 个字符。"),
        ({"new_password": "8823145709", "new_password_again": "8823145709"}, "密码不能全为数字。"),
    ],
)
def test_password_that_is_not_taken_is_explained(alice: Player, posted: dict[str, str], sentence: str) -> None:
    given = {"password": PASSWORD, "new_password": "hai-tang-hua-99", "new_password_again": "hai-tang-hua-99", **posted}

    page = alice.client.post("/account/password/", given)

    assert sentence in str(page.context["form"].errors)


def test_password_like_the_user_name_is_not_taken(operator: Player) -> None:
    given = {"password": PASSWORD, "new_password": "operator88", "new_password_again": "operator88"}

    page = operator.client.post("/account/password/", given)

    assert "密码与用户名、姓名或手机号过于相似。" in str(page.context["form"].errors)


def test_disabled_account_is_out_at_the_next_request(alice: Player, operator: Player) -> None:
    client = signed_in(alice.user)
    assert alice.user is not None
    disable_user(alice.user, actor=operator.actor, now=timezone.now())

    assert client.get(HOME)["Location"].startswith("/account/sign-in/")


def test_lost_role_is_lost_at_the_next_request(cast: Cast) -> None:
    client = cast.dana.client
    before = client.get("/account/grants/").status_code
    grant = RoleGrant.everything.get(user=cast.dana.user)
    end_grant(grant, reason="调离", actor=cast.security.actor, now=timezone.now())

    assert (before, client.get("/account/grants/").status_code) == (200, 403)


def test_role_given_makes_the_limits_those_of_staff(bob: Player, cast: Cast) -> None:
    client = signed_in(bob.user)
    turn_back(client, seen=timedelta(hours=1))
    assert bob.user is not None
    give(bob.user, "union_clerk", cast.union)

    assert client.get(HOME).status_code == 302


def test_old_password_of_staff_is_changed_first(alice: Player, bob: Player, settings: Any) -> None:
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=91))

    staff, member = alice.client.get(HOME), bob.client.get(HOME)
    settings.SHUNIU_DEMO = True

    assert (staff["Location"], member.status_code) == ("/account/password/", 200)
    assert alice.client.get(HOME).status_code == 200


def test_old_rows_of_the_list_are_forgotten_at_the_next_sign_in() -> None:
    user = make_user("lin")
    long_ago = timezone.now() - timedelta(days=30)
    SignIn.objects.create(user=user, session_key="x", started_at=long_ago, seen_at=long_ago)

    signed_in(user)

    assert SignIn.objects.filter(user=user).count() == 1


def test_worker_forgets_what_old_sessions_left_behind(alice: Player) -> None:
    kept = signed_in(alice.user)
    long_ago = timezone.now() - timedelta(days=15)
    SignIn.objects.create(user=alice.user, session_key="old", started_at=long_ago, seen_at=long_ago)
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))

    FORGET_SESSIONS.do(timezone.now())

    assert [row.session_key for row in SignIn.objects.all()] == [kept.session.session_key]
    assert not Session.objects.filter(session_key="old").exists()


def test_key_of_a_session_lies_encrypted(alice: Player) -> None:
    client = signed_in(alice.user)

    with connection.cursor() as cursor:
        cursor.execute("select session_key from accounts_signin")
        stored = bytes(cursor.fetchone()[0])

    assert (client.session.session_key or "").encode() not in stored
