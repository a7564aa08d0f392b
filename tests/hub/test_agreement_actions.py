"""Agreements from the draft to the end: what is refused, by whom it is signed, what supplements and inductions need."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from shuniu.hub.actions import agreement_sources, amendments, inductions
from shuniu.hub.actions import agreements as actions
from shuniu.hub.actions.duties import ReservedError
from shuniu.hub.agreement_parts import Line, Part
from shuniu.hub.enums import AgreementState, DeliveryMode, Due, DutyClass, ProviderState
from shuniu.hub.models import Agreement, Milestone, Provider
from shuniu.hub.public import inducted, reason_not_inducted
from shuniu.hub.queries.agreements import judge
from shuniu.kernel.errors import ActionError
from shuniu.kernel.models import TrailEntry
from shuniu.registry.models import Organisation
from tests.factories import Cast
from tests.hub.agreeing import END, NOW, START, fresh, make_agreement, make_draft, somebody, what
from tests.hub.making import make_duty, make_manager, make_professional, make_provider
from tests.registry.making import make_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> Organisation:
    return make_district()[0]


def sign(row: Agreement) -> None:
    actions.sign_agreement(row, on=START, actor=somebody(row.organisation), now=NOW)


def test_a_draft_gets_the_next_number_of_the_year(district: Organisation) -> None:
    first, second = make_draft(district), make_draft(district)

    assert (first.number, second.number) == ("XY2026-001", "XY2026-002")
    assert first.amount == 10_000_00


def test_a_reserved_duty_is_refused_and_the_attempt_is_kept(district: Organisation) -> None:
    duty = make_duty(district, DutyClass.RESERVED, name="职工思想教育引导", mode=DeliveryMode.OWN)

    with pytest.raises(ReservedError, match="职工思想教育引导"):
        actions.draft_agreement(what(district, duty=duty), actor=somebody(district), now=NOW)

    assert not Agreement.everything.exists()
    assert TrailEntry.objects.filter(verb="duty.reserved_refused").count() == 1


def test_the_database_too_refuses_a_reserved_duty(district: Organisation) -> None:
    row, reserved = make_draft(district), make_duty(district, DutyClass.RESERVED)

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.everything.filter(pk=row.pk).update(duty=reserved)


def test_what_the_union_does_itself_needs_no_agreement(district: Organisation) -> None:
    with pytest.raises(ActionError):
        actions.draft_agreement(what(district, mode=DeliveryMode.OWN), actor=somebody(district), now=NOW)


def test_who_drafted_does_not_sign(district: Organisation) -> None:
    actor = somebody(district)
    row = actions.draft_agreement(what(district), actor=actor, now=NOW)

    with pytest.raises(ActionError, match="由您起草"):
        actions.sign_agreement(fresh(row), on=START, actor=actor, now=NOW)


def test_the_database_too_wants_two_people(district: Organisation) -> None:
    row = make_draft(district)

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.everything.filter(pk=row.pk).update(signed_by=row.drafted_by_id)


def test_signing_needs_the_right_at_the_place(district: Organisation) -> None:
    row = make_draft(district)

    with pytest.raises(PermissionDenied):
        actions.sign_agreement(row, on=START, actor=somebody(district, "agreement.edit"), now=NOW)


def test_a_signed_agreement_is_fixed(district: Organisation) -> None:
    row = make_draft(district)
    sign(row)

    with pytest.raises(ActionError, match="草稿"):
        actions.set_lines(fresh(row), [Line("另一项", "次", 1, 1)], actor=somebody(district), now=NOW)


def test_two_signatures_at_once_leave_one(district: Organisation) -> None:
    row = make_draft(district)
    sign(row)

    with pytest.raises(ActionError):
        sign(row)

    assert TrailEntry.objects.filter(verb="agreement.signed").count() == 1


def test_an_empty_draft_says_everything_it_lacks(district: Organisation) -> None:
    bare = what(district, confidentiality="", personal_information=" ")
    row = actions.draft_agreement(bare, actor=somebody(district), now=NOW)
    Provider.everything.filter(pk=row.provider_id).update(state=ProviderState.SUSPENDED)

    with pytest.raises(ActionError) as refused:
        sign(fresh(row))

    assert len(str(refused.value).splitlines()) == 4


def test_a_term_beyond_the_usual_wants_a_reason_and_the_longest_is_never_passed(district: Organisation) -> None:
    two, four = (make_draft(district, ends_on=date(year, 1, 1)) for year in (2028, 2030))

    assert judge(two, START).wanting
    assert not judge(fresh_with_reason(two), START).wanting
    assert judge(fresh_with_reason(four), START).wanting


def fresh_with_reason(row: Agreement) -> Agreement:
    Agreement.everything.filter(pk=row.pk).update(reason="服务内容和经费来源稳定")
    return fresh(row)


def test_above_the_limit_an_agreement_needs_a_tender_whatever_the_reason(district: Organisation) -> None:
    row = fresh_with_reason(make_draft(district))
    actor = somebody(district)
    actions.set_lines(row, [Line("法律咨询", "年", 1, 100_000_01)], actor=actor, now=NOW)
    actions.set_plan(row, [Part("一次付清", Due.ACCEPTANCE, 100_000_01, END)], actor=actor, now=NOW)

    with pytest.raises(ActionError, match="采购程序"):
        sign(fresh(row))


def test_the_bond_keeps_to_its_share(district: Organisation) -> None:
    good, bad = make_draft(district, bond=1_000_00), make_draft(district, bond=1_000_01)

    assert not judge(good, START).wanting
    assert judge(bad, START).wanting


def test_a_volunteer_agreement_has_no_price(district: Organisation) -> None:
    duty = make_duty(district, mode=DeliveryMode.VOLUNTEER)

    row = make_agreement(district, duty=duty, mode=DeliveryMode.VOLUNTEER)

    assert (row.amount, row.state) == (0, AgreementState.IN_FORCE)


def test_a_plan_that_does_not_add_up_is_refused(district: Organisation) -> None:
    row = make_draft(district)

    with pytest.raises(ActionError):
        actions.set_plan(row, [Part("首付款", Due.SIGNING, 1, START)], actor=somebody(district), now=NOW)

    assert Milestone.everything.filter(agreement=row).count() == 3


def test_an_agreement_begins_and_ends_on_its_days(district: Organisation) -> None:
    row = make_draft(district)
    sign(row)
    actor = somebody(district)

    with pytest.raises(ActionError):
        actions.take_step(fresh(row), "start", on=START - timedelta(days=1), actor=actor, now=NOW)
    assert actions.turn_agreements(actor=actor, now=NOW) == 1
    assert actions.turn_agreements(actor=actor, now=NOW) == 0
    with pytest.raises(ActionError):
        actions.take_step(fresh(row), "end", on=END - timedelta(days=1), actor=actor, now=NOW)
    assert actions.turn_agreements(actor=actor, now=NOW.replace(year=2027)) == 1
    assert (fresh(row).state, fresh(row).closed_on) == (AgreementState.ENDED, END)


def test_terminating_wants_a_reason(district: Organisation) -> None:
    row = make_agreement(district)

    with pytest.raises(ActionError):
        actions.take_step(row, "terminate", on=START, reason=" ", actor=somebody(district), now=NOW)


@pytest.mark.parametrize(("amount", "allowed"), [(1_000_00, True), (1_000_01, False)])
def test_supplements_keep_to_a_tenth(district: Organisation, amount: int, allowed: bool) -> None:
    row = make_agreement(district)

    if allowed:
        amend(row, amount)
        assert (fresh(row).supplements, fresh(row).total) == (amount, 11_000_00)
        assert Milestone.everything.get(agreement=row, order=4).amount == amount
    else:
        with pytest.raises(ActionError, match="1/10"):
            amend(row, amount)


def amend(row: Agreement, amount: int, new_ends_on: date | None = None) -> None:
    made = amendments.propose_amendment(
        row, content="增加咨询日", amount=amount, new_ends_on=new_ends_on, actor=somebody(row.organisation), now=NOW
    )
    amendments.decide_amendment(made, approve=True, answer="", actor=somebody(row.organisation), now=NOW)


def test_supplements_count_together(district: Organisation) -> None:
    row = make_agreement(district)
    amend(row, 600_00)

    with pytest.raises(ActionError, match=r"1,001\.00"):
        amend(fresh(row), 401_00)


def test_who_proposed_a_supplement_does_not_approve_it(district: Organisation) -> None:
    row, actor = make_agreement(district), somebody(district)
    made = amendments.propose_amendment(
        row, content="延期", amount=0, new_ends_on=date(2027, 3, 1), actor=actor, now=NOW
    )

    with pytest.raises(ActionError):
        amendments.decide_amendment(made, approve=True, answer="", actor=actor, now=NOW)
    with pytest.raises(ActionError):
        amendments.propose_amendment(row, content="又一", amount=1, new_ends_on=None, actor=actor, now=NOW)
    assert fresh(row).ends_on == END


def test_a_supplement_is_decided_once(district: Organisation) -> None:
    row = make_agreement(district)
    made = amendments.propose_amendment(
        row, content="增加", amount=100, new_ends_on=None, actor=somebody(district), now=NOW
    )
    amendments.decide_amendment(made, approve=True, answer="", actor=somebody(district), now=NOW)

    with pytest.raises(ActionError):
        amendments.decide_amendment(made, approve=True, answer="", actor=somebody(district), now=NOW)
    assert fresh(row).supplements == 100


def test_an_induction_counts_once_both_sides_confirmed(cast: Cast) -> None:
    row = make_agreement(cast.district)
    person = make_professional(row.provider, user=cast.lawyer.user, papers=False)
    day = date(2026, 2, 2)

    assert reason_not_inducted(person, "advice", day) == f"{person.name}尚未按协议{row.number}完成上岗培训。"
    (made,) = inductions.record_inductions(
        row, [person], course="工作标准", on=day, actor=somebody(cast.district), now=NOW
    )
    assert not inducted(person, row, day)
    inductions.confirm_induction(made, actor=cast.lawyer.actor, now=NOW)

    assert inducted(person, row, day)
    assert not inducted(person, row, day - timedelta(days=1))
    assert reason_not_inducted(person, "advice", day) == ""
    assert reason_not_inducted(person, "repair", day) == ""


def test_the_manager_confirms_and_a_stranger_does_not(cast: Cast) -> None:
    row = make_agreement(cast.district)
    person = make_professional(row.provider, papers=False)
    (made,) = inductions.record_inductions(
        row, [person], course="工作标准", on=START, actor=somebody(cast.district), now=NOW
    )

    with pytest.raises(PermissionDenied):
        inductions.confirm_induction(made, actor=cast.manager.actor, now=NOW)
    make_manager(row.provider, cast.manager)
    inductions.confirm_induction(made, actor=cast.manager.actor, now=NOW)

    assert inducted(person, row, START)


def test_only_people_of_the_provider_or_its_firms_are_inducted(district: Organisation) -> None:
    group = make_provider(district, papers=False)
    firm = make_provider(district, papers=False, group=group)
    row = make_agreement(district, provider=group)
    actor = somebody(district)

    inductions.record_inductions(
        row, [make_professional(firm, papers=False)], course="标准", on=START, actor=actor, now=NOW
    )
    other = make_professional(make_provider(district, papers=False), papers=False)
    with pytest.raises(ActionError, match=other.name):
        inductions.record_inductions(row, [other], course="标准", on=START, actor=actor, now=NOW)


def test_a_renewal_takes_everything_over_from_the_day_the_old_one_ends(district: Organisation) -> None:
    row = make_agreement(district)
    amend(row, 500_00)

    made = agreement_sources.draft_renewal(fresh(row), actor=somebody(district), now=NOW)

    assert (made.starts_on, made.ends_on, made.amount) == (END, date(2028, 1, 1), 10_000_00)
    assert [one.amount for one in Milestone.everything.filter(agreement=made).order_by("order")] == [
        4_000_00, 4_000_00, 2_000_00
    ]  # fmt: skip
    assert judge(fresh(made), START).wanting == ()


def test_an_agreement_of_another_body_stays_out_of_reach(cast: Cast) -> None:
    row = make_agreement(cast.other_town)

    assert not Agreement.objects.visible_to(cast.alice.actor).filter(pk=row.pk).exists()
    assert Agreement.objects.visible_to(cast.dana.actor).filter(pk=row.pk).exists()
    with pytest.raises(PermissionDenied):
        actions.draft_agreement(replace(what(cast.other_town)), actor=cast.alice.actor, now=NOW)


def test_a_manager_sees_the_agreements_of_the_provider_and_of_its_group_from_the_signing_on(cast: Cast) -> None:
    group = make_provider(cast.district, papers=False)
    firm = make_provider(cast.district, papers=False, group=group)
    make_manager(firm, cast.manager)
    own, of_group = make_agreement(cast.district, provider=firm), make_agreement(cast.district, provider=group)
    make_draft(cast.district, provider=firm)
    make_agreement(cast.district)

    seen = Agreement.objects.visible_to(cast.manager.actor)

    assert set(seen.values_list("pk", flat=True)) == {own.pk, of_group.pk}
