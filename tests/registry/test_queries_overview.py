from __future__ import annotations

from datetime import date

import pytest

from shuniu.registry.enums import EmployerCategory, GroupTag, MembershipAct
from shuniu.registry.enums import OrganisationType as Kind
from shuniu.registry.ledger import Entry, enter
from shuniu.registry.models import PersonTag, Term
from shuniu.registry.queries.employers import Coverages
from shuniu.registry.queries.overview import Ground, Line, by_group, overview
from shuniu.registry.rules.growth import Growth
from shuniu.registry.tree import move
from tests.registry.making import cover, make_area, make_body, make_district, make_employer, make_member

pytestmark = pytest.mark.django_db

TODAY, BEFORE = date(2026, 11, 20), date(2023, 6, 30)


@pytest.mark.parametrize(
    ("before", "now", "difference", "times"),
    [(100, 240, 140, "2.4"), (3, 5, 2, "1.7"), (4, 5, 1, "1.3"), (0, 5, 5, ""), (5, 4, -1, "0.8"), (20, 21, 1, "1.1")],
)
def test_growth_is_told_without_floats(before: int, now: int, difference: int, times: str) -> None:
    assert (Growth(before, now).difference, Growth(before, now).times) == (difference, times)


def test_overview_counts_a_day_against_another() -> None:
    federation, town = make_district()
    other = make_body(federation, Kind.TOWN, area=make_area("青石镇"))
    old, young = make_body(town), make_body(other, on=date(2025, 1, 1), area=make_area("青石镇"))
    for union, on in ((old, date(2020, 1, 1)), (old, date(2024, 1, 1)), (young, date(2025, 1, 1))):
        make_member(union, on=on)

    found = overview(Ground.of(federation, TODAY), BEFORE)

    assert (found.members, found.women) == (Growth(1, 3), 3)
    assert found.unions == Growth(1, 2)
    assert [(line.area.name, line.unions, line.members) for line in found.areas] == [
        ("东湖街道", Growth(1, 1), Growth(1, 2)),
        ("青石镇", Growth(0, 1), Growth(0, 1)),
    ]
    assert found.years[-1] == Line("2026", 2, 3)
    assert found.years[-4] == Line("2023", 1, 1)


def test_overview_of_a_town_counts_what_stood_there_on_each_day() -> None:
    federation, town = make_district()
    other = make_body(federation, Kind.TOWN)
    union = make_body(town)
    make_member(union)
    move(union, other, on=date(2025, 1, 1))

    here = overview(Ground.of(town, TODAY), BEFORE)
    there = overview(Ground.of(other, TODAY), BEFORE)
    then = overview(Ground.of(town, BEFORE), BEFORE)

    assert (here.members, there.members, then.members) == (Growth(1, 0), Growth(0, 1), Growth(1, 1))


def test_overview_before_a_body_stood_is_empty_and_does_not_fail() -> None:
    _federation, town = make_district()
    make_member(make_body(town))

    found = overview(Ground.of(town, date(2010, 1, 1)), date(2009, 1, 1))

    assert (found.members, found.unions, found.years, found.areas) == (Growth(0, 0), Growth(0, 0), (), ())


def test_categories_follow_the_employer_and_parts_their_union() -> None:
    _federation, town = make_district()
    one, joint, bare = make_body(town), make_body(town, Kind.JOINT), make_body(town)
    branch = make_body(one, Kind.BRANCH)
    group = make_body(branch, Kind.GROUP)
    cover(one, make_employer(town, category=EmployerCategory.INSTITUTION))
    cover(joint, make_employer(town)), cover(joint, make_employer(town))
    for union in (one, branch, group, joint, bare):
        make_member(union)

    found = overview(Ground.of(town, TODAY), BEFORE)

    assert found.categories == (
        Line(EmployerCategory.INSTITUTION, 1, 3),
        Line("joint", 1, 1),
        Line("", 1, 1),
    )


def test_coverage_elections_and_numbers_are_those_of_the_ground() -> None:
    federation, town = make_district()
    other = make_body(federation, Kind.TOWN)
    union = make_body(town)
    person = make_member(union)
    person.id_index = None
    person.save(update_fields=["id_index"])
    cover(union, make_employer(town, headcount=30)), make_employer(town, headcount=30), make_employer(other)
    Term.everything.create(
        organisation=union, number=1, starts_on=BEFORE, years=3, due_on=date(2026, 6, 30), ended_on=date(2026, 6, 1)
    )

    found, elsewhere = overview(Ground.of(town, TODAY), BEFORE), overview(Ground.of(other, TODAY), BEFORE)

    assert found.coverage == Coverages(organised=1, due=2, staff=30)
    assert (found.elections.in_time, found.elections.due, found.nameless) == (1, 1, 1)
    assert (elsewhere.coverage.due, elsewhere.elections.due, elsewhere.nameless) == (1, 0, 0)


def test_groups_count_members_of_today_each_group_apart() -> None:
    federation, town = make_district()
    union = make_body(town)
    courier, leaver = make_member(union), make_member(union)
    for person in (courier, leaver):
        for tag in (GroupTag.COURIER, GroupTag.TRUCK):
            PersonTag.everything.create(person=person, tag=tag)
    enter([Entry(leaver.pk, union.pk, MembershipAct.LEFT, TODAY)])

    assert by_group("") == by_group(federation.path or "") == [Line("truck", 0, 1), Line("courier", 0, 1)]
    assert by_group(make_body(federation, Kind.TOWN).path or "") == []
