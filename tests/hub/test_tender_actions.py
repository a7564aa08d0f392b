"""From the plan to the award: what is refused, to whom, and at which limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from shuniu.hub.actions import tender_award, tender_bids, tender_experts, tender_notes, tenders
from shuniu.hub.actions.tender_scoring import Marks, save_marks
from shuniu.hub.actions.tenders import Criterion, Line
from shuniu.hub.enums import (
    BidState,
    CriterionKind,
    DutyClass,
    LowPrice,
    ServiceKind,
    TenderMethod,
    TenderState,
    TieKind,
)
from shuniu.hub.models import Tender, TenderAward, TenderBid, TenderJuror, TenderMark, TenderRelease
from shuniu.hub.ranking import ranked
from shuniu.hub.rules.tender_draw import drawn_order
from shuniu.kernel.errors import ActionError
from tests.factories import give, make_user
from tests.hub.tendering import (
    AFTER,
    CRITERIA,
    DUE,
    NOW,
    YUAN,
    Stage,
    acting,
    draft,
    drawn,
    make_duty,
    make_expert,
    make_provider,
    manager_of,
    mark_all,
    opened,
    plan,
    published,
    ready,
    release,
    scored,
    send,
    set_stage,
)
from tests.registry.making import make_district

pytestmark = pytest.mark.django_db
PRICE_ONLY = (Criterion("报价", 100, kind=CriterionKind.PRICE),)


@pytest.fixture
def stage() -> Stage:
    return set_stage()


# the plan


def test_a_draft_gets_a_number_an_ocid_and_the_method_the_rules_propose(stage: Stage) -> None:
    first, second = draft(stage), draft(stage)

    assert [first.number, second.number] == ["2026-001", "2026-002"]
    assert first.ocid == f"ocds-000000-{stage.district.code}-2026-001"
    assert first.proposed_method == TenderMethod.CONSULTATION
    assert [line.quantity for line in first.lines.all()] == [250]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"budget": 0}, "budget|预算"),
        ({"lines": ()}, "至少一项"),
        ({"method": TenderMethod.QUOTATION, "criteria": PRICE_ONLY}, "reason|理由"),
        ({"criteria": (*CRITERIA[:2], Criterion("团队", 29))}, "99"),
        ({"criteria": (Criterion("方案", 100),)}, "price|价格"),
        ({"criteria": (replace(CRITERIA[0], points=31), replace(CRITERIA[1], points=39), CRITERIA[2])}, "31"),
        ({"criteria": (replace(CRITERIA[0], points=9), replace(CRITERIA[1], points=61), CRITERIA[2])}, "9"),
        ({"bond": 10_000 * YUAN + 1}, "3"),
        ({"small_discount": 9}, "9"),
        ({"small_discount": 21}, "21"),
        ({"method": TenderMethod.SINGLE, "method_reason": "唯一", "criteria": PRICE_ONLY}, "name it|写明"),
        ({"method": TenderMethod.INVITED, "method_reason": "家数少"}, "3"),
    ],
)
def test_a_plan_that_breaks_a_rule_is_refused(stage: Stage, given: dict[str, object], said: str) -> None:
    with pytest.raises(ActionError, match=said):
        draft(stage, **given)
    assert not Tender.everything.exists()


@pytest.mark.parametrize("points", [10, 30])
def test_the_price_of_services_may_have_ten_to_thirty_points_in_a_consultation(stage: Stage, points: int) -> None:
    tender = draft(stage, criteria=(replace(CRITERIA[0], points=points), Criterion("方案", 100 - points)))

    assert tender.criteria.get(kind=CriterionKind.PRICE).points == points


def test_a_bond_of_two_per_cent_of_the_budget_is_allowed(stage: Stage) -> None:
    assert draft(stage, bond=10_000 * YUAN, small_discount=10).bond == 10_000 * YUAN


def test_more_competition_than_proposed_needs_no_reason(stage: Stage) -> None:
    assert draft(stage, method=TenderMethod.OPEN).method_reason == ""


def test_a_reserved_duty_is_not_put_out_to_tender(stage: Stage) -> None:
    stage.duty = make_duty(stage.district, DutyClass.RESERVED, name="思想政治引领")

    with pytest.raises(ActionError):
        draft(stage)


def test_the_database_itself_keeps_tenders_and_reserved_duties_apart(stage: Stage) -> None:
    ready(stage)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(stage.duty).everything.filter(pk=stage.duty.pk).update(kind=DutyClass.RESERVED)

    with pytest.raises(IntegrityError), transaction.atomic():
        Tender.everything.filter(pk=stage.tender.pk).update(duty=make_duty(stage.district, DutyClass.RESERVED))


def test_the_clerk_of_another_body_drafts_nothing_here(stage: Stage) -> None:
    other, _ = make_district()
    stranger = acting(make_user(), other, "tender.view", "tender.edit")

    with pytest.raises(PermissionDenied):
        tenders.draft_tender(actor=stranger, now=NOW, organisation=stage.district, plan=plan(stage.duty))
    with pytest.raises(ActionError):
        tenders.draft_tender(actor=stranger, now=NOW, organisation=other, plan=plan(stage.duty))


def test_an_approved_tender_is_not_edited_any_more(stage: Stage) -> None:
    ready(stage)

    with pytest.raises(ActionError):
        tenders.edit_tender(actor=stage.clerk, now=NOW, tender=stage.tender, plan=plan(stage.duty, title="改名"))


def test_a_draft_is_changed_with_its_lines(stage: Stage) -> None:
    draft(stage)

    changed = plan(stage.duty, title="职工法律服务", lines=(Line("讲座", "场", 12), Line("值班", "天", 248)))
    tenders.edit_tender(actor=stage.clerk, now=NOW, tender=stage.tender, plan=changed)

    assert [(line.name, line.quantity) for line in stage.again().lines.all()] == [("讲座", 12), ("值班", 248)]


# approval


def test_who_drafted_a_tender_does_not_approve_it(stage: Stage) -> None:
    stage.clerk = stage.chief
    draft(stage)

    with pytest.raises(ActionError, match=r"Somebody other|其他人"):
        tenders.approve_tender(actor=stage.chief, now=NOW, tender=stage.tender)


def test_a_clerk_without_the_right_to_decide_does_not_approve(stage: Stage) -> None:
    draft(stage)

    with pytest.raises(PermissionDenied):
        tenders.approve_tender(actor=acting(make_user(), stage.district, "tender.edit"), now=NOW, tender=stage.tender)


def test_services_are_not_approved_before_those_served_were_asked(stage: Stage) -> None:
    draft(stage, consulted_people=0)

    with pytest.raises(ActionError):
        tenders.approve_tender(actor=stage.chief, now=NOW, tender=stage.tender)


def test_a_purchase_split_over_a_year_is_stopped_until_somebody_answers_for_it(stage: Stage) -> None:
    big = {"budget": 999_999 * YUAN, "method": TenderMethod.CONSULTATION}
    for _ in range(2):
        draft(stage, **big)
        tenders.approve_tender(actor=stage.chief, now=NOW, tender=stage.tender)
    draft(
        stage,
        **{
            **big,
            "budget": 2 * YUAN + 10_000_00,
            "method": TenderMethod.QUOTATION,
            "criteria": PRICE_ONLY,
            "method_reason": "追加",
        },
    )

    with pytest.raises(ActionError, match="2,0"):
        tenders.approve_tender(actor=stage.chief, now=NOW, tender=stage.tender)
    tenders.approve_tender(actor=stage.chief, now=NOW, tender=stage.tender, split_reason="上级临时追加任务")

    assert stage.again().split_reason == "上级临时追加任务"


def test_other_duties_years_and_open_tenders_do_not_count_towards_a_split(stage: Stage) -> None:
    draft(stage, budget=1_900_000 * YUAN)
    other = make_duty(stage.district, name="心理咨询")
    for given in ({"fiscal_year": 2025}, {"method": TenderMethod.OPEN, "budget": 1_900_000 * YUAN}):
        draft(stage, **{"budget": 1_900_000 * YUAN, **given})
        tenders.approve_tender(actor=stage.chief, now=NOW, tender=stage.tender)
    stage.duty = other
    draft(stage, budget=1_900_000 * YUAN)

    tenders.approve_tender(actor=stage.chief, now=NOW, tender=stage.tender)

    assert stage.again().split_reason == ""


# the notice


def test_a_consultation_gives_ten_days_for_bids(stage: Stage) -> None:
    ready(stage)

    with pytest.raises(ActionError, match="9"):
        tenders.publish_tender(actor=stage.clerk, now=NOW, tender=stage.tender, due_at=NOW + timedelta(days=9))
    tenders.publish_tender(actor=stage.clerk, now=NOW, tender=stage.tender, due_at=NOW + timedelta(days=10))

    assert stage.again().state == TenderState.PUBLISHED


def test_an_open_tender_gives_twenty_days_and_offers_the_documents_for_five_working_days(stage: Stage) -> None:
    ready(stage, method=TenderMethod.OPEN)
    due = NOW + timedelta(days=20)

    with pytest.raises(ActionError, match="19"):
        tenders.publish_tender(actor=stage.clerk, now=NOW, tender=stage.tender, due_at=NOW + timedelta(days=19))
    with pytest.raises(ActionError, match="4"):
        tenders.publish_tender(
            actor=stage.clerk, now=NOW, tender=stage.tender, due_at=due, documents_until=date(2026, 3, 11)
        )
    tenders.publish_tender(
        actor=stage.clerk, now=NOW, tender=stage.tender, due_at=due, documents_until=date(2026, 3, 12)
    )

    assert stage.again().state == TenderState.PUBLISHED


def test_a_notice_whose_deadline_lies_beyond_the_calendar_is_published_all_the_same(stage: Stage) -> None:
    late = datetime(2026, 12, 20, 9, tzinfo=timezone.get_fixed_timezone(480))
    ready(stage)

    tenders.publish_tender(actor=stage.clerk, now=late, tender=stage.tender, due_at=late + timedelta(days=20))

    assert stage.again().state == TenderState.PUBLISHED


def test_a_change_too_near_the_deadline_has_to_move_it(stage: Stage) -> None:
    published(stage)
    near = DUE - timedelta(days=4)

    with pytest.raises(ActionError, match="4"):
        tender_notes.publish_note(actor=stage.clerk, now=near, tender=stage.tender, text="值班地点增加一处")
    moved = DUE + timedelta(days=2)
    tender_notes.publish_note(actor=stage.clerk, now=near, tender=stage.tender, text="增加一处", new_due_at=moved)

    assert stage.again().due_at == moved
    with pytest.raises(ActionError):
        tender_notes.publish_note(actor=stage.clerk, now=moved, tender=stage.tender, text="晚了")


def test_only_those_asked_bid_for_a_single_source(stage: Stage) -> None:
    asked = make_provider(stage.district)
    published(
        stage,
        method=TenderMethod.SINGLE,
        method_reason="唯一具备资质",
        budget=50_000 * YUAN,
        criteria=PRICE_ONLY,
        invited=[asked],
    )

    send(stage, 100 * YUAN, provider=asked)
    with pytest.raises(ActionError):
        send(stage, 100 * YUAN)


# opened bids


def test_prices_above_the_budget_and_of_nothing_are_invalid(stage: Stage) -> None:
    opened(stage, prices=(2000 * YUAN, 2000 * YUAN + 1, 0, 1900 * YUAN))

    states = [TenderBid.everything.get(pk=bid.pk).state for bid in stage.bids]

    assert states == [BidState.VALID, BidState.INVALID, BidState.INVALID, BidState.VALID]


def test_a_low_price_is_explained_and_judged_before_anything_is_proposed(stage: Stage) -> None:
    scored(stage, prices=(700 * YUAN, 1900 * YUAN, 2000 * YUAN))
    low = TenderBid.everything.get(pk=stage.bids[0].pk)
    assert low.low == LowPrice.ASKED

    with pytest.raises(ActionError, match=r"low|低"):
        tender_award.propose_award(actor=stage.clerk, now=AFTER, tender=stage.tender, bid=low)
    with pytest.raises(ActionError):
        tender_bids.judge_low_price(actor=stage.clerk, now=AFTER, bid=low, accepted=True)
    with pytest.raises(PermissionDenied):
        tender_bids.explain_low_price(actor=stage.managers[1], now=AFTER, bid=low, text="别家的")
    tender_bids.explain_low_price(actor=stage.managers[0], now=AFTER, bid=low, text="值班律师均为本所公益岗位。")
    low.refresh_from_db()
    tender_bids.judge_low_price(actor=stage.clerk, now=AFTER, bid=low, accepted=True)
    award = tender_award.propose_award(actor=stage.clerk, now=AFTER, tender=stage.again(), bid=low)

    assert award.amount == 250 * 700 * YUAN


def test_a_low_price_that_is_not_explained_is_out_of_the_ranking(stage: Stage) -> None:
    scored(stage, prices=(700 * YUAN, 1900 * YUAN, 2000 * YUAN))
    low = TenderBid.everything.get(pk=stage.bids[0].pk)

    tender_bids.judge_low_price(actor=stage.clerk, now=AFTER, bid=low, accepted=False, reason="未在规定时间内说明")

    assert [one.bid for one in ranked(stage.tender)] == [stage.bids[1].pk, stage.bids[2].pk]


def test_a_bid_found_invalid_leaves_the_ranking_and_a_consultation_goes_on_with_two(stage: Stage) -> None:
    drawn(stage)
    tender_bids.reject_bid(
        actor=stage.clerk, now=DUE, bid=TenderBid.everything.get(pk=stage.bids.pop().pk), reason="未提供执业许可证"
    )
    for juror in TenderJuror.everything.all():
        tender_experts.declare_ties(actor=stage.expert(juror), now=DUE, tender=stage.tender)
        mark_all(stage, juror, (80, 80))

    assert stage.again().state == TenderState.SCORED


# drawing lots and scoring


def test_lots_are_drawn_as_the_published_seed_and_frame_say(stage: Stage) -> None:
    jurors = drawn(stage, pool=6)

    tender = stage.again()

    assert tender.draw_frame == sorted(one.number for one in stage.experts)
    assert [one.expert.number for one in jurors if one.expert] == drawn_order(tender.draw_frame, tender.draw_seed)[:3]
    with pytest.raises(ActionError):
        tender_experts.draw_experts(actor=stage.clerk, now=DUE, tender=tender, experts=3, subject=ServiceKind.ADVICE)


def test_experts_tied_to_a_bidder_or_of_another_field_are_not_in_the_frame(stage: Stage) -> None:
    opened(stage)
    free = [make_expert(stage) for _ in range(3)]
    tied, former, long_ago = (make_expert(stage) for _ in range(3))
    make_expert(stage, (ServiceKind.COUNSELLING,))
    bidder = stage.bids[0].provider
    for expert, ends_on in ((tied, date(9999, 12, 31)), (former, date(2024, 1, 1)), (long_ago, date(2023, 1, 1))):
        tender_experts.record_tie(
            actor=stage.clerk, now=NOW, expert=expert, provider=bidder, kind=TieKind.EMPLOYED,
            starts_on=date(2015, 1, 1), ends_on=ends_on,
        )  # fmt: skip

    tender_experts.draw_experts(actor=stage.clerk, now=DUE, tender=stage.tender, experts=3, subject=ServiceKind.ADVICE)

    assert stage.again().draw_frame == sorted(one.number for one in (*free, long_ago))


@pytest.mark.parametrize(("experts", "representatives"), [(2, 0), (4, 0), (1, 2), (3, 1)])
def test_a_committee_is_large_enough_odd_and_two_thirds_experts(
    stage: Stage, experts: int, representatives: int
) -> None:
    opened(stage)
    for _ in range(5):
        make_expert(stage)

    with pytest.raises(ActionError):
        tender_experts.draw_experts(
            actor=stage.clerk, now=DUE, tender=stage.tender, experts=experts, subject=ServiceKind.ADVICE,
            representatives=stage.committee[:representatives],
        )  # fmt: skip


def test_an_open_tender_is_scored_by_five(stage: Stage) -> None:
    published(stage, method=TenderMethod.OPEN, due_at=NOW + timedelta(days=20))
    for _ in range(3):
        send(stage, 1000 * YUAN)
    release(stage, now=NOW + timedelta(days=20))
    for _ in range(5):
        make_expert(stage)

    with pytest.raises(ActionError, match="5"):
        tender_experts.draw_experts(
            actor=stage.clerk, now=DUE + timedelta(days=9), tender=stage.tender, experts=3, subject=ServiceKind.ADVICE
        )
    jurors = tender_experts.draw_experts(
        actor=stage.clerk, now=DUE + timedelta(days=9), tender=stage.tender, experts=4, subject=ServiceKind.ADVICE,
        representatives=stage.committee[:1],
    )  # fmt: skip

    assert len(jurors) == 5


def test_whoever_steps_aside_is_followed_by_the_next_of_the_draw(stage: Stage) -> None:
    jurors = drawn(stage, pool=4)

    follows = tender_experts.declare_ties(
        actor=stage.expert(jurors[0]), now=DUE, tender=stage.tender, recusal="曾与投标人合作课题"
    )

    assert follows is not None
    order = drawn_order(stage.again().draw_frame, stage.tender.draw_seed)
    assert follows.expert is not None
    assert follows.expert.number == order[3]
    with pytest.raises(ActionError):
        tender_experts.declare_ties(actor=stage.expert(jurors[0]), now=DUE, tender=stage.tender)


def test_nobody_scores_before_declaring_and_no_stranger_ever(stage: Stage) -> None:
    jurors = drawn(stage)
    stranger = make_user()
    give(stranger, "tender_expert")

    with pytest.raises(ActionError):
        mark_all(stage, jurors[0], (1, 1, 1))
    with pytest.raises(PermissionDenied):
        mark_all(stage, TenderJuror(user=stranger, name="路人"), (1, 1, 1))


def test_marks_are_sealed_and_the_scoring_closes_with_the_last_one(stage: Stage) -> None:
    jurors = drawn(stage)
    for juror in jurors:
        tender_experts.declare_ties(actor=stage.expert(juror), now=DUE, tender=stage.tender)
    for juror in jurors[:2]:
        mark_all(stage, juror, (90, 80, 70))

    assert stage.again().state == TenderState.OPENED
    mark_all(stage, jurors[2], (30, 80, 70))

    assert stage.again().state == TenderState.SCORED
    best = ranked(stage.tender)[0]
    assert (best.quality_points, best.total) == (6400, 6400 + 2000)
    with pytest.raises(ActionError):
        mark_all(stage, jurors[0], (1, 1, 1))


def test_points_are_kept_while_scoring_and_all_are_asked_for_in_the_end(stage: Stage) -> None:
    juror = drawn(stage)[0]
    expert, tender = stage.expert(juror), stage.tender
    tender_experts.declare_ties(actor=expert, now=DUE, tender=tender)
    criterion = tender.criteria.get(name="服务方案")

    for points in (-1, 5001):
        with pytest.raises(ActionError):
            save_marks(
                actor=expert,
                now=DUE,
                tender=tender,
                marks={stage.bids[0].pk: Marks({criterion.pk: points})},
                submit=False,
            )
    marks = {stage.bids[0].pk: Marks({criterion.pk: 5000})}
    save_marks(actor=expert, now=DUE, tender=tender, marks=marks, submit=False)
    with pytest.raises(ActionError, match=r"missing|未"):
        save_marks(actor=expert, now=DUE, tender=tender, marks={}, submit=True)

    assert TenderMark.everything.count() == 1


# the award


def awarded(stage: Stage, now: datetime = AFTER) -> TenderAward:
    """Announced by a third person; the second bid, with the lowest price, is first."""
    tender = scored(stage, (90, 90, 90))
    best = TenderBid.everything.get(pk=ranked(tender)[0].bid)
    tender_award.propose_award(actor=stage.clerk, now=now, tender=tender, bid=best)
    tender_award.decide_award(actor=stage.chief, now=now, tender=tender)
    tender_award.announce_award(actor=stage.clerk, now=now, tender=tender)
    return TenderAward.everything.get(tender=stage.again())


def test_only_the_first_of_the_ranking_is_proposed(stage: Stage) -> None:
    tender = scored(stage, (90, 90, 90))
    second = TenderBid.everything.get(pk=ranked(tender)[1].bid)

    with pytest.raises(ActionError):
        tender_award.propose_award(actor=stage.clerk, now=AFTER, tender=tender, bid=second)


def test_who_proposed_an_award_does_not_decide_on_it_in_page_or_database(stage: Stage) -> None:
    tender = scored(stage, (90, 90, 90))
    best = TenderBid.everything.get(pk=ranked(tender)[0].bid)
    award = tender_award.propose_award(actor=stage.chief, now=AFTER, tender=tender, bid=best)

    with pytest.raises(ActionError):
        tender_award.decide_award(actor=stage.chief, now=AFTER, tender=tender)
    with pytest.raises(IntegrityError), transaction.atomic():
        TenderAward.everything.filter(pk=award.pk).update(decided_by=award.proposed_by_id)


def test_objections_are_due_within_seven_working_days_of_the_announcement(stage: Stage) -> None:
    award = awarded(stage)

    assert award.announced_at == AFTER  # Wednesday 18 March 2026
    assert award.objections_until == date(2026, 3, 27)
    last = datetime(2026, 3, 27, 23, 59, tzinfo=timezone.get_fixed_timezone(480))
    objection = tender_award.object_to_award(actor=stage.managers[0], now=last, tender=stage.tender, text="评分有误")
    with pytest.raises(ActionError):
        tender_award.object_to_award(
            actor=stage.managers[0], now=last + timedelta(minutes=1), tender=stage.tender, text="再次"
        )
    assert objection.due_on == date(2026, 4, 8)  # 6 April is a holiday (Qingming)


def test_an_objection_beyond_the_calendar_is_taken_with_its_due_day_left_open(stage: Stage) -> None:
    late = datetime(2026, 12, 24, 9, tzinfo=timezone.get_fixed_timezone(480))
    award = awarded(stage, now=late)

    objection = tender_award.object_to_award(actor=stage.managers[0], now=late, tender=stage.tender, text="评分有误")

    assert (award.objections_until, objection.due_on) == (None, None)


def test_a_stranger_objects_to_nothing(stage: Stage) -> None:
    awarded(stage)

    with pytest.raises(PermissionDenied):
        tender_award.object_to_award(
            actor=manager_of(make_provider(stage.district)), now=AFTER, tender=stage.tender, text="路过"
        )


def test_the_award_is_final_after_the_objections_and_their_answers(stage: Stage) -> None:
    awarded(stage)
    over = datetime(2026, 3, 28, 9, tzinfo=timezone.get_fixed_timezone(480))
    objection = tender_award.object_to_award(actor=stage.managers[0], now=AFTER, tender=stage.tender, text="评分有误")
    third = acting(make_user(), stage.district, "tender.view", "tender.edit")

    for now in (over - timedelta(days=1), over):
        with pytest.raises(ActionError):
            tender_award.settle_award(actor=stage.clerk, now=now, tender=stage.tender)
    for partial in (stage.clerk, stage.chief):
        with pytest.raises(ActionError):
            tender_award.answer_objection(actor=partial, now=over, objection=objection, answer="无误", upheld=False)
    tender_award.answer_objection(actor=third, now=over, objection=objection, answer="经复核无误。", upheld=False)
    tender_award.settle_award(actor=stage.clerk, now=over, tender=stage.tender)

    assert stage.again().state == TenderState.AWARDED


def test_an_upheld_objection_takes_the_award_to_the_next_of_the_ranking(stage: Stage) -> None:
    first = awarded(stage)
    objection = tender_award.object_to_award(actor=stage.managers[0], now=AFTER, tender=stage.tender, text="资质过期")
    third = acting(make_user(), stage.district, "tender.view", "tender.edit")
    over = AFTER + timedelta(days=20)
    tender_award.answer_objection(actor=third, now=over, objection=objection, answer="属实。", upheld=True)

    with pytest.raises(ActionError, match=r"upheld|成立"):
        tender_award.settle_award(actor=stage.clerk, now=over, tender=stage.tender)
    tender_award.take_award_back(actor=stage.chief, now=over, tender=stage.tender, reason="质疑成立")
    tender = stage.again()
    follows = ranked(tender)[1].bid
    with pytest.raises(ActionError):
        tender_award.propose_award(actor=stage.clerk, now=over, tender=tender, bid=first.bid)
    second = tender_award.propose_award(
        actor=stage.clerk, now=over, tender=tender, bid=TenderBid.everything.get(pk=follows)
    )

    assert second.bid_id == follows
    assert TenderRelease.everything.filter(tender=tender, tag="awardCancellation").count() == 1


def test_two_who_press_the_same_button_are_told_apart(stage: Stage) -> None:
    tender = scored(stage, (90, 90, 90))
    best = TenderBid.everything.get(pk=ranked(tender)[0].bid)
    tender_award.propose_award(actor=stage.clerk, now=AFTER, tender=tender, bid=best)

    with pytest.raises(ActionError):
        tender_award.propose_award(actor=stage.clerk, now=AFTER, tender=tender, bid=best)
    assert TenderAward.everything.count() == 1


def test_a_tender_ends_with_a_reason_and_gives_sealed_bids_back(stage: Stage) -> None:
    published(stage)
    send(stage, 1000 * YUAN)

    with pytest.raises(ActionError):
        tenders.fail_tender(actor=stage.clerk, now=NOW, tender=stage.tender, reason="急")
    with pytest.raises(ActionError):
        tenders.cancel_tender(actor=stage.chief, now=NOW, tender=stage.tender, reason=" ")
    tenders.cancel_tender(actor=stage.chief, now=NOW, tender=stage.tender, reason="预算调整，项目取消")

    assert stage.again().state == TenderState.CANCELLED
    assert TenderBid.everything.get().state == BidState.RETURNED
