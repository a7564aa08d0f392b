"""From a draft to the announced award: clerk, committee, experts and whoever decides, each in a browser of their own."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from shuniu.accounts.public import User, actor_for
from shuniu.demo.public import PASSWORD
from shuniu.hub.public import BidContent, ProviderStaff, Tender, submit_bid
from tests.journeys.conftest import Opener, keep

TITLE = "职工夜间法律咨询热线采购项目"
OPENERS = ("buyer", "deputy", "district")


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


def send(page: Page) -> None:
    page.locator("main .form-buttons button.btn-primary, main .form-buttons button.btn-danger").last.click()
    expect(page.locator("main [role=status]").first).to_be_visible()


def step(page: Page, tender: Tender, button: str, **values: str) -> None:
    page.goto(f"/hub/tenders/{tender.pk}/")
    page.locator(".page-actions").get_by_role("link", name=button).click()
    fill(page, **values)
    send(page)


def draft(page: Page) -> Tender:
    page.goto("/hub/tenders/new/")
    page.locator("select[name=duty]").select_option(label="职工法律咨询（律师值班）", force=True)
    fill(
        page,
        title=TITLE,
        need="工作日18时至22时由律师接听职工咨询电话。",
        budget="240,000",
        lines="热线值守 晚 250",
        criteria="服务方案 50 分三档\n团队资质 30 每名律师3分",
        consulted_people="210",
    )
    send(page)
    return Tender.everything.get(title=TITLE)


def make_code(page: Page, tender: Tender) -> str:
    page.goto(f"/hub/tenders/{tender.pk}/code/")
    page.get_by_role("button", name="领取口令").click()
    code = page.locator("p.code").inner_text()
    fill(page, code=code)
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.locator("main [role=status]").first).to_be_visible()
    return code


def three_bids(tender: Tender) -> None:
    """Sent before the hour by the firms' own people, whose part the tests of the hub play; then the hour has come."""
    for number, staff in enumerate(ProviderStaff.everything.select_related("user").order_by("pk")[:3], start=1):
        lines = {line.pk: (800 - 20 * number) * 100 for line in tender.lines.all()}
        actor = actor_for(staff.user, timezone.localdate())
        content = BidContent(prices=lines, controller=staff.user.name)
        submit_bid(actor=actor, now=timezone.now(), tender=tender, content=content, nonce=f"{number:032x}")
    told = {"published_at": timezone.now() - timedelta(days=12), "due_at": timezone.now() - timedelta(minutes=1)}
    Tender.everything.filter(pk=tender.pk).update(**told)


def score(page: Page, tender: Tender) -> None:
    page.goto(f"/hub/scoring/{tender.pk}/")
    page.locator("[name=tie][value=no]").check()
    page.get_by_role("button", name="提交声明").click()
    for box in page.locator("main input[type=number]").all():
        box.fill("25.5")
    page.get_by_role("button", name="提交（不能再改）").click()
    expect(page.locator("main .pill").first).to_have_text("已提交评分")


def test_a_tender_comes_to_its_award_by_many_hands(enter: Opener) -> None:
    pages = {name: enter(name) for name in OPENERS}
    buyer, deputy = pages["buyer"], pages["deputy"]
    tender = draft(buyer)
    buyer.goto(f"/hub/tenders/{tender.pk}/committee/")
    for name in OPENERS:
        buyer.get_by_label(User.objects.get(username=name).name, exact=True).check()
    send(buyer)
    codes = {name: make_code(page, tender) for name, page in pages.items()}
    step(deputy, tender, "批准")
    day = (timezone.localdate() + timedelta(days=12)).isoformat()
    step(buyer, tender, "发布公告", day=day)

    three_bids(Tender.everything.get(pk=tender.pk))
    for name, page in pages.items():
        page.goto(f"/hub/tenders/{tender.pk}/open/")
        fill(page, code=codes[name])
        send(page)
    step(buyer, tender, "抽取评审专家")
    keep(buyer, "tender-scoring")
    for juror in tender.jurors.select_related("user"):
        juror.user.set_password(PASSWORD)
        juror.user.password_changed_at = timezone.now()
        juror.user.save()
        score(enter(juror.user.username, size=(390, 844)), tender)

    step(buyer, tender, "推荐成交供应商")
    step(deputy, tender, "决定结果")
    step(buyer, tender, "公告结果")
    public = enter()
    public.goto(f"/hub/notices/{tender.pk}/")
    expect(public.locator("main")).to_contain_text("成交供应商")
    keep(public, "tender-notice")
    assert Tender.everything.get(pk=tender.pk).state == "announced"
