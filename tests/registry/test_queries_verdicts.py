from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shuniu.registry.actions.terms import start_term
from shuniu.registry.enums import OrganisationType as Kind
from shuniu.registry.enums import PostKind, PostTime
from shuniu.registry.models import Organisation, Post
from shuniu.registry.queries.elections import due_terms, elected_in_time, present_terms, warning_months, without_term
from shuniu.registry.queries.employers import Coverages, coverage_by_area, should_have_union, with_unions
from shuniu.registry.queries.verdicts import Judged, body_on, judge
from tests.registry.making import (
    FOUNDED,
    actor_at,
    cover,
    make_area,
    make_body,
    make_district,
    make_employer,
    make_member,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def judged(union: Organisation, day: date = TODAY) -> Judged:
    return judge(union, body_on(union, day, union.path), day)


def said(union: Organisation, day: date = TODAY) -> dict[str, tuple[bool | None, str]]:
    return {verdict.rule.id: (verdict.ok, verdict.sentence_zh) for verdict in judged(union, day).verdicts}


def give(union: Organisation, kind: PostKind, time: PostTime = PostTime.PART, on: date = FOUNDED) -> Post:
    return Post.everything.create(
        person=make_member(union, on=FOUNDED), organisation=union, kind=kind, starts_on=on, time=time
    )


def test_a_large_union_without_a_committee_breaks_the_rule_and_a_small_one_does_not() -> None:
    _federation, town = make_district()
    small, large = make_body(town), make_body(town)
    for _ in range(24):
        make_member(small)
    for _ in range(25):
        make_member(large)

    assert said(small)["committee.threshold"][0] is None
    assert said(large)["committee.threshold"] == (False, "有会员25人，达到25人，应当建立工会委员会，目前尚未建立。")
    assert said(large)["women.committee"][0] is False
    assert said(large)["committee.size"][0] is False


def test_a_union_with_its_committees_passes_and_its_full_time_officers_count() -> None:
    _federation, town = make_district()
    union = make_body(town)
    for kind in (PostKind.CHAIR, PostKind.VICE_CHAIR, PostKind.COMMITTEE, PostKind.WOMEN_CHAIR):
        give(union, kind, PostTime.FULL)
    for _ in range(3):
        give(union, PostKind.AUDIT)
    for _ in range(20):
        make_member(union)
    cover(union, make_employer(town, headcount=300, women=100))
    start_term(actor=actor_at(union), now=NOW, organisation=union, on=date(2024, 3, 1), years=3)

    found = said(union)

    for rule in ("committee.threshold", "committee.size", "women.committee", "audit.committee.size", "term.years"):
        assert found[rule][0] is True, rule
    assert body_on(union, TODAY, union.path).full_time == 4
    assert found["committee.size"][1] == "会员27人，委员会名额应为3–7人，现有委员3人，符合规定。"


def test_verdicts_are_those_of_the_day_asked_about() -> None:
    _federation, town = make_district()
    union = make_body(town)
    for _ in range(30):
        make_member(union, on=date(2026, 5, 1))

    assert said(union, date(2026, 4, 30))["committee.threshold"][0] is None
    assert said(union, date(2026, 5, 1))["committee.threshold"][0] is False


def test_a_joint_union_of_one_employer_is_told_so() -> None:
    _federation, town = make_district()
    joint = make_body(town, Kind.JOINT)
    cover(joint, make_employer(town))

    assert said(joint)["joint.employers"] == (False, "联合基层工会覆盖1家单位，不足2家。")


def test_the_rule_of_the_place_decides_whose_women_count() -> None:
    _federation, town = make_district()
    union = make_body(town, area=make_area("朝阳街道", jurisdiction="beijing"))
    cover(union, make_employer(town, headcount=60, women=25))

    assert said(union)["women.committee"] == (False, "有女职工25人，达到25人，应当建立女职工委员会，目前尚未建立。")


def test_a_vacant_chair_is_counted_from_the_day_the_last_one_left() -> None:
    _federation, town = make_district()
    union = make_body(town, area=make_area("金水街道", jurisdiction="henan"))
    post = give(union, PostKind.CHAIR)
    Post.everything.filter(pk=post.pk).update(ends_on=date(2026, 8, 1))

    ok, sentence = said(union)["vacancy.by_election_months"]

    assert (ok, "空缺3个月" in sentence) == (True, True)
    assert "vacancy.by_election_months" not in said(union, date(2026, 7, 31))


def test_bodies_above_unions_are_judged_by_their_term_alone() -> None:
    federation, _town = make_district()
    start_term(actor=actor_at(federation), now=NOW, organisation=federation, on=date(2022, 1, 10), years=5)

    found = judged(federation)

    assert [verdict.rule.id for verdict in found.verdicts] == ["term.years_local"]
    assert found.election is not None
    assert (found.election.within, found.election.days) == (3, 51)


def test_due_terms_are_those_within_the_longest_warning_and_within_sight() -> None:
    federation, town = make_district()
    near, far, other = make_body(town), make_body(town), make_body(make_body(federation, Kind.TOWN))
    for union, on in ((near, date(2024, 5, 20)), (far, date(2024, 5, 21)), (other, date(2023, 1, 1))):
        start_term(actor=actor_at(union), now=NOW, organisation=union, on=on, years=3)

    assert warning_months(TODAY) == (6, 3, 1)
    assert [term.organisation for term in due_terms(actor_at(town), TODAY)] == [near]
    assert set(due_terms(actor_at(federation), TODAY).values_list("organisation", flat=True)) == {near.pk, other.pk}
    assert set(without_term(actor_at(town))) == {town}
    assert present_terms(actor_at(town)).count() == 2


def test_elections_in_time_count_those_due_in_the_last_year() -> None:
    _federation, town = make_district()
    for first, second in (
        (date(2023, 1, 1), date(2026, 1, 1)),  # on the very day
        (date(2023, 2, 1), date(2026, 2, 2)),  # a day late
        (date(2023, 3, 1), None),  # overdue
        (date(2021, 3, 1), date(2024, 1, 1)),  # due before the year
    ):
        union = make_body(town)
        start_term(actor=actor_at(union), now=NOW, organisation=union, on=first, years=3)
        if second:
            start_term(actor=actor_at(union), now=NOW, organisation=union, on=second, years=3)

    found = elected_in_time(TODAY)

    assert (found.in_time, found.due) == (1, 3)


def test_coverage_by_area_counts_employers_large_enough_and_the_staff_of_all_with_a_union() -> None:
    _federation, town = make_district()
    union, area = make_body(town), make_area()
    large, small = make_employer(town, headcount=25), make_employer(town, headcount=24)
    make_employer(town, headcount=100), make_employer(town, headcount=100, closed_on=TODAY)
    cover(union, large), cover(union, small)

    assert should_have_union(TODAY) == 25
    assert coverage_by_area(TODAY) == {area.pk: Coverages(organised=1, due=2, staff=49)}
    assert coverage_by_area(date(2026, 11, 19))[area.pk].due == 3
    assert {row.pk for row in with_unions(type(large).everything.all(), TODAY) if row.has_union} == {large.pk, small.pk}
