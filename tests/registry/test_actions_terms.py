from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from shuniu.kernel.errors import ActionError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.scope import Actor
from shuniu.registry.actions.terms import correct_term, end_term, start_term
from shuniu.registry.models import Organisation, Term
from tests.registry.making import actor_at, make_body, make_district

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ELECTED = date(2022, 3, 1)


@pytest.fixture
def union() -> Organisation:
    _federation, town = make_district()
    return make_body(town)


@pytest.fixture
def actor(union: Organisation) -> Actor:
    return actor_at(union)


def terms(union: Organisation) -> list[tuple[int, date, date, date | None]]:
    rows = Term.everything.filter(organisation=union).order_by("number")
    return list(rows.values_list("number", "starts_on", "due_on", "ended_on"))


def test_a_new_term_ends_the_one_before_it(union: Organisation, actor: Actor) -> None:
    start_term(actor=actor, now=NOW, organisation=union, on=ELECTED, years=3)
    start_term(actor=actor, now=NOW, organisation=union, on=date(2025, 2, 20), years=5)

    assert terms(union) == [
        (1, ELECTED, date(2025, 3, 1), date(2025, 2, 20)),
        (2, date(2025, 2, 20), date(2030, 2, 20), None),
    ]
    assert TrailEntry.objects.latest("number").verb == "term.started"


def test_a_term_from_a_leap_day_is_due_on_the_last_of_february(union: Organisation, actor: Actor) -> None:
    term = start_term(actor=actor, now=NOW, organisation=union, on=date(2024, 2, 29), years=3)

    assert term.due_on == date(2027, 2, 28)


def test_start_term_refuses_a_length_that_the_rule_does_not_allow(union: Organisation, actor: Actor) -> None:
    with pytest.raises(ActionError, match="本届任期4年，不符合每届3或5年的规定"):
        start_term(actor=actor, now=NOW, organisation=union, on=ELECTED, years=4)


def test_a_federation_is_elected_for_five_years_only() -> None:
    federation, _town = make_district()

    with pytest.raises(ActionError, match="本届任期3年"):
        start_term(actor=actor_at(federation), now=NOW, organisation=federation, on=ELECTED, years=3)


def test_start_term_refuses_days_before_founding_before_the_present_term_and_to_come(
    union: Organisation, actor: Actor
) -> None:
    start_term(actor=actor, now=NOW, organisation=union, on=ELECTED, years=3)

    for on, sentence in (
        (date(2014, 1, 1), "之后成立"),
        (ELECTED, "第1届委员会"),
        (date(2026, 11, 21), "日期"),
    ):
        with pytest.raises(ActionError, match=sentence):
            start_term(actor=actor, now=NOW, organisation=union, on=on, years=3)


def test_start_term_needs_the_right_to_edit(union: Organisation) -> None:
    with pytest.raises(PermissionDenied):
        start_term(actor=actor_at(union, "organisation.view"), now=NOW, organisation=union, on=ELECTED, years=3)


def test_correct_term_moves_the_day_at_which_the_one_before_ended(union: Organisation, actor: Actor) -> None:
    start_term(actor=actor, now=NOW, organisation=union, on=ELECTED, years=3)
    start_term(actor=actor, now=NOW, organisation=union, on=date(2025, 2, 20), years=3)

    correct_term(actor=actor, now=NOW, organisation=union, on=date(2025, 2, 25), years=5)

    assert terms(union) == [
        (1, ELECTED, date(2025, 3, 1), date(2025, 2, 25)),
        (2, date(2025, 2, 25), date(2030, 2, 25), None),
    ]
    with pytest.raises(ActionError, match="2022年3月1日"):
        correct_term(actor=actor, now=NOW, organisation=union, on=ELECTED, years=5)


def test_end_term_leaves_nobody_in_office_and_cannot_be_done_twice(union: Organisation, actor: Actor) -> None:
    start_term(actor=actor, now=NOW, organisation=union, on=ELECTED, years=3)

    with pytest.raises(ActionError, match="说明"):
        end_term(actor=actor, now=NOW, organisation=union, on=date(2023, 5, 1), reason=" ")
    end_term(actor=actor, now=NOW, organisation=union, on=date(2023, 5, 1), reason="集体辞职")

    assert terms(union) == [(1, ELECTED, date(2025, 3, 1), date(2023, 5, 1))]
    with pytest.raises(ActionError, match="没有在任"):
        end_term(actor=actor, now=NOW, organisation=union, on=date(2023, 5, 2), reason="再次")
    with pytest.raises(ActionError, match="没有在任"):
        correct_term(actor=actor, now=NOW, organisation=union, on=ELECTED, years=3)
