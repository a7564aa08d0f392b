"""The figures that the rules set for a line: the rule in force where its union body stands."""

from __future__ import annotations

from datetime import date

from shuniu.desk.models import ServiceLine
from shuniu.rulebook.public import Rule, find, place_of


def rule_for(line: ServiceLine, rule_id: str, on: date) -> Rule:
    """The rule in force for a line on a day.

    Raises:
        NoRuleError: there is none.
    """
    return find(rule_id, on=on, at=place_of(line.organisation)).rule


def number_for(line: ServiceLine, rule_id: str, on: date) -> int:
    """The first number of that rule, in the unit of its topic."""
    return rule_for(line, rule_id, on).numbers[0]
