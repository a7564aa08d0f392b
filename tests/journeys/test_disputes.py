"""A burst pipe that nobody has come to, and a worker's rating on a phone."""

from __future__ import annotations

from playwright.sync_api import expect

from shuniu.voice.public import Rating
from tests.journeys.conftest import Opener, keep

PHONE = (390, 844)


def test_an_overdue_repair_is_seen_by_the_union_and_mended_by_a_thumb(enter: Opener) -> None:
    office = enter("college")
    expect(office.get_by_role("link", name="超期报修")).to_be_visible()
    office.goto("/desk/repairs/")
    row = office.get_by_role("row").filter(has_text="2号楼一层开水间")
    expect(row).to_contain_text("超期")
    keep(office, "repairs-board")

    phone = enter("repairer", size=PHONE)
    phone.goto("/desk/repairs/jobs/")
    job = phone.get_by_role("article").first
    expect(job).to_contain_text("2号楼一层开水间")
    keep(phone, "repairs-phone")
    job.get_by_role("button", name="我已到场").click()
    phone.get_by_role("article").filter(has_text="2号楼一层开水间").get_by_role("link", name="已修复").click()
    phone.locator("[name=text]").fill("已更换阀门，恢复供水。")
    phone.get_by_role("button", name="修复").click()

    expect(phone.get_by_text("已更换阀门，恢复供水。")).to_be_visible()
    office.goto("/desk/repairs/?state=overdue")
    expect(office.get_by_text("2号楼一层开水间")).to_have_count(0)


def test_a_worker_rates_the_advice_she_was_given_on_a_phone(enter: Opener) -> None:
    phone = enter("member", size=PHONE)
    before = Rating.everything.count()

    phone.goto("/desk/mine/")
    phone.get_by_role("link", name="评价").first.click()
    phone.locator("[name=stars][value='4']").check()
    keep(phone, "rating-phone")
    phone.get_by_role("button", name="提交评价").click()

    expect(phone.get_by_role("heading", name="感谢您的评价")).to_be_visible()
    assert Rating.everything.count() == before + 1
