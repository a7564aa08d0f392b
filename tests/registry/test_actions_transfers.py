"""A membership on its way: both days, both unions, and two people at one button."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from shuniu.kernel.errors import ActionError, FieldError
from shuniu.registry.actions import members, transfers
from shuniu.registry.enums import OrganisationType, PostKind, Standing, TransferState
from shuniu.registry.models import Membership, Organisation, Person, Post, Transfer
from shuniu.registry.queries.counts import members_on
from tests.registry.making import actor_at, make_body, make_district, make_member

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
OUT, IN = date(2026, 3, 2), date(2026, 3, 20)
RIGHTS = ("member.edit", "transfer.edit")

pytestmark = pytest.mark.django_db


@pytest.fixture
def origin() -> Organisation:
    return make_body(make_district()[1], name="甲厂工会")


@pytest.fixture
def destination(origin: Organisation) -> Organisation:
    return make_body(origin.parent, name="乙厂工会")


@pytest.fixture
def person(origin: Organisation) -> Person:
    return make_member(origin, on=date(2020, 1, 1))


@pytest.fixture
def transfer(person: Person, origin: Organisation, destination: Organisation) -> Transfer:
    return transfers.issue_transfer(person, destination, on=OUT, actor=actor_at(origin, *RIGHTS), now=NOW)


def test_the_member_moves_on_the_day_of_receipt_and_both_days_are_kept(
    transfer: Transfer, person: Person, origin: Organisation, destination: Organisation
) -> None:
    transfers.receive_transfer(transfer, on=IN, actor=actor_at(destination, *RIGHTS), now=NOW)

    transfer.refresh_from_db()
    person.refresh_from_db()
    assert (transfer.state, transfer.out_on, transfer.in_on) == (TransferState.RECEIVED, OUT, IN)
    assert (person.home_id, person.standing, person.joined_on) == (destination.pk, Standing.ACTIVE, date(2020, 1, 1))
    assert members_on(date(2026, 3, 19), origin.path or "").members == 1
    assert members_on(IN, origin.path or "").members == 0
    assert members_on(IN, destination.path or "").members == 1


def test_until_it_is_received_she_is_a_member_where_she_was(transfer: Transfer, person: Person) -> None:
    person.refresh_from_db()

    assert (person.home_id, person.standing) == (transfer.origin_id, Standing.ACTIVE)


def test_posts_in_the_union_she_leaves_end_others_stay(
    transfer: Transfer, person: Person, origin: Organisation, destination: Organisation
) -> None:
    there = Post.everything.create(
        person=person, organisation=origin, kind=PostKind.COMMITTEE, starts_on=date(2024, 1, 1)
    )
    above = Post.everything.create(
        person=person, organisation=origin.parent, kind=PostKind.CADRE, starts_on=date(2024, 1, 1)
    )

    transfers.receive_transfer(transfer, on=IN, actor=actor_at(destination, *RIGHTS), now=NOW)

    there.refresh_from_db()
    above.refresh_from_db()
    assert there.ends_on == IN
    assert above.is_open


def test_the_issuing_union_cannot_receive_and_the_receiving_one_cannot_withdraw(
    transfer: Transfer, origin: Organisation, destination: Organisation
) -> None:
    with pytest.raises(PermissionDenied):
        transfers.receive_transfer(transfer, on=IN, actor=actor_at(origin, *RIGHTS), now=NOW)
    with pytest.raises(PermissionDenied):
        transfers.withdraw_transfer(transfer, answer="误操作", actor=actor_at(destination, *RIGHTS), now=NOW)


def test_refusing_needs_a_reason_and_leaves_the_member_where_she_was(
    transfer: Transfer, person: Person, destination: Organisation
) -> None:
    clerk = actor_at(destination, *RIGHTS)

    with pytest.raises(FieldError):
        transfers.refuse_transfer(transfer, answer=" ", actor=clerk, now=NOW)
    transfers.refuse_transfer(transfer, answer="本单位无此人", actor=clerk, now=NOW)

    transfer.refresh_from_db()
    assert (transfer.state, transfer.answer, transfer.in_on) == (TransferState.REFUSED, "本单位无此人", None)
    assert Membership.everything.get(person=person).organisation_id == transfer.origin_id


def test_after_a_withdrawal_a_new_transfer_may_be_issued(
    transfer: Transfer, person: Person, origin: Organisation, destination: Organisation
) -> None:
    clerk = actor_at(origin, *RIGHTS)

    transfers.withdraw_transfer(transfer, answer="选错单位", actor=clerk, now=NOW)
    again = transfers.issue_transfer(person, destination, on=date(2026, 4, 1), actor=clerk, now=NOW)

    assert again.state == TransferState.OPEN


def test_a_second_open_transfer_is_refused(transfer: Transfer, person: Person, origin: Organisation) -> None:
    with pytest.raises(ActionError):
        transfers.issue_transfer(person, make_body(origin.parent), on=IN, actor=actor_at(origin, *RIGHTS), now=NOW)

    assert Transfer.everything.count() == 1


def test_whoever_comes_second_is_told(transfer: Transfer, origin: Organisation, destination: Organisation) -> None:
    as_read = Transfer.everything.select_related("person", "origin", "destination").get(pk=transfer.pk)
    transfers.withdraw_transfer(transfer, answer="选错单位", actor=actor_at(origin, *RIGHTS), now=NOW)

    with pytest.raises(ActionError):
        transfers.receive_transfer(as_read, on=IN, actor=actor_at(destination, *RIGHTS), now=NOW)

    assert Membership.everything.get().organisation_id == origin.pk


def test_receipt_before_issue_is_refused(transfer: Transfer, destination: Organisation) -> None:
    with pytest.raises(ActionError, match="2026"):
        transfers.receive_transfer(transfer, on=date(2026, 3, 1), actor=actor_at(destination, *RIGHTS), now=NOW)

    transfer.refresh_from_db()
    assert transfer.state == TransferState.OPEN


def test_nobody_is_transferred_to_her_own_union_or_to_a_body_without_members(
    person: Person, origin: Organisation
) -> None:
    clerk = actor_at(origin, *RIGHTS)
    town = make_body(origin.parent.parent, OrganisationType.TOWN)  # type: ignore[union-attr]

    for destination in (origin, town):
        with pytest.raises(FieldError) as refused:
            transfers.issue_transfer(person, destination, on=OUT, actor=clerk, now=NOW)
        assert refused.value.field == "destination"


def test_only_members_are_transferred(person: Person, origin: Organisation, destination: Organisation) -> None:
    clerk = actor_at(origin, *RIGHTS)
    members.take_step(person, "leave", on=OUT, reason="辞职", actor=clerk, now=NOW)

    with pytest.raises(ActionError):
        transfers.issue_transfer(person, destination, on=IN, actor=clerk, now=NOW)
