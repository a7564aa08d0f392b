"""Clocks of cases against a slow, obvious reference, and what happens when their time is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

import pytest

from shuniu.desk.actions import alerts, cases, extensions, joining
from shuniu.desk.blueprints import blueprints
from shuniu.desk.casework import CaseError
from shuniu.desk.enums import Audience, StepKind
from shuniu.desk.models import Case, CaseClock
from shuniu.desk.rules.clocks import Turn, due, ladder, turns
from shuniu.desk.rules.setup import Clock, read_setup
from shuniu.kernel.calendar import Calendar
from shuniu.kernel.clock import ClockUnit, Segment
from shuniu.kernel.notices.models import Notice
from tests.desk.making import MORNING, SYSTEM
from tests.desk.test_cases import Desk, due_on, file_own, make_desk

CALENDAR = Calendar.official()
ZONE = CALENDAR.hours.zone
SETUP = read_setup(blueprints()["grievance"].setup, "grievance")


def slow_due(start: datetime, limit: int, pauses: list[tuple[datetime, datetime | None]]) -> date | None:
    """The day on which the limit ends, counted day by day: a working day counts when no pause covers its end."""
    day, counted = start.astimezone(ZONE).date(), 0
    while day < date(2026, 12, 25):
        day += timedelta(days=1)
        ends = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE)
        stood = any(a < ends and (b is None or ends <= b) for a, b in pauses)
        if CALENDAR.is_workday(day) and not stood:
            counted += 1
        if counted == limit:
            return day
    return None


def walk(random: Random) -> tuple[datetime, list[tuple[datetime, datetime | None]], bool]:
    """A case that goes at random through the states of its line; when its clock ran, as told by the turns alone."""
    at = MORNING + timedelta(hours=random.randrange(5000))
    start, state, pauses, stopped = at, "new", list[tuple[datetime, datetime | None]](), False
    live = {clock.key for clock, turn in turns(SETUP, "", state, ()) if turn is Turn.START}
    while random.random() < 0.8 and not stopped:
        moves = [move for move in SETUP.moves if state in move.source]
        if not moves:
            break
        at += timedelta(hours=random.randrange(1, 60))
        after = random.choice(moves).target
        for clock, turn in turns(SETUP, state, after, live):
            if clock.key == "solve":
                stopped |= turn is Turn.STOP
                if turn is Turn.PAUSE:
                    pauses.append((at, None))
                if turn is Turn.RESUME:
                    pauses[-1] = (pauses[-1][0], at)
        state = after
    return start, pauses, stopped


def test_due_days_agree_with_a_walk_day_by_day() -> None:
    random, seen = Random(2026), 0
    while seen < 2_500:
        start, pauses, stopped = walk(random)
        limit = random.choice((1, 3, 5, 15))
        if stopped or start.year > 2026 or start.month > 9:
            continue
        seen += 1 + len(pauses)
        found = due(start, limit, [Segment(a, b) for a, b in pauses], CALENDAR, ClockUnit.WORKDAY)

        if pauses and pauses[-1][1] is None and (found is None or found > pauses[-1][0]):
            assert found is None
            continue
        assert (found and found.astimezone(ZONE).date()) == slow_due(start, limit, pauses), (start, limit, pauses)


def test_every_way_through_every_template_turns_its_clocks_in_a_sane_order() -> None:
    """No clock is started twice, paused while it stands still, or goes on after the case is closed."""
    for blueprint in blueprints().values():
        setup = read_setup(blueprint.setup, blueprint.key)
        for seed in range(300):
            random, state, how = Random(seed), setup.initial, dict[str, str]()
            _follow(setup.clocks, how, turns(setup, "", state, ()))
            for _step in range(12):
                moves = [move for move in setup.moves if state in move.source]
                if not moves:
                    break
                after = random.choice(moves).target
                live = [key for key, value in how.items() if value != "stopped"]
                _follow(setup.clocks, how, turns(setup, state, after, live))
                state = after
                assert state not in setup.finals or set(how.values()) <= {"stopped"}


def _follow(clocks: tuple[Clock, ...], how: dict[str, str], changes: list[tuple[Clock, Turn]]) -> None:
    allowed = {
        Turn.START: ({None, "stopped"}, "running"), Turn.PAUSE: ({"running"}, "paused"),
        Turn.RESUME: ({"paused"}, "running"), Turn.STOP: ({"running", "paused"}, "stopped"),
    }  # fmt: skip
    for clock, turn in changes:
        before, after = allowed[turn]
        assert how.get(clock.key) in before
        how[clock.key] = after
    assert set(how) <= {clock.key for clock in clocks}


@pytest.mark.parametrize(
    ("now", "step"),
    [
        ("2026-03-09T15:59:59+00:00", 0), ("2026-03-09T16:00:00+00:00", 1), ("2026-03-11T15:59:59+00:00", 1),
        ("2026-03-11T16:00:00+00:00", 2), ("2026-03-18T15:59:00+00:00", 2), ("2026-03-18T16:00:00+00:00", 3),
    ],
)  # fmt: skip
def test_the_ladder_is_climbed_on_the_days_the_rules_say(now: str, step: int) -> None:
    ends = datetime.fromisoformat("2026-03-11T15:59:59.999999+00:00")

    assert ladder(ends, datetime.fromisoformat(now), CALENDAR, before=1, after=1, long_after=5) == step


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk("grievance")


def given(desk: Desk) -> tuple[Case, CaseClock]:
    case = file_own(desk, answers={"topic": "pay", "facts": "夜班费"})
    case = cases.assign_case(case, desk.handler, actor=desk.dispatching, now=MORNING)
    return case, case.clocks.get(key="solve")


def told(desk: Desk) -> int:
    return Notice.everything.filter(user_id=desk.handler.user_id, kind="desk.late").count()


def test_each_reminder_is_sent_once_however_often_the_worker_comes_round(desk: Desk) -> None:
    _case, solve = given(desk)
    assert solve.due_at is not None
    counts = []
    for moment in (
        MORNING,
        solve.due_at - timedelta(hours=3),
        solve.due_at + timedelta(hours=2),
        solve.due_at + timedelta(days=9),
    ):
        alerts.remind(actor=SYSTEM, now=moment)
        alerts.remind(actor=SYSTEM, now=moment)
        counts.append(told(desk))

    assert counts == [1, 3, 4, 4]  # of "accept" nearly due; of it overdue and of "solve" nearly due; of "solve" overdue
    staff = desk.line.cases.get().steps.filter(kind=StepKind.ALERT)
    assert set(staff.values_list("audience", flat=True)) == {Audience.STAFF}


def test_more_time_is_granted_by_somebody_else_and_moves_the_due_day(desk: Desk) -> None:
    case, solve = given(desk)
    assert due_on(solve.due_at) == "2026-03-12"
    asked = extensions.ask_extension(case, solve, units=3, reason="要等检测结果", actor=desk.serving, now=MORNING)

    with pytest.raises(CaseError):
        extensions.ask_extension(case, solve, units=3, reason="再来", actor=desk.serving, now=MORNING)
    extensions.decide_extension(asked, granted=True, actor=desk.dispatching, now=MORNING)
    with pytest.raises(CaseError):
        extensions.decide_extension(asked, granted=False, actor=desk.dispatching, now=MORNING)

    solve.refresh_from_db()
    assert (due_on(solve.due_at), solve.extra) == ("2026-03-17", 3)


@pytest.mark.parametrize(("units", "reason"), [(0, "x"), (16, "x"), (3, " ")])
def test_an_extension_keeps_to_the_rule_and_has_a_reason(desk: Desk, units: int, reason: str) -> None:
    case, solve = given(desk)

    with pytest.raises(CaseError):
        extensions.ask_extension(case, solve, units=units, reason=reason, actor=desk.serving, now=MORNING)


def test_nobody_grants_herself_more_time(desk: Desk) -> None:
    case, solve = given(desk)
    asked = extensions.ask_extension(case, solve, units=3, reason="x", actor=desk.dispatching, now=MORNING)

    with pytest.raises(CaseError, match="本人提出"):
        extensions.decide_extension(asked, granted=True, actor=desk.dispatching, now=MORNING)


def test_a_case_merged_into_another_is_closed_and_says_where_it_went(desk: Desk) -> None:
    first, second = (file_own(desk, answers={"topic": "pay", "facts": "x"}) for _ in range(2))

    joining.merge_case(second, first, actor=desk.dispatching, now=MORNING)

    second.refresh_from_db()
    assert (second.merged_into_id, second.closed_at, second.due_at) == (first.pk, MORNING, None)
    assert first.number in second.steps.latest("pk").text
    for case, into in ((first, second), (first, first), (second, first)):
        with pytest.raises(CaseError):
            joining.merge_case(case, into, actor=desk.dispatching, now=MORNING)


def test_a_case_handed_over_goes_on_elsewhere_and_keeps_its_history(desk: Desk) -> None:
    from tests.desk.making import ANSWERS, make_line

    case, _solve = given(desk)
    target = make_line(desk.line.organisation, "mediation")
    made = joining.hand_over(
        case, target, title="欠薪", answers=dict(ANSWERS["mediation"]), text="转调解。", actor=desk.serving, now=MORNING,
    )  # fmt: skip

    assert (made.origin_id, made.filer_id, made.line_id) == (case.pk, desk.member.pk, target.pk)
    case.refresh_from_db()
    assert case.closed_at == MORNING
    assert made.number in case.steps.latest("pk").text
