"""Filling a roster without an actor: for the demo and for measurements, which write in bulk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shuniu.desk.models import Roster, Shift
from shuniu.desk.queries import rosters as queries
from shuniu.desk.rules.rosters import Place, halves_of, substitutes
from shuniu.desk.rules.solving import Solution, solve


def fill_roster(roster: Roster, kept: Mapping[date, int] | None = None) -> Solution:
    """Solve an empty roster and write its duties in one statement; the solution tells how even it is.

    Args:
        kept: professionals, by key, who have to be on duty on certain days.
    """
    half = halves_of(roster.whole_days)[0]
    task = queries.task_of(roster, {Place(day, half, 0): key for day, key in (kept or {}).items()})
    solution = solve(task)
    values = queries.shift_values(solution.plan, substitutes(task, solution.plan))
    Shift.everything.bulk_create(
        (Shift(roster=roster, line_id=roster.line_id, **one) for one in values), batch_size=400
    )
    return solution
