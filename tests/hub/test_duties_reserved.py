"""Reserved is a hard stop, for actions and in the database."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shuniu.hub.actions.duties import ReservedError, refuse_reserved
from shuniu.hub.enums import AgreementState, DeliveryMode, DutyClass
from shuniu.hub.models import Agreement, Duty
from shuniu.hub.triggers import OVER
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.scope import Actor
from tests.factories import TODAY
from tests.hub.making import make_duty, make_provider
from tests.registry.making import make_district

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("贺岚")


def test_giving_a_reserved_duty_away_is_refused_with_its_reason_and_kept_in_the_trail(now: datetime) -> None:
    duty = make_duty(make_district()[0], DutyClass.RESERVED, name="思想政治引领")

    with pytest.raises(ReservedError, match=r"“思想政治引领”由工会干部自己承担.+法律法规或工会规定"):
        refuse_reserved(duty, attempted="tender.drafted", actor=ACTOR, now=now)

    entry = TrailEntry.objects.latest("number")
    assert (entry.verb, entry.target_id, entry.changes["attempted"]) == (
        "duty.reserved_refused",
        duty.pk,
        "tender.drafted",
    )


@pytest.mark.parametrize("kind", [DutyClass.OWN_FIRST, DutyClass.OPEN])
def test_other_duties_pass_without_a_trace(kind: DutyClass, now: datetime) -> None:
    refuse_reserved(make_duty(make_district()[0], kind), attempted="tender.drafted", actor=ACTOR, now=now)

    assert not TrailEntry.objects.exists()


def test_the_duty_is_judged_as_it_is_now_and_not_as_it_was_read(now: datetime) -> None:
    duty = make_duty(make_district()[0])
    type(duty).everything.filter(pk=duty.pk).update(kind=DutyClass.RESERVED)

    with pytest.raises(ReservedError):
        refuse_reserved(duty, attempted="tender.drafted", actor=ACTOR, now=now)


def test_the_stop_cannot_be_called_where_its_entry_would_be_rolled_back(now: datetime) -> None:
    duty = make_duty(make_district()[0], DutyClass.RESERVED)

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        refuse_reserved(duty, attempted="tender.drafted", actor=ACTOR, now=now)


def agreement_about(duty: Duty, state: AgreementState = AgreementState.DRAFT) -> Agreement:
    return Agreement.everything.create(
        organisation=duty.organisation,
        number=f"{duty.pk} {state}",
        title="法律服务",
        duty=duty,
        provider=make_provider(duty.organisation),
        mode=DeliveryMode.PURCHASED,
        drafted_at=timezone.now(),
        starts_on=TODAY,
        state=state,
    )


def test_the_database_takes_no_agreement_about_a_reserved_duty_from_anybody() -> None:
    duty = make_duty(make_district()[0], DutyClass.RESERVED)

    with pytest.raises(IntegrityError, match="reserved duty"), transaction.atomic():
        agreement_about(duty)


def test_an_agreement_cannot_be_moved_to_a_reserved_duty_afterwards() -> None:
    district = make_district()[0]
    agreement, reserved = agreement_about(make_duty(district)), make_duty(district, DutyClass.RESERVED)

    with pytest.raises(IntegrityError, match="reserved duty"), transaction.atomic():
        Agreement.everything.filter(pk=agreement.pk).update(duty=reserved)
    Agreement.everything.filter(pk=agreement.pk).update(title="法律咨询")


@pytest.mark.parametrize("state", AgreementState)
def test_a_duty_under_a_live_agreement_cannot_be_reserved_and_one_of_the_past_is_no_hindrance(
    state: AgreementState,
) -> None:
    duty = make_duty(make_district()[0])
    agreement_about(duty, state)
    live = state in {AgreementState.DRAFT, AgreementState.SIGNED, AgreementState.IN_FORCE}

    with pytest.raises(IntegrityError, match="reserved duty") if live else nullcontext(), transaction.atomic():
        Duty.everything.filter(pk=duty.pk).update(kind=DutyClass.RESERVED)


def test_triggers_stand_on_every_table_there_is() -> None:
    """SQLite drops those of a table that a migration makes anew; such a migration sets them again."""
    tables = set(connection.introspection.table_names())
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(query[connection.vendor])
        found = {name for (name,) in cursor.fetchall()}

    wanted = {
        name
        for table in OVER.keys() & tables
        for name in (f"{table}_reserved_insert", f"{table}_reserved_update", f"hub_duty_reserved_{table}")
    }
    assert wanted
    assert wanted <= found
