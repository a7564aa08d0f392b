"""A member is found, looked at, and goes from one union to another."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from shuniu.accounts.public import User, actor_for
from shuniu.demo import plan
from shuniu.kernel.text import initials
from shuniu.registry.enums import Standing
from shuniu.registry.public import Organisation, Person
from tests.journeys.conftest import Opener, keep


def colleague(union: Organisation) -> Person:
    """Somebody of the union who holds no post and no account."""
    person = Person.everything.filter(home=union, standing=Standing.ACTIVE, posts=None, transfers=None).last()
    assert person is not None
    return person


def union_of(username: str) -> Organisation:
    grants = actor_for(User.objects.get(username=username), plan.NOW).grants
    return Organisation.everything.get(pk=next(one.organisation_id for one in grants if one.organisation_id))


def send(page: Page) -> None:
    page.locator("main .form-buttons button").click()


def test_search_by_initials_then_a_number_in_full_for_a_reason(enter: Opener) -> None:
    person = colleague(union_of("chair"))
    page = enter("chair")
    page.locator("#top-search").press_sequentially(initials(person.name))
    page.locator("#suggestions").get_by_text(person.name).first.wait_for()
    keep(page, "search")

    page.locator("#suggestions").get_by_text(person.name).first.click()
    expect(page.locator("h1")).to_have_text(person.name)
    assert person.id_number not in page.content()
    keep(page, "person")

    page.locator("main .facts a").first.click()
    send(page)
    assert person.id_number not in page.content()
    page.locator("main [name=reason]").fill("核对互助保障报销材料")
    send(page)
    expect(page.locator("main .notice-warning")).to_contain_text(person.id_number)

    page.goto(page.url)
    assert person.id_number not in page.content()


def test_a_transfer_is_issued_by_one_union_and_received_by_the_other(enter: Opener) -> None:
    origin, destination = union_of("chair"), union_of("clerk")
    person = colleague(origin)
    chair, clerk = enter("chair"), enter("clerk")
    chair.goto(f"/registry/members/{person.pk}/transfer/?to={destination.pk}")
    chair.locator("main [name=reason]").fill("工作调动")
    keep(chair, "transfer-new")
    send(chair)
    expect(chair.locator("main [role=status]")).to_be_visible()
    person.refresh_from_db()
    assert person.home_id == origin.pk

    clerk.goto("/")
    clerk.get_by_role("link", name=person.name).first.click()
    clerk.get_by_role("link", name="接收").first.click()
    send(clerk)
    expect(clerk.locator("main [role=status]")).to_be_visible()
    keep(clerk, "transfer-received")
    person.refresh_from_db()
    assert person.home_id == destination.pk

    assert chair.goto(f"/registry/members/{person.pk}/").status == 404  # type: ignore[union-attr]
