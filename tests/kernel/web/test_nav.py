from __future__ import annotations

import pytest

from shuniu.kernel.web import nav
from shuniu.kernel.web.registers import AlreadyRegisteredError, Register
from tests.kernel.gallery.urls import CADRE
from tests.kernel.web.making import NOBODY, somebody


def labels(links):
    return [link.label for link in links]


def test_menu_shows_each_person_what_her_rights_open(gallery):
    assert labels(nav.menu(CADRE, "/").links) == ["首页", "工会组织", "会员", "统计", "数据导入", "规则"]
    assert "会员" not in labels(nav.menu(somebody("rule.view"), "/").links)
    assert "角色授权" in labels(nav.menu(somebody("role.grant"), "/").links)


def test_menu_is_empty_for_strangers(gallery):
    assert nav.menu(NOBODY, "/") == nav.Menu((), ())


def test_menu_groups_by_section_and_leaves_empty_sections_out(gallery):
    sections = nav.menu(CADRE, "/").sections

    assert [section.label for section in sections] == ["", "基础台账", "规则"]
    assert all(section.unfolded for section in sections)


def test_a_long_menu_unfolds_only_where_one_is(gallery, monkeypatch):
    monkeypatch.setattr(nav, "SHORT", 2)

    sections = nav.menu(CADRE, "/members/7/").sections

    assert [(section.label, section.unfolded) for section in sections] == [
        ("", True),
        ("基础台账", True),
        ("规则", False),
    ]


def test_menu_keeps_the_account_apart(gallery):
    menu = nav.menu(CADRE, "/")

    assert labels(menu.account) == ["退出登录"]
    assert menu.account[0].post
    assert "退出登录" not in labels(menu.links)


def test_menu_offers_phones_four_places(gallery):
    assert labels(nav.menu(CADRE, "/").phone) == ["首页", "工会组织", "会员", "统计"]


@pytest.mark.parametrize(
    ("path", "here"), [("/", "/"), ("/members/", "/members/"), ("/members/3/edit/", "/members/"), ("/elsewhere/", "")]
)
def test_current_url_is_the_longest_that_the_path_lies_under(path, here):
    assert nav.current_url(["/", "/members/", "/record/"], path) == here


def test_a_key_can_be_registered_twice_only_with_the_same_thing():
    register = Register(rank=str)
    register.add("a", "one")
    register.add("a", "one")

    with pytest.raises(AlreadyRegisteredError):
        register.add("a", "two")

    assert register.all() == ["one"]
