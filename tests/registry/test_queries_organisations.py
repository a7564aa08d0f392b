from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shuniu.registry.actions.organisations import Details, edit_organisation, move_organisation
from shuniu.registry.actions.restructuring import dissolve_organisation, merge_organisations
from shuniu.registry.actions.terms import start_term
from shuniu.registry.enums import OrganisationType as Kind
from shuniu.registry.enums import PostKind, Sex
from shuniu.registry.models import Guidance, Organisation, Post
from shuniu.registry.queries.history import history
from shuniu.registry.queries.organisations import (
    above_path,
    children_on,
    consequences,
    path_of,
    subtree_on,
    tops,
    with_figures,
)
from tests.registry.making import FOUNDED, actor_at, cover, make_body, make_district, make_employer, make_member

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY, MAY, APRIL = date(2026, 11, 20), date(2026, 5, 1), date(2026, 4, 30)


def test_the_tree_of_any_day() -> None:
    federation, town = make_district()
    other = make_body(federation, Kind.TOWN)
    association = make_body(town, Kind.ASSOCIATION)
    union = make_body(association, on=date(2020, 1, 1))
    move_organisation(actor=actor_at(federation), now=NOW, organisation=association, parent=other, on=MAY)

    assert set(subtree_on(APRIL, town)) == {town, association, union}
    assert set(subtree_on(MAY, town)) == {town}
    assert set(subtree_on(MAY, other)) == {other, association, union}
    assert set(subtree_on(date(2019, 12, 31), town)) == {town, association}
    assert list(children_on(APRIL, town)) == [association]
    assert above_path(APRIL, path_of(union, APRIL)) == [federation, town, association]
    assert above_path(MAY, path_of(union, MAY)) == [federation, other, association]
    assert path_of(union, date(2019, 12, 31)) is None


def test_tops_are_where_somebody_may_begin_to_look() -> None:
    federation, town = make_district()
    union = make_body(town)

    assert tops(actor_at(union)) == [union]
    assert tops(actor_at(town)) == [town]
    assert tops(actor_at(federation)) == [federation]


def test_figures_of_a_union_count_its_parts_and_those_of_the_past_its_own() -> None:
    _federation, town = make_district()
    union = make_body(town)
    branch = make_body(union, Kind.BRANCH)
    chair = make_member(union)
    make_member(branch)
    make_member(union, on=MAY)
    Post.everything.create(person=chair, organisation=union, kind=PostKind.CHAIR, starts_on=MAY)
    start_term(actor=actor_at(union), now=NOW, organisation=union, on=date(2024, 3, 1), years=3)

    today = with_figures(Organisation.everything.filter(pk=union.pk), TODAY, TODAY).get()
    before = with_figures(Organisation.everything.filter(pk=union.pk), APRIL, TODAY).get()

    assert (today.members, today.chairs, today.due_on) == (3, True, date(2027, 3, 1))
    assert (before.members, before.chairs) == (1, False)
    assert with_figures(Organisation.everything.filter(pk=town.pk), TODAY, TODAY).get().members is None


def test_consequences_count_what_belongs_to_a_body_and_to_its_parts() -> None:
    federation, town = make_district()
    industry = make_body(federation, Kind.INDUSTRY)
    union = make_body(town)
    branch = make_body(union, Kind.BRANCH)
    make_member(union), make_member(branch)
    cover(union, make_employer(town))
    Guidance.everything.create(organisation=union, parent=industry, starts_on=FOUNDED)

    alone, whole = consequences(union), consequences(union, with_parts=True)

    assert (alone.members, whole.members) == (1, 2)
    assert (whole.bodies, whole.employers) == (1, 1)
    assert consequences(industry).guided == 1
    assert consequences(town).ground == 1


def test_history_tells_the_story_latest_first() -> None:
    federation, town = make_district()
    actor = actor_at(federation)
    other = make_body(federation, Kind.TOWN, name="西山镇总工会")
    union, swallowed = make_body(town, name="甲工会"), make_body(town, name="乙工会")
    for number in range(5):
        cover(union, make_employer(town, f"第{number}厂"), date(2016, 1, 1))
    start_term(actor=actor, now=NOW, organisation=union, on=date(2024, 3, 1), years=3)
    merge_organisations(
        actor=actor, now=NOW, merged=swallowed, successor=union, on=date(2025, 1, 1), approval_number="批"
    )
    move_organisation(actor=actor, now=NOW, organisation=union, parent=other, on=MAY)
    renamed = Details(name="丙工会", type=Kind.PRIMARY, area=union.area)
    edit_organisation(actor=actor, now=NOW, organisation=union, details=renamed)
    dissolve_organisation(actor=actor, now=NOW, organisation=union, on=TODAY, approval_number="批", reason="关停")

    told = [(one.on, one.title) for one in history(union, officers=True)]

    assert told == [
        (TODAY, "撤销"),
        (TODAY, "不再覆盖第0厂、第1厂、第2厂等共5家单位"),
        (TODAY, "名称由甲工会改为丙工会"),
        (MAY, "由东湖街道总工会划转到西山镇总工会"),
        (date(2025, 1, 1), "接收合并乙工会"),
        (date(2024, 3, 1), "第1届委员会当选，任期3年"),
        (date(2016, 1, 1), "覆盖第0厂、第1厂、第2厂等共5家单位"),
        (FOUNDED, "成立"),
    ]
    assert history(swallowed, officers=True)[1].title == "并入丙工会"


def test_history_names_chairs_only_to_those_who_may_see_officers() -> None:
    _federation, town = make_district()
    union = make_body(town)
    chair = make_member(union, sex=Sex.MALE, name="周明")
    Post.everything.create(person=chair, organisation=union, kind=PostKind.CHAIR, starts_on=FOUNDED, ends_on=MAY)

    seen = [one.title for one in history(union, officers=True)]

    assert {"周明任主席", "周明不再担任主席"} <= set(seen)
    assert not any("周明" in one.title for one in history(union, officers=False))
