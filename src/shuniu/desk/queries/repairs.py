"""Repairs as they are looked at: boards, what was done in time, whom to send, what is promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from shuniu.desk.handlers import Handler, handlers_of
from shuniu.desk.lineage import setup_of
from shuniu.desk.models import Case, CaseClock, PartsWait, Repair, ServiceLine
from shuniu.desk.rules.repairs import Repairer, by_fitness
from shuniu.hub.enums import ServiceKind
from shuniu.kernel.calendar import Calendar, midnight
from shuniu.kernel.scope import Actor
from shuniu.rulebook.public import place_of, snapshot

SUMS = "sums of repairs for everybody; no single repair is returned"


def repairs(actor: Actor) -> QuerySet[Repair]:
    """Every repair in sight, with its case."""
    rows: QuerySet[Repair] = Repair.objects.visible_to(actor)
    return rows.select_related("case__line", "case__version", "case__handler", "organisation").defer(
        "case__version__setup"
    )


def jobs(actor: Actor) -> QuerySet[Repair]:
    """What the actor has in hand, the most pressing first."""
    rows = repairs(actor).filter(case__handler_id=actor.user_id, case__closed_at=None, fixed_at=None)
    return rows.order_by(F("case__due_at").asc(nulls_last=True), "pk")


def fault_name(repair: Repair) -> str:
    """What the line's form calls the class of fault."""
    for field in setup_of(repair.case.version).fields:
        if field.key == "fault":
            return field.label_of(repair.fault)
    return repair.fault


def repair_lines(actor: Actor) -> QuerySet[ServiceLine]:
    """Lines for repairs within sight."""
    return ServiceLine.objects.visible_to(actor).filter(kind=ServiceKind.REPAIR).select_related("organisation__area")


def candidates(case: Case, on: date) -> list[tuple[Handler, Repairer]]:
    """Whom a repair may be given to, the fittest first, with what each has in hand. Two queries beside the line's."""
    handlers = {one.user_id: one for one in handlers_of(case.line, on)}
    rows = Repair.objects.unscoped(reason="the load of those a repair may be given to")
    loads = rows.filter(case__handler_id__in=handlers, case__closed_at=None, fixed_at=None)
    counted = {
        row["case__handler_id"]: row
        for row in loads.values("case__handler_id").annotate(
            n=Count("pk"), urgent=Count("pk", filter=Q(is_urgent=True)), sent=Max("reported_at")
        )
    }
    fault = Repair.everything.filter(case=case).values_list("fault", flat=True).first() or ""
    mended = rows.filter(case__handler_id__in=handlers, fault=fault, fixed_at__isnull=False)
    skilled = set(mended.values_list("case__handler_id", flat=True).distinct())
    found = [_repairer(one, counted.get(key, {}), skilled) for key, one in handlers.items()]
    return [(handlers[one.user_id], one) for one in by_fitness(found)]


def _repairer(handler: Handler, load: dict[str, Any], skilled: set[int]) -> Repairer:
    """Who has mended such a fault before knows the trade; where nobody has, all are alike."""
    is_skilled = not skilled or handler.user_id in skilled
    return Repairer(
        handler.user_id, handler.name, is_skilled, load.get("n", 0), load.get("urgent", 0), load.get("sent")
    )


@dataclass(frozen=True, slots=True)
class RepairFigures:
    """Counts of a period. In time: of the clocks that were stopped or fell due in it (`arrive_base`, `fix_base`), not of
    what came in. `repeats` and `charged` are of `mended`; `wait` and `mean` are lengths of time.
    """

    received: int
    arrive_base: int
    arrived_in_time: int
    fix_base: int
    fixed_in_time: int
    mended: int
    repeats: int
    charged: int
    drawn: int
    called: int
    confirmed: int
    waits: int
    mean: timedelta | None


def figures(rows: QuerySet[Repair], start: date, end: date, now: datetime) -> RepairFigures:
    """The figures of repairs in `[start, end)`: five queries."""
    zone = Calendar.official().hours.zone
    since, until = midnight(start, zone), midnight(end, zone)
    mended = rows.filter(fixed_at__gte=since, fixed_at__lt=until)
    length = ExpressionWrapper(F("fixed_at") - F("reported_at"), output_field=DurationField())
    counted = mended.aggregate(
        n=Count("pk"), repeats=Count("pk", filter=Q(repeat_of__isnull=False)),
        charged=Count("pk", filter=~Q(place_kind="public")), drawn=Count("pk", filter=Q(is_drawn=True)),
        called=Count("pk", filter=Q(called_at__isnull=False)), confirmed=Count("pk", filter=Q(is_confirmed=True)),
        mean=Avg(length),
    )  # fmt: skip
    arrive, fix = _in_time(rows, "visit", since, until, now), _in_time(rows, "solve", since, until, now)
    waits = PartsWait.everything.filter(repair__in=rows.values("pk"), started_at__gte=since, started_at__lt=until)
    return RepairFigures(
        rows.filter(reported_at__gte=since, reported_at__lt=until).count(), *arrive, *fix, counted["n"],
        counted["repeats"], counted["charged"], counted["drawn"], counted["called"], counted["confirmed"],
        waits.count(), counted["mean"],
    )  # fmt: skip


def _in_time(rows: QuerySet[Repair], key: str, since: datetime, until: datetime, now: datetime) -> tuple[int, int]:
    kept = Q(stopped_at__lte=F("due_at"), stopped_at__gte=since, stopped_at__lt=until)
    missed = Q(due_at__gte=since, due_at__lt=min(until, now)) & (Q(stopped_at=None) | Q(stopped_at__gt=F("due_at")))
    clocks = CaseClock.everything.filter(kept | missed, key=key, case__in=rows.values("pk"))
    found = clocks.aggregate(n=Count("pk"), kept=Count("pk", filter=Q(stopped_at__lte=F("due_at"))))
    return found["n"], found["kept"]


@dataclass(frozen=True, slots=True)
class Promise:
    """What a line promises for a class of fault, in minutes round the clock."""

    fault: str
    arrive: int
    fix: int

    @property
    def arrive_text(self) -> str:
        return minutes_text(self.arrive)

    @property
    def fix_text(self) -> str:
        return minutes_text(self.fix)


def minutes_text(minutes: int) -> str:
    """Minutes as people say them: under two hours in minutes, under three days in hours, then in days."""
    if minutes < 120:
        return _("{n} min").format(n=minutes)
    if minutes < 3 * 1440:
        return _("{n} h").format(n=minutes // 60)
    return _("{n} d").format(n=minutes // 1440)


def promises(line: ServiceLine, on: date) -> list[Promise]:
    """The table of faults and limits of a line, by the rules in force at its place; one query for the units' own."""
    setup = setup_of(line.current) if line.current else None
    field = next((one for one in setup.fields if one.key == "fault"), None) if setup else None
    if setup is None or field is None:
        return []
    rules, place = snapshot(on=on), place_of(line.organisation)
    clocks = {clock.key: clock for clock in setup.clocks}

    def minutes(key: str, fault: str) -> int:
        found = rules.get(clocks[key].rule_for({"fault": fault}), place) if key in clocks else None
        return int(found.rule.number) if found else 0

    return [
        Promise(str(choice.label), minutes("visit", choice.key), minutes("solve", choice.key))
        for choice in field.choices
    ]


def public_repairs(line: ServiceLine) -> QuerySet[Repair]:
    """The repairs of a line, for sums on the public board."""
    return Repair.objects.unscoped(reason=SUMS).filter(case__line=line)


def public_lines() -> QuerySet[ServiceLine]:
    """Lines for repairs that are open to everybody's eyes."""
    rows: QuerySet[ServiceLine] = ServiceLine.objects.unscoped(reason="whoever may report a fault knows the line")
    return rows.filter(kind=ServiceKind.REPAIR, is_open=True, current__isnull=False).select_related(
        "organisation__area", "current"
    )


def to_call(actor: Actor) -> QuerySet[Repair]:
    """Mended repairs that were drawn and not called back yet."""
    rows = repairs(actor).filter(is_drawn=True, called_at=None, fixed_at__isnull=False)
    return rows.order_by("fixed_at", "pk")
