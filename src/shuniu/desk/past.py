"""Cases that are over or on their way already, written many at once: for the demo and for measurements.

They go through the line's states and its clocks as if they had been taken step by step; no trail tells of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from django.utils import timezone

from shuniu.desk.casework import next_numbers
from shuniu.desk.enums import Asks, Audience, Channel, StepKind
from shuniu.desk.lineage import setup_of_line
from shuniu.desk.models import Case, CaseClock, CaseStep, CaseWord, ClockPause, ServiceLine
from shuniu.desk.rules.clocks import Turn, due, ladder, turns
from shuniu.desk.rules.setup import Clock, Setup
from shuniu.desk.words import hashes
from shuniu.kernel.calendar import Calendar, CalendarError
from shuniu.kernel.clock import ClockUnit, Segment
from shuniu.rulebook.public import Place, Snapshot, place_of, snapshot

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened: a transition by its name, or words alone where `move` is empty."""

    at: datetime
    move: str = ""
    text: str = ""
    by: str = ""
    by_filer: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """A case and what became of it. `handler`, `professional` and `provider` are keys."""

    title: str
    answers: Mapping[str, Any]
    opened_at: datetime
    channel: Channel = Channel.WEB
    filer: int | None = None
    employer: int | None = None
    contact: tuple[str, str] = ("", "")
    handler: int | None = None
    professional: int | None = None
    provider: int | None = None
    told: Sequence[Told] = ()


@dataclass(slots=True)
class _Run:
    """A clock while a story is gone through."""

    spec: Clock
    rule: str
    limit: int
    start: datetime
    round: int
    pauses: list[list[datetime | None]] = field(default_factory=list)
    stop: datetime | None = None

    def turn(self, turn: Turn, at: datetime) -> None:
        if turn is Turn.PAUSE:
            self.pauses.append([at, None])
        elif self.pauses and self.pauses[-1][1] is None:
            self.pauses[-1][1] = at
        if turn is Turn.STOP:
            self.stop = at

    def due(self, calendar: Calendar) -> datetime | None:
        segments = [Segment(start, end) for start, end in self.pauses if start is not None]
        return due(self.start, self.limit, segments, calendar, self.spec.unit)


@dataclass(slots=True)
class _Tale:
    """A case with its rows, not saved yet."""

    case: Case
    steps: list[CaseStep]
    runs: list[_Run]


def write_past(line: ServiceLine, stories: Sequence[Story], now: datetime) -> list[Case]:
    """Write the stories of a line, oldest first, as they stand at `now`; a handful of statements for thousands."""
    setup, rules, place = setup_of_line(line), snapshot(on=timezone.localtime(now).date()), place_of(line.organisation)
    tales = [_tell(line, setup, one, rules, place) for one in sorted(stories, key=lambda story: story.opened_at)]
    for year in sorted({_year(tale.case) for tale in tales}):
        of_year = [tale.case for tale in tales if _year(tale.case) == year]
        for case, number in zip(of_year, next_numbers(line, year, len(of_year)), strict=True):
            case.number = number
    calendar = Calendar.official()
    for tale in tales:
        ends = [run.due(calendar) for run in tale.runs if run.stop is None]
        tale.case.due_at = min((end for end in ends if end is not None), default=None)
    Case.everything.bulk_create([tale.case for tale in tales], batch_size=BATCH)
    _write_parts(tales, now, calendar)
    return [tale.case for tale in tales]


def _year(case: Case) -> int:
    return timezone.localtime(case.opened_at).year


def _tell(line: ServiceLine, setup: Setup, story: Story, rules: Snapshot, place: Place) -> _Tale:
    case = Case(
        line=line, version=line.current, organisation=line.organisation, secrecy=line.secrecy, channel=story.channel,
        state=setup.initial, title=story.title, answers=json.dumps(dict(story.answers), ensure_ascii=False),
        filer_id=story.filer, employer_id=story.employer, contact_name=story.contact[0], contact_phone=story.contact[1],
        handler_id=story.handler, professional_id=story.professional, provider_id=story.provider,
        opened_at=story.opened_at,
    )  # fmt: skip
    tale = _Tale(case, [_step(case, StepKind.OPENED, Told(story.opened_at, by_filer=story.contact == ("", "")))], [])
    _turn(tale, setup, "", story.opened_at, story.answers, rules, place)
    for told in story.told:
        _happen(tale, setup, told, story.answers, rules, place)
    return tale


def _happen(tale: _Tale, setup: Setup, told: Told, answers: Mapping[str, Any], rules: Snapshot, place: Place) -> None:
    case, move = tale.case, setup.move(told.move)
    if move is None:
        tale.steps.append(_step(case, StepKind.MESSAGE if told.by_filer else StepKind.ANSWER, told))
        answering = not told.by_filer
    else:
        before, was_closed = case.state, case.closed_at is not None
        case.state, answering = move.target, move.asks is Asks.ANSWER
        closed = case.state in setup.finals
        case.closed_at = (case.closed_at or told.at) if closed else None
        case.reopened += was_closed and not closed
        _turn(tale, setup, before, told.at, answers, rules, place)
        tale.steps.append(_step(case, StepKind.ANSWER if answering else StepKind.MOVED, told, state=case.state))
    if answering:
        case.answered_at = case.answered_at or told.at
        for run in tale.runs:
            if run.spec.answered and run.stop is None:
                run.turn(Turn.STOP, told.at)


def _turn(
    tale: _Tale, setup: Setup, before: str, at: datetime, answers: Mapping[str, Any], rules: Snapshot, place: Place
) -> None:
    live = {run.spec.key: run for run in tale.runs if run.stop is None}
    for clock, turn in turns(setup, before, tale.case.state, live):
        if turn is Turn.START:
            rule_id = clock.rule_for(answers)
            found = rules.get(rule_id, place)
            if found is not None:
                rounds = sum(run.spec.key == clock.key for run in tale.runs)
                live[clock.key] = _Run(clock, rule_id, found.rule.number, at, rounds + 1)
                tale.runs.append(live[clock.key])
        elif clock.key in live:
            live[clock.key].turn(turn, at)


def _step(case: Case, kind: StepKind, told: Told, state: str = "") -> CaseStep:
    return CaseStep(
        case=case, at=told.at, kind=kind, audience=Audience.ALL, by_name="" if told.by_filer else told.by,
        by_filer=told.by_filer, state=state or (case.state if kind == StepKind.OPENED else ""), text=told.text,
    )  # fmt: skip


def _write_parts(tales: Sequence[_Tale], now: datetime, calendar: Calendar) -> None:
    CaseStep.everything.bulk_create(chain.from_iterable(tale.steps for tale in tales), batch_size=BATCH)
    pairs = [(run, _clock(tale.case, run, now, calendar)) for tale in tales for run in tale.runs]
    CaseClock.everything.bulk_create([clock for _run, clock in pairs], batch_size=BATCH)
    ClockPause.everything.bulk_create(
        [
            ClockPause(clock=clock, started_at=start, ended_at=end, reason="waiting")
            for run, clock in pairs
            for start, end in run.pauses
            if start is not None
        ],
        batch_size=BATCH,
    )
    words = ((tale.case, word) for tale in tales if not tale.case.is_confidential for word in hashes(tale.case.title))
    CaseWord.everything.bulk_create([CaseWord(case=case, word=word) for case, word in words], batch_size=BATCH)


def _clock(case: Case, run: _Run, now: datetime, calendar: Calendar) -> CaseClock:
    ends = run.due(calendar)
    return CaseClock(
        case=case, key=run.spec.key, round=run.round, unit=ClockUnit(run.spec.unit), rule=run.rule, limit=run.limit,
        started_at=run.start, stopped_at=run.stop, due_at=ends, alerted=_told_already(ends, run, now, calendar),
    )  # fmt: skip


def _told_already(ends: datetime | None, run: _Run, now: datetime, calendar: Calendar) -> int:
    """The reminders that have gone out by now, so that the worker does not send them all on its first round."""
    if ends is None or run.stop is not None:
        return 0
    try:
        return ladder(ends, now, calendar, before=1, after=1, long_after=5)
    except CalendarError:
        return 0
