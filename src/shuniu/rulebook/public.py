"""What other rooms use of the rulebook: find the rule in force, hold a figure against it, show what it says.

rule = find("committee.threshold", on=today, at=Place.of("shanghai", union.path)).rule
verdict = check(rule, members, done=has_committee)          # verdict.ok, verdict.sentence
{% include "rulebook/_verdict.html" with verdict=verdict %}
"""

from __future__ import annotations

from shuniu.rulebook.actions import end_unit_rule, set_unit_rule
from shuniu.rulebook.queries import find, place_of, snapshot
from shuniu.rulebook.rules.book import official
from shuniu.rulebook.rules.finding import Considered, Found, NoRuleError, Place, Snapshot
from shuniu.rulebook.rules.rule import Band, Rule, Text
from shuniu.rulebook.rules.verdict import Verdict, band, check, year_start

__all__ = [
    "Band",
    "Considered",
    "Found",
    "NoRuleError",
    "Place",
    "Rule",
    "Snapshot",
    "Text",
    "Verdict",
    "band",
    "check",
    "end_unit_rule",
    "find",
    "official",
    "place_of",
    "set_unit_rule",
    "snapshot",
    "year_start",
]
