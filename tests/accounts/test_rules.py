"""Rules of accounts, without a database."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyotp
import pytest
from django.utils import translation

from shuniu.accounts.enums import Ending, Step
from shuniu.accounts.rules import codes, granting, names, sessions
from shuniu.accounts.rules.roles import FILE, Catalogue, catalogue, parse
from shuniu.kernel.scope import Actor, Grant
from shuniu.kernel.toml import DataFileError, Table

AT = datetime(2026, 3, 5, 2, 0, 10, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ORGANISATION_ROLES = [
    "district_cadre", "town_cadre", "union_chair", "union_clerk", "organiser", "tender_clerk", "service_clerk",
]  # fmt: skip
ASSIGNED_ROLES = ["provider_manager", "professional", "mediator", "tender_expert"]
POWERS = ["site_operator", "security_officer", "audit_officer"]


def raw() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text())


def reading(data: dict[str, Any]) -> Catalogue:
    return parse(Table(data, "roles.toml"))


def role_of(data: dict[str, Any], key: str) -> dict[str, Any]:
    return next(role for role in data["role"] if role["key"] == key)


def test_roles_are_those_of_the_architecture() -> None:
    assert set(catalogue().roles) == {*POWERS, *ORGANISATION_ROLES, *ASSIGNED_ROLES, "member"}


def test_every_permission_is_in_some_role() -> None:
    used = frozenset().union(*(role.permissions for role in catalogue().roles.values()))

    assert used == catalogue().permissions.keys()


@pytest.mark.parametrize("key", ORGANISATION_ROLES)
@pytest.mark.parametrize("power", POWERS)
def test_no_power_stands_beside_a_role_that_sees_members(power: str, key: str) -> None:
    assert [role.key for role in catalogue().conflicting([power], key)] == [power]
    assert [role.key for role in catalogue().conflicting([key], power)] == [key]


@pytest.mark.parametrize("one", POWERS)
def test_no_two_powers_in_one_hand(one: str) -> None:
    others = [key for key in POWERS if key != one]

    assert sorted(role.key for role in catalogue().conflicting(others, one)) == sorted(others)


@pytest.mark.parametrize("power", POWERS)
def test_officers_of_the_site_are_members_too(power: str) -> None:
    assert catalogue().conflicting(["member"], power) == []


def test_clerk_lets_nothing_out() -> None:
    assert (
        catalogue()
        .roles["union_clerk"]
        .permissions.isdisjoint({"member.reveal", "member.export", "lead.approve", "rule.edit"})
    )


def test_titles_follow_the_reader() -> None:
    role = catalogue().roles["town_cadre"]

    with translation.override("zh-hans"):
        assert str(role.title) == "镇街（园区）工会干部"
    with translation.override("en"):
        assert str(role.title) == "Cadre of a town or street federation"


def test_role_that_exports_without_second_factor_is_refused() -> None:
    data = raw()
    role_of(data, "union_chair")["second_factor"] = False

    with translation.override("en"), pytest.raises(DataFileError) as refusal:
        reading(data)

    assert str(refusal.value) == "roles.toml: the role “union_chair” may “member.export” and so needs a second factor."


def test_separate_power_with_members_data_is_refused() -> None:
    data = raw()
    role_of(data, "audit_officer")["permissions"].append("member.view")

    with translation.override("en"), pytest.raises(DataFileError) as refusal:
        reading(data)

    assert (
        str(refusal.value) == "roles.toml: the role “audit_officer” is a separate power and may not have “member.view”."
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda data: role_of(data, "member")["permissions"].append("member.veiw"), "is no permission"),
        (lambda data: role_of(data, "organiser")["approved_by"].append("boss"), "is no role"),
        (lambda data: data["role"].append(role_of(data, "member")), "stands there twice"),
        (lambda data: role_of(data, "member").pop("title"), "is missing"),
        (lambda data: role_of(data, "member").update(scope="galaxy"), "must be"),
        (lambda data: role_of(data, "member").update(permisions=[]), "is not known here"),
        (lambda data: data["session"]["staff"].update(idle_minutes="30"), "a whole number"),
    ],
)
def test_damaged_roles_file_is_refused_with_the_place(change: Any, sentence: str) -> None:
    data = raw()
    change(data)

    with translation.override("en"), pytest.raises(DataFileError, match=sentence):
        reading(data)


@pytest.mark.parametrize(
    ("typed", "name"),
    [(" Alice ", "alice"), ("ＡＬＩＣＥ", "alice"), ("王敏", "王敏"), ("wang.min\u200b", "wang.min")],
)
def test_names_have_one_spelling(typed: str, name: str) -> None:
    assert names.canonical(typed) == name


@pytest.mark.parametrize("typed", ["13800001234", "+86 138-0000-1234", "１３８ ００００ １２３４", "8613800001234"])
def test_mobile_is_recognised_however_it_is_written(typed: str) -> None:
    assert names.mobile(typed) == "13800001234"


@pytest.mark.parametrize("typed", ["12800001234", "1380000123", "138000012345", "alice", ""])
def test_what_is_no_mobile_is_none(typed: str) -> None:
    assert names.mobile(typed) is None


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("王敏", True),
        ("a", False),
        ("a" * 40, True),
        ("a" * 41, False),
        ("wang min", False),
        ("?x", False),
        ("13800001234", False),
    ],
)
def test_user_names(name: str, fits: bool) -> None:
    assert names.is_user_name(name) is fits


def code_at(shift: int) -> str:
    return pyotp.TOTP(SECRET).generate_otp(int(AT.timestamp()) // 30 + shift)


@pytest.mark.parametrize(("shift", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_code_of_one_step_to_either_side_fits(shift: int, fits: bool) -> None:
    assert (codes.matching_step(SECRET, code_at(shift), at=AT, after=0) is not None) is fits


def test_code_fits_once() -> None:
    step = codes.matching_step(SECRET, code_at(0), at=AT, after=0)

    assert step is not None
    assert codes.matching_step(SECRET, code_at(0), at=AT, after=step) is None


def test_code_before_the_last_one_used_does_not_fit() -> None:
    used = codes.matching_step(SECRET, code_at(0), at=AT, after=0)

    assert codes.matching_step(SECRET, code_at(-1), at=AT, after=used or 0) is None


@pytest.mark.parametrize("typed", ["", "abc", "12345", "一二三四五六", "0" * 400])
def test_nonsense_is_no_code(typed: str) -> None:
    assert codes.matching_step(SECRET, typed, at=AT, after=0) is None


def test_recovery_code_survives_being_typed() -> None:
    code = codes.new_recovery_code()

    assert codes.tidy_recovery_code(f" {code.upper().replace('-', ' ')} ") == code


@pytest.mark.parametrize(
    ("idle", "age", "why"),
    [
        (timedelta(minutes=30), timedelta(hours=1), None),
        (timedelta(minutes=30, seconds=1), timedelta(hours=1), Ending.IDLE),
        (timedelta(0), timedelta(hours=12), None),
        (timedelta(0), timedelta(hours=12, seconds=1), Ending.TOO_OLD),
    ],
)
def test_staff_session_ends_after_its_limit(idle: timedelta, age: timedelta, why: Ending | None) -> None:
    assert sessions.ending(catalogue().staff, started=AT - age, seen=AT - idle, now=AT) == why


@pytest.mark.parametrize(
    ("idle", "age", "why"),
    [
        (timedelta(hours=8), timedelta(days=14), None),
        (timedelta(hours=8, seconds=1), timedelta(days=1), Ending.IDLE),
        (timedelta(hours=1), timedelta(days=14, seconds=1), Ending.TOO_OLD),
    ],
)
def test_member_session_lasts_longer(idle: timedelta, age: timedelta, why: Ending | None) -> None:
    assert sessions.ending(catalogue().member, started=AT - age, seen=AT - idle, now=AT) == why


def test_who_holds_more_than_membership_is_staff() -> None:
    assert catalogue().limits(["member"]) == catalogue().member
    assert catalogue().limits([]) == catalogue().member
    assert catalogue().limits(["member", "union_clerk"]) == catalogue().staff


def test_password_comes_before_the_second_factor() -> None:
    both = {"stale_password": True, "has_second_factor": False}

    assert sessions.next_step(catalogue(), ["town_cadre"], **both) == Step.PASSWORD
    assert sessions.next_step(catalogue(), ["town_cadre"], **{**both, "stale_password": False}) == Step.SECOND_FACTOR
    assert sessions.next_step(catalogue(), ["union_clerk"], **{**both, "stale_password": False}) == Step.NONE


def test_old_password_of_staff_only_is_to_be_changed() -> None:
    old = AT - timedelta(days=91)

    assert sessions.password_is_old(catalogue().staff, changed_at=old, now=AT)
    assert not sessions.password_is_old(catalogue().member, changed_at=old, now=AT)
    assert not sessions.password_is_old(catalogue().staff, changed_at=old + timedelta(days=1), now=AT)


@pytest.mark.parametrize(
    ("agent", "summary"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 MicroMessenger/8.0",
            "WeChat · Android",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox · Linux"),
        ("curl/8", ""),
    ],
)
def test_browser_is_told_in_two_words(agent: str, summary: str) -> None:
    assert sessions.browser_summary(agent) == summary


def officer(role: str, path: str) -> Actor:
    return Actor(7, "安", None, (Grant(role, None, path, catalogue().roles[role].permissions),))


def test_district_cadre_approves_roles_of_her_district_only() -> None:
    role, dana = catalogue().roles["union_chair"], officer("district_cadre", "0001")

    assert granting.may_approve(dana, role, "00010002")
    assert not granting.may_approve(dana, role, "00020001")
    assert not granting.may_propose(dana, role, "00010002")


def test_site_roles_are_in_the_hands_of_security_officers() -> None:
    role = catalogue().roles["audit_officer"]

    assert granting.may_approve(officer("security_officer", ""), role, "")
    assert not granting.may_approve(officer("district_cadre", "0001"), role, "")
    assert not granting.may_approve(officer("site_operator", ""), role, "")


@pytest.mark.parametrize(
    ("role", "at", "path", "fits"),
    [
        ("union_chair", True, "0001", True),
        ("union_chair", True, None, False),
        ("union_chair", False, None, False),
        ("audit_officer", False, None, True),
        ("audit_officer", True, "0001", False),
        ("professional", False, None, True),
        ("professional", True, "0001", False),
        ("member", False, None, False),
    ],
)
def test_role_is_held_where_its_scope_says(role: str, at: bool, path: str | None, fits: bool) -> None:
    assert (granting.why_not_here(catalogue().roles[role], at_organisation=at, path=path) == "") is fits


def test_role_begins_today_at_the_earliest_and_lasts_a_day() -> None:
    today = date(2026, 3, 5)

    assert granting.why_not_for(today, date(2026, 3, 6), today=today) == ""
    assert granting.why_not_for(date(2026, 3, 4), date(2026, 3, 6), today=today) != ""
    assert granting.why_not_for(today, today, today=today) != ""
