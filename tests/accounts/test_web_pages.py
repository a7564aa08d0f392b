"""Pages of accounts, roles, tokens and the trail: what they do, refuse and hide."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from shuniu.accounts.enums import GrantState
from shuniu.accounts.models import ApiToken, RoleGrant, User
from shuniu.accounts.public import actor_for_token
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.trail import record, verify_chain
from tests.factories import PASSWORD, SYSTEM, Cast, Player, make_user

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def grant_posted(cast: Cast, **given: str) -> dict[str, str]:
    values = {
        "username": "newcomer",
        "role": "union_clerk",
        "organisation": cast.union.code,
        "starts_on": timezone.localdate().isoformat(),
        "reason": "任命〔2026〕3号",
        "password": PASSWORD,
    }
    return {**values, **given}


def test_operator_creates_an_account_whose_password_must_be_changed(operator: Player) -> None:
    page = operator.client.post(
        "/account/users/new/", {"username": "Lin.Yi", "name": "林一", "mobile_number": "13800001234"}
    )

    user = User.objects.get(username="lin.yi")
    assert user.check_password(page.context["password"])
    assert page.context["password"] in text(page)
    assert user.must_change_password
    assert page["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"username": "alice"}, "账号“alice”已存在。"),
        ({"username": "x y"}, "用户名为2至40个汉字"),
        ({"mobile_number": "123"}, "手机号应为以1开头的11位数字。"),
        ({"name": " "}, "这个字段是必填项。"),
    ],
)
def test_account_that_cannot_be_made_is_explained(operator: Player, posted: dict[str, str], sentence: str) -> None:
    given = {"username": "lin", "name": "林一", "mobile_number": "", **posted}

    assert sentence in text(operator.client.post("/account/users/new/", given))


def test_list_of_accounts_is_found_and_masked(operator: Player) -> None:
    make_user("lin", name="林一", mobile_number="13800001234")

    page = text(operator.client.get("/account/users/", {"q": "138 0000 1234"}))

    assert "林一" in page
    assert "138****1234" in page
    assert "艾丽" not in page


@pytest.mark.parametrize("query", ["q=%00", "q=%E2%80%8B", "state=nonsense", "at=zzz", "sort=-x", "q=" + "x" * 5000])
def test_silly_filters_show_a_list(operator: Player, query: str) -> None:
    assert operator.client.get("/account/users/?" + query).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_lists_do_not_grow(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    for _row in range(count):
        make_user()
    operator, security, audit = cast.operator.client, cast.security.client, cast.audit.client
    for client, url in ((operator, "users"), (security, "grants"), (audit, "trail")):
        client.get(f"/account/{url}/")
        with django_assert_num_queries(4):
            client.get(f"/account/{url}/")


def test_account_page_shows_roles_and_buttons_to_those_who_may(cast: Cast) -> None:
    assert cast.alice.user is not None
    url = f"/account/users/{cast.alice.user.pk}/"

    operator, security = text(cast.operator.client.get(url)), text(cast.security.client.get(url))

    assert "工会主席" in operator
    assert ("重置密码" in operator, "重置密码" in security) == (True, False)
    assert ("解除动态口令" in operator, "解除动态口令" in security) == (False, True)


def test_operator_resets_the_password_and_never_the_second_factor(cast: Cast) -> None:
    assert cast.alice.user is not None
    url = f"/account/users/{cast.alice.user.pk}"

    reset = cast.operator.client.post(f"{url}/reset/")
    factor = cast.operator.client.post(f"{url}/second-factor/reset/")

    assert reset.context["password"] in text(reset)
    assert factor.status_code == 403
    assert User.objects.get(pk=cast.alice.user.pk).has_second_factor


def test_security_officer_takes_a_second_factor_off(cast: Cast) -> None:
    assert cast.alice.user is not None

    cast.security.client.post(f"/account/users/{cast.alice.user.pk}/second-factor/reset/")

    assert not User.objects.get(pk=cast.alice.user.pk).has_second_factor


def test_disabled_and_enabled_again(cast: Cast) -> None:
    assert cast.alice.user is not None
    url, client = f"/account/users/{cast.alice.user.pk}", cast.operator.client

    client.post(f"{url}/disable/")
    off = User.objects.get(pk=cast.alice.user.pk).is_active
    client.post(f"{url}/enable/")

    assert (off, User.objects.get(pk=cast.alice.user.pk).is_active) == (False, True)


def test_account_is_changed(cast: Cast) -> None:
    assert cast.alice.user is not None
    url = f"/account/users/{cast.alice.user.pk}/edit/"

    refused = cast.operator.client.post(url, {"name": "艾丽丽", "mobile_number": "1"})
    cast.operator.client.post(url, {"name": "艾丽丽", "mobile_number": "13800001234"})

    assert "手机号应为以1开头的11位数字。" in text(refused)
    assert User.objects.get(pk=cast.alice.user.pk).masked_mobile == "138****1234"


def test_role_is_proposed_and_approved_on_the_pages(cast: Cast) -> None:
    make_user("newcomer", name="新")

    made = cast.security.client.post("/account/grants/new/", grant_posted(cast))
    grant = RoleGrant.everything.get(user__username="newcomer")
    cast.dana.client.post(f"{made['Location']}approve/", {"password": PASSWORD})

    grant.refresh_from_db()
    assert made["Location"] == f"/account/grants/{grant.pk}/"
    assert (grant.state, grant.approved_by) == (GrantState.APPROVED, cast.dana.user)


def test_approval_needs_the_password(cast: Cast) -> None:
    make_user("newcomer")
    url = cast.security.client.post("/account/grants/new/", grant_posted(cast))["Location"]

    page = cast.dana.client.post(f"{url}approve/", {"password": "wrong"}, follow=True)

    assert "未批准：您输入的密码不正确。" in text(page)
    assert RoleGrant.everything.get(user__username="newcomer").state == GrantState.PROPOSED


@pytest.mark.parametrize("path", ["approve", "refuse", "withdraw", "end"])
def test_grant_out_of_sight_is_not_found(cast: Cast, path: str) -> None:
    grant = RoleGrant.everything.get(user=cast.audit.user)
    page = cast.dana.client.post(f"/account/grants/{grant.pk}/{path}/", {"password": PASSWORD, "reason": "x"})

    assert page.status_code == 404
    assert RoleGrant.everything.get(pk=grant.pk).ends_on == grant.ends_on


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"username": "nobody"}, "没有使用该用户名或手机号的账号。"),
        ({"organisation": "无此工会"}, "没有使用该编号或名称的组织。"),
        ({"organisation": "青石"}, "有多个组织符合，请填写编号："),
        ({"organisation": ""}, "请选择该角色所在的组织。"),
        ({"role": "audit_officer"}, "该角色适用于全系统，无须选择组织。"),
        ({"password": "wrong"}, "当前密码不正确。"),
        ({"starts_on": "2020-01-01"}, "角色生效日期不能早于今天。"),
        ({"last_day": "2020-01-01"}, "角色结束日期应晚于生效日期。"),
        ({"username": "security"}, "不能为自己申请角色。"),
    ],
)
def test_proposal_that_does_not_fit_is_explained(cast: Cast, posted: dict[str, str], sentence: str) -> None:
    make_user("newcomer")

    page = cast.security.client.post("/account/grants/new/", grant_posted(cast, **posted))

    assert sentence in text(page)


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-30"])
def test_last_day_at_the_end_of_the_calendar(cast: Cast, day: str) -> None:
    make_user("newcomer")

    page = cast.security.client.post("/account/grants/new/", grant_posted(cast, last_day=day))

    assert page.status_code == 302


def test_grants_are_filtered(cast: Cast) -> None:
    page = text(cast.security.client.get("/account/grants/", {"role": "audit_officer", "q": "审"}))

    assert "审计管理员" in page
    assert "柯敏" not in page


def test_ended_grant_says_so_in_the_list(cast: Cast) -> None:
    RoleGrant.everything.filter(user=cast.clerk.user).update(ends_on=timezone.localdate())

    page = text(cast.security.client.get("/account/grants/", {"q": "clerk"}))

    assert "已结束" in page.split("<tbody>")[1]


def test_role_is_ended_with_a_reason(cast: Cast) -> None:
    grant = RoleGrant.everything.get(user=cast.alice.user)
    url = f"/account/grants/{grant.pk}/end/"

    without = cast.dana.client.post(url, {"reason": ""})
    cast.dana.client.post(url, {"reason": "换届"})

    assert without.status_code == 200
    assert cast.alice.actor.grants == ()


def test_roles_page_says_what_each_may_do(bob: Player) -> None:
    page = text(bob.client.get("/account/roles/"))

    assert "负责角色授权，每项授权须经另一人批准，不接触会员数据。" in page
    assert "不得与其他角色兼任。" in page
    assert "查看本人会员卡和本人信息" in page


def test_waiting_proposal_is_on_the_home_page(cast: Cast) -> None:
    make_user("newcomer")
    cast.security.client.post("/account/grants/new/", grant_posted(cast))

    assert "待批准的角色授权" in text(cast.dana.client.get("/"))


def token_posted(**given: Any) -> dict[str, Any]:
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    return {"name": "统计", "scopes": ["member.view", "api.use"], "last_day": day, "password": PASSWORD, **given}


def test_token_is_shown_once_and_does_no_more_than_its_user(cast: Cast) -> None:
    page = cast.cadre.client.post("/account/tokens/new/", token_posted())
    token = page.context["token"].text

    actor = actor_for_token(token, now=timezone.now())

    assert token in text(page)
    assert token not in text(cast.cadre.client.get("/account/tokens/"))
    assert actor is not None
    assert actor.may_at("member.view", cast.union.path or "")
    assert not actor.may("member.edit", "member.reveal")
    assert not actor.may_at("member.view", cast.other_union.path or "")


def test_token_loses_what_its_user_loses(cast: Cast) -> None:
    token = cast.cadre.client.post("/account/tokens/new/", token_posted()).context["token"].text
    RoleGrant.everything.filter(user=cast.cadre.user).update(ends_on=timezone.localdate())
    role_lost = actor_for_token(token, now=timezone.now())
    User.objects.filter(username="cadre").update(is_active=False)

    assert role_lost is not None
    assert not role_lost.may("member.view")
    assert actor_for_token(token, now=timezone.now()) is None


def test_token_ends_after_its_last_day(cast: Cast) -> None:
    token = cast.cadre.client.post("/account/tokens/new/", token_posted()).context["token"]
    end = token.row.expires_at

    assert actor_for_token(token.text, now=end - timedelta(seconds=1)) is not None
    assert actor_for_token(token.text, now=end) is None
    assert timezone.localtime(end).time().isoformat() == "00:00:00"


def test_revoked_token_opens_nothing(cast: Cast) -> None:
    token = cast.cadre.client.post("/account/tokens/new/", token_posted()).context["token"]
    stranger = cast.dana.client.post(f"/account/tokens/{token.row.pk}/revoke/")

    kept = actor_for_token(token.text, now=timezone.now())
    cast.cadre.client.post(f"/account/tokens/{token.row.pk}/revoke/")

    assert stranger.status_code == 404
    assert kept is not None
    assert actor_for_token(token.text, now=timezone.now()) is None


@pytest.mark.parametrize(
    "given",
    [
        {"scopes": []},
        {"scopes": ["trail.view"]},
        {"scopes": ["nonsense"]},
        {"name": ""},
        {"last_day": "2020-01-01"},
        {"last_day": (timezone.localdate() + timedelta(days=367)).isoformat()},
        {"last_day": "never"},
        {"password": "wrong"},
    ],
)
def test_token_that_does_not_fit_is_not_made(cast: Cast, given: dict[str, Any]) -> None:
    page = cast.cadre.client.post("/account/tokens/new/", token_posted(**given))

    assert page.status_code == 200
    assert not ApiToken.objects.exists()


def test_token_lies_hashed(cast: Cast) -> None:
    token = cast.cadre.client.post("/account/tokens/new/", token_posted()).context["token"].text

    with connection.cursor() as cursor:
        cursor.execute("select * from accounts_apitoken")
        assert token not in str([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
    assert token not in str([entry.changes for entry in TrailEntry.objects.all()])


def test_api_without_token_is_told_so_in_json(client: Client) -> None:
    answer = client.get("/api/anything")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["detail"].startswith("请登录")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic YTpi", "bearer  ", "Bearer \x00"])
def test_api_with_a_wrong_token_stays_closed(client: Client, header: str) -> None:
    assert client.get("/api/anything", HTTP_AUTHORIZATION=header).status_code == 401


def test_token_opens_the_api_and_no_page(cast: Cast, client: Client) -> None:
    token = cast.cadre.client.post("/account/tokens/new/", token_posted()).context["token"].text
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}

    api, page = client.get("/api/anything", **headers), client.get("/account/", **headers)  # type: ignore[arg-type]

    assert (api.status_code, page.status_code) == (404, 302)
    assert ApiToken.objects.get().last_used_on == timezone.localdate()


def test_session_that_has_something_to_do_first_does_not_get_round_it_by_the_api(cast: Cast) -> None:
    token = cast.cadre.client.post("/account/tokens/new/", token_posted()).context["token"].text
    User.objects.filter(username="cadre").update(must_change_password=True)

    by_session = cast.cadre.client.get("/api/anything", headers={"Authorization": "Bearer nonsense"})
    by_token = Client().get("/api/anything", headers={"Authorization": f"Bearer {token}"})

    assert (by_session.status_code, by_session["Location"]) == (302, "/account/password/")
    assert by_token.status_code != 302


def test_trail_is_read_in_chinese(cast: Cast) -> None:
    cast.operator.client.post(
        f"/account/users/{cast.alice.user and cast.alice.user.pk}/edit/",
        {"name": "艾丽丽", "mobile_number": "13800001234"},
    )
    entry = TrailEntry.objects.get(verb="user.changed")

    listed = text(cast.audit.client.get("/account/trail/", {"verb": "user.changed"}))
    page = re.sub(r"\s+", "", text(cast.audit.client.get(f"/account/trail/{entry.number}/")))

    assert "修改账号" in listed
    assert '<throw="row">' not in page
    assert "显示姓名</th><td>艾丽</td><td>艾丽丽</td>" in page
    assert "手机号码</th><td>—</td><td>138****1234</td>" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"who": "operator"}, True),
        ({"who": "欧文"}, True),
        ({"who": "alice"}, False),
        ({"verb": "user.disabled"}, True),
        ({"verb": "user.enabled"}, False),
        ({"target": "accounts.user"}, True),
        ({"target": "accounts.rolegrant"}, False),
        ({"first_day": "2020-01-01", "last_day": "9999-12-30"}, True),
        ({"last_day": "2020-01-01"}, False),
        ({"first_day": "2099-01-01"}, False),
    ],
)
def test_trail_is_filtered(cast: Cast, query: dict[str, str], found: bool) -> None:
    assert cast.charlie.user is not None
    cast.operator.client.post(f"/account/users/{cast.charlie.user.pk}/disable/")
    query = {"row": str(cast.charlie.user.pk), **query}

    rows = text(cast.audit.client.get("/account/trail/", query)).split('id="rows"')[1]

    assert ("停用账号" in rows) is found


@pytest.mark.parametrize(
    "query",
    [
        "row=99999999999999999999",
        "first_day=9999-12-31&last_day=9999-12-31",
        "first_day=0001-01-01",
        "who=%00",
        "row=-1",
        "at=zz",
    ],
)
def test_silly_trail_filters_show_a_list(audit: Player, query: str) -> None:
    assert audit.client.get("/account/trail/?" + query).status_code == 200


def test_trail_of_a_kind_of_row_that_is_gone_is_still_read(audit: Player) -> None:
    record(
        "herd.counted",
        None,
        actor=SYSTEM,
        now=timezone.now(),
        after={"sheep": 7, "at": "2026-03-05"},
        detail={"dogs": ["a", "b"]},
    )
    entry = TrailEntry.objects.get(verb="herd.counted")
    TrailEntry.objects.filter(pk=entry.pk).update(target_type="farm.herd", target_id=3)

    page = text(audit.client.get(f"/account/trail/{entry.number}/"))

    assert "farm.herd 3" in page
    assert "2026年3月5日" in page
    assert "a、b" in page


def test_verifying_says_that_all_is_well(audit: Player) -> None:
    page = audit.client.post("/account/trail/verify/", follow=True)

    assert re.search(r"共 \d+ 条记录，核验无误。", text(page))
    assert verify_chain().broken_at is None


@pytest.mark.parametrize(
    ("change", "sentence"), [("alter", "第 3 条记录被改动"), ("remove", "缺少第 3 条记录。"), ("cut", "日志末尾被截断")]
)
def test_verifying_names_the_first_wrong_entry(audit: Player, change: str, sentence: str) -> None:
    for _entry in range(4):
        make_user()
    client, last = audit.client, TrailEntry.objects.count()
    if change == "alter":
        TrailEntry.objects.filter(pk=3).update(actor_name="别人")
    else:
        TrailEntry.objects.filter(pk=3 if change == "remove" else last).delete()

    assert sentence in text(client.post("/account/trail/verify/", follow=True))


def exported(response: HttpResponse) -> list[list[str]]:
    body = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(body)))


def test_export_keeps_the_filter_and_leaves_a_trail(cast: Cast) -> None:
    make_user("lin", name="=HYPERLINK(1)")

    rows = exported(cast.audit.client.post("/account/trail/export/", {"verb": "user.created"}))

    assert rows[0][:3] == ["序号", "时间", "操作人"]
    assert {row[3] for row in rows[1:]} == {"新建账号"}
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r\0") and cell]
    assert TrailEntry.objects.order_by("number").last().changes["filters"] == {"verb": "user.created"}  # type: ignore[union-attr]


def test_export_speaks_the_readers_language(audit: Player) -> None:
    make_user()
    client = audit.client
    client.cookies["django_language"] = "en"

    assert exported(client.post("/account/trail/export/", {"verb": "user.created"}))[1][3] == "Account created"
