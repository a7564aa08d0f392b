"""Which of several rules holds at a place on a day, and why: national floor, then local rule, then the unit's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import STEP
from shuniu.kernel.web.formats import date_text
from shuniu.rulebook.enums import Reason, UnitMay
from shuniu.rulebook.rules.rule import NATIONAL, Rule, UnitValue
from shuniu.rulebook.rules.verdict import is_as_strict


class NoRuleError(ActionError):
    """No rule holds at the place on the day, or there is none of that name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule is asked for: jurisdictions and paths in the tree of organisations, the most specific first."""

    jurisdictions: tuple[str, ...] = ()
    organisation_paths: tuple[str, ...] = ()

    @classmethod
    def of(cls, jurisdiction: str = "", path: str = "") -> Place:
        """The place of a unit in a jurisdiction such as `shenzhen.futian` and at a path of the tree; all that hold it."""
        parts = [part for part in jurisdiction.split(".") if part]
        wider = [".".join(parts[:count]) for count in range(len(parts), 0, -1)]
        return cls(tuple(wider), tuple(path[:length] for length in range(len(path), 0, -STEP)))


@dataclass(frozen=True, slots=True)
class Considered:
    """A rule that was looked at, and what became of it."""

    rule: Rule
    reason: Reason

    @property
    def why(self) -> str:
        """The reason as a sentence in the reader's language."""
        match self.reason:
            case Reason.NOT_YET:
                return _("It is not in force yet.")
            case Reason.ENDED:
                return _("It is no longer in force.")
            case Reason.LESS_LOCAL:
                return _("A rule of a narrower place stands before it.")
            case Reason.REPLACED:
                return _("The unit's own rule stands before it.")
            case Reason.LAXER:
                return _("It asks less than the rule above it, so it does not count.")
            case Reason.STANDS:
                return _stands(self.rule)


@dataclass(frozen=True, slots=True)
class Found:
    """The rule in force, every rule considered (the one in force first), and why it stands."""

    rule: Rule
    considered: tuple[Considered, ...]

    @property
    def why(self) -> str:
        """Why the rule stands, in the reader's language."""
        return _stands(self.rule)

    @property
    def why_zh(self) -> str:
        with translation.override("zh-hans"):
            return self.why

    @property
    def why_en(self) -> str:
        with translation.override("en"):
            return self.why


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All rules of one day, the units' own among them, for asking many times at many places."""

    on: date
    rules: Mapping[str, Sequence[Rule]]
    own: tuple[UnitValue, ...] = ()

    def find(self, rule_id: str, at: Place) -> Found:
        """The rule in force at the place.

        Raises:
            NoRuleError: there is none.
        """
        found = self.get(rule_id, at)
        if found is None:
            raise NoRuleError(
                _("No rule “{rule}” is in force here on {day}.").format(rule=rule_id, day=date_text(self.on))
            )
        return found

    def get(self, rule_id: str, at: Place) -> Found | None:
        """The rule in force at the place, or None."""
        return decide(self.rules.get(rule_id, ()), self.own_at(rule_id, at), on=self.on, at=at)

    def own_at(self, rule_id: str, at: Place) -> list[UnitValue]:
        return [own for own in self.own if own.rule_id == rule_id and own.path in at.organisation_paths]


def decide(rules: Iterable[Rule], own: Iterable[UnitValue], *, on: date, at: Place) -> Found | None:
    """The rule in force among the official `rules` of one topic and the units' `own` values; None where there is none."""
    ranks = {key: rank for rank, key in enumerate([*at.jurisdictions, NATIONAL])}
    near = sorted((rule for rule in rules if rule.jurisdiction.key in ranks), key=lambda it: ranks[it.jurisdiction.key])
    current = next((rule for rule in near if rule.holds_on(on)), None)
    if current is None:
        return None
    considered = [Considered(rule, _fate(rule, current, on)) for rule in near if rule is not current]
    for value in sorted(own, key=lambda value: len(value.path)):
        current, beaten = _with_own(current, value, on)
        considered.insert(0, beaten)
    return Found(current, (Considered(current, Reason.STANDS), *considered))


def may_replace(new: Rule, old: Rule) -> bool:
    """Whether a unit's own rule may stand in the place of the rule above it."""
    unit_may = old.topic.unit_may
    return unit_may is UnitMay.ANY or (unit_may is UnitMay.STRICTER and is_as_strict(new, old))


def _fate(rule: Rule, standing: Rule, on: date) -> Reason:
    if on < rule.valid_from:
        return Reason.NOT_YET
    return Reason.ENDED if on >= rule.valid_to else Reason.LESS_LOCAL


def _with_own(current: Rule, value: UnitValue, on: date) -> tuple[Rule, Considered]:
    own = current.replaced_by(value)
    if not own.holds_on(on):
        return current, Considered(own, Reason.NOT_YET if on < own.valid_from else Reason.ENDED)
    if not may_replace(own, current):
        return current, Considered(own, Reason.LAXER)
    return own, Considered(current, Reason.REPLACED)


def _stands(rule: Rule) -> str:
    if rule.own:
        return _("{unit} has set a rule of its own, as it may.").format(unit=rule.own.organisation)
    if rule.is_national:
        return _("The national rule holds here; no narrower rule is in force.")
    return _("The rule of {place} stands before the national one.").format(place=rule.jurisdiction.name)
