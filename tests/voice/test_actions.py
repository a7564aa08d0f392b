"""One answer per person and service, apart from who gave it; and never by who served."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from shuniu.kernel.errors import ActionError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.scope import Actor
from shuniu.registry.models import Organisation, Person
from shuniu.voice.actions import ratings as actions
from shuniu.voice.actions.invitations import invite
from shuniu.voice.enums import CommentState
from shuniu.voice.models import Invitation, Rating
from shuniu.voice.queries.invitations import invitation_by_link
from shuniu.voice.rules.services import Given, Subject
from tests.factories import NOW, SYSTEM, make_player
from tests.registry.making import actor_at, make_body, make_district, make_member
from tests.voice.making import make_invitation, make_ratings, service_of

pytestmark = pytest.mark.django_db
WORKER = Actor(None, "")


@pytest.fixture
def union() -> Organisation:
    return make_body(make_district()[1], name="甲厂工会")


@pytest.fixture
def person(union: Organisation) -> Person:
    return make_member(union)


def token_of(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def test_an_answer_keeps_the_service_and_the_day_and_leads_to_nobody(union: Organisation, person: Person) -> None:
    invitation, _address = make_invitation(union, person)

    assert actions.give_rating(invitation, Given(4, True, "很及时"), actor=WORKER, now=NOW)

    row = Rating.everything.get()
    kept = (row.stars, row.is_solved, row.comment, row.provider_id, row.professional_name, row.given_on)
    assert kept == (4, True, "很及时", 7, "罗律", NOW.date())
    assert {field.name for field in Rating._meta.get_fields()} & {"invitation", "person", "subject_id", "user"} == set()
    invitation.refresh_from_db()
    assert invitation.is_used


def test_the_trail_tells_of_no_person_no_stars_and_no_word(union: Organisation, person: Person) -> None:
    invitation, _address = make_invitation(union, person)
    member = actor_at(union, "own.view", person_id=person.pk)

    actions.give_rating(invitation, Given(1, None, "桂花糕"), actor=member, now=NOW)

    entry = TrailEntry.objects.get(verb="rating.given")
    assert (entry.actor_id, entry.target_type, entry.target_id) == (None, "registry.organisation", union.pk)
    assert "桂花糕" not in str(entry.changes)
    assert entry.changes == {"before": {}, "after": {}}


def test_the_same_answer_sent_twice_counts_once(union: Organisation, person: Person) -> None:
    invitation, _address = make_invitation(union, person)

    first = actions.give_rating(invitation, Given(5), actor=WORKER, now=NOW)
    again = actions.give_rating(invitation, Given(1), actor=WORKER, now=NOW)

    assert (first, again) == (True, False)
    assert [row.stars for row in Rating.everything.all()] == [5]


def test_a_person_is_asked_once_about_a_service_and_a_new_link_ends_the_old_one(
    union: Organisation, person: Person
) -> None:
    first, old = make_invitation(union, person, subject=9001)
    second, new = make_invitation(union, person, subject=9001)

    assert first.pk == second.pk
    assert invitation_by_link(token_of(old)) is None
    assert invitation_by_link(token_of(new)) == second


def test_who_has_answered_is_not_asked_again(union: Organisation, person: Person) -> None:
    invitation, _address = make_invitation(union, person, subject=9002)
    actions.give_rating(invitation, Given(5), actor=WORKER, now=NOW)

    again = invite(Subject("desk.case", 9002), service_of(union), person=person, actor=SYSTEM, now=NOW)

    assert again is None


def test_the_database_holds_no_link(union: Organisation, person: Person) -> None:
    _invitation, address = make_invitation(union, person)
    token = token_of(address)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM voice_invitation")
        rows = repr([[bytes(one) if isinstance(one, memoryview) else one for one in row] for row in cursor.fetchall()])

    assert len(token) >= 26
    assert token not in rows


@pytest.mark.parametrize("days", [29, 30])
def test_a_link_runs_out_after_the_days_of_the_rule(union: Organisation, person: Person, days: int) -> None:
    invitation, _address = make_invitation(union, person)
    later = NOW + timedelta(days=days)

    if days < 30:
        assert actions.give_rating(invitation, Given(5), actor=WORKER, now=later)
    else:
        with pytest.raises(actions.RatingError):
            actions.give_rating(invitation, Given(5), actor=WORKER, now=later)
        assert not Rating.everything.exists()


def test_neither_the_account_nor_the_person_who_served_rates_the_service(union: Organisation, person: Person) -> None:
    invitation, _address = make_invitation(union, served_by=frozenset({41}), served_by_people=frozenset({person.pk}))

    for actor in (Actor(41, "罗律"), Actor(99, "同一人", person.pk)):
        with pytest.raises(actions.RatingError):
            actions.give_rating(invitation, Given(5), actor=actor, now=NOW)

    assert not Rating.everything.exists()


def test_who_served_is_not_even_asked(union: Organisation, person: Person) -> None:
    service = service_of(union, served_by_people=frozenset({person.pk}))

    assert invite(Subject("desk.case", 1), service, person=person, actor=SYSTEM, now=NOW) is None
    assert not Invitation.everything.exists()


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_stars_are_from_one_to_five(union: Organisation, stars: int) -> None:
    invitation, _address = make_invitation(union)

    with pytest.raises(actions.RatingError):
        actions.give_rating(invitation, Given(stars), actor=WORKER, now=NOW)


def test_laying_ratings_down_anew_keeps_every_answer_and_changes_every_key(union: Organisation) -> None:
    rows = make_ratings(union, 1, 2, 3, 4, 5)
    make_ratings(union, 2, on=NOW.date())
    before = {row.pk for row in rows}

    assert actions.mix_ratings(actor=SYSTEM, now=NOW) == 5
    assert actions.mix_ratings(actor=SYSTEM, now=NOW) == 0

    mixed = Rating.everything.filter(is_mixed=True)
    assert sorted(mixed.values_list("stars", flat=True)) == [1, 2, 3, 4, 5]
    assert before & set(mixed.values_list("pk", flat=True)) == set()


def test_a_comment_becomes_public_in_the_moderators_wording_only(union: Organisation) -> None:
    row = make_ratings(union, 2, comment="找了张三，没人管", comment_state=CommentState.WAITING)[0]
    moderator = make_player("union_chair", union).actor

    with pytest.raises(PermissionDenied):
        actions.publish_comment(row, "没人管", actor=actor_at(make_body(union.parent), "rating.moderate"), now=NOW)
    with pytest.raises(ActionError):
        actions.publish_comment(row, "  ", actor=moderator, now=NOW)
    actions.publish_comment(row, "找了工作人员，没人管", actor=moderator, now=NOW)
    with pytest.raises(ActionError):
        actions.withhold_comment(row, actor=moderator, now=NOW)

    row.refresh_from_db()
    assert (row.comment_state, row.published) == (CommentState.PUBLISHED, "找了工作人员，没人管")
    assert "张三" not in str(list(TrailEntry.objects.values_list("changes", flat=True)))
