"""`shuniu verify` finds what no longer follows from the events."""

from __future__ import annotations

from datetime import date

import pytest

from shuniu.kernel.checks import CheckReport
from shuniu.registry import checks
from shuniu.registry.enums import MembershipAct, OrganisationType, Sex, Standing
from shuniu.registry.ledger import Entry, enter
from shuniu.registry.models import Membership, Organisation, Person, Placement, YearTally
from tests.registry.making import make_body, make_district, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def union() -> Organisation:
    """A union with a history: somebody stayed, somebody went elsewhere, somebody left and came back."""
    _federation, town = make_district()
    union, other = make_body(town), make_body(town)
    make_member(union, sex=Sex.MALE)
    went = make_member(union, on=date(2020, 3, 1))
    enter([Entry(went.pk, other.pk, MembershipAct.TRANSFERRED_IN, date(2022, 7, 1))])
    back = make_member(union, on=date(2019, 3, 1))
    enter([Entry(back.pk, union.pk, MembershipAct.LEFT, date(2021, 2, 1))])
    enter([Entry(back.pk, union.pk, MembershipAct.APPROVED, date(2024, 2, 1))])
    return union


def run() -> dict[str, tuple[int, int]]:
    found = {check.__name__: check() for check in (checks.memberships, checks.tallies, checks.places)}
    return {name: (report.checked, report.wrong) for name, report in found.items()}


def test_a_sound_registry_has_nothing_wrong(union: Organisation) -> None:
    found = run()

    assert {name: wrong for name, (_checked, wrong) in found.items()} == {"memberships": 0, "tallies": 0, "places": 0}
    assert found["memberships"][0] == 3
    assert found["places"][0] == 4


def test_an_empty_registry_has_nothing_wrong() -> None:
    assert run() == {"memberships": (0, 0), "tallies": (0, 0), "places": (0, 0)}


def test_a_period_moved_by_hand_is_found_and_named(union: Organisation) -> None:
    row = Membership.everything.filter(organisation=union).earliest("pk")
    Membership.everything.filter(pk=row.pk).update(starts_on=date(2015, 1, 6))

    report = checks.memberships()

    assert report.problems == (f"person {row.person_id}: the kept periods are not those that the events give",)


def test_a_period_too_many_and_one_too_few_are_found(union: Organisation) -> None:
    gone = Membership.everything.filter(organisation=union).latest("pk")
    Membership.everything.filter(pk=gone.pk).delete()
    lonely = Person.everything.create(name="卫舟", sex=Sex.MALE, id_index=b"x" * 16)
    Membership.everything.create(
        person=lonely, organisation=union, standing=Standing.ACTIVE, starts_on=date(2020, 1, 1), woman=False
    )

    assert checks.memberships().wrong == 2


@pytest.mark.parametrize(
    "change",
    [{"standing": Standing.LEFT}, {"joined_on": date(2001, 1, 1)}, {"home": None}],
    ids=lambda one: next(iter(one)),
)
def test_a_standing_that_the_events_do_not_leave_is_found(union: Organisation, change: dict[str, object]) -> None:
    Person.everything.filter(pk=Person.everything.earliest("pk").pk).update(**change)

    assert checks.memberships().wrong == 1


def test_a_woman_counted_as_a_man_is_found_in_periods_and_tallies(union: Organisation) -> None:
    row = Membership.everything.filter(organisation=union, woman=True).earliest("pk")
    Membership.everything.filter(pk=row.pk).update(woman=False)

    assert checks.memberships().wrong == 1
    assert checks.tallies().wrong >= 1


def test_a_tally_changed_removed_or_invented_is_found(union: Organisation) -> None:
    first, last = YearTally.everything.earliest("pk"), YearTally.everything.latest("pk")
    YearTally.everything.filter(pk=first.pk).update(members=first.members + 1)
    assert checks.tallies().problems == (
        f"union {first.organisation_id}, {first.year}: the tally does not agree with the memberships",
    )
    YearTally.everything.filter(pk=last.pk).delete()
    assert checks.tallies().wrong == 2
    values = {"until": 9999, "joined": 0, "left": 0, "women_joined": 0, "women_left": 0, "members": 0, "women": 0}
    YearTally.everything.create(organisation=union, year=1999, **values)
    assert checks.tallies().wrong == 3


def test_a_body_put_elsewhere_by_hand_is_found(union: Organisation) -> None:
    other = make_body(Organisation.everything.get(parent=None), OrganisationType.TOWN)
    Organisation.everything.filter(pk=union.pk).update(parent=other)
    assert checks.places().wrong == 1
    Placement.everything.filter(organisation=union).update(parent=other)

    assert checks.places().problems == (f"body {union.pk}: it does not stand directly below its superior",)


def test_a_report_names_the_first_problems_and_counts_all() -> None:
    report = CheckReport.of(100, (f"row {number}" for number in range(25)))

    assert (report.checked, report.wrong, report.problems[0], len(report.problems)) == (100, 25, "row 0", 10)
