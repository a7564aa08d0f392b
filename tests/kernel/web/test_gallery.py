"""The shell in a real browser: nothing serious for axe, nothing refused by the policy, nothing wider than the window."""

from __future__ import annotations

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from tests.browsing import hang_up, overflow, serious, small_targets

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures")  # of pytest-base-url

PAGES = {
    "home": "/",
    "list": "/members/?state=active",
    "empty": "/members/?nobody=1",
    "record": "/record/",
    "form": "/form/",
    "form-errors": "/form/?wrong",
    "report": "/report/",
    "verdict": "/verdict/",
    "landing": "/portal/",
    "help": "/portal/help/",
}
SIZES = {"desk": (1280, 800), "phone": (390, 844), "small": (320, 640)}


@pytest.fixture
def site(page, gallery, transactional_db, make_notes, live_server):
    page.set_default_timeout(5000)
    connection.inc_thread_sharing()  # for good: the browser hangs up long after the test
    make_notes(120)
    yield live_server.url
    hang_up(page.context)


def large(page: Page, site: str) -> None:
    page.context.add_cookies([{"name": "large_text", "value": "1", "url": site}])


@pytest.mark.parametrize("size", SIZES)
def test_every_page_kind_is_accessible_calm_and_fits(page, site, complaints, size):
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
    if size == "small":
        large(page, site)

    for name, path in PAGES.items():
        page.goto(site + path)

        assert serious(page) == [], name
        assert overflow(page) <= 0, name
    assert complaints == []


def test_typing_into_a_filter_changes_rows_and_address(page, site, complaints):
    page.goto(site + "/members/")

    page.locator(".filters [name=q]").fill("赵")

    expect(page.locator(".list-count")).to_contain_text("共 8 人")
    assert "q=%E8%B5%B5" in page.url
    page.go_back()
    expect(page.locator(".list-count")).to_contain_text("共 120 人")
    assert complaints == []


def test_a_list_works_without_javascript(browser, site):
    page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    page.goto(site + "/members/")

    page.locator(".filters [name=q]").fill("赵")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator(".list-count")).to_contain_text("共 8 人")

    page.goto(site + "/members/")
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_role("link", name="上一页")).to_be_visible()


def test_a_draft_comes_back_and_leaves_with_its_form(page, site):
    page.goto(site + "/form/")
    page.get_by_label("姓名").fill("王小明")

    page.goto(site + "/form/")
    expect(page.get_by_label("姓名")).to_have_value("王小明")
    page.get_by_role("button", name="重新填写").click()

    page.goto(site + "/form/")
    expect(page.get_by_label("姓名")).to_have_value("")


def test_an_action_with_a_question_waits_for_the_answer(page, site):
    page.goto(site + "/members/")
    page.locator("td.cell-choose input").first.check()

    page.get_by_role("button", name="转移会籍").click()
    expect(page.get_by_text("确认转移所选会员？")).to_be_visible()
    page.get_by_role("button", name="取消").click()
    assert page.url.endswith("/members/")

    page.get_by_role("button", name="转移会籍").click()
    page.get_by_role("button", name="确认").click()
    page.wait_for_url("**/none/")


def test_the_keyboard_finds_the_search_and_the_places(page, site):
    page.goto(site + "/")

    page.keyboard.press("/")
    expect(page.locator("#top-search")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("m")

    page.wait_for_url("**/members/")


def test_a_chart_is_drawn_and_its_table_can_be_opened(page, site):
    page.goto(site + "/report/")

    expect(page.locator(".chart canvas").first).to_be_visible()
    expect(page.locator(".chart-table table").first).to_be_hidden()
    page.get_by_text("数据表").first.click()
    expect(page.get_by_role("cell", name="412")).to_be_visible()


def test_targets_are_large_enough_for_a_thumb(page, site):
    page.set_viewport_size({"width": 390, "height": 844})
    for name in ("home", "list", "record", "report"):
        page.goto(site + PAGES[name])
        assert small_targets(page) == [], name


def test_paper_carries_no_menus(page, site):
    page.emulate_media(media="print")

    page.goto(site + "/members/")

    for part in (".topbar", ".sidebar", ".filters", ".list-tools", ".pager", ".bulk"):
        expect(page.locator(part).first).to_be_hidden()
    expect(page.locator(".list-table")).to_be_visible()
