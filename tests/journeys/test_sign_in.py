"""The front door: in, and not in."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opener, keep, sign_in


@pytest.fixture
def visitor(enter: Opener) -> Page:
    return enter()


def test_a_cadre_signs_in_and_finds_what_is_due(visitor: Page) -> None:
    visitor.goto("/")
    keep(visitor, "landing")
    visitor.get_by_role("link", name="登录").first.click()
    keep(visitor, "sign-in")

    sign_in(visitor, "district")

    expect(visitor.get_by_role("navigation", name="主菜单").first).to_be_visible()
    expect(visitor.locator("h1")).to_be_visible()
    keep(visitor, "home")


def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(visitor: Page) -> None:
    said = []
    for name in ("chair", "nobody-at-all"):
        sign_in(visitor, name, "not-the-password")
        said.append(visitor.locator("main [role=alert]").inner_text())

    assert said[0] == said[1]
    assert "用户名或密码不正确" in said[0]
    keep(visitor, "sign-in-refused")


def test_guessing_is_stopped_and_the_page_says_until_when(visitor: Page, settings: Any) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(visitor, "chair", "guess-guess-guess")

    expect(visitor.get_by_role("alert")).to_contain_text("错误次数过多，请在")
    keep(visitor, "locked-out")
    sign_in(visitor, "chair")
    expect(visitor.get_by_role("alert")).to_contain_text("错误次数过多，请在")
