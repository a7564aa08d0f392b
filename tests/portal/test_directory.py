"""The public directory: what everybody reads of services and providers, and what nobody can work out from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shuniu.desk.enums import RosterState
from shuniu.desk.models import Hotline, Roster, ServiceLine, Shift
from shuniu.hub.enums import AgreementState, DeliveryMode, ProviderKind, ProviderState
from shuniu.portal.queries.directory import Window
from shuniu.registry.models import Organisation
from tests.desk.making import make_line as published
from tests.factories import NOW, Cast
from tests.hub.making import make_professional, make_provider
from tests.portal.making import make_agreement, make_line
from tests.registry.making import make_body, make_district
from tests.voice.making import make_invitation, make_ratings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Figures are kept in memory for a while."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def district() -> Organisation:
    return make_district()[0]


@pytest.fixture
def then() -> date:
    """A day whose ratings the directory tells of."""
    return Window.before(timezone.localdate()).start + timedelta(days=40)


def page(name: str, *args: Any, **query: Any) -> str:
    answer = Client().get(reverse(f"portal:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def data(name: str, **query: Any) -> dict[str, Any]:
    return Client().get(reverse(f"portal:{name}"), query).json()


# what is told


def test_a_service_tells_who_gives_it_until_when_and_at_what_price(district: Organisation) -> None:
    line = make_line(district, "法律咨询")
    provider = make_provider(district, name="衡信律师事务所", papers=False)
    today = timezone.localdate()
    make_agreement(provider, district, starts_on=today, ends_on=today + timedelta(days=1))

    html = page("service", line.key)

    assert "衡信律师事务所" in html
    assert f"协议期限：{today.year}年{today.month}月{today.day}日至{today.year}年{today.month}月{today.day}日" in html
    assert "每天300.00元，由工会支付" in html
    assert "购买" in html


@pytest.mark.parametrize(
    "given",
    [
        {"state": AgreementState.DRAFT},
        {"state": AgreementState.TERMINATED},
        {"ends_on": timezone.localdate()},
        {"kinds": ["repair"]},
    ],
)
def test_an_agreement_not_in_force_or_about_something_else_is_not_told(
    district: Organisation, given: dict[str, Any]
) -> None:
    line = make_line(district)
    make_agreement(make_provider(district, name="衡信律师事务所", papers=False), district, **given)

    html = page("service", line.key)

    assert "衡信律师事务所" not in html
    assert "由工会工作人员直接提供" in html


def test_an_agreement_of_another_federation_is_not_told(district: Organisation) -> None:
    line = make_line(district)
    other = make_body(district)
    make_agreement(make_provider(other, name="远方律师事务所", papers=False), other)

    assert "远方律师事务所" not in page("service", line.key)


def test_work_without_payment_says_so(district: Organisation) -> None:
    line = make_line(district)
    agreement = make_agreement(make_provider(district, papers=False), district, mode=DeliveryMode.VOLUNTEER)
    agreement.lines.update(price=0)

    assert "不收费" in page("service", line.key)


def test_a_line_that_takes_no_cases_is_not_offered(district: Organisation) -> None:
    line = make_line(district, "停办的服务", is_open=False)

    assert Client().get(reverse("portal:service", args=[line.key])).status_code == 404
    assert "停办的服务" not in page("services")


@pytest.mark.parametrize("state", [state for state in ProviderState if state != ProviderState.ACTIVE])
def test_only_admitted_providers_are_named(district: Organisation, state: ProviderState) -> None:
    line = make_line(district)
    provider = make_provider(district, state=state, name="未入库事务所", papers=False)
    make_agreement(provider, district)

    assert Client().get(reverse("portal:provider", args=[provider.pk])).status_code == 404
    assert "未入库事务所" not in page("providers") + page("service", line.key) + str(data("services_data"))


def test_a_group_tells_its_firms_and_what_they_earned_together(district: Organisation, then: date) -> None:
    group = make_provider(district, ProviderKind.GROUP, name="职工维权律师团", papers=False)
    firms = [make_provider(district, name=f"{word}所", group=group, papers=False) for word in ("甲", "乙")]
    for firm in firms:
        make_professional(firm, papers=False)
        make_ratings(district, *[5] * 6, on=then, provider_id=firm.pk)

    html = page("provider", group.pk)

    assert "甲所" in html
    assert "12人评价，12人满意（100.0%）" in html
    assert "法律咨询" in html


# results


def test_results_are_of_whole_months_before_this_one() -> None:
    window = Window.before(date(2026, 11, 25))

    assert (window.start, window.end, window.words) == (date(2025, 11, 1), date(2026, 11, 1), "2025年11月至2026年10月")
    assert Window.before(date(2026, 1, 1)).words == "2025年1月至2025年12月"


def test_an_answer_of_this_month_changes_nothing_yet(district: Organisation, then: date) -> None:
    line = make_line(district)
    make_ratings(district, 5, 5, 5, 4, 4, on=then, line=line.key)
    before = page("service", line.key)
    cache.clear()
    make_ratings(district, 1, on=timezone.localdate(), line=line.key)

    assert "5人评价，5人满意" in before
    assert "5人评价，5人满意" in page("service", line.key)


def test_too_few_answers_are_not_told_on_pages_or_as_data(district: Organisation, then: date) -> None:
    line = make_line(district)
    make_ratings(district, 1, 1, 1, 1, on=then, line=line.key)

    (found,) = data("services_data")["services"]

    assert "评价不足5人" in page("service", line.key)
    assert found["result"] == {"held_back": True, "at_least": 5}


def test_a_providers_figures_do_not_tell_a_lines_that_are_held_back(district: Organisation, then: date) -> None:
    """Its whole less its large lines would be the small one."""
    provider = make_provider(district, papers=False)
    lines = [make_line(district) for _number in range(3)]
    for line, number, stars in zip(lines, (30, 20, 2), (5, 4, 1), strict=True):
        make_ratings(district, *[stars] * number, on=then, line=line.key, provider_id=provider.pk)

    told = {one["key"]: one["result"] for one in data("services_data")["services"]}
    (whole,) = data("providers_data")["providers"]

    shown = [told[line.key]["answers"] for line in lines if not told[line.key]["held_back"]]
    assert told[lines[2].key]["held_back"]
    assert whole["result"]["answers"] == sum(shown)


# the twin


def test_the_data_tells_the_same_as_the_page(district: Organisation, then: date) -> None:
    line = make_line(district, "法律咨询")
    provider = make_provider(district, name="衡信律师事务所", papers=False)
    make_agreement(provider, district)
    make_ratings(district, 5, 5, 5, 4, 2, on=then, line=line.key, provider_id=provider.pk)

    (found,) = data("services_data")["services"]
    html = page("services")

    assert found["result"]["mean"]["value"] == 4.2
    assert "<b>4.20</b>" in html
    assert found["result"]["satisfied"] == 4
    assert "5人评价，4人满意（80.0%）" in html
    assert found["agreements"][0]["prices_in_fen"] == [{"name": "值班", "unit": "天", "price": 30000}]


def test_the_data_is_handed_out_in_parts_that_join(district: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuniu.portal.web.views_directory.BATCH", 2)
    wanted = [make_line(district, f"服务{number}").key for number in range(5)]

    told, following = [], reverse("portal:services_data")
    while following:
        answer = Client().get(following).json()
        told += [one["key"] for one in answer["services"]]
        following = answer["next"]

    assert told == wanted


# finding


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "法律"}, {"法律咨询"}),
        ({"kind": "repair"}, {"报修"}),
        ({"q": "法律", "kind": "repair"}, set()),
        ({"kind": "nonsense"}, {"法律咨询", "报修"}),
        ({"at": "broken"}, {"法律咨询", "报修"}),
    ],
)
def test_services_are_found_by_word_and_kind(district: Organisation, query: dict[str, str], found: set[str]) -> None:
    make_line(district, "法律咨询")
    make_line(district, "报修", kind="repair")

    assert {one["name"] for one in data("services_data", **query)["services"]} == found


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_services_and_providers(
    district: Organisation, number: int, django_assert_num_queries: Any
) -> None:
    for _row in range(number):
        make_line(district)
        make_agreement(make_provider(district, papers=False), district)
    client = Client()

    with django_assert_num_queries(6):
        client.get(reverse("portal:services"))
    with django_assert_num_queries(2):
        client.get(reverse("portal:providers"))


# who is on duty


def on_duty(line: ServiceLine, day: date, state: RosterState = RosterState.PUBLISHED) -> Shift:
    organisation = line.organisation
    professional = make_professional(make_provider(organisation, papers=False), name="罗值班", papers=False)
    roster = Roster.everything.create(
        line=line, organisation=organisation, starts_on=day, ends_on=day + timedelta(days=1), state=state,
        place="一楼法律援助窗口", phone="021-00000000", made_at=NOW,
    )  # fmt: skip
    return Shift.everything.create(roster=roster, line=line, day=day, professional=professional)


def test_whoever_is_on_duty_is_told_with_place_and_telephone(district: Organisation) -> None:
    line = make_line(district)
    on_duty(line, timezone.localdate())

    for html in (page("duty"), page("service", line.key)):
        assert "罗值班" in html
        assert "一楼法律援助窗口" in html
        assert "tel:021-00000000" in html
    assert data("services_data")["services"][0]["on_duty_today"][0]["name"] == "罗值班"


def test_a_roster_that_is_a_draft_is_not_told(district: Organisation) -> None:
    line = make_line(district)
    on_duty(line, timezone.localdate(), RosterState.DRAFT)

    assert "罗值班" not in page("duty") + page("service", line.key) + page("services")


@pytest.mark.parametrize("week", ["", "x", "2026-99-99", "0001-01-01", "9999-12-31", "1900-01-01"])
def test_any_week_that_is_typed_is_answered(district: Organisation, week: str) -> None:
    assert "没有已公布的值班表" in page("duty", week=week)


def test_numbers_for_people_in_distress_need_no_account(district: Organisation) -> None:
    Hotline.everything.create(organisation=district, name="心理援助热线", number="12356", hours="24小时")
    Hotline.everything.create(organisation=district, name="停用", number="000", hours="", is_shown=False)

    for html in (page("services"), page("duty"), page("home")):
        assert html.count("tel:12356") == 1, "not again among the numbers of the whole country"
        assert "tel:110" in html
        assert "tel:000" not in html


# a member's home page


def test_a_member_is_offered_the_services_of_her_unions_and_no_others(cast: Cast) -> None:
    far = published(cast.district, name="法律咨询")
    near = published(cast.union, "repair", name="报修")
    published(cast.other_union, name="别家的服务")
    make_line(cast.union, "还没有表单的服务")

    html = cast.bob.client.get("/").content.decode()

    places = [html.index(reverse("desk:file", args=[line.key])) for line in (near, far)]
    assert places == sorted(places), "the nearest first"
    assert "别家的服务" not in html
    assert "还没有表单的服务" not in html
    assert "申请这项服务" in cast.bob.client.get(reverse("portal:service", args=[far.key])).content.decode()


def test_whoever_has_no_record_of_her_own_is_offered_nothing(cast: Cast) -> None:
    published(cast.district, name="法律咨询")

    assert "法律咨询" not in cast.lawyer.client.get("/").content.decode()


def test_a_member_is_asked_at_home_how_a_service_was_until_she_said_so(cast: Cast) -> None:
    invitation, _address = make_invitation(cast.union, cast.bob.person, line_name="法律咨询")
    type(invitation).everything.update(expires_on=timezone.localdate() + timedelta(days=1))

    before = cast.bob.client.get("/").content.decode()
    type(invitation).everything.update(is_used=True)

    assert reverse("voice:rate_own", args=[invitation.pk]) in before
    assert "评价“法律咨询”" in before
    assert "评价“法律咨询”" not in cast.bob.client.get("/").content.decode()
