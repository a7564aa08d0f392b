"""Two unions become one, on a page that says beforehand what that means."""

from __future__ import annotations

from playwright.sync_api import expect

from shuniu.kernel.period import FOREVER
from shuniu.registry.public import Organisation, Person
from tests.journeys.conftest import Opener, keep


def test_two_unions_become_one(enter: Opener) -> None:
    town = Organisation.everything.filter(type="town").order_by("path")[1]
    merged, successor = Organisation.everything.filter(type="primary", parent=town, dissolved_on=FOREVER)[:2]
    people = Person.everything.filter(home=merged, standing=2).count()
    page = enter("district")

    page.goto(f"/registry/organisations/{town.parent_id}/")
    page.locator(".tree > li", has_text=town.short_name or town.name).locator("summary").click()
    page.locator(".tree .tree").get_by_role("link", name=merged.short_name or merged.name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(merged.name)
    keep(page, "organisation")

    page.locator(".page-actions summary").click()
    page.get_by_role("link", name="并入其他组织").click()
    page.locator("main [name=successor]").press_sequentially(successor.name[:6])
    expect(page.locator(f"datalist option[value='{successor.name}（{successor.code}）']")).to_have_count(1)
    page.locator("main [name=successor]").fill(f"{successor.name}（{successor.code}）")
    page.locator("main [name=approval_number]").fill("云工组〔2026〕8号")
    page.get_by_role("button", name="继续").click()
    expect(page.locator("main")).to_contain_text(f"在籍会员{people}人")
    keep(page, "organisation-merge")
    page.get_by_role("button", name="确认").click()

    expect(page.locator("main [role=status]").first).to_contain_text(f"{merged.name}已合并。")
    merged.refresh_from_db()
    assert merged.is_dissolved
    assert not Person.everything.filter(home=merged, standing=2).exists()


def test_the_registry_at_a_glance_on_a_phone_and_of_a_past_day(enter: Opener) -> None:
    page = enter("town", size=(390, 844))

    page.goto("/registry/?on=2021-12-31")

    expect(page.locator("main .page-lead")).to_contain_text("截至2021年12月31日")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.goto("/registry/")
    expect(page.locator("section", has_text="按职工群体").locator("table")).to_be_visible()
    keep(page, "registry-phone")
