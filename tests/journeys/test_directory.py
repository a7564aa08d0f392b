"""Somebody looks for help: without an account, then as a member who is told something."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shuniu.accounts.public import find_user
from shuniu.desk.models import Hotline, ServiceLine
from shuniu.hub.enums import ProviderKind
from shuniu.hub.models import Provider
from shuniu.registry.models import Organisation
from tests.browsing import overflow, serious, small_targets
from tests.desk.making import make_line
from tests.journeys.conftest import Opener, keep
from tests.kernel.making import make_notice
from tests.portal.making import make_agreement

PHONE = (390, 844)

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures")


def legal_advice() -> ServiceLine:
    """A service of the district, given by its group of law firms; the one that the demo has, where it has one."""
    root = Organisation.everything.get(parent=None)
    Hotline.everything.get_or_create(
        organisation=root, number="12356", defaults={"name": "全国统一心理援助热线", "hours": "24小时"}
    )
    found = ServiceLine.everything.filter(organisation=root, kind="advice", is_open=True).first()
    line: ServiceLine = found or make_line(root, name="法律咨询")
    group = Provider.everything.filter(kind=ProviderKind.GROUP).order_by("pk")[0]
    if not group.agreements.exists():
        make_agreement(group, root)
    return line


def test_a_worker_finds_who_helps_without_an_account(enter: Opener) -> None:
    visitor = enter(size=PHONE)
    line = legal_advice()
    visitor.goto("/")
    expect(visitor.locator(".hotlines")).to_contain_text("12356")
    keep(visitor, "phone-landing")

    visitor.get_by_role("link", name="服务目录").click()
    for path in ("/services/", "/services/providers/", "/services/duty/"):
        visitor.goto(path)
        assert overflow(visitor) <= 0, path
        assert small_targets(visitor) == [], path
        assert serious(visitor) == [], path
    visitor.goto("/services/")
    visitor.get_by_role("link", name=line.name, exact=True).click()
    keep(visitor, "phone-service")
    visitor.locator(".offers a").first.click()

    expect(visitor.locator("h1")).to_contain_text("律师")
    assert overflow(visitor) <= 0


def test_a_member_is_told_by_the_bell_and_offered_help_at_home(enter: Opener) -> None:
    member = enter("member", size=PHONE)
    legal_advice()
    user = find_user("member")
    assert user is not None
    make_notice(user.pk, "您咨询的事项已有答复", url="/registry/me/")
    member.goto("/")
    expect(member.locator(".bell b")).to_have_text("1")
    expect(member.locator(".tiles")).to_contain_text("法律咨询")
    assert serious(member) == []
    assert small_targets(member) == []
    keep(member, "phone-member-help")

    member.locator(".bell").click()
    member.get_by_role("button", name="您咨询的事项已有答复").click()
    expect(member).to_have_url("/registry/me/")
    expect(member.locator(".bell b")).to_have_count(0)
