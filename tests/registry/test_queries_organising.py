"""Who covers which area, what nobody covers, and how far leads come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from shuniu.kernel.scope import Actor
from shuniu.registry.actions.organising import open_lead, take_step
from shuniu.registry.enums import AreaKind, LeadSource, LeadState, OrganisationType, PostKind
from shuniu.registry.models import Allowance, Area, Lead, Organisation, Post, Territory
from shuniu.registry.queries.organising import (
    coverage_on,
    due_visits,
    earned,
    employers_without,
    first_choice,
    funnels,
    leads,
    organisers,
    own_posts,
)
from tests.registry.making import actor_at, cover, make_area, make_body, make_employer, make_member

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
TODAY = date(2026, 6, 10)
RIGHTS = ("lead.view", "lead.edit", "lead.approve", "employer.view")


@dataclass(frozen=True)
class World:
    district: Area
    town_area: Area
    zone: Area
    other_area: Area
    federation: Organisation
    town: Organisation
    other: Organisation
    cadre: Actor
    town_cadre: Actor


@pytest.fixture
def world() -> World:
    district = make_area("云川区", AreaKind.DISTRICT)
    areas = [
        make_area(name, kind)
        for name, kind in (("东湖街道", AreaKind.STREET), ("东湖园区", AreaKind.ZONE), ("西岭镇", AreaKind.TOWN))
    ]
    Area.objects.filter(pk__in=[areas[0].pk, areas[2].pk]).update(parent=district)
    Area.objects.filter(pk=areas[1].pk).update(parent=areas[0])
    federation = make_body(kind=OrganisationType.FEDERATION, name="云川区总工会", area=district)
    town = make_body(federation, OrganisationType.TOWN, name="东湖街道总工会", area=areas[0])
    other = make_body(federation, OrganisationType.TOWN, name="西岭镇总工会", area=areas[2])
    return World(district, *areas, federation, town, other, actor_at(federation, *RIGHTS), actor_at(town, *RIGHTS))


def make_organiser(
    organisation: Organisation, *areas: Area, name: str = "何苇", since: date = date(2025, 1, 1)
) -> Post:
    person = make_member(make_body(organisation), name=name)
    post = Post.everything.create(person=person, organisation=organisation, kind=PostKind.ORGANISER, starts_on=since)
    for area in areas:
        Territory.everything.create(post=post, area=area, starts_on=since)
    return post


def names(world: World, actor: Actor, day: date = TODAY) -> dict[str, list[str]]:
    return {
        covered.area.name: [territory.post.person.name for territory in covered.organisers]
        for covered in coverage_on(day, actor, threshold=25)
    }


def test_coverage_shows_every_town_street_and_zone_with_its_organisers(world: World) -> None:
    make_organiser(world.federation, world.town_area, world.other_area)
    make_organiser(world.town, world.town_area, name="卫舟")

    assert names(world, world.cadre) == {"东湖街道": ["何苇", "卫舟"], "东湖园区": [], "西岭镇": ["何苇"]}


def test_coverage_of_a_town_has_its_zones_and_nothing_else(world: World) -> None:
    make_organiser(world.federation, world.town_area)

    assert names(world, world.town_cadre) == {"东湖街道": ["何苇"], "东湖园区": []}


def test_an_area_is_a_gap_before_and_after_its_organiser(world: World) -> None:
    post = make_organiser(world.town, world.town_area)
    Territory.everything.update(ends_on=date(2026, 6, 1))

    assert names(world, world.town_cadre, date(2024, 12, 31))["东湖街道"] == []
    assert names(world, world.town_cadre, date(2026, 5, 31))["东湖街道"] == ["何苇"]
    assert names(world, world.town_cadre, date(2026, 6, 1))["东湖街道"] == []
    Territory.everything.update(ends_on=date(9999, 12, 31))
    Post.everything.filter(pk=post.pk).update(ends_on=date(2026, 5, 1))
    assert names(world, world.town_cadre, date(2026, 5, 2))["东湖街道"] == []


def test_coverage_asks_as_often_for_one_area_as_for_many(world: World, django_assert_max_num_queries: object) -> None:
    for area in (world.town_area, world.zone, world.other_area):
        make_organiser(world.federation, area)
        make_employer(world.town, area=area)

    with django_assert_max_num_queries(6):  # type: ignore[operator]
        coverage_on(TODAY, world.cadre, threshold=25)


def test_employers_without_a_union_are_those_large_enough_with_neither_union_nor_lead(world: World) -> None:
    wanted = make_employer(world.town, "当建未建有限公司", 25)
    make_employer(world.town, "小店", 24)
    cover(make_body(world.town), make_employer(world.town, "已建有限公司"))
    make_employer(world.town, "已注销有限公司", closed_on=TODAY)
    make_employer(world.other, "外镇有限公司")
    opened = make_employer(world.town, "在跟进有限公司")
    lead = open_lead(actor=world.cadre, now=NOW, employer=opened, source=LeadSource.CASE, on=TODAY)

    assert [employer.name for employer in employers_without(TODAY, world.town_cadre, 25)] == [wanted.name]

    take_step(actor=world.cadre, now=NOW, lead=lead, step="close", on=TODAY, note="单位不同意")
    assert {employer.name for employer in employers_without(TODAY, world.town_cadre, 25)} == {wanted.name, opened.name}


def test_leads_of_another_town_are_out_of_sight(world: World) -> None:
    for town in (world.town, world.other):
        open_lead(actor=world.cadre, now=NOW, employer=make_employer(town), source=LeadSource.CASE, on=TODAY)

    assert leads(world.cadre).count() == 2
    assert [lead.territory for lead in leads(world.town_cadre)] == [world.town]


def make_lead(
    world: World, territory: Organisation, area: Area, opened: date, *steps: tuple[str, date], post: Post | None = None
) -> Lead:
    employer = make_employer(territory, area=area)
    lead = open_lead(
        actor=world.cadre, now=NOW, employer=employer, source=LeadSource.WALK_IN, on=opened, organiser=post
    )
    for step, on in steps:
        take_step(actor=world.cadre, now=NOW, lead=lead, step=step, on=on, note="情况说明")
        lead.refresh_from_db()
    return lead


def test_funnels_count_leads_opened_in_the_period_by_area_and_organiser(world: World) -> None:
    post = make_organiser(world.town, world.town_area)
    make_lead(world, world.town, world.town_area, date(2026, 3, 1), ("visit", date(2026, 3, 5)), post=post)
    make_lead(
        world, world.town, world.town_area, date(2026, 3, 31), ("visit", date(2026, 4, 8)), ("close", date(2026, 4, 9))
    )
    make_lead(world, world.other, world.other_area, date(2026, 3, 2))
    make_lead(world, world.other, world.other_area, date(2026, 2, 28))
    make_lead(world, world.other, world.other_area, date(2026, 4, 1))

    found = funnels(world.cadre, date(2026, 3, 1), date(2026, 3, 31))

    assert (found.whole.opened, found.whole.closed) == (3, 1)
    visited = found.whole.stages[1]
    assert (visited.state, visited.reached, visited.median_days) == (LeadState.VISITED, 2, 6.0)
    assert [(one.name, one.opened, one.closed) for one in found.by_area] == [("东湖街道", 2, 1), ("西岭镇", 1, 0)]
    assert [(one.name, one.opened) for one in found.by_organiser] == [("", 2), ("何苇", 1)]
    assert funnels(world.town_cadre, date(2026, 3, 1), date(2026, 3, 31)).whole.opened == 2


def test_funnels_of_an_empty_period_have_nothing(world: World) -> None:
    found = funnels(world.cadre, date(2026, 3, 1), date(2026, 3, 31))

    assert (found.whole.opened, found.by_area) == (0, ())


def test_a_new_lead_is_proposed_to_the_only_organiser_of_its_area_or_to_oneself(world: World) -> None:
    post = make_organiser(world.town, world.town_area)
    assert first_choice(world.town_cadre, TODAY, world.town_area) == post

    own = make_organiser(world.town, world.town_area, name="卫舟")

    assert first_choice(world.town_cadre, TODAY, world.town_area) is None
    assert first_choice(replace(world.town_cadre, person_id=own.person_id), TODAY, world.town_area) == own
    assert first_choice(replace(world.town_cadre, person_id=own.person_id), TODAY, None) == own
    assert first_choice(world.town_cadre, TODAY, world.other_area) is None


def test_organisers_of_a_town_are_those_in_post_there_or_answering_for_its_areas(world: World) -> None:
    mine = make_organiser(world.town)
    of_district = make_organiser(world.federation, world.zone, name="卫舟")
    make_organiser(world.other, world.other_area, name="卓远")
    gone = make_organiser(world.town, name="季明")
    Post.everything.filter(pk=gone.pk).update(ends_on=TODAY)

    assert set(organisers(TODAY, world.town_cadre)) == {mine, of_district}
    assert own_posts(TODAY, replace(world.town_cadre, person_id=mine.person_id)) == [mine]
    assert own_posts(TODAY, replace(world.town_cadre, person_id=gone.person_id)) == []
    assert own_posts(TODAY, world.town_cadre) == []


def test_due_visits_are_the_overdue_and_the_coming_ones_of_open_leads(world: World) -> None:
    planned = {}
    for name, next_on in (("overdue", date(2026, 6, 1)), ("soon", date(2026, 6, 17)), ("later", date(2026, 6, 18))):
        planned[name] = make_lead(world, world.town, world.town_area, date(2026, 5, 1))
        Lead.everything.filter(pk=planned[name].pk).update(next_on=next_on)
    make_lead(world, world.town, world.town_area, date(2026, 5, 1))

    assert list(due_visits(leads(world.cadre), TODAY, 7)) == [planned["overdue"], planned["soon"]]


def test_earned_sums_up_by_organiser(world: World) -> None:
    post, other = make_organiser(world.town), make_organiser(world.town, name="卫舟")
    for organiser, result, quantity, amount in (
        (post, "founded", 1, 30000),
        (post, "enrolled", 40, 20000),
        (other, "founded", 1, 30000),
    ):
        lead = make_lead(world, world.town, world.town_area, date(2026, 5, 1))
        Allowance.everything.create(
            lead=lead, post=organiser, result=result, quantity=quantity, amount=amount, rule_id="r", on=TODAY
        )

    sums = earned(Allowance.objects.visible_to(world.town_cadre))

    assert [(one.name, one.unions, one.members, one.amount) for one in sums] == [
        ("何苇", 1, 40, 50000),
        ("卫舟", 1, 0, 30000),
    ]
