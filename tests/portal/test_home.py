from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from shuniu.kernel.web import cards, nav
from shuniu.kernel.web.cards import Card, Due, DueLine, Mine, Number, Shortcut, Slot
from shuniu.kernel.web.registers import Register
from shuniu.portal.web.views import home
from tests.kernel.web.making import ask, somebody

pytestmark = pytest.mark.urls("tests.portal.site")

TERMS = Due("届满未换届", 2, "/terms/", "bad", (DueLine("华宁电子有限公司工会", "/o/1/", date(2026, 2, 28)),))


@pytest.fixture(autouse=True)
def room(monkeypatch):
    """No rooms but the one that the test makes up."""
    monkeypatch.setattr(cards, "_cards", Register(rank=lambda card: (card.order, card.key)))
    monkeypatch.setattr(nav, "_items", Register(rank=lambda item: item.order))
    nav.register(
        nav.NavItem("首页", "portal:home", "home", order=0), nav.NavItem("帮助", "portal:help", "help-circle", order=1)
    )


def shown(actor):
    answer = home(ask("/", actor=actor))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
def test_a_stranger_learns_what_this_is_and_where_to_sign_in():
    html = Client(headers={"accept-language": "zh-CN"}).get("/").content.decode()

    assert "枢纽型工会" in html
    assert '<a class="btn btn-primary" href="/in/">登录</a>' in html
    assert "sidebar" not in html
    assert "phonebar" not in html


@pytest.mark.django_db
def test_the_help_is_open_to_everybody():
    assert Client().get("/help/").status_code == 200


def test_a_cadre_sees_what_is_due_with_its_days_first():
    cards.register(
        Card("terms", lambda actor, today: TERMS, Slot.DUE, ("officer.view",)),
        Card("members", lambda actor, today: Number("会员", 38214, "人"), Slot.NUMBERS, ("officer.view",)),
    )

    html = shown(somebody("officer.view"))

    assert html.index("届满未换届") < html.index("38,214")
    assert '<span class="pill pill-bad">2</span>' in html
    assert "<time>2026年2月28日</time>" in html


def test_cards_are_read_with_the_actor_and_the_day_and_only_where_the_right_is_held():
    seen = []
    cards.register(
        Card("a", lambda actor, today: seen.append((actor.name, today)), Slot.DUE, ("officer.view",)),
        Card("b", lambda actor, today: seen.append("never"), Slot.DUE, ("role.grant",)),
    )

    shown(somebody("officer.view"))

    assert seen == [("林岚", date(2026, 3, 5))]


def test_a_day_with_nothing_due_says_so():
    cards.register(Card("terms", lambda actor, today: None, Slot.DUE, ("officer.view",)))

    assert "今天没有到期事项。" in shown(somebody("officer.view"))


def test_who_has_no_such_work_is_not_told_of_it():
    cards.register(Card("terms", lambda actor, today: TERMS, Slot.DUE, ("officer.view",)))

    html = shown(somebody("trail.view"))

    assert "到期" not in html
    assert "届满未换届" not in html


def test_a_member_sees_what_is_her_own_first():
    cards.register(
        Card(
            "card", lambda actor, today: Mine("我的会员证", "kernel/components/pill.html", {}), Slot.MINE, ("own.view",)
        ),
        Card("help", lambda actor, today: Shortcut("求助", "/ask/", "lifebuoy"), Slot.SHORTCUTS),
    )

    html = shown(somebody("own.view"))

    assert html.index("我的会员证") < html.index("求助")


def test_where_no_room_offers_shortcuts_the_menu_serves():
    html = shown(somebody())

    assert '<a href="/help/">' in html[html.index("shortcuts") :]


def test_who_has_nowhere_to_go_is_offered_nothing(monkeypatch):
    monkeypatch.setattr(nav, "_items", Register(rank=lambda item: item.order))

    assert "常用功能" not in shown(somebody())


def test_cards_come_in_their_order():
    for order, key in ((2, "乙"), (1, "甲")):
        cards.register(
            Card(key, lambda actor, today, key=key: Shortcut(key, f"/{key}/", "star"), Slot.SHORTCUTS, order=order)
        )

    html = shown(somebody())

    assert html.index("<b>甲</b>") < html.index("<b>乙</b>")
