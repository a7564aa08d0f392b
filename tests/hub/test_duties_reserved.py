"""Reserved is a hard stop, for actions and in the database."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction

from shuniu.hub.actions.duties import ReservedError, refuse_reserved
from shuniu.hub.enums import DutyClass
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.scope import Actor
from tests.hub.making import make_duty
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
