"""The trail tells of the first entry that was altered, is missing, stands elsewhere, or was cut off."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db.models import F

from shuniu.kernel.models import TrailEntry, TrailHead
from shuniu.kernel.scope import Actor
from shuniu.kernel.trail import ChainReport, record, verify_chain

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
ACTOR = Actor(user_id=7, name="林晓禾")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def five_entries() -> None:
    for number in range(5):
        record("member.edited", None, actor=ACTOR, now=NOW, before={"job": "焊工"}, after={"job": f"班长{number}"})


def test_a_whole_trail_is_told_as_whole() -> None:
    assert verify_chain() == ChainReport(5, None, "")


def test_an_entry_says_who_what_when_and_the_change() -> None:
    entry = TrailEntry.objects.get(number=3)

    assert (entry.actor_id, entry.actor_name, entry.verb, entry.at) == (7, "林晓禾", "member.edited", NOW)
    assert entry.changes == {"before": {"job": "焊工"}, "after": {"job": "班长2"}}


@pytest.mark.parametrize(
    "change",
    [
        {"actor_name": "别人"},
        {"at": datetime(2026, 3, 5, 3, tzinfo=UTC)},
        {"verb": "member.viewed"},
        {"target_id": 9},
        {"organisation_id": 1},
        {"changes": {}},
        {"seal": "0" * 64},
    ],
)
def test_a_changed_column_is_found(change: dict[str, object]) -> None:
    TrailEntry.objects.filter(number=3).update(**change)

    assert verify_chain() == ChainReport(2, 3, "altered")


def test_a_deleted_entry_is_found() -> None:
    TrailEntry.objects.filter(number=2).delete()

    assert verify_chain() == ChainReport(1, 2, "missing")


def test_two_entries_that_changed_places_are_found() -> None:
    TrailEntry.objects.filter(number=2).update(number=99)
    TrailEntry.objects.filter(number=4).update(number=2)
    TrailEntry.objects.filter(number=99).update(number=4)

    assert verify_chain() == ChainReport(1, 2, "altered")


def test_a_trail_cut_off_at_its_end_is_found() -> None:
    TrailEntry.objects.filter(number__gte=4).delete()

    assert verify_chain() == ChainReport(3, 4, "cut")


def test_a_head_set_back_with_the_cut_does_not_hide_a_later_entry() -> None:
    TrailHead.objects.update(length=F("length") - 1)

    assert verify_chain() == ChainReport(5, 6, "cut")
