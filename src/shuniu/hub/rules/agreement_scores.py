"""The periodic score of an agreement: each item with its figure, base and target, what is taken off, and the sum.

Points are integer hundredths. Figures and targets are integer hundredths of their unit: of a per cent, of a star, of a
complaint. All comparisons are exact; only what is shown of a figure is rounded.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from shuniu.hub.enums import Cycle, InspectionState, Measure
from shuniu.hub.rules.facts import ServiceFacts

HUNDRED = 100
WHOLE = 100 * HUNDRED
"""A hundred points, a hundred per cent."""
MONTHS = {Cycle.MONTH: 1, Cycle.QUARTER: 3}
CLOSED = frozenset({InspectionState.CLEAR, InspectionState.NOTED, InspectionState.PASSED})


@dataclass(frozen=True, slots=True)
class Item:
    """An assessment item. For each begun `step` that the figure is off its `target`, `deduct` points are taken off.

    Of a manual item the inspections say themselves what they take off; it has neither target nor step.
    """

    key: int
    name: str
    measure: Measure
    points: int
    target: int = 0
    step: int = HUNDRED
    deduct: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """One inspection of a manual item: when, which issue was found (empty for none), what it takes off."""

    item: int
    on: date
    issue: str = ""
    deduct: int = 0
    overdue: bool = False
    """What was found was not put right in time."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The numbers of the rulebook that scoring works with."""

    least_ratings: int
    """Ratings below which a mean says nothing."""
    repeats: int
    """The same issue so often within a calendar month brings the item to nothing."""
    overdue_deduct: int
    """Points for each finding that was not put right in time."""


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one item. `got` is None where there was nothing to assess it by.

    `figure` is what was reached, `found` of `base`; `off` the begun steps away from the target, `repeated` the issue
    that came too often.
    """

    key: int
    name: str
    measure: Measure
    points: int
    target: int
    found: int
    base: int
    figure: int | None
    off: int
    deducted: int
    got: int | None
    repeated: str = ""
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """The steps and their sum. `total` is out of 10,000: the points got, as a share of those that could be assessed."""

    steps: tuple[Step, ...]
    got: int
    assessed: int
    points: int

    @property
    def total(self) -> int | None:
        """Hundredths of a point out of a hundred, rounded down; None where nothing could be assessed."""
        return self.got * WHOLE // self.assessed if self.assessed else None


def score(items: Iterable[Item], facts: ServiceFacts | None, seen: Sequence[Seen], terms: Terms) -> Score:
    """The score of a period. Items without a base are not assessed and count neither way.

    Args:
        facts: of the period; None where nobody counts them, so that only manual items are assessed.
        seen: the inspections of the period.
    """
    steps = tuple(
        _manual(item, [one for one in seen if one.item == item.key], terms)
        if item.measure is Measure.MANUAL
        else _computed(item, facts or ServiceFacts(), terms)
        for item in items
    )
    assessed = [step for step in steps if step.got is not None]
    return Score(
        steps,
        got=sum(step.got or 0 for step in assessed),
        assessed=sum(step.points for step in assessed),
        points=sum(step.points for step in steps),
    )


def _computed(item: Item, facts: ServiceFacts, terms: Terms) -> Step:
    found, base = _counts(item.measure, facts)
    if base < (terms.least_ratings if item.measure is Measure.RATING else 1):
        return _step(item, found, base, None, 0, None)
    # both sides times the base: no fraction is ever rounded
    reached = found * (WHOLE if item.measure in RATES else HUNDRED)
    if item.measure is Measure.COMPLAINTS:
        figure, over = reached, reached - item.target
        off = max(0, -(-over // item.step))
    else:
        figure = (2 * reached + base) // (2 * base)
        off = max(0, -(-(item.target * base - reached) // (item.step * base)))
    return _step(item, found, base, figure, off, min(item.points, off * item.deduct))


RATES = frozenset({Measure.ANSWERED, Measure.KEPT, Measure.SOLVED})
"""Measures that are a share of their base."""


def _counts(measure: Measure, facts: ServiceFacts) -> tuple[int, int]:
    """What was found, and of how many."""
    return {
        Measure.ANSWERED: (facts.answered_in_time, facts.answered),
        Measure.KEPT: (facts.kept, facts.booked),
        Measure.SOLVED: (facts.solved_in_time, facts.solved),
        Measure.RATING: (facts.stars, facts.ratings),
        Measure.COMPLAINTS: (facts.complaints_upheld, facts.served),
    }[measure]


def _manual(item: Item, seen: Sequence[Seen], terms: Terms) -> Step:
    """Without a single inspection there is nothing to say; a clean one keeps the points."""
    if not seen:
        return _step(item, 0, 0, None, 0, None)
    found = [one for one in seen if one.issue]
    often = Counter((one.issue, one.on.year, one.on.month) for one in found)
    repeated = next((issue for (issue, *_), times in sorted(often.items()) if times >= terms.repeats), "")
    overdue = sum(one.overdue for one in found)
    off = sum(one.deduct for one in found) + overdue * terms.overdue_deduct
    deducted = item.points if repeated else min(item.points, off)
    return _step(item, len(found), len(seen), None, len(found), deducted, repeated, overdue)


def _step(
    item: Item,
    found: int,
    base: int,
    figure: int | None,
    off: int,
    deducted: int | None,
    repeated: str = "",
    overdue: int = 0,
) -> Step:
    got = None if deducted is None else item.points - deducted
    return Step(
        item.key, item.name, item.measure, item.points, item.target, found, base, figure, off, deducted or 0, got,
        repeated, overdue,
    )  # fmt: skip


def told(made: Score) -> dict[str, Any]:
    """The score as it is stored, in plain values."""
    return {
        "steps": [asdict(step) | {"measure": str(step.measure)} for step in made.steps],
        "got": made.got,
        "assessed": made.assessed,
        "points": made.points,
    }


def read(stored: Mapping[str, Any]) -> Score:
    """The score that `told` put away."""
    steps = tuple(Step(**{**one, "measure": Measure(one["measure"])}) for one in stored["steps"])
    return Score(steps, stored["got"], stored["assessed"], stored["points"])


def digest(stored: Mapping[str, Any], *about: object) -> str:
    """SHA-256 over the stored score and what it is about: whoever kept it can show that nothing was changed since."""
    text = json.dumps([stored, *map(str, about)], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def periods(cycle: Cycle, starts_on: date, ends_on: date) -> list[tuple[date, date]]:
    """The calendar months or quarters of a term, half-open, the first and the last cut to the term."""
    found, length = [], MONTHS[cycle]
    start = starts_on
    while start < ends_on:
        month = (start.month - 1) // length * length + length + 1
        end = min(date(start.year + (month > 12), (month - 1) % 12 + 1, 1), ends_on)
        found.append((start, end))
        start = end
    return found
