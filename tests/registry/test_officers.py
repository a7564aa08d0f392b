"""Posts: one chair, who spends does not audit; certificates that run out; study on record."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from shuniu.kernel.errors import ActionError, FieldError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.period import FOREVER
from shuniu.registry.actions import members, officers
from shuniu.registry.enums import PostKind, PostTime, QualificationKind
from shuniu.registry.models import Organisation, Post, Qualification, StudyRecord, Territory
from shuniu.registry.rules.officers import Expiry, Validity, audit_verdict, expiry, expiry_tone
from tests.registry.making import actor_at, make_area, make_body, make_district, make_member

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
RIGHTS = ("officer.edit", "member.edit")
STEPS = (90, 30)


@pytest.fixture
def union() -> Organisation:
    return make_body(make_district()[1], name="云川精工有限公司工会")


def appoint(person, union, kind, on=TODAY, time=PostTime.PART, actor=None):  # type: ignore[no-untyped-def]
    return officers.appoint(person, union, kind, time, on=on, actor=actor or actor_at(union, *RIGHTS), now=NOW)


@pytest.mark.parametrize(
    ("expires_on", "found"),
    [
        (None, Expiry(Validity.PERMANENT)),
        (date(2026, 11, 19), Expiry(Validity.EXPIRED, -1)),
        (date(2026, 11, 20), Expiry(Validity.RUNNING_OUT, 0, 30)),
        (date(2026, 12, 20), Expiry(Validity.RUNNING_OUT, 30, 30)),
        (date(2026, 12, 21), Expiry(Validity.RUNNING_OUT, 31, 90)),
        (date(2027, 2, 18), Expiry(Validity.RUNNING_OUT, 90, 90)),
        (date(2027, 2, 19), Expiry(Validity.VALID, 91)),
    ],
)
def test_expiry_warns_at_each_step_and_counts_the_last_day_as_good(expires_on: date | None, found: Expiry) -> None:
    assert expiry(expires_on, TODAY, STEPS) == found


def test_the_last_warning_is_worse_than_the_first() -> None:
    tones = [expiry_tone(expiry(day, TODAY, STEPS), STEPS) for day in (date(2026, 12, 20), date(2027, 2, 18))]

    assert tones == ["bad", "warn"]


def test_audit_verdict_speaks_only_of_chairs_and_auditors() -> None:
    assert audit_verdict("林晓禾", {PostKind.COMMITTEE}) is None
    assert audit_verdict("林晓禾", {PostKind.CHAIR}).ok  # type: ignore[union-attr]
    assert not audit_verdict("林晓禾", {PostKind.CHAIR, PostKind.AUDIT}).ok  # type: ignore[union-attr]


@pytest.mark.django_db
def test_a_union_has_one_chair_and_replacing_leaves_no_gap(union: Organisation) -> None:
    first, second = make_member(union, name="林晓禾"), make_member(union, name="周志文")
    old = appoint(first, union, PostKind.CHAIR, on=date(2024, 1, 1))

    with pytest.raises(FieldError, match="林晓禾"):
        appoint(second, union, PostKind.CHAIR)
    new = officers.replace_chair(second, union, PostTime.FULL, on=TODAY, actor=actor_at(union, *RIGHTS), now=NOW)

    old.refresh_from_db()
    assert (old.ends_on, new.starts_on, new.ends_on) == (TODAY, TODAY, FOREVER)
    assert TrailEntry.objects.get(verb="officer.chair_replaced").changes["before"] == "林晓禾"


@pytest.mark.django_db
def test_no_day_has_two_chairs_even_in_the_past(union: Organisation) -> None:
    clerk = actor_at(union, *RIGHTS)
    old = appoint(make_member(union), union, PostKind.CHAIR, on=date(2024, 1, 1))
    officers.end_post(old, on=date(2026, 5, 1), actor=clerk, now=NOW)

    with pytest.raises(FieldError) as refused:
        appoint(make_member(union), union, PostKind.CHAIR, on=date(2026, 4, 30))
    appoint(make_member(union), union, PostKind.CHAIR, on=date(2026, 5, 1))

    assert refused.value.field == "on"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "second"), [(PostKind.CHAIR, PostKind.AUDIT), (PostKind.AUDIT_CHAIR, PostKind.CHAIR)]
)
def test_who_chairs_a_union_does_not_audit_it(union: Organisation, first: PostKind, second: PostKind) -> None:
    person = make_member(union)
    appoint(person, union, first)

    with pytest.raises(FieldError) as refused:
        appoint(person, union, second)
    appoint(person, make_body(union.parent), second)

    assert refused.value.field == "kind"
    assert Post.everything.count() == 2


@pytest.mark.django_db
def test_only_members_are_elected_but_anybody_may_be_employed(union: Organisation) -> None:
    person = make_member(union)
    members.take_step(person, "reserve", on=TODAY, reason="退休", actor=actor_at(union, *RIGHTS), now=NOW)

    with pytest.raises(FieldError):
        appoint(person, union, PostKind.COMMITTEE)
    post = appoint(person, union, PostKind.CADRE, time=PostTime.SOCIALISED)

    assert post.time == PostTime.SOCIALISED


@pytest.mark.django_db
def test_the_same_post_is_not_held_twice(union: Organisation) -> None:
    person = make_member(union)
    appoint(person, union, PostKind.WOMEN)

    with pytest.raises(ActionError):
        appoint(person, union, PostKind.WOMEN)


@pytest.mark.django_db
def test_appointing_needs_the_right_at_that_union(union: Organisation) -> None:
    with pytest.raises(PermissionDenied):
        appoint(make_member(union), union, PostKind.WOMEN, actor=actor_at(make_body(union.parent), *RIGHTS))


@pytest.mark.django_db
def test_a_post_ends_after_it_began_and_once(union: Organisation) -> None:
    clerk = actor_at(union, *RIGHTS)
    post = appoint(make_member(union), union, PostKind.ORGANISER, on=date(2026, 5, 1))
    territory = Territory.everything.create(post=post, area=make_area(), starts_on=date(2026, 5, 1))

    with pytest.raises(FieldError):
        officers.end_post(post, on=date(2026, 5, 1), actor=clerk, now=NOW)
    officers.end_post(post, on=date(2026, 5, 2), actor=clerk, now=NOW)
    with pytest.raises(ActionError, match="2026"):
        officers.end_post(post, on=TODAY, actor=clerk, now=NOW)

    territory.refresh_from_db()
    assert territory.ends_on == date(2026, 5, 2)


@pytest.mark.django_db
def test_a_certificate_is_recorded_once_and_renewed(union: Organisation) -> None:
    clerk, person = actor_at(union, *RIGHTS), make_member(union)
    paper = officers.Certificate(QualificationKind.MEDIATOR, "M-2024-017", date(2024, 1, 1), date(2027, 1, 1))
    row = officers.record_qualification(person, paper, actor=clerk, now=NOW)

    with pytest.raises(ActionError):
        officers.record_qualification(make_member(union), paper, actor=clerk, now=NOW)
    renewed = officers.Certificate(QualificationKind.MEDIATOR, "M-2024-017", date(2026, 11, 1), date(2029, 11, 1))
    officers.correct_qualification(row, renewed, actor=clerk, now=NOW)

    assert Qualification.everything.get().expires_on == date(2029, 11, 1)
    told = TrailEntry.objects.get(verb="qualification.corrected").changes
    assert (told["before"]["expires_on"], told["after"]["expires_on"]) == ("2027-01-01", "2029-11-01")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("issued_on", "expires_on", "field"),
    [(date(2026, 11, 21), None, "issued_on"), (date(2026, 1, 1), date(2026, 1, 1), "expires_on")],
)
def test_a_certificate_with_impossible_days_is_refused(
    union: Organisation, issued_on: date, expires_on: date | None, field: str
) -> None:
    paper = officers.Certificate(QualificationKind.LAWYER, "L-1", issued_on, expires_on)

    with pytest.raises(FieldError) as refused:
        officers.record_qualification(make_member(union), paper, actor=actor_at(union, *RIGHTS), now=NOW)

    assert refused.value.field == field


@pytest.mark.django_db
def test_a_course_is_recorded_once_for_each_who_took_part(union: Organisation) -> None:
    clerk, crowd = actor_at(union, *RIGHTS), [make_member(union), make_member(union)]
    course = officers.Study("集体协商指导员培训", date(2026, 4, 8), 16, provider="区总工会干部学校")

    assert officers.record_study(crowd[:1], course, actor=clerk, now=NOW) == 1
    assert officers.record_study(crowd, course, actor=clerk, now=NOW) == 1

    assert sorted(StudyRecord.everything.values_list("hours", flat=True)) == [16, 16]


@pytest.mark.django_db
def test_study_of_no_hours_or_in_the_future_is_refused(union: Organisation) -> None:
    clerk, person = actor_at(union, *RIGHTS), make_member(union)

    for course in (officers.Study("参观", date(2026, 4, 8), 0), officers.Study("参观", date(2026, 12, 8), 4)):
        with pytest.raises(FieldError):
            officers.record_study([person], course, actor=clerk, now=NOW)
