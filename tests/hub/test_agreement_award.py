"""From an award to its agreement with one button."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone

from shuniu.hub.actions import tender_award
from shuniu.hub.actions.agreement_sources import draft_from_award
from shuniu.hub.enums import AgreementState, DeliveryMode
from shuniu.hub.models import Agreement, AgreementLine, Duty, Tender
from shuniu.hub.queries.agreements import awarded_without, has_tender, judge
from shuniu.kernel.errors import ActionError
from tests.hub.agreeing import fresh, somebody
from tests.hub.tendering import Stage, set_stage
from tests.hub.test_tender_actions import awarded

pytestmark = pytest.mark.django_db
OVER = datetime(2026, 3, 30, 9, tzinfo=timezone.get_fixed_timezone(480))


@pytest.fixture
def stage() -> Stage:
    return set_stage()


def test_the_agreement_takes_provider_services_and_prices_from_the_bid_that_won(stage: Stage) -> None:
    award = awarded(stage)
    actor = somebody(stage.district)
    assert not awarded_without(actor).exists()
    with pytest.raises(ActionError):
        draft_from_award(stage.again(), actor=actor, now=OVER)
    tender_award.settle_award(actor=stage.clerk, now=OVER, tender=stage.tender)
    Duty.everything.filter(pk=stage.tender.duty_id).update(mode=DeliveryMode.PURCHASED)

    (tender,) = awarded_without(actor)
    made = fresh(draft_from_award(tender, actor=actor, now=OVER))

    assert (made.provider_id, made.tender_id, made.amount) == (award.bid.provider_id, tender.pk, award.amount)
    assert sum(line.amount for line in AgreementLine.everything.filter(agreement=made)) == award.amount
    assert has_tender(made)
    assert all(verdict.rule.id != "agreement.direct_amount" for verdict in judge(made, OVER.date()).verdicts)
    with pytest.raises(ActionError):
        draft_from_award(Tender.everything.get(pk=tender.pk), actor=actor, now=OVER)
    Agreement.everything.filter(pk=made.pk).update(state=AgreementState.WITHDRAWN)
    assert awarded_without(actor).exists()
