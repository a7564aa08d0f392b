"""Taking a catalogue over, and deciding about a duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from shuniu.hub.actions.duties import (
    Decision,
    DutyDetails,
    decide_duty,
    edit_duty,
    enter_duty,
    take_over_catalogue,
)
from shuniu.hub.enums import DeliveryMode, DutyClass
from shuniu.hub.models import Duty, DutyDecision
from shuniu.hub.rules.catalogue import ready_duties
from shuniu.kernel.errors import ActionError, FieldError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.scope import Actor
from shuniu.registry.models import Organisation
from shuniu.rulebook.enums import Operator
from shuniu.rulebook.public import set_unit_rule
from tests.factories import TODAY, make_player
from tests.hub.making import make_duty
from tests.registry.making import actor_at, make_district

pytestmark = pytest.mark.django_db
OPENING = {
    "law": "no",
    "guidance": "no",
    "licence": "outside",
    "frequency": "daily",
    "cost": "outside",
    "capacity": "none",
}
BUY = Decision(
    answers=OPENING,
    kind=DutyClass.OPEN,
    mode=DeliveryMode.PURCHASED,
    decided_on=TODAY,
    review_on=TODAY + timedelta(days=365),
)


@pytest.fixture
def district() -> Organisation:
    return make_district()[0]


@pytest.fixture
def cadre(district: Organisation) -> Actor:
    return make_player("district_cadre", district).actor


def test_a_catalogue_is_taken_over_once_however_often_the_button_is_pressed(
    district: Organisation, cadre: Actor, now: datetime
) -> None:
    assert take_over_catalogue(district, actor=cadre, now=now) == len(ready_duties())
    assert take_over_catalogue(district, actor=cadre, now=now) == 0
    assert Duty.everything.count() == len(ready_duties())
    assert not Duty.everything.exclude(decided_on=None).exists()
    assert TrailEntry.objects.filter(verb="duty.catalogue_taken").count() == 1


def test_what_a_body_has_under_a_number_already_stays_its_own(
    district: Organisation, cadre: Actor, now: datetime
) -> None:
    own = make_duty(district, name="本会自定职责")
    Duty.everything.filter(pk=own.pk).update(code=ready_duties()[0].code)

    assert take_over_catalogue(district, actor=cadre, now=now) == len(ready_duties()) - 1
    own.refresh_from_db()
    assert own.name == "本会自定职责"


def test_the_ready_catalogue_keeps_guidance_with_the_union_and_opens_law_and_psychology() -> None:
    kinds = {one.name: one.kind for one in ready_duties()}

    assert len(kinds) >= 40
    assert kinds["职工思想政治引领"] is DutyClass.RESERVED
    assert kinds["职工法律咨询（律师值班）"] is kinds["职工心理咨询"] is DutyClass.OPEN


def test_decisions_follow_one_another_and_all_are_kept(district: Organisation, cadre: Actor, now: datetime) -> None:
    duty = make_duty(district, DutyClass.OWN_FIRST)

    decide_duty(duty, BUY, actor=cadre, now=now)
    again = replace(BUY, mode=DeliveryMode.COMMISSIONED)
    decide_duty(duty, again, actor=cadre, now=now + timedelta(minutes=1))

    duty.refresh_from_db()
    assert (duty.kind, duty.mode, duty.review_on) == (DutyClass.OPEN, DeliveryMode.COMMISSIONED, BUY.review_on)
    assert [one.mode for one in DutyDecision.everything.order_by("pk")] == ["purchased", "commissioned"]
    assert TrailEntry.objects.filter(verb="duty.decided").latest("number").changes["before"]["mode"] == "purchased"


def test_pressing_twice_decides_once(district: Organisation, cadre: Actor, now: datetime) -> None:
    duty = make_duty(district)

    first, second = (decide_duty(duty, BUY, actor=cadre, now=now) for _ in range(2))

    assert first == second
    assert TrailEntry.objects.filter(verb="duty.decided").count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": DutyClass.OWN_FIRST}, "reason"),
        ({"answers": {**OPENING, "law": "yes"}}, "kind"),
        ({"answers": {}}, "kind"),
        ({"decided_on": TODAY + timedelta(days=1)}, "decided_on"),
        ({"review_on": TODAY}, "review_on"),
        ({"review_on": date(2028, 3, 6)}, "review_on"),
        ({"decided_on": TODAY - timedelta(days=9)}, "decided_on"),
    ],
)
def test_a_decision_that_cannot_stand_is_refused_at_its_field(
    changed: dict[str, object], field: str, district: Organisation, cadre: Actor, now: datetime
) -> None:
    duty = make_duty(district, decided_on=TODAY - timedelta(days=5))

    with pytest.raises(FieldError) as refused:
        decide_duty(duty, replace(BUY, **changed), actor=cadre, now=now)

    assert refused.value.field == field
    assert not DutyDecision.everything.exists()


def test_the_last_day_that_the_rule_allows_is_in_time_and_a_body_may_ask_for_less(
    district: Organisation, cadre: Actor, now: datetime
) -> None:
    duty, latest = make_duty(district), replace(BUY, review_on=date(2028, 3, 5))
    decide_duty(duty, latest, actor=cadre, now=now)

    set_unit_rule(
        district, "duty.review_months", operator=Operator.LE, numbers=[12], valid_from=TODAY, source="云工发〔2026〕3号",
        actor=cadre, now=now,
    )  # fmt: skip

    with pytest.raises(FieldError, match="12"):
        decide_duty(duty, latest, actor=cadre, now=now + timedelta(minutes=1))


def test_others_decide_nothing_here(now: datetime) -> None:
    district, town = make_district()
    below = actor_at(town, "duty.decide")

    for act in (
        lambda: decide_duty(make_duty(district), BUY, actor=below, now=now),
        lambda: take_over_catalogue(district, actor=below, now=now),
        lambda: enter_duty(district, DutyDetails(code="A", name="B", division="C"), actor=below, now=now),
        lambda: edit_duty(make_duty(district), DutyDetails(code="A", name="B", division="C"), actor=below, now=now),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_number_is_given_once(district: Organisation, cadre: Actor, now: datetime) -> None:
    details = DutyDetails(code="ZX01", name="自选动作", division="其他")
    enter_duty(district, details, actor=cadre, now=now)

    with pytest.raises(ActionError, match="ZX01"):
        enter_duty(district, replace(details, name="另一项"), actor=cadre, now=now)


def test_a_correction_tells_what_changed_and_nothing_else(district: Organisation, cadre: Actor, now: datetime) -> None:
    details = DutyDetails(code="ZX01", name="自选动作", division="其他")
    duty = enter_duty(district, details, actor=cadre, now=now)

    edit_duty(duty, replace(details, name="规定动作"), actor=cadre, now=now)
    edit_duty(duty, replace(details, name="规定动作"), actor=cadre, now=now)

    told = TrailEntry.objects.filter(verb="duty.edited").get().changes
    assert (told["before"], told["after"]) == ({"name": "自选动作"}, {"name": "规定动作"})


def test_the_database_keeps_what_is_reserved_with_the_union_itself(district: Organisation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_duty(district, DutyClass.RESERVED, mode=DeliveryMode.PURCHASED)
