"""The calculator of time limits: for everybody, in days only, with its sources."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import Cast

pytestmark = pytest.mark.django_db


def asked(browser: Client, **query: str) -> str:
    return browser.get(reverse("desk:limits"), query).content.decode()


def test_a_stranger_learns_until_when_she_may_apply_for_arbitration_and_by_which_article() -> None:
    page = asked(Client(), kind="limitation", known_on="2025-03-03")

    assert "2026年3月3日" in page
    assert "《中华人民共和国劳动争议调解仲裁法》（2007年）第27条" in page


@pytest.mark.parametrize(
    ("query", "day"),
    [
        ({"kind": "mediation", "received_on": "2026-03-02"}, "2026年3月17日"),
        ({"kind": "arbitration", "applied_on": "2026-03-02", "accepted_on": "2026-03-05"}, "2026年4月20日"),
        ({"kind": "inspection", "ended_on": "2024-03-04"}, "2026年3月4日"),
        ({"kind": "injury", "injured_on": "2026-03-02"}, "2026年4月1日"),
    ],
)
def test_each_question_is_answered(query: dict[str, str], day: str) -> None:
    assert day in asked(Client(), **query)


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "limitation", "known_on": "不知道"},
        {"kind": "limitation", "known_on": "0001-01-01"},
        {"kind": "limitation", "known_on": "9999-12-31"},
        {"kind": "limitation", "known_on": "2026-01-05", "stopped_from": "2026-02-02"},
        {"kind": "arbitration", "applied_on": "2026-03-02", "accepted_on": "2026-03-01"},
        {"kind": "nothing-such", "x": "y"},
    ],
)
def test_wrong_days_get_a_sentence_and_no_limit(query: dict[str, str]) -> None:
    answer = Client().get(reverse("desk:limits"), query)

    assert answer.status_code == 200
    assert "计算结果" not in answer.content.decode()


def test_beyond_the_calendar_the_page_says_what_is_not_known() -> None:
    assert "工作日历尚未载入" in asked(Client(), kind="limitation", known_on="2026-06-01")


def test_who_may_read_rules_gets_the_way_to_the_rule(cast: Cast) -> None:
    page = asked(cast.alice.client, kind="limitation", known_on="2025-03-03")

    assert reverse("rulebook:rule", args=["arbitration.limit_years"]) in page
