"""Counts on any day agree with the periods behind them, wherever they are asked for."""

from __future__ import annotations

from datetime import date

import pytest

from shuniu.registry.enums import EmployerCategory, MembershipAct, Sex
from shuniu.registry.ledger import Entry, change_sex, enter, rebuild_tallies
from shuniu.registry.models import Organisation, YearTally
from shuniu.registry.queries import counts
from tests.registry.making import cover, make_area, make_body, make_district, make_employer, make_member

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 5)


@pytest.fixture
def unions() -> tuple[Organisation, Organisation]:
    """Two unions in two areas; five members joined over the years and one of them left."""
    _, town = make_district()
    first = make_body(town, area=make_area("甲镇"))
    second = make_body(town, area=make_area("乙镇"))
    for on, sex in ((date(2019, 6, 1), Sex.FEMALE), (date(2024, 6, 1), Sex.MALE), (date(2026, 2, 1), Sex.FEMALE)):
        make_member(first, on, sex)
    make_member(second, date(2024, 1, 1), Sex.FEMALE)
    gone = make_member(second, date(2023, 5, 1), Sex.MALE)
    enter([Entry(gone.pk, second.pk, MembershipAct.LEFT, date(2026, 1, 10))])
    return first, second


@pytest.mark.parametrize(
    ("day", "members", "women"),
    [
        (date(2019, 5, 31), 0, 0),
        (date(2019, 6, 1), 1, 1),
        (date(2023, 12, 31), 2, 1),
        (date(2024, 1, 1), 3, 2),
        (date(2026, 1, 9), 4, 2),
        (date(2026, 1, 10), 3, 2),
        (DAY, 4, 3),
    ],
)
def test_members_on_any_day(unions: object, day: date, members: int, women: int) -> None:
    assert counts.members_on(day) == counts.Headcount(members, women)


def test_a_subtree_counts_its_own_only(unions: tuple[Organisation, Organisation]) -> None:
    assert counts.members_on(DAY, unions[0].path or "").members == 3
    assert counts.members_on(DAY, unions[1].path or "").members == 1


def test_by_area_by_category_and_by_year_add_up(unions: tuple[Organisation, Organisation]) -> None:
    cover(unions[0], make_employer(unions[0], category=EmployerCategory.FOREIGN))
    for name in ("甲", "乙"):
        cover(unions[1], make_employer(unions[1], name=name))

    areas = {key: value for key, value in counts.by_area(DAY).items() if value[1]}
    assert areas == {unions[0].area_id: (1, 3), unions[1].area_id: (1, 1)}
    assert counts.by_category(DAY) == {"300": (1, 3), "joint": (1, 1)}
    assert counts.by_year(2023, DAY)[2023] == counts.Headcount(2, 1)
    assert counts.by_year(2023, DAY)[2026] == counts.Headcount(4, 3)
    assert sum(counts.growth(DAY).values()) == 4
    assert counts.unions_by_year(2014, DAY)[2014] == 0
    assert counts.unions_by_year(2014, DAY)[2026] == 2


def test_a_corrected_sex_moves_the_count_of_women(unions: tuple[Organisation, Organisation]) -> None:
    woman = make_member(unions[0], date(2020, 1, 1), Sex.FEMALE)

    change_sex(woman, Sex.MALE)

    assert counts.members_on(DAY) == counts.Headcount(5, 3)


def test_tallies_built_anew_are_the_same(unions: object) -> None:
    columns = ("organisation", "year", "until", "joined", "left", "women_joined", "women_left", "members", "women")
    before = list(YearTally.everything.order_by("organisation", "year").values(*columns))

    rebuild_tallies()

    assert list(YearTally.everything.order_by("organisation", "year").values(*columns)) == before
