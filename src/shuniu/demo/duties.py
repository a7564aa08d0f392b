"""The district's catalogue of duties as it was decided: most of it twice, some of it due to be looked at again."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from shuniu.hub.public import Decision, Duty, decide_duty, ready_duties, take_over_catalogue
from shuniu.kernel.scope import Actor
from shuniu.registry.public import Organisation

TAKEN = date(2024, 1, 8)
FIRST, SECOND = date(2024, 2, 20), date(2025, 12, 16)
OVERDUE, SOON, LATER = date(2026, 11, 16), date(2026, 12, 15), date(2027, 12, 15)
UNDECIDED = {"CS03", "JG04", "WT03"}
"""Duties about which the district has not made up its mind."""


def decide(root: Organisation, actor: Actor) -> dict[str, Duty]:
    """Take the ready catalogue over and decide about it; the duties by number."""
    take_over_catalogue(root, actor=actor, now=moment(TAKEN))
    duties = {one.code: one for one in Duty.everything.filter(organisation=root).select_related("organisation__area")}
    for index, ready in enumerate(ready_duties()):
        if ready.code in UNDECIDED:
            continue
        if index % 3 == 0:
            _decide(duties[ready.code], actor, FIRST, SECOND)
        _decide(duties[ready.code], actor, SECOND, OVERDUE if index % 20 == 7 else SOON if index % 9 == 4 else LATER)
    return duties


def _decide(duty: Duty, actor: Actor, on: date, review_on: date) -> None:
    ready = next(one for one in ready_duties() if one.code == duty.code)
    decision = Decision(
        answers=ready.answers,
        kind=ready.kind,
        mode=ready.mode,
        reason=ready.reason,
        decided_on=on,
        review_on=review_on,
    )
    decide_duty(duty, decision, actor=actor, now=moment(on))


def moment(day: date) -> datetime:
    """Ten in the morning of a day."""
    return timezone.make_aware(datetime.combine(day, time(10)))
