"""The figures of the annual return: those of the day, of the ground, and agreeing with each other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shuniu.registry.enums import Employment, GroupTag, MembershipAct, OrganisationType, PostKind, PostTime, Sex
from shuniu.registry.ledger import Entry, enter
from shuniu.registry.models import Organisation, PersonTag, Post, Qualification, ReturnForm, StudyRecord, Term
from shuniu.registry.queries.counts import members_on
from shuniu.registry.queries.returns import annual_return, form_block
from shuniu.registry.rules.returns import Check, forms
from shuniu.registry.tree import move
from tests.factories import Cast
from tests.registry.making import cover, make_area, make_body, make_employer, make_member

pytestmark = pytest.mark.django_db

DAY = date(2026, 9, 30)


def figures(organisation: Organisation, day: date = DAY) -> dict[str, int]:
    return dict(annual_return(organisation, day).figures)


def test_every_figure_that_a_form_names_is_computed(cast: Cast) -> None:
    wanted = {key for form in forms() for key in form.keys}

    assert wanted <= figures(cast.district).keys()


def test_organisation_figures_are_those_of_the_day(cast: Cast) -> None:
    make_body(cast.town, OrganisationType.JOINT, on=date(2025, 10, 1))
    make_body(cast.town, OrganisationType.ORGANISER_POINT, on=date(2026, 10, 1))
    make_body(cast.union, OrganisationType.BRANCH)

    found = figures(cast.district)
    assert (found["unions"], found["unions_primary"], found["unions_joint"], found["unions_point"]) == (3, 2, 1, 0)
    assert (found["above_primary"], found["branches"], found["founded"]) == (3, 1, 1)
    before = figures(cast.district, date(2025, 9, 30))
    assert (before["unions"], before["founded"]) == (2, 0)


def test_a_town_reports_its_own_ground_only(cast: Cast) -> None:
    found = figures(cast.town)

    assert (found["unions"], found["members"]) == (1, 1)


def test_figures_are_of_the_tree_of_the_day(cast: Cast) -> None:
    move(cast.union, cast.other_town, on=date(2026, 10, 1))

    assert figures(cast.town)["unions"] == 1
    assert figures(cast.town, date(2026, 10, 1))["unions"] == 0
    assert figures(cast.other_town, date(2026, 10, 1))["members"] == 1


def test_members_are_counted_with_their_marks_and_groups(cast: Cast) -> None:
    courier = make_member(cast.union, sex=Sex.MALE, employment=Employment.DISPATCHED, confirmed_on=date(2025, 10, 1))
    carer = make_member(cast.union, sex=Sex.FEMALE, is_migrant=True, confirmed_on=date(2025, 9, 30))
    later = make_member(cast.union, on=date(2026, 10, 1))
    for person, tag in (
        (courier, GroupTag.COURIER),
        (courier, GroupTag.FOOD),
        (carer, GroupTag.CARER),
        (later, GroupTag.FOOD),
    ):
        PersonTag.everything.create(person=person, tag=tag)

    found = figures(cast.town)

    assert (found["members"], found["members_women"], found["members_migrants"]) == (3, 2, 1)
    assert (found["members_dispatched"], found["verified"], found["confirmed"]) == (1, 3, 1)
    assert (found["eight_groups"], found["new_employment"]) == (2, 1)
    assert found["members"] == members_on(DAY, cast.town.path or "").members


def test_members_of_branches_count_with_their_union(cast: Cast) -> None:
    branch = make_body(cast.union, OrganisationType.BRANCH)
    group = make_body(branch, OrganisationType.GROUP)
    make_member(branch)
    make_member(group)

    made = annual_return(cast.town, DAY)

    assert made.figures["members"] == 3
    assert [part.members for part in made.by_area] == [3]


def test_flows_are_events_of_the_period(cast: Cast) -> None:
    make_member(cast.union, on=date(2025, 9, 30))
    make_member(cast.union, on=date(2025, 10, 1))
    gone = make_member(cast.union, on=date(2026, 3, 1))
    enter([Entry(gone.pk, cast.union.pk, MembershipAct.LEFT, DAY)])
    moved = make_member(cast.union, on=date(2020, 3, 1))
    enter([Entry(moved.pk, cast.other_union.pk, MembershipAct.TRANSFERRED_IN, date(2026, 5, 1))])

    found = figures(cast.district)

    assert (found["joined"], found["left"]) == (2, 1)


def test_staff_is_that_of_covered_employers(cast: Cast) -> None:
    joint = make_body(cast.town, OrganisationType.JOINT)
    make_member(joint)
    cover(cast.union, make_employer(cast.town, headcount=100, women=40, migrants=30, dispatched=5))
    for size in (30, 20):
        cover(joint, make_employer(cast.town, headcount=size))
    make_employer(cast.town, headcount=25)

    found = figures(cast.town)

    assert (found["staff"], found["staff_women"], found["staff_migrants"], found["staff_dispatched"]) == (
        150,
        40,
        30,
        5,
    )
    assert (found["employers"], found["employers_joint"], found["members_joint"]) == (3, 2, 1)
    assert (found["employers_organised"], found["employers_due"]) == (2, 3)
    assert [(part.label, part.unions, part.staff) for part in annual_return(cast.town, DAY).by_category] == [
        ("私营企业", 1, 100),
        ("多家单位（联合工会）", 1, 50),
    ]


def test_elections_are_due_in_the_period_and_held_in_time_or_not(cast: Cast) -> None:
    def term(union: Organisation, due_on: date, ended_on: date | None) -> None:
        Term.everything.create(
            organisation=union, number=1, starts_on=date(2021, 1, 1), years=5, due_on=due_on, ended_on=ended_on
        )

    term(cast.union, date(2026, 5, 1), date(2026, 5, 1))
    term(cast.other_union, date(2026, 5, 1), date(2026, 5, 2))
    term(make_body(cast.town), date(2025, 9, 30), None)
    term(make_body(cast.town), DAY, None)

    found = figures(cast.district)

    assert (found["elections_held"], found["elections_due"]) == (1, 3)


def test_officers_are_people_not_posts(cast: Cast) -> None:
    def post(kind: PostKind, time: PostTime, **period: Any) -> Post:
        values = {"starts_on": date(2020, 1, 1), **period}
        return Post.everything.create(person=person, organisation=cast.union, kind=kind, time=time, **values)

    person = make_member(cast.union)
    post(PostKind.CHAIR, PostTime.FULL)
    post(PostKind.COMMITTEE, PostTime.FULL)
    person = make_member(cast.union, sex=Sex.MALE)
    post(PostKind.AUDIT_CHAIR, PostTime.PART)
    post(PostKind.WOMEN_CHAIR, PostTime.PART, ends_on=date(2026, 1, 1))
    StudyRecord.everything.create(person=person, title="集体协商", starts_on=date(2026, 3, 1), hours=16)
    StudyRecord.everything.create(person=person, title="旧课", starts_on=date(2025, 3, 1), hours=16)
    Qualification.everything.create(
        person=person, kind="mediator", number="T1", issued_on=date(2020, 1, 1), expires_on=DAY
    )

    found = figures(cast.town)

    assert (found["officers"], found["officers_women"], found["officers_full"], found["officers_part"]) == (2, 1, 1, 1)
    assert (found["chairs"], found["chairs_full"], found["audit_committees"], found["women_committees"]) == (1, 1, 1, 0)
    assert (found["trained"], found["training_hours"], found["certificates"]) == (1, 16, 0)


def test_failing_unions_are_named_with_their_sentence(cast: Cast) -> None:
    cover(cast.union, make_employer(cast.town, headcount=0))
    joint = make_body(cast.town, OrganisationType.JOINT, name="联合工会")
    cover(joint, make_employer(cast.town, headcount=10))

    found = annual_return(cast.district, DAY).failures

    assert {(one.check, one.union.name) for one in found} == {
        (Check.STAFF, "云川机械厂工会"),
        (Check.JOINT, "联合工会"),
    }
    assert all(one.sentence.endswith("。") for one in found)


def test_parts_add_up_to_the_whole(cast: Cast) -> None:
    make_member(cast.other_union)
    make_body(cast.other_town, area=make_area("西岭镇"))

    made = annual_return(cast.district, DAY)

    for parts in (made.by_area, made.by_category):
        assert sum(part.unions for part in parts) == made.figures["unions"]
        assert sum(part.members for part in parts) == made.figures["members"]


def test_a_body_that_stood_nowhere_has_nought_everywhere(cast: Cast) -> None:
    new = make_body(cast.district, OrganisationType.TOWN, on=date(2026, 10, 1))

    made = annual_return(new, DAY)

    assert (made.figures["unions"], made.figures["members"], made.failures) == (0, 0, ())


@pytest.mark.parametrize("unions", [1, 3])
def test_the_return_asks_as_often_for_one_union_as_for_three(
    cast: Cast, unions: int, django_assert_max_num_queries: Any
) -> None:
    for _number in range(unions - 1):
        union = make_body(cast.town)
        make_member(union)
        cover(union, make_employer(cast.town))

    with django_assert_max_num_queries(47):
        annual_return(cast.town, DAY)


def test_the_form_block_of_the_nearest_body_above_holds(cast: Cast) -> None:
    assert form_block(cast.union) is None
    for body, number in ((cast.district, "工统1表"), (cast.town, "工统1-1表")):
        ReturnForm.everything.create(
            organisation=body,
            number=number,
            issuer="某总工会",
            approval="某统制〔2026〕1号",
            valid_until=date(2027, 12, 31),
        )

    found = {one.pk: form_block(one) for one in (cast.union, cast.other_union, cast.district)}

    assert [block and block.number for block in found.values()] == ["工统1-1表", "工统1表", "工统1表"]
