"""Signing in through the front door: what opens it, what does not, and what a guesser learns."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shuniu.accounts.actions import users
from shuniu.accounts.actions.second_factor import renew_recovery_codes
from shuniu.accounts.models import SignIn, User
from shuniu.accounts.web.lockout import COOKIE
from shuniu.kernel.models import TrailEntry
from tests.factories import PASSWORD, SECRET, SYSTEM, Cast, make_user

pytestmark = pytest.mark.django_db
DOOR = "/account/sign-in/"
WRONG = "用户名或密码不正确。"


def knock(client: Client, username: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(DOOR, {"username": username, "password": password}, **extra)


def code(shift: int = 0) -> str:
    return pyotp.TOTP(SECRET).generate_otp(int(timezone.now().timestamp()) // 30 + shift)


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def said(response: Any) -> list[str]:
    return [str(error) for error in response.context["form"].non_field_errors()]


def verbs() -> list[str]:
    return list(TrailEntry.objects.order_by("number").values_list("verb", flat=True))


@pytest.mark.parametrize("typed", ["lin", " LIN ", "13800001234", "+86 138 0000 1234"])
def test_name_and_mobile_both_open_the_door(client: Client, typed: str) -> None:
    make_user("lin", mobile_number="13800001234")

    response = knock(client, typed)

    assert (response.status_code, response["Location"]) == (302, reverse("portal:home"))
    assert is_in(client)
    assert verbs()[-1] == "user.signed_in"


@pytest.mark.parametrize("password", ["", "wrong-wrong-wrong", PASSWORD.upper(), PASSWORD + " "])
def test_wrong_password_does_not(client: Client, password: str) -> None:
    make_user("lin")

    assert knock(client, "lin", password).status_code == 200
    assert not is_in(client)


def test_unknown_wrong_and_disabled_look_the_same(client: Client) -> None:
    make_user("lin")
    User.objects.filter(pk=make_user("off").pk).update(is_active=False)

    pages = [
        Client().post(DOOR, {"username": name, "password": password}).content.decode()
        for name, password in (("nobody", PASSWORD), ("lin", "wrong-wrong-wrong"), ("off", PASSWORD))
    ]

    masked = {re.sub(r'name="csrfmiddlewaretoken" value="\w+"|value="(nobody|lin|off)"', "", page) for page in pages}
    assert len(masked) == 1
    assert WRONG in pages[0]


def test_unknown_wrong_and_disabled_cost_the_same_queries() -> None:
    make_user("lin")
    User.objects.filter(pk=make_user("off").pk).update(is_active=False)
    knock(Client(), "warm-up")
    counts = []
    for number, (name, password) in enumerate((("nobody", PASSWORD), ("lin", "wrong-wrong"), ("off", PASSWORD))):
        with CaptureQueriesContext(connection) as queries:
            knock(Client(), name, password, REMOTE_ADDR=f"10.0.0.{number}")
        counts.append(len(queries))

    assert len(set(counts)) == 1


def test_session_gets_a_new_key_and_goes_back_where_it_wanted(client: Client) -> None:
    make_user("lin")
    client.get(DOOR)
    client.session.save()
    before = client.session.session_key

    response = client.post(DOOR, {"username": "lin", "password": PASSWORD, "next": "/account/sessions/"})

    assert response["Location"] == "/account/sessions/"
    assert client.session.session_key != before


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "http:///x"])
def test_nobody_is_sent_off_the_site(client: Client, target: str) -> None:
    make_user("lin")

    response = client.post(DOOR, {"username": "lin", "password": PASSWORD, "next": target})

    assert response["Location"] == reverse("portal:home")


@pytest.mark.parametrize(
    "posted", [{}, {"username": "x" * 500}, {"username": "\x00", "password": "\x00"}, {"password": "x" * 9999}]
)
def test_silly_input_is_refused_in_words(client: Client, posted: dict[str, str]) -> None:
    assert client.post(DOOR, posted).status_code == 200


def test_second_factor_is_asked_for(cast: Cast, client: Client) -> None:
    response = knock(client, "alice")
    halfway = is_in(client)
    finished = client.post(response["Location"], {"code": code()})

    assert response["Location"] == "/account/sign-in/code/"
    assert halfway is False
    assert finished["Location"] == reverse("portal:home")
    assert is_in(client)


def test_code_opens_once(cast: Cast, client: Client) -> None:
    used = code()
    knock(client, "alice")
    client.post("/account/sign-in/code/", {"code": used})
    other = Client()
    knock(other, "alice")

    response = other.post("/account/sign-in/code/", {"code": used})

    assert response.status_code == 200
    assert "验证码不正确或已使用过" in response.content.decode()
    assert not is_in(other)


@pytest.mark.parametrize("wrong", ["000000", "", "abcdef", "k3vq7-d2hjm", "9" * 20])
def test_wrong_code_does_not_open(cast: Cast, client: Client, wrong: str) -> None:
    knock(client, "alice")

    assert client.post("/account/sign-in/code/", {"code": wrong}).status_code == 200
    assert not is_in(client)


def test_code_page_without_password_leads_back(client: Client) -> None:
    assert client.get("/account/sign-in/code/")["Location"] == DOOR


def test_half_sign_in_is_forgotten_after_five_minutes(cast: Cast, client: Client) -> None:
    knock(client, "alice")
    session = client.session
    session["pending"] = {**session["pending"], "at": timezone.now().timestamp() - 301}
    session.save()

    response = client.post("/account/sign-in/code/", {"code": code()})

    assert response["Location"] == DOOR
    assert not is_in(client)


def test_recovery_code_opens_once(cast: Cast, client: Client) -> None:
    assert cast.alice.user is not None
    spare = renew_recovery_codes(cast.alice.user, actor=cast.alice.actor, now=timezone.now())[0]
    knock(client, "alice")
    first = client.post("/account/sign-in/code/", {"code": f" {spare.upper()} "})
    other = Client()
    knock(other, "alice")
    second = other.post("/account/sign-in/code/", {"code": spare})

    assert (first.status_code, second.status_code) == (302, 200)
    assert "user.recovery_code_used" in verbs()


def test_ten_wrong_passwords_lock_the_account_for_everybody_else(client: Client) -> None:
    make_user("lin", mobile_number="13800001234")
    answers = [
        knock(Client(), ("lin", "13800001234", "LIN")[number % 3], "wrong", REMOTE_ADDR=f"10.0.0.{number}").status_code
        for number in range(12)
    ]
    right = knock(Client(), "lin", REMOTE_ADDR="10.0.1.1")

    assert answers == [200] * 9 + [429] * 3
    assert right.status_code == 429
    assert "错误次数过多" in right.content.decode()
    assert 0 < int(right["Retry-After"]) <= 900
    assert verbs().count("user.locked_out") == 1


def test_lock_of_an_unknown_account_looks_the_same() -> None:
    make_user("lin")
    pages = []
    for name, net in (("lin", 1), ("nobody", 2)):
        for number in range(10):
            response = knock(Client(), name, "wrong", REMOTE_ADDR=f"10.{net}.0.{number}")
        pages.append((response.status_code, re.sub(r'value="[^"]*"|\d\d:\d\d', "", response.content.decode())))

    assert pages[0] == pages[1]


def test_ten_wrong_attempts_from_one_place_lock_the_place() -> None:
    for number in range(10):
        make_user(f"lin{number}")
        knock(Client(), f"lin{number}", "wrong", REMOTE_ADDR="10.0.0.9")

    assert knock(Client(), "lin0", REMOTE_ADDR="10.0.0.9").status_code == 429
    assert knock(Client(), "lin0", REMOTE_ADDR="10.0.0.10").status_code == 302


def test_own_success_does_not_pay_for_guesses_at_others() -> None:
    make_user("lin"), make_user("thief")
    answers = []
    for number in range(12):
        if number % 5 == 4:
            knock(Client(), "thief", REMOTE_ADDR="10.0.0.9")
        answers.append(knock(Client(), "lin", "wrong", REMOTE_ADDR="10.0.0.9").status_code)

    assert answers.count(200) == 9


def test_owner_in_a_known_browser_is_not_locked_out_by_a_guesser(client: Client) -> None:
    make_user("lin")
    knock(client, "lin", REMOTE_ADDR="10.0.0.1")
    client.post("/account/sign-out/logout")
    for number in range(12):
        knock(Client(), "lin", "wrong", REMOTE_ADDR=f"10.0.7.{number}")

    assert COOKIE in client.cookies
    assert knock(client, "lin", REMOTE_ADDR="10.0.0.1").status_code == 302


def test_mark_of_a_browser_counts_for_its_own_account_only(client: Client) -> None:
    make_user("lin"), make_user("thief")
    knock(client, "thief", REMOTE_ADDR="10.0.0.1")
    client.post("/account/sign-out/logout")
    for number in range(10):
        knock(Client(), "lin", "wrong", REMOTE_ADDR=f"10.0.7.{number}")

    assert knock(client, "lin", REMOTE_ADDR="10.0.0.1").status_code == 429


def test_lock_is_over_after_a_quarter_of_an_hour() -> None:
    make_user("lin")
    for number in range(11):
        knock(Client(), "lin", "wrong", REMOTE_ADDR=f"10.0.7.{number}")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))

    assert knock(Client(), "lin").status_code == 302


def test_wrong_codes_are_counted_like_wrong_passwords(cast: Cast, client: Client) -> None:
    knock(client, "alice")

    answers = [client.post("/account/sign-in/code/", {"code": "000000"}).status_code for _try in range(11)]

    assert answers == [200] * 9 + [429] * 2
    assert client.post("/account/sign-in/code/", {"code": code()}).status_code == 429


def test_nothing_that_was_typed_is_stored(cast: Cast, client: Client) -> None:
    knock(client, "13911112222", "typed-by-mistake")
    knock(client, "alice")
    client.post("/account/sign-in/code/", {"code": "654321"})
    cast.bob.client.post(
        "/account/password/",
        {"password": "typed-as-old", "new_password": "typed-as-new1", "new_password_again": "typed-as-new1"},
    )

    attempts = list(AccessAttempt.objects.all())
    kept = str([vars(row) for row in attempts]) + str([row.changes for row in TrailEntry.objects.all()])
    assert {len(row.username) for row in attempts} == {32}
    assert [word for word in ("13911112222", "typed-", "654321") if word in kept] == []


def test_failed_sign_in_names_the_account_only_where_there_is_one(client: Client) -> None:
    lin = make_user("lin")
    knock(client, "lin", "wrong")
    knock(client, "my-password-typed-in-the-wrong-field", "wrong")

    rows = TrailEntry.objects.filter(verb="user.sign_in_failed").order_by("number")
    assert [(row.target_id, row.actor_id, row.actor_name) for row in rows] == [(lin.pk, None, ""), (None, None, "")]
    assert rows[0].changes == {"before": {}, "after": {}, "source": "127.0.0.1"}


@pytest.mark.parametrize(
    ("proxies", "header", "seen"),
    [
        (0, "10.9.9.9", "127.0.0.1"),
        (1, "6.6.6.6, 10.9.9.9", "10.9.9.9"),
        (2, "6.6.6.6, 10.9.9.9, 10.0.0.2", "10.9.9.9"),
        (1, "nonsense", None),
        (2, "10.9.9.9", "127.0.0.1"),
    ],
)
def test_place_is_what_our_own_proxies_saw(
    client: Client, settings: Any, proxies: int, header: str, seen: str | None
) -> None:
    settings.SHUNIU_PROXIES = proxies
    make_user("lin")

    knock(client, "lin", HTTP_X_FORWARDED_FOR=header)

    assert SignIn.objects.get().source == seen


def test_one_time_password_must_be_changed_first(client: Client) -> None:
    made = users.open_account(username="lin", name="林", mobile_number="", actor=SYSTEM, now=timezone.now())
    knock(client, "lin", made.password)

    before = client.get("/account/sessions/")
    client.post(
        "/account/password/",
        {"password": made.password, "new_password": "hai-tang-hua-99", "new_password_again": "hai-tang-hua-99"},
    )

    assert before["Location"] == "/account/password/"
    assert client.get("/account/sessions/").status_code == 200
    assert knock(Client(), "lin", "hai-tang-hua-99").status_code == 302


def test_one_time_password_is_worthless_after_a_week(client: Client) -> None:
    made = users.open_account(
        username="lin", name="林", mobile_number="", actor=SYSTEM, now=timezone.now() - timedelta(days=7, minutes=1)
    )

    assert said(knock(client, "lin", made.password)) == [WRONG]
    assert not is_in(client)


def test_second_factor_is_set_up_before_anything_else(cast: Cast) -> None:
    User.objects.filter(username="alice").update(totp_secret="", totp_confirmed_at=None)
    client = cast.alice.client
    page = client.get("/account/second-factor/")
    secret, sealed = page.context["secret"], page.context["sealed"]

    blocked = client.get("/account/sessions/")
    wrong = client.post("/account/second-factor/", {"sealed": sealed, "code": "000000", "password": PASSWORD})
    right = client.post(
        "/account/second-factor/", {"sealed": sealed, "code": pyotp.TOTP(secret).now(), "password": PASSWORD}
    )

    assert blocked["Location"] == "/account/second-factor/"
    assert wrong.context["secret"] == secret
    assert len(right.context["codes"]) == 10
    assert client.get("/account/sessions/").status_code == 200
    user = User.objects.get(username="alice")
    assert (user.totp_secret, user.recovery_codes.count()) == (secret, 10)


def test_demo_does_not_insist_on_the_second_factor(cast: Cast, settings: Any) -> None:
    User.objects.filter(username="alice").update(totp_confirmed_at=None)
    settings.SHUNIU_SECOND_FACTOR = False

    assert is_in(cast.alice.client)


def test_secret_of_another_user_is_not_taken(cast: Cast) -> None:
    sealed = cast.charlie.client.get("/account/second-factor/").context["sealed"]

    page = cast.alice.client.post("/account/second-factor/", {"sealed": sealed, "code": "000000", "password": PASSWORD})

    assert page.context["sealed"] != sealed


@pytest.mark.parametrize("sealed", ["", "%%%", "AAAA", "=" * 9])
def test_damaged_secret_is_replaced(cast: Cast, sealed: str) -> None:
    page = cast.alice.client.post("/account/second-factor/", {"sealed": sealed, "code": "123456", "password": PASSWORD})

    assert page.status_code == 200
    assert len(page.context["secret"]) == 32


def test_picture_of_the_secret_needs_no_style(cast: Cast) -> None:
    page = cast.alice.client.get("/account/second-factor/").content.decode()

    assert 'src="data:image/svg+xml' in page
    assert "style=" not in page


def test_sign_out_kills_the_copy_of_the_cookie(client: Client) -> None:
    make_user("lin")
    knock(client, "lin")
    copy = Client()
    copy.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value

    client.post("/account/sign-out/logout")

    assert not is_in(copy)
    assert not SignIn.objects.exists()
    assert not Session.objects.filter(session_key=copy.cookies[settings.SESSION_COOKIE_NAME].value).exists()


def test_sign_out_is_no_link(client: Client) -> None:
    assert client.get("/account/sign-out/logout").status_code == 405
