"""Joining, leaving and what lies between: who may, what is refused, and what is left behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from shuniu.kernel.errors import ActionError, FieldError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.period import FOREVER
from shuniu.registry.actions import members, people, transfers
from shuniu.registry.enums import GroupTag, IdType, OrganisationType, PostKind, Sex, Standing, TransferState
from shuniu.registry.identity import Particulars
from shuniu.registry.models import Membership, MembershipEvent, Organisation, Person, PersonTag, Post
from shuniu.registry.queries.counts import members_on
from tests.registry.making import actor_at, make_body, make_district, make_member

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
RIGHTS = ("member.view", "member.edit", "member.reveal", "transfer.edit")
NUMBER = "11010519491231002X"
SHE = Particulars(name="林晓禾", id_number=NUMBER, mobile="138 0000 1234")

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> Organisation:
    return make_district()[0]


@pytest.fixture
def town(district: Organisation) -> Organisation:
    return make_body(district, OrganisationType.TOWN, name="西山街道总工会")


@pytest.fixture
def union(town: Organisation) -> Organisation:
    return make_body(town, name="云川精工有限公司工会")


def standing(person: Person) -> Standing:
    return Standing(Person.everything.get(pk=person.pk).standing)


def verbs() -> list[str]:
    return list(TrailEntry.objects.order_by("number").values_list("verb", flat=True))


def test_apply_then_admit_makes_a_member_from_the_day_of_admission(union: Organisation) -> None:
    clerk = actor_at(union, *RIGHTS)

    person = members.apply(SHE, union, on=date(2026, 3, 1), actor=clerk, now=NOW)
    assert standing(person) is Standing.APPLIED
    members.take_step(person, "admit", on=date(2026, 3, 9), actor=clerk, now=NOW)

    person.refresh_from_db()
    assert (person.standing, person.joined_on, person.home_id) == (Standing.ACTIVE, date(2026, 3, 9), union.pk)
    assert (person.sex, person.born_on, person.initials) == (Sex.FEMALE, date(1949, 12, 31), "lxh")
    assert (person.id_number, person.mobile) == (NUMBER, "13800001234")
    assert members_on(date(2026, 3, 8)).members == 0
    assert members_on(date(2026, 3, 9)).members == 1
    assert verbs() == ["member.applied", "member.admitted"]


def test_a_second_membership_is_refused_and_names_the_union_that_could_transfer(
    town: Organisation, union: Organisation
) -> None:
    other = make_body(town)
    person = members.admit_directly(SHE, union, on=TODAY, actor=actor_at(union, *RIGHTS), now=NOW)

    with pytest.raises(members.AlreadyMemberError, match=union.name) as refused:
        members.admit_directly(SHE, other, on=TODAY, actor=actor_at(other, *RIGHTS), now=NOW)

    assert refused.value.person_id == person.pk
    assert MembershipEvent.everything.count() == 1


def test_somebody_who_left_is_the_same_person_when_she_comes_back(town: Organisation, union: Organisation) -> None:
    other, clerk = make_body(town), actor_at(union, *RIGHTS)
    person = members.admit_directly(SHE, union, on=date(2020, 1, 1), actor=clerk, now=NOW)
    members.take_step(person, "leave", on=date(2024, 6, 1), reason="合同到期", actor=clerk, now=NOW)

    again = members.admit_directly(
        Particulars(name="林晓禾", id_number=NUMBER, mobile="13900005678"),
        other,
        on=date(2026, 5, 4),
        actor=actor_at(other, *RIGHTS),
        now=NOW,
    )

    again.refresh_from_db()
    assert again.pk == person.pk
    assert (again.home_id, again.joined_on, again.mobile) == (other.pk, date(2026, 5, 4), "13900005678")
    spans = Membership.everything.filter(person=person).order_by("starts_on").values_list("organisation", "ends_on")
    assert list(spans) == [(union.pk, date(2024, 6, 1)), (other.pk, FOREVER)]


def test_admitting_asks_for_the_right_at_that_union(town: Organisation, union: Organisation) -> None:
    stranger = actor_at(make_body(town), *RIGHTS)

    with pytest.raises(PermissionDenied):
        members.admit_directly(SHE, union, on=TODAY, actor=stranger, now=NOW)

    assert not Person.everything.exists()


def test_a_body_with_unions_below_it_admits_nobody(town: Organisation) -> None:
    with pytest.raises(ActionError, match=town.name):
        members.admit_directly(SHE, town, on=TODAY, actor=actor_at(town, *RIGHTS), now=NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id_number": "110105194912310021"}, "id_number"),
        ({"id_number": ""}, "id_number"),
        ({"mobile": "12345"}, "mobile"),
        ({"sex": Sex.MALE}, "sex"),
        ({"born_on": date(1950, 1, 1)}, "born_on"),
        ({"name": " "}, "name"),
        ({"id_type": IdType.PASSPORT, "id_number": "E12345678"}, "sex"),
    ],
)
def test_wrong_or_contradicting_particulars_are_refused_at_their_field(
    union: Organisation, changes: dict[str, object], field: str
) -> None:
    values = {"name": "林晓禾", "id_number": NUMBER, "mobile": "13800001234", **changes}

    with pytest.raises(FieldError) as refused:
        members.admit_directly(Particulars(**values), union, on=TODAY, actor=actor_at(union, *RIGHTS), now=NOW)  # type: ignore[arg-type]

    assert refused.value.field == field
    assert not Person.everything.exists()


@pytest.mark.parametrize("on", [TODAY + timedelta(days=1), date(1949, 12, 31), date(2010, 1, 1)])
def test_nobody_joins_in_the_future_before_birth_or_before_the_union(union: Organisation, on: date) -> None:
    with pytest.raises(FieldError) as refused:
        members.admit_directly(SHE, union, on=on, actor=actor_at(union, *RIGHTS), now=NOW)

    assert refused.value.field == "on"


def test_today_is_the_day_in_china_not_the_day_of_the_server(union: Organisation) -> None:
    late = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)

    person = members.admit_directly(SHE, union, on=TODAY, actor=actor_at(union, *RIGHTS), now=late)

    assert person.joined_on == TODAY


def test_expulsion_needs_a_reason_and_a_vote_and_ends_posts_and_transfers(
    town: Organisation, union: Organisation
) -> None:
    clerk, other = actor_at(union, *RIGHTS), make_body(town)
    person = make_member(union)
    post = Post.everything.create(
        person=person, organisation=union, kind=PostKind.GROUP_LEADER, starts_on=date(2025, 1, 1)
    )
    transfer = transfers.issue_transfer(person, other, on=TODAY, actor=clerk, now=NOW)

    with pytest.raises(FieldError) as without_reason:
        members.take_step(person, "expel", on=TODAY, actor=clerk, now=NOW, vote="应到40，赞成38")
    with pytest.raises(FieldError) as without_vote:
        members.take_step(person, "expel", on=TODAY, actor=clerk, now=NOW, reason="严重违反章程")
    members.take_step(person, "expel", on=TODAY, actor=clerk, now=NOW, reason="严重违反章程", vote="应到40，赞成38")

    assert (without_reason.value.field, without_vote.value.field) == ("reason", "vote")
    assert standing(person) is Standing.EXPELLED
    post.refresh_from_db()
    transfer.refresh_from_db()
    assert (post.ends_on, transfer.state) == (TODAY, TransferState.WITHDRAWN)
    assert "应到40，赞成38" in MembershipEvent.everything.latest("id").reason


def test_a_post_that_began_the_day_somebody_died_holds_for_that_day(union: Organisation) -> None:
    person = make_member(union)
    post = Post.everything.create(person=person, organisation=union, kind=PostKind.CADRE, starts_on=TODAY)

    members.take_step(person, "record_death", on=TODAY, actor=actor_at(union, *RIGHTS), now=NOW)

    post.refresh_from_db()
    assert post.ends_on == TODAY + timedelta(days=1)
    assert standing(person) is Standing.DECEASED


def test_reserve_and_resume_keep_the_day_of_joining(union: Organisation) -> None:
    clerk, person = actor_at(union, *RIGHTS), make_member(union, on=date(2020, 5, 1))

    members.take_step(person, "reserve", on=date(2026, 1, 1), reason="退休", actor=clerk, now=NOW)
    assert members_on(date(2026, 1, 1)).members == 0
    members.take_step(person, "resume", on=date(2026, 9, 1), actor=clerk, now=NOW)

    person.refresh_from_db()
    assert (person.standing, person.joined_on) == (Standing.ACTIVE, date(2020, 5, 1))
    assert members_on(date(2026, 9, 1)).members == 1


def test_a_step_before_the_last_one_is_refused(union: Organisation) -> None:
    person = make_member(union, on=date(2020, 5, 1))

    with pytest.raises(ActionError, match="2020"):
        members.take_step(person, "leave", on=date(2019, 1, 1), reason="辞职", actor=actor_at(union, *RIGHTS), now=NOW)


def test_a_step_that_does_not_fit_the_standing_is_refused(union: Organisation) -> None:
    with pytest.raises(ActionError):
        members.take_step(make_member(union), "resume", on=TODAY, actor=actor_at(union, *RIGHTS), now=NOW)


def test_edit_keeps_numbers_that_are_left_empty_and_tells_masks_only(union: Organisation) -> None:
    clerk = actor_at(union, *RIGHTS)
    person = members.admit_directly(SHE, union, on=TODAY, actor=clerk, now=NOW)

    people.edit_person(person, Particulars(name="林晓荷", mobile="13911112222", job="质检员"), actor=clerk, now=NOW)

    person.refresh_from_db()
    assert (person.name, person.id_number, person.mobile, person.job) == ("林晓荷", NUMBER, "13911112222", "质检员")
    told = TrailEntry.objects.get(verb="member.edited").changes
    assert told["after"]["mobile"] == "139****2222"
    assert NUMBER not in str(told)
    assert "13911112222" not in str(told)


def test_edit_refuses_the_number_of_somebody_else(union: Organisation) -> None:
    clerk, other = actor_at(union, *RIGHTS), make_member(union)
    members.admit_directly(SHE, union, on=TODAY, actor=clerk, now=NOW)

    with pytest.raises(FieldError) as refused:
        people.edit_person(other, Particulars(name="王敏", id_number=NUMBER), actor=clerk, now=NOW)

    assert refused.value.field == "id_number"


def test_a_corrected_sex_moves_the_count_of_women(union: Organisation) -> None:
    clerk = actor_at(union, *RIGHTS)
    passport = Particulars(name="安娜", id_type=IdType.PASSPORT, id_number="E12345678", sex=Sex.MALE)
    person = members.admit_directly(passport, union, on=date(2025, 1, 1), actor=clerk, now=NOW)
    assert members_on(TODAY).women == 0

    people.edit_person(person, Particulars(name="安娜", id_type=IdType.PASSPORT, sex=Sex.FEMALE), actor=clerk, now=NOW)

    assert members_on(TODAY).women == 1


def test_an_edit_that_changes_nothing_leaves_no_entry(union: Organisation) -> None:
    clerk = actor_at(union, *RIGHTS)
    person = members.admit_directly(SHE, union, on=TODAY, actor=clerk, now=NOW)

    people.edit_person(person, SHE, actor=clerk, now=NOW)

    assert verbs() == ["member.admitted"]


def test_revealing_needs_right_and_reason_and_never_tells_the_value(union: Organisation) -> None:
    clerk = actor_at(union, *RIGHTS)
    person = members.admit_directly(SHE, union, on=TODAY, actor=clerk, now=NOW)

    with pytest.raises(PermissionDenied):
        people.reveal_number(person, "id_number", reason="办卡", actor=actor_at(union, "member.view"), now=NOW)
    with pytest.raises(FieldError):
        people.reveal_number(person, "id_number", reason="  ", actor=clerk, now=NOW)
    shown = people.reveal_number(person, "id_number", reason="办理会员卡", actor=clerk, now=NOW)

    assert shown == NUMBER
    told = TrailEntry.objects.get(verb="member.revealed").changes
    assert (told["field"], told["reason"]) == ("id_number", "办理会员卡")
    assert NUMBER not in str(told)


def test_only_sealed_fields_are_revealed(union: Organisation) -> None:
    with pytest.raises(ActionError):
        people.reveal_number(make_member(union), "name", reason="x", actor=actor_at(union, *RIGHTS), now=NOW)


def test_tags_are_put_on_once_and_taken_off(union: Organisation) -> None:
    clerk, crowd = actor_at(union, *RIGHTS), [make_member(union), make_member(union)]

    assert people.tag_people(crowd[:1], GroupTag.COURIER, actor=clerk, now=NOW) == 1
    assert people.tag_people(crowd, GroupTag.COURIER, actor=clerk, now=NOW) == 1
    assert people.untag_people(crowd, GroupTag.COURIER, actor=clerk, now=NOW) == 2
    assert people.untag_people(crowd, GroupTag.COURIER, actor=clerk, now=NOW) == 0

    assert not PersonTag.everything.exists()
    assert verbs() == ["member.tagged", "member.tagged", "member.untagged"]


def test_a_choice_with_one_person_out_of_reach_changes_nobody(town: Organisation, union: Organisation) -> None:
    mine, foreign = make_member(union), make_member(make_body(town))

    with pytest.raises(PermissionDenied):
        people.confirm_records([mine, foreign], on=TODAY, actor=actor_at(union, *RIGHTS), now=NOW)

    assert Person.everything.filter(confirmed_on=None).count() == 2


def test_confirming_passes_over_those_who_are_no_members(union: Organisation) -> None:
    clerk, mine, gone = actor_at(union, *RIGHTS), make_member(union), make_member(union)
    members.take_step(gone, "leave", on=TODAY, reason="辞职", actor=clerk, now=NOW)
    gone.refresh_from_db()

    assert people.confirm_records([mine, gone], on=TODAY, actor=clerk, now=NOW) == 1


def test_consent_is_the_persons_own(union: Organisation) -> None:
    person = make_member(union)
    owner = actor_at(union, "own.view", person_id=person.pk)

    people.give_consent(on=TODAY, actor=owner, now=NOW)
    assert Person.everything.get(pk=person.pk).consented_on == TODAY
    people.withdraw_consent(actor=owner, now=NOW)

    assert Person.everything.get(pk=person.pk).consented_on is None
    with pytest.raises(PermissionDenied):
        people.give_consent(on=TODAY, actor=actor_at(union, *RIGHTS), now=NOW)
