"""A letter of nobody from both sides, and a call from the first ring to the end."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from shuniu.desk.public import Case
from tests.journeys.conftest import Opener, keep


def send(page: Page) -> None:
    page.locator("main .form-buttons button").first.click()
    page.wait_for_load_state()


def step(page: Page, button: str, **values: str) -> None:
    page.locator(".page-actions").get_by_role("link", name=button, exact=True).click()
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)
    send(page)


def choose(page: Page, name: str) -> None:
    """Choose somebody by the beginning of the label, searchable box or not."""
    box = page.locator("main select[name=handler]")
    label = box.locator("option", has_text=name).first.get_attribute("value")
    box.select_option(label, force=True)


def test_a_letter_of_nobody_is_answered_and_followed(enter: Opener) -> None:
    writer, deputy = enter(size=(390, 844)), enter("deputy")
    writer.goto("/desk/letters/")
    writer.get_by_role("link", name="主席信箱").click()
    writer.locator("[name=title]").fill("食堂卫生需要改善")
    writer.locator("[name=topic]").select_option("report")
    writer.locator("[name=facts]").fill("上周两次在饭菜里发现异物。")
    send(writer)
    receipt = writer.locator(".receipt").inner_text()
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", receipt)
    keep(writer, "letter-receipt")

    case = Case.everything.latest("pk")
    deputy.goto(f"/desk/cases/{case.pk}/")
    step_to_handler(deputy, "董思源")
    step(deputy, "接单")
    step(deputy, "答复", text="已约谈食堂承包方，本周整改。")
    expect(deputy.locator("main")).to_contain_text("已答复")

    writer.goto("/desk/letters/")
    writer.locator("[name=receipt]").fill(receipt)
    send(writer)
    expect(writer.locator("main")).to_contain_text("已约谈食堂承包方")
    writer.locator("[name=text]").fill("谢谢，请继续关注。")
    send(writer)
    expect(writer.locator("main")).to_contain_text("谢谢，请继续关注。")
    assert {cookie["name"] for cookie in writer.context.cookies()} <= {"csrftoken"}


def step_to_handler(page: Page, name: str) -> None:
    page.locator(".page-actions").get_by_role("link", name="派单", exact=True).click()
    choose(page, name)
    send(page)


def test_a_call_is_entered_handed_out_answered_and_closed(enter: Opener) -> None:
    clerk, lawyer, cadre = enter("desk"), enter("lawyer"), enter("district")
    clerk.goto("/desk/enter/")
    clerk.get_by_role("link", name="法律咨询").click()
    for name, value in {
        "contact_name": "尤女士",
        "contact_phone": "13900007777",
        "title": "工资条没有加班费",
        "facts": "连续三个月周末加班。",
    }.items():
        clerk.locator(f"main [name={name}]").fill(value)
    clerk.locator("main [name=topic]").select_option("pay")
    send(clerk)
    expect(clerk.locator("main [role=status]").first).to_contain_text("已登记")
    step_to_handler(clerk, "顾晓岚")
    keep(clerk, "case-call")

    lawyer.goto(clerk.url)
    step(lawyer, "接单")
    step(lawyer, "答复", text="休息日加班应当支付不低于工资二倍的报酬，建议先核对考勤。")
    clerk.reload()
    step(clerk, "办结")

    expect(clerk.locator("main")).to_contain_text("已办结")
    case = Case.everything.latest("pk")
    assert (case.state, case.contact_name) == ("closed", "尤女士")
    cadre.goto("/desk/figures/")
    keep(cadre, "cases-today")
    cadre.goto(f"/desk/lines/{case.line_id}/")
    keep(cadre, "service-line")
