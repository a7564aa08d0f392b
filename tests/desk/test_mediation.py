"""Mediation: consent first, nobody tied to a side mediates, an agreement binds when all have signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from shuniu.desk.actions import mediation as actions
from shuniu.desk.actions.cases import move_case
from shuniu.desk.casework import CaseError
from shuniu.desk.enums import DisputeClass, LineRole, Signer
from shuniu.desk.models import Case, CaseClock, CaseStep, Mediation, MediationAgreement, ServiceLine
from shuniu.desk.queries import mediation as queries
from shuniu.desk.rules.mediation import Figures, Signatures, whole
from shuniu.kernel.errors import ActionError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.scope import Actor, Grant
from shuniu.registry.models import Person
from tests.desk.making import ANSWERS, MORNING, SYSTEM, make_case, make_line, staff
from tests.factories import make_user
from tests.registry.making import cover, make_body, make_district, make_employer, make_member

DAY = timedelta(days=1)
ON = date(2026, 3, 5)


def actor_of(user: Any, *rights: str) -> Actor:
    return Actor(user.pk, user.name, user.person_id, (Grant("test", None, "~", frozenset(rights)),))


@dataclass
class Room:
    """A line for mediation, its mediator, who hands out, and an applicant."""

    line: ServiceLine
    handler: Any
    mediator_user: Any
    mediator: Actor
    desk: Actor
    worker: Person

    def case(self, **answers: Any) -> Case:
        given = {**ANSWERS["mediation"], "amount": 12_000, "since": "2026-01-12", **answers}
        return make_case(self.line, self.worker, answers=given)

    def working(self, **answers: Any) -> Case:
        """A case that is being mediated."""
        case = self.case(**answers)
        actions.record_consent(case, is_consented=True, on=ON, note="", actor=self.desk, now=MORNING)
        move_case(case, "accept", actor=self.desk, now=MORNING)
        return move_case(case, "assign", actor=self.desk, now=MORNING, handler=self.handler)

    def drawn_up(self) -> Case:
        case = self.working()
        values = {"terms": "三月底前支付工资一万元。", "amount": 1_000_000, "perform_by": date(2026, 3, 31)}
        actions.draw_up_agreement(case, actor=self.mediator, now=MORNING, **values)
        return case

    def agreed(self) -> Case:
        case = self.drawn_up()
        for signer in Signer:
            actions.sign_agreement(case, signer, on=ON, actor=self.mediator, now=MORNING)
        case.refresh_from_db()
        return case


@pytest.fixture
def room(db: None) -> Room:
    union = make_body(make_district()[1], name="机械厂工会")
    line = make_line(union, "mediation")
    mediator, desk = make_user(name="米调"), make_user(name="戴派")
    handler = staff(line, mediator)
    staff(line, desk, LineRole.DISPATCHES)
    return Room(
        line, handler, mediator, actor_of(mediator, "service.give"), actor_of(desk, "case.enter"), make_member(union)
    )


def row_of(case: Case) -> Mediation:
    return Mediation.everything.get(pk=case.pk)


def test_the_dossier_is_kept_from_the_form(room: Room) -> None:
    row = row_of(room.case(people=3, arrears=True, oral=True))

    told = (row.dispute, row.amount, row.people, row.known_on, row.is_arrears, row.application, row.other_side)
    assert told == ("money", 1_200_000, 3, date(2026, 1, 12), True, "oral", "云川机械厂")


def test_nothing_is_accepted_before_the_other_side_consents(room: Room) -> None:
    case = room.case()

    with pytest.raises(ActionError):
        move_case(case, "accept", actor=room.desk, now=MORNING)
    actions.record_consent(case, is_consented=True, on=ON, note="", actor=room.desk, now=MORNING)

    assert move_case(case, "accept", actor=room.desk, now=MORNING).state == "accepted"
    assert row_of(case).accepted_on == ON


def test_a_refusal_ends_the_mediation_and_the_applicant_reads_why(room: Room) -> None:
    case = room.case()

    actions.record_consent(case, is_consented=False, on=ON, note="单位不愿调解", actor=room.desk, now=MORNING + DAY)

    case.refresh_from_db()
    row = row_of(case)
    assert (case.state, row.is_consented, row.ended_on, row.days) == ("refused", False, ON + DAY, 1)
    assert "单位不愿调解" in [step.text for step in CaseStep.everything.filter(case=case, audience="all")]
    assert "单位不愿调解" not in str(list(TrailEntry.objects.values_list("changes", flat=True)))


def test_consent_is_recorded_once_and_by_those_who_serve(room: Room) -> None:
    case = room.case()
    with pytest.raises(PermissionDenied):
        actions.record_consent(case, is_consented=True, on=ON, note="", actor=room.mediator, now=MORNING)
    actions.record_consent(case, is_consented=True, on=ON, note="", actor=room.desk, now=MORNING)

    with pytest.raises(CaseError):
        actions.record_consent(case, is_consented=False, on=ON, note="", actor=room.desk, now=MORNING)


@pytest.mark.parametrize("days", [-1, 1])
def test_days_before_the_application_and_in_the_future_are_refused(room: Room, days: int) -> None:
    with pytest.raises(CaseError):
        actions.record_consent(
            room.case(), is_consented=True, on=ON + days * DAY, note="", actor=room.desk, now=MORNING
        )


@pytest.mark.parametrize(("people", "needed"), [(9, False), (10, True)])
def test_ten_workers_with_one_claim_elect_representatives(room: Room, people: int, *, needed: bool) -> None:
    case = room.case(people=people)
    actions.record_consent(case, is_consented=True, on=ON, note="", actor=room.desk, now=MORNING)
    move_case(case, "accept", actor=room.desk, now=MORNING)

    if needed:
        with pytest.raises(ActionError):
            move_case(case, "assign", actor=room.desk, now=MORNING, handler=room.handler)
        actions.elect_representatives(case, "林一\n林二", actor=room.desk, now=MORNING)

    assert move_case(case, "assign", actor=room.desk, now=MORNING, handler=room.handler).state == "working"


def test_whoever_belongs_to_the_employers_union_does_not_mediate(room: Room) -> None:
    employer = make_employer(room.line.organisation.parent)
    other_union = make_body(room.line.organisation.parent)
    cover(other_union, employer)
    room.mediator_user.person = make_member(other_union)
    room.mediator_user.save(update_fields=["person"])
    case = make_case(room.line, room.worker, employer=employer)
    actions.record_consent(case, is_consented=True, on=ON, note="", actor=room.desk, now=MORNING)
    move_case(case, "accept", actor=room.desk, now=MORNING)

    with pytest.raises(CaseError, match="米调"):
        move_case(case, "assign", actor=room.desk, now=MORNING, handler=room.handler)

    case.refresh_from_db()
    assert (case.state, case.handler_id) == ("accepted", None)


def test_whoever_advised_a_side_or_declared_a_tie_does_not_mediate(room: Room) -> None:
    advice = make_line(room.line.organisation, "advice")
    advised = make_case(advice, room.worker, handler=staff(advice, room.mediator_user))
    handed_over, tied = make_case(room.line, room.worker, origin=advised), room.case()
    actions.declare_tie(tied, room.mediator_user.pk, "对方负责人是我的亲属", actor=room.desk, now=MORNING)

    for case in (handed_over, tied):
        actions.record_consent(case, is_consented=True, on=ON, note="", actor=room.desk, now=MORNING)
        move_case(case, "accept", actor=room.desk, now=MORNING)
        with pytest.raises(CaseError):
            move_case(case, "assign", actor=room.desk, now=MORNING, handler=room.handler)
    with pytest.raises(CaseError):
        actions.declare_tie(tied, room.mediator_user.pk, "再说一次", actor=room.desk, now=MORNING)


def test_fifteen_days_run_from_receipt_and_longer_only_if_both_agree(room: Room) -> None:
    case = room.working()
    clock = CaseClock.everything.get(case=case, key="solve")
    assert clock.due_at.date() == date(2026, 3, 20)  # Friday

    with pytest.raises(CaseError):
        actions.agree_on_more_time(case, 5, worker_agrees=True, employer_agrees=False, actor=room.mediator, now=MORNING)
    actions.agree_on_more_time(case, 5, worker_agrees=True, employer_agrees=True, actor=room.mediator, now=MORNING)

    clock.refresh_from_db()
    case.refresh_from_db()
    assert (clock.due_at.date(), case.due_at, row_of(case).extended_on) == (date(2026, 3, 25), clock.due_at, ON)


def test_sessions_are_numbered_and_sealed(room: Room) -> None:
    case = room.working()
    values = {"place": "调解室", "present": "双方", "record": "双方陈述", "actor": room.mediator, "now": MORNING}
    actions.hold_session(case, held_at=MORNING, **values)
    second = actions.hold_session(case, held_at=MORNING, **values)

    assert second.number == 2
    with pytest.raises(CaseError):
        actions.hold_session(case, held_at=MORNING + DAY, **values)
    with pytest.raises(PermissionDenied):
        actions.hold_session(case, held_at=MORNING, **{**values, "actor": actor_of(make_user(), "service.give")})


def test_an_agreement_binds_only_when_all_have_signed_and_it_is_sealed(room: Room) -> None:
    case = room.drawn_up()
    with pytest.raises(ActionError):
        move_case(case, "agree", actor=room.mediator, now=MORNING, text="达成协议")

    for signer in (Signer.WORKER, Signer.EMPLOYER, Signer.MEDIATOR):
        actions.sign_agreement(case, signer, on=ON, actor=room.mediator, now=MORNING)
    case.refresh_from_db()
    assert case.state == "working"
    actions.sign_agreement(case, Signer.SEALED, on=ON + DAY, actor=room.mediator, now=MORNING + DAY)

    case.refresh_from_db()
    agreement = MediationAgreement.everything.get()
    assert (case.state, agreement.signatures.binding_on, row_of(case).agreed_on) == ("agreed", ON + DAY, ON + DAY)


def test_what_somebody_has_signed_is_not_written_anew(room: Room) -> None:
    case = room.drawn_up()
    values = {"terms": "另一版本", "amount": 1, "perform_by": ON, "actor": room.mediator, "now": MORNING}
    actions.draw_up_agreement(case, **values)
    actions.sign_agreement(case, Signer.WORKER, on=ON, actor=room.mediator, now=MORNING)

    with pytest.raises(CaseError):
        actions.draw_up_agreement(case, **{**values, "terms": "第三版本"})
    assert MediationAgreement.everything.get().terms == "另一版本"


@pytest.mark.parametrize(("days", "taken"), [(15, True), (16, False)])
def test_both_may_ask_for_confirmation_for_fifteen_days(room: Room, days: int, *, taken: bool) -> None:
    case, on = room.agreed(), ON + days * DAY  # the fifteenth day, 20 March, is a Friday

    if taken:
        actions.record_confirmation(case, on=on, actor=room.mediator, now=MORNING + days * DAY)
    else:
        with pytest.raises(CaseError):
            actions.record_confirmation(case, on=on, actor=room.mediator, now=MORNING + days * DAY)
    assert MediationAgreement.everything.get().confirmed_on == (on if taken else None)


def test_a_follow_up_that_finds_it_performed_ends_the_case(room: Room) -> None:
    case = room.agreed()
    actions.follow_up(case, is_performed=False, on=ON, note="尚欠五千", actor=room.mediator, now=MORNING)
    case.refresh_from_db()
    assert case.state == "agreed"

    actions.follow_up(case, is_performed=True, on=ON + DAY, note="已付清", actor=room.mediator, now=MORNING + DAY)

    case.refresh_from_db()
    assert (case.state, MediationAgreement.everything.get().performed_on) == ("performed", ON + DAY)


def test_the_limitation_of_the_dispute_runs_anew_from_the_application(room: Room) -> None:
    case = room.case(since="2025-06-02")

    steps = {step.key: step for step, _rule in queries.limits_of(case, row_of(case), None, ON)}

    assert (steps["limitation"].start, steps["limitation"].day) == (ON, date(2027, 3, 5))
    assert steps["mediate"].day == date(2026, 3, 20)


def test_figures_have_the_laws_classes_and_their_bases(room: Room) -> None:
    room.agreed()
    refused = room.case(dispute="dismissal", people=2, amount=None)
    actions.record_consent(refused, is_consented=False, on=ON, note="", actor=room.desk, now=MORNING)
    failed = room.working()
    move_case(failed, "fail", actor=room.mediator, now=MORNING + 4 * DAY, text="未达成一致")

    found = queries.figures(queries.counted_mediations(SYSTEM), date(2026, 1, 1), date(2027, 1, 1), date(2026, 4, 1))

    money, dismissal = found[DisputeClass.MONEY], found[DisputeClass.DISMISSAL]
    assert list(found) == list(DisputeClass)
    assert (money.received, money.accepted, money.closed, money.agreed) == (2, 2, 2, 1)
    assert (money.due, money.performed, money.mean_days, money.amount) == (1, 0, 2.0, 2_400_000)
    assert (dismissal.received, dismissal.accepted, dismissal.closed, dismissal.people) == (1, 0, 0, 2)
    assert whole(found).received == 3


@given(st.lists(st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)), min_size=4, max_size=4))
def test_an_agreement_binds_from_the_last_of_its_four_days(days: list[date | None]) -> None:
    found = Signatures(*days).binding_on

    assert found == (None if None in days else max(day for day in days if day))


def test_the_sum_of_the_classes_is_the_whole() -> None:
    assert whole({DisputeClass.MONEY: Figures(received=2, agreed=1), DisputeClass.CONTRACT: Figures(received=3)}) == (
        Figures(received=5, agreed=1)
    )
