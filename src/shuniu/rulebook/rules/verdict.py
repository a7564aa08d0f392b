"""What a rule says about a figure: met or not, and the sentence for it in both languages. Integers only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shuniu.rulebook.enums import Case, Force, Kind, Operator
from shuniu.rulebook.rules.rule import Band, Rule, Text, same

Bound = tuple[float, int]
"""A number (or infinity) and -1, 0 or 1 for just below it, the number itself and just above it."""
Range = tuple[Bound, Bound]

OK = {Case.PASS: True, Case.FAIL: False}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says about a figure. `ok` is None where nothing is wrong or right: no duty, a setting, no figure.

    `needed` are the numbers the figure is held against: for a share the count it comes to, for a table the band's.
    """

    ok: bool | None
    case: Case
    rule: Rule
    found: int | None
    needed: tuple[int, ...]
    text: Text

    @property
    def sentence(self) -> str:
        """The sentence in the reader's language."""
        return str(self.text)

    @property
    def sentence_zh(self) -> str:
        return self.text.zh

    @property
    def sentence_en(self) -> str:
        return self.text.en


def check(
    rule: Rule, found: int | None = None, *, base: int | None = None, by: int | None = None, done: bool | None = None
) -> Verdict:
    """Hold a figure against a rule.

    Args:
        found: the figure that `rule.topic.measure` (or the rule's own) names; None where it is not known.
        base: for a share, what it is a share of.
        by: for a table, the figure that chooses the band.
        done: for a duty, whether what is due was done; None where that is not known.

    Raises:
        ValueError: a figure is negative.
    """
    if any(figure is not None and figure < 0 for figure in (found, base, by)):
        raise ValueError("A figure that is held against a rule is not negative.")
    if rule.topic.kind is Kind.SETTING:
        return _verdict(rule, Case.STATE, None, rule.numbers)
    if found is None or (rule.per > 1 and not base) or (rule.operator is Operator.TABLE and by is None):
        return _verdict(rule, Case.UNKNOWN, None, ())
    case = _limit(rule, found, base, by) if rule.topic.kind is Kind.LIMIT else _duty(rule, found, done)
    return _verdict(rule, case, found, _needed(rule, base, by), base=base, by=by)


def band(rule: Rule, figure: int) -> Band:
    """The band of a table in which the figure lies."""
    return next(band for band in reversed(rule.bands) if band.start <= figure)


def year_start(rule: Rule, on: date) -> date:
    """The first day of the yearly period in which `on` lies, by a rule whose numbers are a month and a day."""
    month, day = rule.numbers
    return date(on.year if (on.month, on.day) >= (month, day) else on.year - 1, month, day)


def ranges(rule: Rule, by: int | None = None) -> list[Range]:
    """The ranges that the rule allows, or in which its duty holds; those of a share in parts of its base."""
    first = rule.numbers[0] if rule.numbers else 0
    match rule.operator:
        case Operator.GE:
            return [((first, 0), (math.inf, 0))]
        case Operator.GT:
            return [((first, 1), (math.inf, 0))]
        case Operator.LE:
            return [((-math.inf, 0), (first, 0))]
        case Operator.LT:
            return [((-math.inf, 0), (first, -1))]
        case Operator.EQ:
            return [_closed(number, number) for number in rule.numbers]
        case Operator.BETWEEN:
            return [_closed(*rule.numbers)]
        case Operator.TABLE:
            chosen = band(rule, by or 0)
            return [_closed(chosen.low, chosen.high), *(_closed(number, number) for number in chosen.also)]


def operators_for(rule: Rule) -> tuple[Operator, ...]:
    """The operators that a unit's own rule may have in the place of this one, this one's own first."""
    others = {
        Operator.GE: (Operator.GT,),
        Operator.GT: (Operator.GE,),
        Operator.LE: (Operator.LT,),
        Operator.LT: (Operator.LE,),
    }
    return () if rule.operator is Operator.TABLE else (rule.operator, *others.get(rule.operator, ()))


def is_as_strict(new: Rule, old: Rule) -> bool:
    """Whether `new` asks at least what `old` asks: a limit allows nothing more, a duty holds wherever the old one does."""
    if new.per != old.per:
        return False
    inner, outer = (new, old) if old.topic.kind is Kind.LIMIT else (old, new)
    return all(any(low <= a and b <= high for low, high in ranges(outer)) for a, b in ranges(inner))


def _closed(low: int, high: int) -> Range:
    return (low, 0), (high, 0)


def _admits(rule: Rule, found: int, base: int | None, by: int | None) -> bool:
    figure, scale = (found * rule.per, 0), base if rule.per > 1 and base else 1
    return any(
        (low * scale, below) <= figure <= (high * scale, above) for (low, below), (high, above) in ranges(rule, by)
    )


def _limit(rule: Rule, found: int, base: int | None, by: int | None) -> Case:
    return Case.PASS if _admits(rule, found, base, by) else Case.FAIL


def _duty(rule: Rule, found: int, done: bool | None) -> Case:  # noqa: FBT001 -- a fact, passed on by its name
    if not _admits(rule, found, None, None):
        return Case.FREE
    if rule.force is Force.MAY:
        return Case.MAY
    return {True: Case.PASS, False: Case.FAIL, None: Case.OPEN}[done]


def _needed(rule: Rule, base: int | None, by: int | None) -> tuple[int, ...]:
    if rule.operator is Operator.TABLE:
        chosen = band(rule, by or 0)
        return (chosen.low, chosen.high, *chosen.also)
    if rule.operator in (Operator.EQ, Operator.BETWEEN):
        return rule.numbers
    share = rule.number * (base if rule.per > 1 and base else 1)
    up, down = -(-share // rule.per), share // rule.per
    return ({Operator.GE: up, Operator.GT: down + 1, Operator.LE: down, Operator.LT: up - 1}[rule.operator],)


def _needed_words(rule: Rule, needed: Sequence[int], by: int | None) -> Text:
    if rule.operator is Operator.TABLE and by is not None:
        return band(rule, by).numbers
    return rule.topic.unit.figures(needed, rule.joint) if needed else same("")


def _verdict(
    rule: Rule,
    case: Case,
    found: int | None,
    needed: tuple[int, ...],
    *,
    base: int | None = None,
    by: int | None = None,
) -> Verdict:
    fields = {
        "found": rule.topic.unit.figures([found], rule.joint) if found is not None else same(""),
        "needed": _needed_words(rule, needed, by),
        "gap": same(0 if case is Case.PASS or found is None else min((abs(found - n) for n in needed), default=0)),
        "subject": rule.measure,
        "base": same(base),
        "by": same(by),
        "rate": rule.rate if rule.per > 1 else same(""),
    }
    return Verdict(OK.get(case), case, rule, found, needed, rule.topic.sentences[case].filled(fields))
