"""The demo world has the figures it promises, and nobody real in it."""

from __future__ import annotations

import pytest
from django.db.models import Count

from shuniu.accounts.public import User
from shuniu.demo import public
from shuniu.demo.names import NOWHERE
from shuniu.demo.plan import FULL, NOW, QUICK, THEN
from shuniu.kernel.trail import verify_chain
from shuniu.registry.enums import PostKind
from shuniu.registry.models import Area, Person, Post, Territory
from shuniu.registry.queries.counts import members_on, unions_on


@pytest.fixture
def told(demo_world: list[str], db: None) -> list[str]:
    return demo_world


def test_the_quick_world_has_its_sizes_and_its_past(told: list[str]) -> None:
    assert (unions_on(NOW), members_on(NOW).members) == (QUICK.unions, QUICK.members)
    assert (unions_on(THEN), members_on(THEN).members) == (QUICK.unions_then, QUICK.members_then)
    assert Post.everything.filter(kind=PostKind.ORGANISER).count() == QUICK.organisers
    assert not Area.objects.exclude(kind="district").exclude(pk__in=Territory.everything.values("area")).exists()


def test_no_identity_number_can_be_anybodys(told: list[str]) -> None:
    numbers = [person.id_number for person in Person.everything.all()[:500]]

    assert {number[:2] for number in numbers} == {NOWHERE[:2]}
    assert all(person.mobile.startswith("100") for person in Person.everything.all()[:500])


def test_every_account_that_is_told_can_sign_in(told: list[str]) -> None:
    for account in public.ACCOUNTS:
        assert User.objects.get(username=account.username).check_password(public.PASSWORD)
        assert account.username in told[-1]


def test_the_trail_of_the_demo_is_whole(told: list[str]) -> None:
    assert verify_chain().broken_at is None


def test_a_second_load_changes_nothing(told: list[str]) -> None:
    before = Person.everything.aggregate(n=Count("pk"))

    public.load(report=told.append)

    assert Person.everything.aggregate(n=Count("pk")) == before


def test_the_full_plan_is_the_seeds() -> None:
    assert (FULL.unions, FULL.members, FULL.organisers) == (18_303, 550_373, 101)
    assert round(FULL.unions / FULL.unions_then, 1) == 2.4
    assert round(FULL.members / FULL.members_then, 1) == 1.7


def test_a_demo_that_was_interrupted_begins_anew(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(public.people, "enrol", killed)
        with pytest.raises(KeyboardInterrupt):
            public.load(report=lambda _line: None)

    public.load(report=lambda _line: None)

    assert (unions_on(NOW), members_on(NOW).members) == (QUICK.unions, QUICK.members)
