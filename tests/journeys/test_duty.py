"""A lawyer offers a duty and another's takes it; a member books a time on a phone, to the lawyer's page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shuniu.desk.models import Roster
from tests.browsing import overflow, serious, small_targets
from tests.journeys.conftest import Opener, keep

PHONE = (390, 844)

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures")


def test_a_roster_is_read_a_duty_offered_and_a_swap_approved(enter: Opener) -> None:
    lawyer = enter("lawyer", size=PHONE)
    lawyer.goto("/desk/duty/")
    keep(lawyer, "phone-my-days")
    assert overflow(lawyer) <= 0
    assert serious(lawyer) == []
    lawyer.get_by_role("link", name="找人换班").last.click()
    lawyer.locator("[name=reason]").fill("当天开庭")
    lawyer.locator(".form-sheet .form-buttons button").first.click()
    expect(lawyer.locator(".notice-success")).to_contain_text("已发起换班")

    cadre = enter("district")
    cadre.goto("/desk/rosters/")
    cadre.locator("#rows tbody a").first.click()
    expect(cadre.locator(".verdict")).to_contain_text("分配均衡")
    keep(cadre, "duty-roster")
    assert serious(cadre) == []
    cadre.get_by_role("link", name="→").first.click()
    cadre.get_by_role("button", name="批准").click()
    expect(cadre.locator("main")).to_contain_text("已换班")


def test_a_member_books_on_a_phone_and_the_lawyer_sees_it(enter: Opener) -> None:
    member = enter("member", size=PHONE)
    member.goto("/desk/book/")
    line = Roster.everything.get().line
    member.locator(f"main a[href='/desk/book/{line.key}/']").first.click()
    keep(member, "phone-book")
    assert overflow(member) <= 0
    assert small_targets(member) == []
    assert serious(member) == []
    member.locator(".day-strip a").nth(3).click()
    time = member.locator(".time-button").first
    name = time.inner_text().split()[-1]
    time.click()
    member.locator("[name=topic]").fill("单位拖欠工资两个月")
    member.locator(".form-sheet .form-buttons button").first.click()

    expect(member.locator(".pill")).to_contain_text("已预约")
    expect(member.locator("main")).to_contain_text(name)
    member.goto("/desk/bookings/mine/")
    expect(member.locator("main")).to_contain_text(line.name)
