"""The pages of organising: what is shown to whom, what they refuse, and the way from a lead to a union."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from shuniu.kernel.text import initials
from shuniu.registry.actions.organising import approve_lead, open_lead, take_step
from shuniu.registry.enums import LeadSource, LeadState, PostKind
from shuniu.registry.models import Allowance, Area, Employer, Lead, Organisation, Person, Post, Territory
from tests.factories import Cast, make_player
from tests.registry.making import cover, make_employer, make_member

pytestmark = pytest.mark.django_db


def page(name: str, *args: Any) -> str:
    return reverse(f"registry:{name}", args=args)


def text(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, url
    return response.content.decode()


def errors(response: Any) -> str:
    return str(response.context["form"].errors)


@dataclass(frozen=True)
class Scene:
    cast: Cast
    lead: Lead
    other_lead: Lead
    organiser: Post


@pytest.fixture
def scene(cast: Cast) -> Scene:
    today = timezone.localdate()
    person = make_member(cast.union, name="何苇")
    post = Post.everything.create(
        person=person, organisation=cast.town, kind=PostKind.ORGANISER, starts_on=today - timedelta(days=400)
    )

    def make(town: Organisation, name: str) -> Lead:
        return open_lead(
            actor=cast.dana.actor,
            now=timezone.now(),
            employer=make_employer(town, name, initials=initials(name)),
            source=LeadSource.INSPECTION,
            on=today - timedelta(days=10),
            expected_members=60,
        )

    return Scene(cast, make(cast.town, "远帆物流有限公司"), make(cast.other_town, "青石纺织有限公司"), post)


def advance(scene: Scene, state: LeadState) -> Lead:
    lead, today = scene.lead, timezone.localdate()
    for step, reached in (("visit", "visited"), ("consent", "consented"), ("prepare", "preparing")):
        if lead.state == state:
            return lead
        take_step(actor=scene.cast.organiser.actor, now=timezone.now(), lead=lead, step=step, on=today, note="")
        lead.refresh_from_db()
        assert lead.state == reached
    if state == LeadState.APPROVED:
        approve_lead(
            actor=scene.cast.cadre.actor, now=timezone.now(), lead=lead, on=today, approval_number="云工组〔2026〕9号"
        )
        lead.refresh_from_db()
    return lead


def test_lead_list_shows_the_own_ground_only(scene: Scene) -> None:
    district = text(scene.cast.dana.client, page("leads"))
    town = text(scene.cast.cadre.client, page("leads"))

    assert "远帆物流有限公司" in district
    assert "青石纺织有限公司" in district
    assert "远帆物流有限公司" in town
    assert "青石纺织有限公司" not in town


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=远帆", True),
        ("q=yfwl", True),
        ("q=青石", False),
        ("state=new", True),
        ("state=founded", False),
        ("state=open", True),
    ],
)
def test_lead_list_is_filtered(scene: Scene, query: str, found: bool) -> None:
    shown = text(scene.cast.cadre.client, page("leads") + "?" + query)

    assert ("远帆物流有限公司" in shown) is found


@pytest.mark.parametrize("leads", [1, 3])
def test_lead_list_asks_as_often_for_one_lead_as_for_three(
    scene: Scene, leads: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(leads - 1):
        open_lead(
            actor=scene.cast.dana.actor,
            now=timezone.now(),
            employer=make_employer(scene.cast.town),
            source=LeadSource.CASE,
            on=timezone.localdate() - timedelta(days=number),
            organiser=scene.organiser,
        )
    client = scene.cast.cadre.client

    with django_assert_max_num_queries(15):
        client.get(page("leads"))


def test_lead_list_as_a_workbook_keeps_the_filter(scene: Scene) -> None:
    response = scene.cast.dana.client.get(page("leads_export") + "?q=青石")

    rows = list(load_workbook(BytesIO(response.content)).active.values)
    assert rows[0][0] == "用人单位"
    assert [row[0] for row in rows[1:]] == ["青石纺织有限公司"]


def test_a_lead_of_another_town_does_not_exist(scene: Scene) -> None:
    names = (
        "lead",
        "lead_approve",
        "lead_found",
        "lead_join",
        "lead_note",
        "lead_assign",
        "lead_members",
        "lead_settle",
    )

    for name in names:
        assert scene.cast.stranger.client.get(page(name, scene.lead.pk)).status_code == 404, name
    assert scene.cast.stranger.client.get(page("lead_step", scene.lead.pk, "visit")).status_code == 404


def test_whoever_lacks_the_right_in_her_own_town_is_denied(scene: Scene) -> None:
    organiser, lead = scene.cast.organiser.client, advance(scene, LeadState.PREPARING)

    assert organiser.get(page("lead", lead.pk)).status_code == 200
    for name in ("lead_approve", "lead_found", "lead_settle", "lead_members"):
        assert organiser.get(page(name, lead.pk)).status_code == 403, name
    assert scene.cast.bob.client.get(page("leads")).status_code == 403


def test_the_way_from_a_visit_to_a_union_with_members_and_allowances(scene: Scene) -> None:
    lead, today = scene.lead, timezone.localdate().isoformat()
    organiser, cadre = scene.cast.organiser.client, scene.cast.cadre.client
    assert page("lead_step", lead.pk, "visit") in text(organiser, page("lead", lead.pk))

    organiser.post(page("lead_assign", lead.pk), {"organiser": scene.organiser.pk})
    for step in ("visit", "consent", "prepare"):
        organiser.post(page("lead_step", lead.pk, step), {"on": today, "note": "已座谈"})
    assert page("lead_approve", lead.pk) not in text(organiser, page("lead", lead.pk))
    assert page("lead_approve", lead.pk) in text(cadre, page("lead", lead.pk))
    assert "按预计会员数判断。" in text(cadre, page("lead", lead.pk))
    cadre.post(page("lead_approve", lead.pk), {"on": today, "approval_number": "云工组〔2026〕9号"})
    founding = {
        "name": "远帆物流有限公司工会",
        "type": "primary",
        "on": today,
        "parent": scene.cast.town.pk,
        "members": "林晓禾 110105199003070025 13900000000",
    }
    answer = cadre.post(page("lead_found", lead.pk), founding, follow=True)

    assert "工会已成立。" in answer.content.decode()
    lead.refresh_from_db()
    assert lead.state == LeadState.FOUNDED
    union = Organisation.everything.get(name="远帆物流有限公司工会")
    assert (union.parent, union.approval_number) == (scene.cast.town, "云工组〔2026〕9号")
    assert Person.everything.get(name="林晓禾").home == union
    cadre.post(page("lead_settle", lead.pk), {"on": today})
    assert list(Allowance.everything.order_by("pk").values_list("result", "quantity")) == [
        ("founded", 1),
        ("enrolled", 1),
    ]
    shown = text(cadre, page("lead", lead.pk))
    assert "110105199003070025" not in shown
    assert page("lead_settle", lead.pk) not in shown
    assert "按预计会员数判断。" not in shown
    assert page("organisation", union.pk) in shown
    assert "何苇" in text(cadre, page("allowances"))


def test_a_refused_founding_keeps_the_form_and_says_which_line_is_wrong(scene: Scene) -> None:
    lead = advance(scene, LeadState.APPROVED)
    founding = {
        "name": "远帆物流有限公司工会",
        "type": "primary",
        "on": timezone.localdate().isoformat(),
        "parent": scene.cast.town.pk,
        "members": "林晓禾 110105199003070025\n卫舟 11010519491231002",
    }

    response = scene.cast.cadre.client.post(page("lead_found", lead.pk), founding)

    assert response.status_code == 200
    assert "第2行：" in errors(response)
    assert not Organisation.everything.filter(name="远帆物流有限公司工会").exists()


def test_a_superior_outside_the_own_ground_is_no_choice(scene: Scene) -> None:
    lead = advance(scene, LeadState.APPROVED)
    founding = {
        "name": "远帆物流有限公司工会",
        "type": "primary",
        "on": timezone.localdate().isoformat(),
        "parent": scene.cast.other_town.pk,
    }

    response = scene.cast.cadre.client.post(page("lead_found", lead.pk), founding)

    assert list(response.context["form"].errors) == ["parent"]


def test_a_step_that_somebody_else_took_leads_back_with_a_sentence(scene: Scene) -> None:
    advance(scene, LeadState.VISITED)

    answer = scene.cast.organiser.client.get(page("lead_step", scene.lead.pk, "visit"), follow=True)

    assert answer.redirect_chain == [(page("lead", scene.lead.pk), 302)]
    assert "已走访" in answer.content.decode()


def test_closing_asks_for_a_reason_at_the_field(scene: Scene) -> None:
    data = {"on": timezone.localdate().isoformat(), "note": ""}

    response = scene.cast.organiser.client.post(page("lead_step", scene.lead.pk, "close"), data)

    assert list(response.context["form"].errors) == ["note"]
    scene.lead.refresh_from_db()
    assert scene.lead.state == LeadState.NEW


@pytest.mark.parametrize("data", [{}, {"on": "gestern", "note": "x" * 600}, {"on": "9999-12-31"}])
def test_silly_input_is_told_at_the_field(scene: Scene, data: dict[str, str]) -> None:
    response = scene.cast.organiser.client.post(page("lead_step", scene.lead.pk, "visit"), data)

    assert response.status_code == 200
    assert response.context["form"].errors


def test_lead_new_tells_apart_the_covered_the_worked_on_and_the_free(scene: Scene) -> None:
    free = make_employer(scene.cast.town, "远帆包装有限公司")
    make_employer(scene.cast.other_town, "远帆化工有限公司")

    shown = text(scene.cast.organiser.client, page("lead_new") + "?q=远帆")

    assert page("lead_open", free.pk) in shown
    assert page("lead", scene.lead.pk) in shown
    assert "远帆化工有限公司" not in shown


def test_an_organiser_opens_a_lead_about_an_employer_nobody_knew(scene: Scene) -> None:
    area = Area.objects.get(name="东湖街道")
    data = {
        "name": "长青园林有限公司",
        "area": area.pk,
        "headcount": "45",
        "category": "170",
        "industry": "N",
        "source": "walk_in",
        "on": timezone.localdate().isoformat(),
    }

    response = scene.cast.organiser.client.post(page("lead_new_employer"), data)

    lead = Lead.everything.latest("pk")
    assert response.headers["Location"] == page("lead", lead.pk)
    employer = Employer.everything.get(name="长青园林有限公司")
    assert (lead.employer, lead.organiser, employer.territory) == (employer, None, scene.cast.town)


def test_a_lead_about_an_employer_that_a_union_covers_by_now_says_so(scene: Scene) -> None:
    assert "请终止线索" not in text(scene.cast.cadre.client, page("lead", scene.lead.pk))
    cover(scene.cast.union, scene.lead.employer)

    assert "云川机械厂工会已覆盖该单位" in text(scene.cast.cadre.client, page("lead", scene.lead.pk))


def test_an_employer_of_another_town_cannot_be_opened(scene: Scene) -> None:
    foreign = make_employer(scene.cast.other_town)

    assert scene.cast.organiser.client.get(page("lead_open", foreign.pk)).status_code == 404


def test_coverage_names_the_gap_and_lets_a_cadre_close_it(scene: Scene) -> None:
    cadre, area = scene.cast.cadre.client, Area.objects.get(name="东湖街道")
    assert "无人负责" in text(cadre, page("organising_coverage"))

    cadre.post(
        page("territory_new"), {"area": area.pk, "post": scene.organiser.pk, "on": timezone.localdate().isoformat()}
    )

    assert Territory.everything.get().area == area
    shown = text(cadre, page("organising_coverage"))
    assert "无人负责" not in shown
    assert "何苇" in shown


def test_territories_are_ended_by_those_who_decide_there(scene: Scene) -> None:
    area = Area.objects.get(name="东湖街道")
    territory = Territory.everything.create(
        post=scene.organiser, area=area, starts_on=timezone.localdate() - timedelta(days=9)
    )
    url = page("territory_end", territory.pk)

    assert scene.cast.stranger.client.get(url).status_code == 404
    assert scene.cast.organiser.client.get(url).status_code == 403
    scene.cast.cadre.client.post(url, {"on": timezone.localdate().isoformat()})

    territory.refresh_from_db()
    assert territory.ends_on == timezone.localdate()


def test_gaps_list_employers_that_should_have_a_union(scene: Scene) -> None:
    make_employer(scene.cast.town, "当建未建有限公司", 25)
    make_employer(scene.cast.town, "小店", 24)

    shown = text(scene.cast.cadre.client, page("organising_gaps"))

    assert "当建未建有限公司" in shown
    assert "小店" not in shown
    assert "远帆物流有限公司" not in shown


def test_funnel_shows_counts_with_their_base(scene: Scene) -> None:
    advance(scene, LeadState.VISITED)

    shown = scene.cast.dana.client.get(page("organising_funnel"))

    stages = {row["stage"].state: (row["stage"].reached, row["base"]) for row in shown.context["stages"]}
    assert stages[LeadState.NEW] == (2, 2)
    assert stages[LeadState.VISITED] == (1, 2)
    assert "50.0%" in shown.content.decode()


@pytest.mark.parametrize("query", ["first=2026-02-31", "first=2026-03-02&last=2026-03-01", "area=x", "month=nie"])
def test_silly_periods_fall_back_and_never_fail(scene: Scene, query: str) -> None:
    for name in ("organising_funnel", "allowances", "allowances_export"):
        assert scene.cast.dana.client.get(f"{page(name)}?{query}").status_code == 200


def test_an_organiser_sees_her_areas_her_leads_and_her_visits(scene: Scene) -> None:
    today = timezone.localdate()
    me = make_player("organiser", scene.cast.town, "hewei", person_id=scene.organiser.person_id)
    Territory.everything.create(
        post=scene.organiser, area=Area.objects.get(name="东湖街道"), starts_on=today - timedelta(days=9)
    )
    Lead.everything.filter(pk=scene.lead.pk).update(organiser=scene.organiser, next_on=today)
    open_lead(
        actor=scene.cast.dana.actor,
        now=timezone.now(),
        employer=make_employer(scene.cast.town, "他人线索有限公司"),
        source=LeadSource.CASE,
        on=today,
    )

    shown = text(me.client, page("my_organising"))

    assert "东湖街道" in shown
    assert shown.count("远帆物流有限公司") == 2
    assert "他人线索有限公司" not in shown


def test_the_allowance_sheet_goes_out_with_the_month_in_its_name(scene: Scene) -> None:
    Lead.everything.filter(pk=scene.lead.pk).update(organiser=scene.organiser)
    Allowance.everything.create(
        lead=scene.lead,
        post=scene.organiser,
        result="founded",
        quantity=1,
        amount=30000,
        rule_id="organiser.allowance.founded",
        on=timezone.localdate().replace(day=1),
    )

    response = scene.cast.cadre.client.get(page("allowances_export"))

    rows = list(load_workbook(BytesIO(response.content)).active.values)
    assert rows[1][:6] == ("何苇", "东湖街道总工会", "远帆物流有限公司", "新建工会", 1, "300.00")
    other = scene.cast.stranger.client.get(page("allowances_export"))
    assert len(list(load_workbook(BytesIO(other.content)).active.values)) == 1


def test_approvals_wait_on_the_home_page_of_those_who_may_give_them(scene: Scene) -> None:
    advance(scene, LeadState.PREPARING)

    assert "待批准建会" in text(scene.cast.cadre.client, "/")
    assert "待批准建会" not in text(scene.cast.stranger.client, "/")


def test_global_search_finds_leads_on_the_own_ground(scene: Scene) -> None:
    url = reverse("kernel:search") + "?q=远帆"

    assert page("lead", scene.lead.pk) in text(scene.cast.cadre.client, url)
    assert page("lead", scene.lead.pk) not in text(scene.cast.stranger.client, url)
