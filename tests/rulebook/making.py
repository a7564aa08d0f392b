"""Rules made up for tests."""

from __future__ import annotations

from datetime import date

from shuniu.kernel.period import FOREVER
from shuniu.rulebook.enums import Case, Kind, Operator, UnitMay
from shuniu.rulebook.rules.rule import ALWAYS, Jurisdiction, Rule, Source, Topic, Unit, UnitValue, same


def limit(
    operator: Operator = Operator.LE,
    *numbers: int,
    per: int = 1,
    duty: bool = False,
    place: str = "national",
    unit_may: UnitMay = UnitMay.STRICTER,
    valid: tuple[date, date] = (ALWAYS, FOREVER),
) -> Rule:
    """A limit, or a duty, with the bare numbers as its sentences."""
    topic = Topic(
        id="test.rule",
        group="organisation",
        title=same("test"),
        kind=Kind.DUTY if duty else Kind.LIMIT,
        unit=Unit("people", same("people")),
        measure="members",
        by="",
        unit_may=unit_may,
        sentences={case: same("{found} {needed}") for case in Case},
    )
    return Rule(
        topic=topic,
        jurisdiction=Jurisdiction(place, same(place)),
        operator=operator,
        numbers=numbers or (30,),
        source=Source(same("law")),
        per=per,
        valid_from=valid[0],
        valid_to=valid[1],
    )


def own(
    number: int, path: str = "0001", *, operator: Operator = Operator.LE, valid: tuple[date, date] = (ALWAYS, FOREVER)
) -> UnitValue:
    return UnitValue(
        pk=1,
        rule_id="test.rule",
        organisation_id=1,
        organisation=f"union at {path}",
        path=path,
        operator=operator,
        numbers=(number,),
        valid_from=valid[0],
        valid_to=valid[1],
        source="decision",
        reason="",
    )
