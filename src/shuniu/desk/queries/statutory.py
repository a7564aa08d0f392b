"""The numbers of the statutory calculator, from the rules in force, and what a page shows of each."""

from __future__ import annotations

from datetime import date

from shuniu.desk.rules.statutory import RULES, Numbers
from shuniu.rulebook.public import Place, Rule, snapshot


def statutory_rules(on: date, at: Place | None = None) -> dict[str, Rule]:
    """The rules of the calculator that are in force on a day, by their ids; one query for the units' own."""
    known, place = snapshot(on=on), at or Place.of()
    found = {rule_id: known.get(rule_id, place) for rule_id in RULES}
    return {rule_id: one.rule for rule_id, one in found.items() if one is not None}


def numbers_of(rules: dict[str, Rule]) -> Numbers:
    """Days and years by the ids of their rules."""
    return {rule_id: int(rule.number) for rule_id, rule in rules.items()}
