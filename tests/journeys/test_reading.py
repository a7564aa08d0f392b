"""Ways of reading: a phone, large text, English, no JavaScript, a screen reader."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Page, expect

from tests.browsing import complaints_of, overflow, serious, small_targets
from tests.journeys.conftest import Opener, keep

PHONE, SMALL = (390, 844), (320, 640)
ON_A_PHONE = {
    "member": ("/", "/registry/me/"),
    "chair": ("/", "/registry/members/", "/registry/members/?q=a"),
    "organiser": ("/", "/registry/organising/", "/registry/leads/"),
}
PATHS = r"""links => links.filter(link => !/\.(pdf|docx|xlsx|csv|ics)$/.test(link.pathname))
    .map(link => link.pathname + link.search)"""
"""Where links lead, but for files."""
READERS = (("district", "member", "operator"), ("chair", "organiser", "audit", "security"))
"""Halves of about the same length, for two processes; a page that one of a half has opened is not opened again."""


@pytest.mark.parametrize("username", ON_A_PHONE)
def test_pages_fit_a_phone_and_a_thumb(enter: Opener, username: str) -> None:
    page = enter(username, size=PHONE)
    for path in ON_A_PHONE[username]:
        page.goto(path)
        assert overflow(page) <= 0, path
        assert small_targets(page) == [], path
        if path == ON_A_PHONE[username][1]:
            keep(page, f"phone-{username}")

    page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
    for path in ON_A_PHONE[username]:
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert overflow(page) <= 0, f"{path} at 200 %"


def test_english_and_large_text_stay_until_they_are_switched_off(enter: Opener) -> None:
    page = enter("district")
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    normal = page.evaluate(size)
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Large text").click()

    page.locator(".sidebar summary").filter(has_text="Registry").click()
    page.locator(".sidebar").get_by_role("link", name="Members", exact=True).click()
    expect(page.locator("h1")).to_have_text("Members")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.evaluate(size) > normal
    keep(page, "english-large-text")

    page.get_by_role("button", name="Large text").click()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("h1")).to_have_text("会员")
    assert page.evaluate(size) == normal


def test_without_javascript_lists_filters_and_forms_work(enter: Opener) -> None:
    page = enter("clerk", javascript=False)
    page.goto("/registry/members/")
    name = page.locator(".list-table tbody a").first.inner_text()
    page.locator(".filters [name=q]").fill(name)
    page.locator(".filters").get_by_role("button", name="搜索").click()
    expect(page.locator(".list-table tbody tr")).to_have_count(1)

    page.locator(".list-table tbody a").first.click()
    page.locator("main").get_by_role("button", name="已核对").click()
    expect(page.locator("main [role=status]")).to_contain_text("核对")


def ahead(page: Page) -> list[str]:
    """Where the page leads: every place of the menus, and the first record of its list."""
    links = ".sidebar a, .account a", "main .list-table > tbody > tr:first-child a"
    return [path for one in links for path in page.locator(one).evaluate_all(PATHS)]


def kind_of(path: str) -> str:
    """The page that answers at the path, whichever row it shows."""
    return str(resolve(urlsplit(path).path).view_name)


@pytest.mark.parametrize("readers", READERS, ids="-".join)
def test_nothing_serious_on_any_page_that_they_can_open(enter: Opener, readers: tuple[str, ...]) -> None:
    looked_at: set[str] = set()
    found = {}
    for username in readers:
        page = enter(username)
        heard = complaints_of(page)
        waiting = ["/", "/help/"]
        looked_at.discard("portal:home")
        while waiting:
            path = waiting.pop(0)
            if kind_of(path) in looked_at:
                continue
            looked_at.add(kind_of(path))
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, f"{username} {path}"
            waiting.extend(ahead(page))
            if wrong := serious(page):
                found[f"{username} {path}"] = wrong
            if overflow(page) > 0:
                heard.append(f"{path} is too wide")
        assert heard == [], username

    assert found == {}
    assert len(looked_at) > len(readers)
