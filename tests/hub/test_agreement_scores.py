"""Scores, payments and acceptances: frozen, four eyes, nothing made up, nothing twice."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from shuniu.hub.actions import acceptances, inspections, payments, scores
from shuniu.hub.enums import Finding, InspectionState, Measure, Outcome, PaymentState, ScoreState
from shuniu.hub.models import Acceptance, Agreement, Inspection, Payment, Score, Standard
from shuniu.hub.public import approved_payments
from shuniu.hub.queries.scores import is_genuine, preview
from shuniu.hub.rules.facts import ServiceFacts
from shuniu.kernel.errors import ActionError
from shuniu.kernel.models import TrailEntry
from shuniu.registry.models import Organisation
from tests.factories import Cast
from tests.hub.agreeing import (
    END,
    FACTS,
    NOW,
    START,
    counted,
    fresh,
    make_agreement,
    milestone,
    norm,
    reload_score,
    somebody,
)
from tests.hub.making import make_manager, make_provider
from tests.registry.making import make_district

pytestmark = pytest.mark.django_db
Q2 = date(2026, 4, 1)
MARCH = date(2026, 3, 10)


@pytest.fixture
def district() -> Organisation:
    return make_district()[0]


@pytest.fixture
def row(district: Organisation) -> Agreement:
    return make_agreement(district)


def confirm(row: Agreement, starts_on: date = Q2, facts: ServiceFacts | None = FACTS) -> Score:
    with counted(facts):
        made = scores.confirm_score(row, starts_on=starts_on, actor=somebody(row.organisation), now=NOW)
    return reload_score(made)


def look(row: Agreement, issue: str = "", day: date = MARCH, **given: object) -> Inspection:
    values = {"deduct": 100 if issue else 0, **given}
    made = inspections.record_inspection(
        norm(row), on=day, issue=issue, actor=somebody(row.organisation), now=NOW, **values
    )  # type: ignore[arg-type]
    return refreshed(made)


def refreshed(one: Inspection) -> Inspection:
    return Inspection.everything.select_related("agreement__organisation").get(pk=one.pk)


def test_the_facts_asked_for_are_those_of_the_provider_its_firms_and_the_period(district: Organisation) -> None:
    group = make_provider(district, papers=False)
    firm = make_provider(district, papers=False, group=group)
    row = make_agreement(district, provider=group)

    with counted() as asked:
        preview(row, Q2, date(2026, 7, 1), NOW.date())

    assert asked == [([group.pk, firm.pk], ["advice"], Q2, date(2026, 7, 1))]


def test_a_confirmed_score_keeps_every_step_and_does_not_change_with_the_facts(row: Agreement) -> None:
    score = confirm(row)

    assert (score.total, score.consequence, score.percent) == (10_000, "full", 100)
    assert [step["got"] for step in score.steps["steps"]] == [4000, 4000, None]
    assert is_genuine(score)
    with counted(ServiceFacts(answered=10)):
        assert reload_score(score).total == 10_000


def test_a_score_that_somebody_changed_in_the_database_is_told(row: Agreement) -> None:
    score = confirm(row)
    Score.everything.filter(pk=score.pk).update(percent=95)

    assert not is_genuine(reload_score(score))


def test_without_anybody_who_counts_the_provider_is_not_rated(row: Agreement) -> None:
    score = confirm(row, facts=None)

    assert (score.total, score.consequence, score.percent) == (None, "not_rated", 100)
    assert score.steps["counted"] is False


def test_a_period_is_scored_once_and_only_when_it_is_over(row: Agreement) -> None:
    confirm(row)

    with pytest.raises(ActionError):
        confirm(row)
    with pytest.raises(ActionError):
        confirm(row, date(2026, 10, 1))
    with pytest.raises(ActionError):
        confirm(row, date(2026, 4, 2))
    assert TrailEntry.objects.filter(verb="agreement.scored").count() == 1


def test_findings_of_the_period_cost_points_and_those_of_another_do_not(row: Agreement) -> None:
    look(row, "未公示值班表")
    look(row, "未公示值班表", day=date(2026, 4, 2))

    with counted():
        shown = preview(row, START, Q2, NOW.date())

    assert shown.score.steps[-1].deducted == 100


def test_what_was_put_right_late_costs_more_than_what_was_put_right_in_time(row: Agreement) -> None:
    late = look(row, "未公示值班表", due_on=date(2026, 3, 20))
    inspections.give_evidence(late, text="已公示", actor=somebody(row.organisation), now=NOW)

    with counted():
        shown = preview(row, START, Q2, NOW.date())

    assert (shown.score.steps[-1].overdue, shown.score.steps[-1].deducted) == (1, 300)


def test_a_finding_is_checked_by_somebody_who_did_not_raise_it(row: Agreement) -> None:
    raiser = somebody(row.organisation)
    one = inspections.record_inspection(
        norm(row), on=MARCH, issue="无牌上岗", deduct=100, due_on=END, actor=raiser, now=NOW
    )
    inspections.give_evidence(refreshed(one), text="已佩戴工牌", actor=raiser, now=NOW)

    with pytest.raises(ActionError):
        inspections.check_inspection(refreshed(one), passed=True, actor=raiser, now=NOW)
    inspections.check_inspection(refreshed(one), passed=True, actor=somebody(row.organisation), now=NOW)

    assert refreshed(one).state == InspectionState.PASSED


def test_what_is_not_enough_goes_back_with_the_reason(row: Agreement) -> None:
    one = look(row, "无牌上岗", due_on=END)
    inspections.give_evidence(one, text="已佩戴", actor=somebody(row.organisation), now=NOW)

    with pytest.raises(ActionError):
        inspections.check_inspection(refreshed(one), passed=False, actor=somebody(row.organisation), now=NOW)
    inspections.check_inspection(
        refreshed(one), passed=False, answer="照片不清", actor=somebody(row.organisation), now=NOW
    )

    assert refreshed(one).state == InspectionState.TO_MEND


def test_computed_items_are_not_inspected_and_points_need_an_issue(row: Agreement) -> None:
    actor = somebody(row.organisation)

    with pytest.raises(ActionError):
        inspections.record_inspection(norm(row, Measure.ANSWERED), on=MARCH, actor=actor, now=NOW)
    with pytest.raises(ActionError):
        look(row, "", deduct=100)


def test_the_provider_objects_and_somebody_else_answers(cast: Cast) -> None:
    row = make_agreement(cast.district)
    make_manager(row.provider, cast.manager)
    with counted():
        score = scores.confirm_score(row, starts_on=Q2, actor=cast.dana.actor, now=NOW)
    scores.object_to_score(reload_score(score), text="两件超期系职工改期", actor=cast.manager.actor, now=NOW)

    with pytest.raises(ActionError, match="由您确认"):
        scores.answer_objection(reload_score(score), uphold=False, answer="维持", actor=cast.dana.actor, now=NOW)
    other = somebody(cast.district)
    scores.answer_objection(reload_score(score), uphold=True, answer="经核实属实", actor=other, now=NOW)

    assert reload_score(score).state == ScoreState.SET_ASIDE
    again = confirm(row)
    assert (again.state, again.starts_on) == (ScoreState.CONFIRMED, Q2)


def test_an_objection_comes_within_the_days_of_the_rule(cast: Cast) -> None:
    row = make_agreement(cast.district)
    make_manager(row.provider, cast.manager)
    score = confirm(row)

    late = datetime(2026, 10, 22, 2, tzinfo=UTC)
    with pytest.raises(ActionError, match="7个工作日"):
        scores.object_to_score(score, text="迟了", actor=cast.manager.actor, now=late)
    scores.object_to_score(score, text="未迟", actor=cast.manager.actor, now=datetime(2026, 10, 21, 2, tzinfo=UTC))


def test_beyond_the_calendar_nobodys_right_is_cut_short(cast: Cast) -> None:
    row = make_agreement(cast.district)
    make_manager(row.provider, cast.manager)
    score = confirm(row)

    scores.object_to_score(score, text="跨年", actor=cast.manager.actor, now=datetime(2027, 1, 8, 2, tzinfo=UTC))

    assert reload_score(score).state == ScoreState.OBJECTED


def test_another_providers_manager_neither_sees_nor_objects(cast: Cast) -> None:
    row = make_agreement(cast.district)
    make_manager(make_provider(cast.district, papers=False), cast.manager)
    score = confirm(row)

    assert not Score.objects.visible_to(cast.manager.actor).exists()
    with pytest.raises(PermissionDenied):
        scores.object_to_score(score, text="异议", actor=cast.manager.actor, now=NOW)


def ask(row: Agreement, order: int = 1) -> Payment:
    made = payments.request_payment(milestone(row, order), actor=somebody(row.organisation), now=NOW)
    return again(made)


def again(payment: Payment) -> Payment:
    return Payment.everything.select_related("agreement__organisation", "score").get(pk=payment.pk)


def test_a_payment_is_asked_for_once(row: Agreement) -> None:
    first = ask(row)

    with pytest.raises(ActionError):
        ask(row)

    assert (first.amount, first.percent, first.due_on) == (4_000_00, 100, date(2026, 2, 2))
    assert Payment.everything.count() == 1


def test_the_database_too_keeps_a_milestone_from_being_paid_twice(row: Agreement) -> None:
    first = ask(row)
    first.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


def test_a_payment_of_a_period_waits_for_its_score_and_follows_it(row: Agreement) -> None:
    with pytest.raises(ActionError):
        ask(row, 2)
    low = ServiceFacts(answered=100, answered_in_time=75, ratings=10, stars=45)
    score = confirm(row, facts=low)

    made = ask(row, 2)

    assert (score.total, score.consequence) == (7500, "rectify")
    assert (made.planned, made.percent, made.amount, made.score_id) == (4_000_00, 90, 3_600_00, score.pk)


def test_who_asked_does_not_approve(row: Agreement) -> None:
    actor = somebody(row.organisation)
    made = again(payments.request_payment(milestone(row, 1), actor=actor, now=NOW))

    with pytest.raises(ActionError, match="由您提出"):
        payments.decide_payment(made, approve=True, actor=actor, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.everything.filter(pk=made.pk).update(decided_by=actor.user_id)


def test_a_payment_is_decided_once(row: Agreement) -> None:
    made = ask(row)
    payments.decide_payment(made, approve=True, actor=somebody(row.organisation), now=NOW)

    with pytest.raises(ActionError):
        payments.decide_payment(made, approve=False, answer="重复", actor=somebody(row.organisation), now=NOW)

    assert again(made).state == PaymentState.APPROVED
    assert TrailEntry.objects.filter(verb__startswith="payment.").count() == 2


def test_a_refused_payment_may_be_asked_for_anew(row: Agreement) -> None:
    payments.decide_payment(ask(row), approve=False, answer="缺发票", actor=somebody(row.organisation), now=NOW)

    assert ask(row).state == PaymentState.REQUESTED


def test_a_payment_is_not_approved_while_its_score_is_disputed(cast: Cast) -> None:
    row = make_agreement(cast.district)
    make_manager(row.provider, cast.manager)
    score = confirm(row)
    made = ask(row, 2)
    scores.object_to_score(score, text="异议", actor=cast.manager.actor, now=NOW)

    with pytest.raises(ActionError):
        payments.decide_payment(again(made), approve=True, actor=somebody(cast.district), now=NOW)


def test_the_books_read_what_is_approved_until_they_told_that_it_is_paid(row: Agreement) -> None:
    made = ask(row)
    assert approved_payments() == []
    payments.decide_payment(made, approve=True, actor=somebody(row.organisation), now=NOW)

    (told,) = approved_payments(row.organisation_id)
    assert (told.key, told.agreement, told.amount) == (made.pk, row.number, 4_000_00)
    payments.tell_paid(again(made), on=NOW.date(), actor=somebody(row.organisation), now=NOW)
    with pytest.raises(ActionError):
        payments.tell_paid(again(made), on=NOW.date(), actor=somebody(row.organisation), now=NOW)
    assert approved_payments() == []


def test_a_due_day_beyond_the_calendar_stays_empty(row: Agreement) -> None:
    Agreement.everything.filter(pk=row.pk).update(signed_on=date(2026, 12, 10))

    assert ask(row).due_on is None


def accept(row: Agreement, outcome: Outcome = Outcome.PASS, found: Finding = Finding.MET, stars: int = 5) -> Acceptance:
    actor = somebody(row.organisation)
    made = acceptances.open_acceptance(row, starts_on=START, ends_on=Q2, on=NOW.date(), actor=actor, now=NOW)
    if stars:
        acceptances.add_opinion(made, stars=stars, comment="服务热情", who="包一鸣", actor=actor, now=NOW)
    findings = {one.pk: (found, "" if found is Finding.MET else "有一次") for one in Standard.everything.all()}
    with counted(ServiceFacts()):
        acceptances.conclude_acceptance(
            made, findings=findings, outcome=outcome, summary="总体良好", rectify_by=None, actor=actor, now=NOW
        )
    return Acceptance.everything.get(pk=made.pk)


def test_the_last_payment_waits_for_an_acceptance_that_passed(row: Agreement) -> None:
    with pytest.raises(ActionError):
        ask(row, 3)
    accept(row, Outcome.FAIL, Finding.NOT_MET)
    with pytest.raises(ActionError):
        ask(row, 3)
    accept(row)

    assert ask(row, 3).amount == 2_000_00


def test_an_acceptance_hears_the_users(row: Agreement) -> None:
    with pytest.raises(ActionError, match="服务对象"):
        accept(row, stars=0)


def test_nothing_passes_with_a_standard_that_was_not_met(row: Agreement) -> None:
    with pytest.raises(ActionError):
        accept(row, Outcome.PASS, Finding.NOT_MET)


def test_putting_right_needs_a_day(row: Agreement) -> None:
    with pytest.raises(ActionError):
        accept(row, Outcome.RECTIFY, Finding.DEVIATION)


def test_names_of_users_are_sealed_and_in_no_trail(row: Agreement) -> None:
    accept(row)

    assert "包一鸣" not in "".join(map(str, TrailEntry.objects.values_list("changes", flat=True)))


def test_a_signed_agreement_without_term_is_not_scored(district: Organisation) -> None:
    row = make_agreement(district)
    Agreement.everything.filter(pk=row.pk).update(state="terminated")

    with pytest.raises(ActionError):
        confirm(fresh(row))
