"""A duty is decided by its reasons; a reserved one cannot be put out to tender, and whoever tries is on record."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from shuniu.hub.public import Duty
from shuniu.kernel.models import TrailEntry
from tests.journeys.conftest import Opener, keep

RESERVED = "职工思想政治引领"
UNDECIDED = "基层工会会计代理记账"


def send(page: Page) -> None:
    page.locator("main .form-buttons button").click()


def decide(page: Page) -> None:
    """Answer as the ready catalogue does, look at what follows, and decide so."""
    page.goto(f"/hub/duties/?q={UNDECIDED}")
    page.get_by_role("link", name=UNDECIDED, exact=True).click()
    page.locator(".page-actions .btn-primary").click()
    send(page)
    expect(page.locator("main .verdict")).to_contain_text("按回答建议：可以社会化")
    page.locator("main [name=mode]").select_option("purchased", force=True)
    keep(page, "duty-decide")
    send(page)
    expect(page.locator("main [role=status]").first).to_contain_text("已作出决定")


def try_to_tender(page: Page) -> None:
    duty = Duty.everything.get(name=RESERVED)
    page.goto("/hub/tenders/new/")
    page.locator("main [name=duty]").select_option(str(duty.pk), force=True)
    for name, value in {
        "title": "思想政治引领服务",
        "need": "购买宣讲",
        "budget": "80000",
        "lines": "宣讲 场 20",
    }.items():
        page.locator(f"main [name={name}]").fill(value)
    page.locator("main [name=criteria]").fill("方案 80")
    send(page)
    expect(page.locator("main")).to_contain_text("由工会干部自己承担，不得采购")


def test_a_duty_is_decided_and_a_reserved_one_stays_with_the_union(enter: Opener) -> None:
    decide(enter("district"))
    try_to_tender(enter("buyer"))

    attempt = TrailEntry.objects.filter(verb="duty.reserved_refused").get()
    assert attempt.changes["attempted"] == "tender.drafted"
