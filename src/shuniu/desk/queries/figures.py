"""Figures of cases: what came in, what was kept in time, who has how much to do. Counts only, never what a case says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from shuniu.desk.lineage import setup_of_line
from shuniu.desk.models import Case, CaseClock, ServiceLine
from shuniu.desk.queries.cases import cases
from shuniu.kernel.scope import Actor
from shuniu.voice.enums import Dimension
from shuniu.voice.public import Of, Result, results_by


@dataclass(frozen=True, slots=True)
class Load:
    """How much one handler has in hand."""

    name: str
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Kept:
    """How many limits were kept. `due`: those that ended or ran out by now; `kept` of them in time."""

    received: int
    answered: int
    closed: int
    reopened: int
    due: int
    kept: int

    def __add__(self, other: Kept) -> Kept:
        mine = (getattr(self, name) + getattr(other, name) for name in self.__slots__)
        return Kept(*mine)


NOTHING = Kept(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class LineFigures:
    """A line over a period: its sums, its months, and what those who were served say."""

    line: ServiceLine
    whole: Kept
    months: Mapping[date, Kept]
    rated: Result | None


def today(actor: Actor, now: datetime) -> dict[str, int]:
    """What is open, in nobody's hands, overdue and due within three days; one statement."""
    rows = cases(actor).filter(closed_at=None)
    counts: dict[str, int] = rows.aggregate(
        open=Count("pk"),
        unassigned=Count("pk", filter=Q(handler=None)),
        overdue=Count("pk", filter=Q(due_at__lt=now)),
        soon=Count("pk", filter=Q(due_at__gte=now, due_at__lt=now + timedelta(days=3))),
    )
    return counts


def loads(actor: Actor, now: datetime, limit: int = 30) -> list[Load]:
    """Who has the most open cases."""
    rows = cases(actor).filter(closed_at=None).exclude(handler=None).order_by()
    counted = rows.values("handler__name").annotate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=now)))
    return [
        Load(row["handler__name"], row["open"], row["overdue"])
        for row in counted.order_by("-open", "handler__name")[:limit]
    ]


def by_line(actor: Actor, lines: Sequence[ServiceLine], start: date, end: date, now: datetime) -> list[LineFigures]:
    """Each line by month of receipt, from `start` until the day before `end`; three statements in all.

    Whether a limit was kept is asked of the line's last clock, that of the solution.
    """
    since, until = (timezone.make_aware(datetime.combine(day, time())) for day in (start, end))
    rows = cases(actor).filter(line__in=lines, opened_at__gte=since, opened_at__lt=until).order_by()
    counted = _months(rows)
    kept = _limits(rows, lines, now)
    rated = {
        group.key: group.result
        for group in results_by(Dimension.LINE, Of(start, end, lines=[x.key for x in lines]), on=start)
    }
    return [_figures(line, counted, kept, rated.get(line.key)) for line in lines]


def _months(rows: QuerySet[Case]) -> dict[tuple[int, date], dict[str, int]]:
    grouped = rows.annotate(month=TruncMonth("opened_at")).values("line_id", "month")
    found = grouped.annotate(
        received=Count("pk"),
        replied=Count("pk", filter=Q(answered_at__isnull=False)),
        closed=Count("pk", filter=Q(closed_at__isnull=False)),
        reopened=Count("pk", filter=Q(reopened__gt=0)),
    )
    return {(row["line_id"], _month(row["month"])): _counts(dict(row)) for row in found}


def _counts(row: Mapping[str, Any]) -> dict[str, int]:
    names = {"received": "received", "answered": "replied", "closed": "closed", "reopened": "reopened"}
    return {name: row[column] for name, column in names.items()}


def _limits(
    rows: QuerySet[Case], lines: Sequence[ServiceLine], now: datetime
) -> dict[tuple[int, date], tuple[int, int]]:
    asked = Q(pk__in=[])
    for line in lines:
        if line.current is not None and setup_of_line(line).clocks:
            asked |= Q(case__line=line, key=setup_of_line(line).clocks[-1].key)
    clocks = CaseClock.everything.filter(asked, case__in=rows.values("pk"), round=1).order_by()
    grouped = clocks.annotate(month=TruncMonth("case__opened_at")).values("case__line_id", "month")
    ended = Q(stopped_at__isnull=False, due_at__isnull=False) | Q(stopped_at=None, due_at__lt=now)
    found = grouped.annotate(due=Count("pk", filter=ended), kept=Count("pk", filter=Q(stopped_at__lte=F("due_at"))))
    return {(row["case__line_id"], _month(row["month"])): (row["due"], row["kept"]) for row in found}


def _figures(
    line: ServiceLine,
    counted: Mapping[tuple[int, date], Mapping[str, int]],
    kept: Mapping[tuple[int, date], tuple[int, int]],
    rated: Result | None,
) -> LineFigures:
    months: dict[date, Kept] = {}
    for (pk, month), counts in sorted(counted.items(), key=lambda one: one[0]):
        if pk == line.pk:
            due, in_time = kept.get((pk, month), (0, 0))
            months[month] = Kept(due=due, kept=in_time, **counts)
    return LineFigures(line, sum(months.values(), NOTHING), months, rated)


def _month(moment: Any) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
