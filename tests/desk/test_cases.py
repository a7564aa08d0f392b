"""A case from its first day to its last: who may do what, what is refused, what the clocks say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from shuniu.accounts.public import User
from shuniu.desk.actions import cases as actions
from shuniu.desk.casework import CaseError
from shuniu.desk.enums import Channel, LineRole, StepKind
from shuniu.desk.handlers import Handler, HandlerError
from shuniu.desk.models import Case, CaseWord, ServiceLine
from shuniu.desk.rules.answers import AnswerError
from shuniu.hub.enums import Profession, ProviderKind, ProviderState
from shuniu.hub.public import Conflict, Professional, Provider
from shuniu.kernel.calendar import Calendar
from shuniu.kernel.flow import FlowError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.scope import Actor, Grant
from shuniu.registry.models import Organisation, Person
from tests.desk.making import ANSWERS, MORNING, SYSTEM, make_case, make_line, staff
from tests.factories import make_user
from tests.registry.making import FOUNDED, actor_at, cover, make_body, make_district, make_employer, make_member

pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(hours=3)


@dataclass(frozen=True)
class Desk:
    """A line of a district, somebody who serves it, somebody who hands out its cases, and a member below."""

    line: ServiceLine
    union: Organisation
    member: Person
    filer: Actor
    handler: Handler
    serving: Actor
    dispatching: Actor


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def make_desk(template: str = "advice") -> Desk:
    district, town = make_district()
    union = make_body(town)
    line, member = make_line(district, template), make_member(union)
    handler, dispatcher = staff(line, make_user()), staff(line, make_user(), LineRole.DISPATCHES)
    here = Grant("test", None, "~", frozenset({"service.give"}))
    return Desk(
        line,
        union,
        member,
        filer=Actor(
            make_user(person_id=member.pk).pk, "会员", member.pk, (Grant("member", None, "~", frozenset({"own.view"})),)
        ),
        handler=handler,
        serving=Actor(handler.user_id, handler.name, None, (here,)),
        dispatching=Actor(dispatcher.user_id, dispatcher.name, None, (here,)),
    )


def file_own(desk: Desk, **given: object) -> Case:
    values = {"channel": Channel.WEB, "title": "拖欠工资", "answers": ANSWERS["advice"], "filer": desk.member}
    return actions.open_case(desk.line, **{**values, "actor": desk.filer, "now": MORNING, **given})  # type: ignore[arg-type]


def due_on(due: datetime | None) -> str:
    """The day, in Shanghai, on whose last moment something is due."""
    assert due is not None
    local = due.astimezone(Calendar.official().hours.zone)
    assert local.time() == time.max
    return local.date().isoformat()


def steps(case: Case) -> list[tuple[str, str]]:
    return [(step.kind, step.text) for step in case.steps.order_by("pk")]


def test_a_case_goes_from_filing_to_closing(desk: Desk) -> None:
    case = file_own(desk)
    assert (case.number, case.state) == (f"{desk.line.prefix}202600001", "new")

    case = actions.assign_case(case, desk.handler, actor=desk.dispatching, now=MORNING)
    case = actions.move_case(case, "accept", actor=desk.serving, now=LATER)
    case = actions.move_case(case, "answer", text="可以申请调解。", actor=desk.serving, now=LATER)
    case = actions.close_case(case, actor=desk.filer, now=LATER)

    assert (case.state, case.closed_at, case.answered_at, case.due_at) == ("closed", LATER, LATER, None)
    kinds = [kind for kind, _text in steps(case)]
    assert kinds == [StepKind.OPENED, StepKind.MOVED, StepKind.MOVED, StepKind.ANSWER, StepKind.MOVED]
    assert all(clock.stopped_at == LATER and clock.due_at and clock.due_at > LATER for clock in case.clocks.all())


def test_a_form_sent_twice_opens_one_case(desk: Desk) -> None:
    first, second = file_own(desk, once="a"), file_own(desk, once="a")

    assert first.pk == second.pk
    assert Case.everything.count() == 1


def test_numbers_count_up_by_line_and_year(desk: Desk) -> None:
    other = make_line(desk.line.organisation, "repair")
    moments = (MORNING, datetime(2026, 12, 31, 15, 59, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC))
    numbers = [file_own(desk, now=moment).number[-9:] for moment in moments]

    assert numbers == ["202600001", "202600002", "202700001"]
    assert make_case(other).number == f"{other.prefix}202600001"


@pytest.mark.parametrize(
    ("answers", "title", "field"),
    [
        ({"topic": "pay"}, "拖欠工资", "facts"),
        ({"topic": "other_planet", "facts": "x"}, "拖欠工资", "topic"),
        ({"topic": "pay", "facts": "x", "since": "昨天"}, "拖欠工资", "since"),
        ({"topic": "pay", "facts": "x", "people": "-1"}, "拖欠工资", "people"),
        ({"topic": "pay", "facts": "x" * 2001}, "拖欠工资", "facts"),
    ],
)
def test_answers_that_do_not_fit_their_questions_are_refused(
    desk: Desk, answers: dict[str, object], title: str, field: str
) -> None:
    with pytest.raises(AnswerError) as refused:
        file_own(desk, answers=answers, title=title)

    assert refused.value.field == field
    assert not Case.everything.exists()


@pytest.mark.parametrize("title", ["", "　", "长" * 81])
def test_the_subject_is_a_few_words(desk: Desk, title: str) -> None:
    with pytest.raises(CaseError):
        file_own(desk, title=title)


def test_a_line_is_for_members_of_its_own_unions(desk: Desk) -> None:
    elsewhere = make_line(make_body(desk.line.organisation), "advice")

    with pytest.raises(CaseError, match="只面向"):
        actions.open_case(
            elsewhere, channel=Channel.WEB, title="x", answers=ANSWERS["advice"], filer=desk.member, actor=desk.filer,
            now=MORNING,
        )  # fmt: skip


def test_nobody_files_in_the_name_of_somebody_else(desk: Desk) -> None:
    other = make_member(desk.union)

    for channel in (Channel.WEB, Channel.PHONE, Channel.ANONYMOUS, Channel.BOOKING, Channel.HANDOVER):
        with pytest.raises(PermissionDenied):
            file_own(desk, filer=other, channel=channel)


def test_a_clerk_enters_a_call_of_somebody_whom_the_registry_does_not_know(desk: Desk) -> None:
    clerk = actor_at(desk.line.organisation, "case.enter")

    case = file_own(desk, filer=None, channel=Channel.PHONE, contact=("孙女士", "13900001111"), actor=clerk)

    case.refresh_from_db()
    assert (case.filer_id, case.contact_name, case.contact_phone) == (None, "孙女士", "13900001111")
    with pytest.raises(PermissionDenied):
        file_own(desk, channel=Channel.PHONE, actor=actor_at(desk.union, "case.enter"))


@pytest.mark.parametrize("closed", ["shut", "unpublished"])
def test_a_line_that_is_closed_or_not_published_takes_nothing(desk: Desk, closed: str) -> None:
    values: dict[str, Any] = {"is_open": False} if closed == "shut" else {"current": None}
    ServiceLine.everything.filter(pk=desk.line.pk).update(**values)

    with pytest.raises(CaseError, match="不受理新的事项"):
        file_own(desk)


def test_only_those_who_hand_out_cases_give_them_to_somebody(desk: Desk) -> None:
    case = file_own(desk)

    for nobody in (desk.filer, desk.serving, actor_at(desk.union, "case.assign"), Actor(7, "x")):
        with pytest.raises(PermissionDenied):
            actions.assign_case(case, desk.handler, actor=nobody, now=MORNING)


def test_a_case_goes_only_to_who_serves_the_line_and_not_to_who_filed_it(desk: Desk) -> None:
    case, stranger = file_own(desk), make_user()
    herself = staff(desk.line, User.objects.get(person=desk.member))

    with pytest.raises(HandlerError, match="不承办"):
        actions.assign_case(case, Handler(stranger.pk, stranger.name), actor=desk.dispatching, now=MORNING)
    with pytest.raises(HandlerError, match="本人提出"):
        actions.assign_case(case, herself, actor=desk.dispatching, now=MORNING)
    case.refresh_from_db()
    assert (case.state, case.handler_id) == ("new", None)


def test_a_firm_gets_no_case_against_an_employer_it_serves(desk: Desk) -> None:
    employer = make_employer(desk.union)
    cover(desk.union, employer)
    firm = Provider.everything.create(
        organisation=desk.line.organisation,
        name="清正律师事务所",
        kind=ProviderKind.LAW_FIRM,
        state=ProviderState.ACTIVE,
    )
    user = make_user()
    lawyer = Professional.everything.create(
        provider=firm, user=user, name="罗律", profession=Profession.LAWYER, serves=["advice"]
    )
    staff(desk.line, user)
    conflict = Conflict.everything.create(provider=firm, employer=employer, starts_on=FOUNDED)
    case, handler = file_own(desk), Handler(user.pk, lawyer.name, lawyer)

    with pytest.raises(HandlerError, match="利益冲突"):
        actions.assign_case(case, handler, actor=desk.dispatching, now=MORNING)

    conflict.ends_on = MORNING.date()
    conflict.save()
    case = actions.assign_case(case, handler, actor=desk.dispatching, now=MORNING)
    assert (case.handler_id, case.professional_id, case.provider_id) == (lawyer.user_id, lawyer.pk, firm.pk)


def test_the_first_answer_stops_the_clock_that_waits_for_one(desk: Desk) -> None:
    case = actions.assign_case(file_own(desk), desk.handler, actor=desk.dispatching, now=MORNING)

    case = actions.answer_case(case, "收到，正在核实。", actor=desk.serving, now=LATER)
    actions.answer_case(case, "还在核实。", actor=desk.serving, now=LATER + timedelta(days=1))

    assert case.answered_at == LATER
    assert {clock.key: clock.stopped_at for clock in case.clocks.all()} == {"accept": None, "solve": LATER}
    with pytest.raises(PermissionDenied):
        actions.answer_case(case, "我也说两句", actor=desk.filer, now=LATER)


def test_waiting_for_the_filer_stops_time_and_going_on_moves_the_due_day() -> None:
    desk = make_desk("grievance")
    case = file_own(desk, answers=ANSWERS["grievance"])
    case = actions.assign_case(case, desk.handler, actor=desk.dispatching, now=MORNING)
    case = actions.move_case(case, "accept", actor=desk.serving, now=MORNING)
    assert due_on(case.due_at) == "2026-03-12"

    case = actions.move_case(case, "ask", text="请补充地点。", actor=desk.serving, now=MORNING)
    assert (case.due_at, case.clocks.get(key="solve").due_at) == (None, None)
    case = actions.move_case(case, "go_on", actor=desk.filer, now=MORNING + timedelta(days=4))

    # from Thursday to Monday: the working days that ended meanwhile are Thursday's, which never counts, and Friday's
    assert due_on(case.due_at) == "2026-03-13"
    pause = case.clocks.get(key="solve").pauses.get()
    assert (pause.started_at, pause.ended_at) == (MORNING, MORNING + timedelta(days=4))
    assert pause.reason == "waiting"


def test_a_case_is_reopened_within_the_days_of_the_rule_and_its_clock_runs_anew(desk: Desk) -> None:
    case = actions.assign_case(file_own(desk), desk.handler, actor=desk.dispatching, now=MORNING)
    case = actions.move_case(case, "answer", text="好了", actor=desk.serving, now=MORNING)
    case = actions.close_case(case, actor=desk.filer, now=MORNING)

    with pytest.raises(FlowError, match="期限已过"):
        actions.reopen_case(case, text="没解决", actor=desk.filer, now=MORNING + timedelta(days=30, seconds=1))
    with pytest.raises(CaseError, match="写明内容"):
        actions.reopen_case(case, text=" ", actor=desk.filer, now=LATER)
    case = actions.reopen_case(case, text="没解决", actor=desk.filer, now=MORNING + timedelta(days=30))

    assert (case.state, case.closed_at, case.reopened) == ("working", None, 1)


def test_two_people_at_one_button_are_told_apart(desk: Desk) -> None:
    case = actions.assign_case(file_own(desk), desk.handler, actor=desk.dispatching, now=MORNING)
    actions.move_case(case, "accept", actor=desk.serving, now=MORNING)

    with pytest.raises(FlowError, match="当前状态为“办理中”"):
        actions.move_case(case, "accept", actor=desk.serving, now=MORNING)
    assert case.steps.count() == 3


def test_what_somebody_files_in_2027_is_taken_though_the_calendar_ends(desk: Desk) -> None:
    case = file_own(desk, now=datetime(2026, 12, 31, 2, tzinfo=UTC))

    assert case.due_at is None
    assert case.clocks.count() == 2


def test_the_trail_tells_of_every_step_and_of_no_content(desk: Desk) -> None:
    case = actions.assign_case(file_own(desk), desk.handler, actor=desk.dispatching, now=MORNING)
    actions.answer_case(case, "答复内容", actor=desk.serving, now=MORNING)

    entries = TrailEntry.objects.filter(target_type="desk.case").order_by("number")
    assert [entry.verb for entry in entries] == ["case.opened", "case.moved", "case.answered"]
    told = str([entry.changes for entry in entries])
    assert not any(word in told for word in ("拖欠工资", "公司拖欠", "答复内容"))


def test_only_open_lines_can_be_searched_by_words(desk: Desk) -> None:
    vault = make_desk("letter")

    file_own(desk)
    make_case(vault.line, vault.member)

    assert set(CaseWord.everything.values_list("case__line_id", flat=True)) == {desk.line.pk}


def test_a_refused_opening_uses_up_no_number(desk: Desk) -> None:
    with pytest.raises(AnswerError), transaction.atomic():
        actions.begin_case(desk.line, channel=Channel.PHONE, title="x", answers={}, actor=SYSTEM, now=MORNING)

    assert file_own(desk).number.endswith("00001")
