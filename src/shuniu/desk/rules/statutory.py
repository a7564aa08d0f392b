"""Time limits of labour disputes, as a calculator: arbitration, its steps, suing, labour inspection, work injury.

Pure. The numbers of days and years are handed in by the ids of their rules; `queries.statutory` takes them from the
rulebook. A year ends on the day of the same number, or the last of the month (Civil Code, article 202); a period of
calendar days or years that ends on a day off ends on the next working day (203).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.kernel.calendar import Calendar, CalendarError, DayUnit

DAY: Final = timedelta(days=1)

LIMIT_YEARS: Final = "arbitration.limit_years"
ACCEPT: Final = "arbitration.accept_days"
SERVE: Final = "arbitration.serve_days"
ANSWER: Final = "arbitration.answer_days"
FORWARD: Final = "arbitration.forward_days"
NOTICE: Final = "arbitration.notice_days"
POSTPONE: Final = "arbitration.postpone_days"
AWARD: Final = "arbitration.award_days"
AWARD_MORE: Final = "arbitration.award_extension_days"
SUE: Final = "arbitration.sue_days"
SET_ASIDE: Final = "arbitration.set_aside_days"
MEDIATION: Final = "mediation.days"
CONFIRM: Final = "mediation.confirm_days"
PURSUED: Final = "inspection.pursued_years"
INSPECT: Final = "inspection.workdays"
INSPECT_MORE: Final = "inspection.extension_workdays"
INJURY_EMPLOYER: Final = "injury.employer_days"
INJURY_WORKER: Final = "injury.worker_years"
INJURY_DECISION: Final = "injury.decision_days"
INJURY_CLEAR: Final = "injury.clear_days"

RULES: Final = (
    LIMIT_YEARS, ACCEPT, SERVE, ANSWER, FORWARD, NOTICE, POSTPONE, AWARD, AWARD_MORE, SUE, SET_ASIDE, MEDIATION, CONFIRM,
    PURSUED, INSPECT, INSPECT_MORE, INJURY_EMPLOYER, INJURY_WORKER, INJURY_DECISION, INJURY_CLEAR,
)  # fmt: skip
"""Every rule that the calculator asks the rulebook for."""

Numbers = Mapping[str, int]


class Cause(StrEnum):
    """What breaks off a limitation period, so that it begins anew (article 27, paragraph 2)."""

    CLAIMED = "claimed"
    RELIEF = "relief"
    CONSENTED = "consented"


CAUSES: Final = {
    Cause.CLAIMED: _("The worker claimed the right from the other side"),
    Cause.RELIEF: _("The worker sought relief: mediation, complaint, application"),
    Cause.CONSENTED: _("The other side agreed to perform"),
}


@dataclass(frozen=True, slots=True)
class Interruption:
    """A day on which the period was broken off, and by what."""

    on: date
    cause: Cause


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days, both included, on which force majeure or another sound reason kept the worker from applying."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Ending:
    """The last day of a period. Not `is_sure` where the official calendar of its year is not known yet."""

    day: date
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One limit: what must be done, counted from when, by which rule, until when.

    `day` is None where it cannot be counted: the calendar is missing (`is_sure` is False), or there is no limit.
    `why` are sentences that explain how it was counted.
    """

    key: str
    title: object
    start: date | None
    rule: str
    day: date | None
    is_sure: bool = True
    why: tuple[object, ...] = ()

    def is_over(self, today: date) -> bool:
        """Whether the last day has passed."""
        return self.day is not None and self.day < today


def years_after(day: date, years: int) -> date:
    """The day of the same number, or the last of the month where that month has none such."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, day.month, 28)


def last_day(nominal: date, calendar: Calendar) -> Ending:
    """The nominal last day, moved off holidays and weekends as far as the calendar is known."""
    try:
        return Ending(calendar.workday_from(nominal), is_sure=True)
    except CalendarError:
        return Ending(nominal, is_sure=False)


def in_days(key: str, title: object, start: date, numbers: Numbers, rule: str, calendar: Calendar) -> Step:
    """A limit of calendar days; the day of the start does not count."""
    ending = last_day(start + numbers[rule] * DAY, calendar)
    return Step(key, title, start, rule, ending.day, ending.is_sure)


def in_workdays(key: str, title: object, start: date, number: int, rule: str, calendar: Calendar) -> Step:
    """A limit of working days. Without the calendar there is no day to name."""
    try:
        return Step(key, title, start, rule, calendar.due_date(start, number, DayUnit.WORKDAY))
    except CalendarError:
        return Step(key, title, start, rule, None, is_sure=False)


def before(key: str, title: object, event: date, number: int, rule: str) -> Step:
    """The latest day that is at least `number` days before an event; nothing moves it off a day off."""
    return Step(key, title, event, rule, event - number * DAY)


def limitation(
    known_on: date,
    numbers: Numbers,
    calendar: Calendar,
    *,
    interruptions: Iterable[Interruption] = (),
    suspensions: Iterable[Suspension] = (),
    is_arrears: bool = False,
    employment_ended_on: date | None = None,
) -> Step:
    """Until when arbitration may be applied for (Mediation and Arbitration Law, article 27).

    Pay in arrears is not limited while the employment lasts; when it has ended, the period runs from that day.
    What happened after the period had run out brings it back no more.
    """
    title = _("Apply for arbitration")
    if is_arrears and employment_ended_on is None:
        why = (_("Pay in arrears is not subject to the limit while the employment lasts."),)
        return Step("limitation", title, known_on, LIMIT_YEARS, None, why=why)
    start, reason = _start(known_on, employment_ended_on if is_arrears else None)
    run = _Run(start, numbers[LIMIT_YEARS], [reason], calendar)
    for event in _in_order(interruptions, suspensions):
        run.take(event)
    ending = last_day(run.end, calendar)
    return Step("limitation", title, run.start, LIMIT_YEARS, ending.day, ending.is_sure, tuple(run.why))


def _start(known_on: date, ended_on: date | None) -> tuple[date, object]:
    if ended_on is not None:
        return ended_on, _("Pay in arrears: counted from the day the employment ended.")
    return known_on, _("Counted from the day the infringement was known, or should have been.")


class _Run:
    """A limitation period on its way: where it began last, how far it reaches, and why."""

    def __init__(self, start: date, years: int, why: list[object], calendar: Calendar) -> None:
        self.start, self.years, self.why, self.calendar = start, years, why, calendar
        self.end = years_after(start, years)
        self.stands_until: date | None = None
        """The last day of a suspension that has not been counted to its end."""

    def take(self, event: Interruption | Suspension) -> None:
        if isinstance(event, Interruption):
            self._interrupt(event)
        else:
            self._suspend(event)

    def _is_over(self, on: date) -> bool:
        return on > last_day(self.end, self.calendar).day

    def _interrupt(self, event: Interruption) -> None:
        if self._is_over(event.on):
            self.why.append(_Sentence(_("{day}: too late, the period had run out."), event.on))
        elif event.on >= self.start:
            self.start, self.end = event.on, years_after(event.on, self.years)
            self.why.append(_Sentence(_("{day}: broken off, the period begins anew."), event.on))
            if self.stands_until is not None and self.stands_until > event.on:
                self.end += self.stands_until - event.on

    def _suspend(self, event: Suspension) -> None:
        if self._is_over(event.first):
            self.why.append(_Sentence(_("{day}: too late, the period had run out."), event.first))
            return
        first = max(event.first, self.start + DAY, (self.stands_until or self.start) + DAY)
        if event.last < first:
            return
        self.end += event.last - first + DAY
        self.stands_until = event.last
        self.why.append(_Sentence(_("{day}: stood still until {last}, and went on after that."), first, event.last))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with days in it, written in the reader's language when it is shown."""

    text: object
    day: date
    last: date | None = None

    def __str__(self) -> str:
        from shuniu.kernel.web.formats import date_text  # noqa: PLC0415 -- app ready

        return str(self.text).format(day=date_text(self.day), last=date_text(self.last))


def _in_order(
    interruptions: Iterable[Interruption], suspensions: Iterable[Suspension]
) -> list[Interruption | Suspension]:
    dated: list[tuple[date, int, Interruption | Suspension]] = [(one.on, 1, one) for one in interruptions]
    dated += [(one.first, 0, one) for one in suspensions]
    return [event for _on, _kind, event in sorted(dated, key=lambda entry: entry[:2])]


def arbitration(
    applied_on: date,
    numbers: Numbers,
    calendar: Calendar,
    *,
    accepted_on: date | None = None,
    served_on: date | None = None,
    hearing_on: date | None = None,
    award_on: date | None = None,
) -> list[Step]:
    """The steps of an arbitration (articles 29 to 50), from the latest day known of each; days missing are left out."""
    steps = [in_days("accept", _("The commission accepts or refuses"), applied_on, numbers, ACCEPT, calendar)]
    if accepted_on is not None:
        steps.append(
            in_days("serve", _("The other side gets a copy of the application"), accepted_on, numbers, SERVE, calendar)
        )
    if served_on is not None:
        steps += _answers(served_on, numbers, calendar)
    if hearing_on is not None:
        steps += _hearing(hearing_on, numbers)
    if accepted_on is not None:
        steps += _awards(accepted_on, numbers, calendar)
    if award_on is not None:
        steps += suing(award_on, numbers, calendar)
    return steps


def _answers(served_on: date, numbers: Numbers, calendar: Calendar) -> list[Step]:
    answer = in_days("answer", _("The other side answers"), served_on, numbers, ANSWER, calendar)
    if answer.day is None:
        return [answer]
    title = _("The applicant gets a copy of the answer, at the latest")
    return [answer, in_days("forward", title, answer.day, numbers, FORWARD, calendar)]


def _hearing(hearing_on: date, numbers: Numbers) -> list[Step]:
    return [
        before("notice", _("Both sides are told of the hearing"), hearing_on, numbers[NOTICE], NOTICE),
        before("postpone", _("Ask for another day of the hearing"), hearing_on, numbers[POSTPONE], POSTPONE),
    ]


def _awards(accepted_on: date, numbers: Numbers, calendar: Calendar) -> list[Step]:
    award = in_days("award", _("The award is made"), accepted_on, numbers, AWARD, calendar)
    more = last_day(accepted_on + (numbers[AWARD] + numbers[AWARD_MORE]) * DAY, calendar)
    why = (_("A difficult case, with the approval of the commission's head. After that either side may sue at once."),)
    title = _("The award is made, extended")
    return [award, Step("award_more", title, accepted_on, AWARD_MORE, more.day, more.is_sure, why)]


def suing(received_on: date, numbers: Numbers, calendar: Calendar) -> list[Step]:
    """After an award was received: the worker's suit, and the employer's application against a final award."""
    final = (_("Where the award is final (arrears, injury costs, compensation up to a year's minimum pay)."),)
    sue = in_days("sue", _("Sue at the people's court"), received_on, numbers, SUE, calendar)
    aside = in_days(
        "set_aside", _("The employer asks to set a final award aside"), received_on, numbers, SET_ASIDE, calendar
    )
    return [sue, Step(aside.key, aside.title, aside.start, aside.rule, aside.day, aside.is_sure, final)]


def inspection(ended_on: date, numbers: Numbers, calendar: Calendar, *, filed_on: date | None = None) -> list[Step]:
    """Labour inspection: until when a violation is pursued, and how long the inquiry takes once filed."""
    pursued = last_day(years_after(ended_on, numbers[PURSUED]), calendar)
    title = _("Complain to the labour inspection")
    why = (_("Counted from the day of the violation; one that lasts, from the day it ended."),)
    steps = [Step("complain", title, ended_on, PURSUED, pursued.day, pursued.is_sure, why)]
    if filed_on is not None:
        both = numbers[INSPECT] + numbers[INSPECT_MORE]
        more = pgettext_lazy("inspection", "The inquiry ends, extended")
        steps += [
            in_workdays("inquiry", _("The inquiry ends"), filed_on, numbers[INSPECT], INSPECT, calendar),
            in_workdays("inquiry_more", more, filed_on, both, INSPECT_MORE, calendar),
        ]
    return steps


def injury(injured_on: date, numbers: Numbers, calendar: Calendar, *, accepted_on: date | None = None) -> list[Step]:
    """Recognition of a work injury: who applies until when, and the decision once the application is accepted."""
    worker = last_day(years_after(injured_on, numbers[INJURY_WORKER]), calendar)
    whose = (_("If the employer does not apply, the worker, kin or the union may, within the year."),)
    title = _("The worker, kin or the union apply")
    steps = [
        in_days("employer", _("The employer applies"), injured_on, numbers, INJURY_EMPLOYER, calendar),
        Step("worker", title, injured_on, INJURY_WORKER, worker.day, worker.is_sure, whose),
    ]
    if accepted_on is not None:
        clear = _("The decision, where facts and duties are clear")
        steps += [
            in_days("clear", clear, accepted_on, numbers, INJURY_CLEAR, calendar),
            in_days("decision", _("The decision"), accepted_on, numbers, INJURY_DECISION, calendar),
        ]
    return steps


def mediation(received_on: date, numbers: Numbers, calendar: Calendar, *, signed_on: date | None = None) -> list[Step]:
    """Mediation: until when, and until when both sides may ask the commission to confirm an agreement."""
    why = (_("Without an agreement by then either side may apply for arbitration. Longer only if both agree."),)
    ends = in_days("mediate", _("The mediation ends"), received_on, numbers, MEDIATION, calendar)
    steps = [Step(ends.key, ends.title, ends.start, ends.rule, ends.day, ends.is_sure, why)]
    if signed_on is not None:
        title = _("Both sides ask the commission to confirm the agreement")
        steps.append(in_days("confirm", title, signed_on, numbers, CONFIRM, calendar))
    return steps


def soonest(steps: Sequence[Step], today: date) -> Step | None:
    """The limit that runs out next."""
    ahead = [step for step in steps if step.day is not None and step.day >= today]
    return min(ahead, key=lambda step: step.day or today, default=None)
