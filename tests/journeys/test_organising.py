"""From an employer nobody knew to a founded union, by two people."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from shuniu.registry.public import Lead, Organisation, Person
from tests.journeys.conftest import Opener, id_number, keep

EMPLOYER = "云川晴川包装材料有限公司"


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


def send(page: Page) -> None:
    page.locator("main .form-buttons button").click()
    expect(page.locator("main [role=status]").first).to_be_visible()


def step(page: Page, button: str, **values: str) -> None:
    page.locator(".page-actions").get_by_role("link", name=button).click()
    fill(page, **values)
    send(page)


def bring_to_preparing(page: Page) -> None:
    """Look for the employer, enter it, and go as far as whoever works on the lead can."""
    page.goto("/registry/leads/new/")
    fill(page, q=EMPLOYER)
    page.locator("main").get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="登记新单位").click()
    page.locator("select[name=industry]").select_option("C", force=True)
    fill(page, headcount="46", expected_members="32", note="劳动监察巡查时发现尚未建会")
    send(page)
    step(page, "登记走访", note="上门走访，向负责人介绍建会流程")
    step(page, "登记同意建会", note="负责人同意支持职工建会")
    step(page, "登记筹备组", note="筹备组由五人组成，已收集三十二份入会申请")


def test_a_lead_becomes_a_union_by_two_people(enter: Opener) -> None:
    organiser, cadre = enter("organiser"), enter("town")
    bring_to_preparing(organiser)
    expect(organiser.locator(".page-actions")).not_to_contain_text("批准建会")
    expect(organiser.locator("main")).to_contain_text("筹备组由五人组成，已收集")
    keep(organiser, "lead-preparing")

    cadre.goto(organiser.url)
    step(cadre, "批准建会", approval_number="云东工发〔2026〕18号")
    step(cadre, "成立工会", members=f"顾念慈 {id_number(461)}\n费清和 {id_number(462)} 13900001462")
    keep(cadre, "lead-founded")

    union = Organisation.everything.get(name=f"{EMPLOYER}工会")
    assert Lead.everything.get(employer__name=EMPLOYER).founded_id == union.pk
    assert Person.everything.filter(home=union).count() == 2


def test_whoever_worked_on_a_lead_may_not_approve_it(enter: Opener) -> None:
    cadre = enter("town")
    bring_to_preparing(cadre)

    expect(cadre.locator(".page-actions")).not_to_contain_text("批准建会")
    cadre.goto(f"{cadre.url}approve/")
    expect(cadre.locator("main .notice-error")).to_contain_text("须由其他人")
