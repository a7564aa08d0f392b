"""Finding the rule in force, with the units' own rules from the database, and the places that pages offer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from shuniu.kernel.scope import Actor, ScopedQuerySet
from shuniu.rulebook.models import Body, UnitRule
from shuniu.rulebook.rules.book import official
from shuniu.rulebook.rules.finding import Found, Place, Snapshot
from shuniu.rulebook.rules.rule import Rule, UnitValue

APPLIES = "a rule holds for everybody below the unit that set it, whoever asks"


def find(rule_id: str, *, on: date, at: Place) -> Found:
    """The rule in force at a place on a day, why, and which rules were considered.

    Raises:
        NoRuleError: there is no such rule, or none is in force there.
    """
    official().topic(rule_id)
    return _around(rule_id, on, at).find(rule_id, at)


def find_or_none(rule_id: str, *, on: date, at: Place) -> Found | None:
    """The rule in force at a place on a day; None where there is none."""
    return _around(rule_id, on, at).get(rule_id, at)


def snapshot(*, on: date) -> Snapshot:
    """All rules in force on a day, read at once: for asking many times, as on a list of unions."""
    rows = UnitRule.objects.unscoped(reason=APPLIES).filter(valid_from__lte=on, valid_to__gt=on)
    return Snapshot(on, official().rules, _values(rows))


def rule_above(organisation: Body, rule_id: str, *, on: date) -> Rule:
    """The rule that would hold for a union body if it had none of its own.

    Raises:
        NoRuleError: there is none.
    """
    place = place_of(organisation)
    return find(rule_id, on=on, at=Place(place.jurisdictions, place.organisation_paths[1:])).rule


def place_of(organisation: Body) -> Place:
    """Where a union body stands: the jurisdiction of its area and its place in the tree."""
    return Place.of(organisation.area.jurisdiction, organisation.path or "")


def unit_rules(actor: Actor) -> ScopedQuerySet[Any]:
    """Rules that units within the actor's sight set for themselves, the latest first; withdrawn ones too."""
    return UnitRule.objects.visible_to(actor).select_related("organisation__area").order_by("-valid_from", "-pk")


def bodies(actor: Actor, permission: str) -> list[Any]:
    """The union bodies at which the actor holds a role with the permission, by name."""
    at = {grant.organisation_id for grant in actor.grants if permission in grant.permissions}
    reason = "the places of the actor's own roles"
    return list(_bodies().unscoped(reason=reason).filter(pk__in=at - {None}).select_related("area").order_by("name"))


def body(actor: Actor, key: int) -> Any | None:
    """A union body that the actor may see, or None."""
    return _bodies().visible_to(actor).filter(pk=key).select_related("area").first()


def _bodies() -> Any:
    model: Any = UnitRule._meta.get_field("organisation").related_model
    return model.objects


def _around(rule_id: str, on: date, at: Place) -> Snapshot:
    return Snapshot(on, official().rules, _own(rule_id, at))


def _own(rule_id: str, at: Place) -> tuple[UnitValue, ...]:
    if not at.organisation_paths:
        return ()
    rows = UnitRule.objects.unscoped(reason=APPLIES).filter(rule_id=rule_id)
    return _values(rows.filter(organisation__path__in=at.organisation_paths))


def _values(rows: QuerySet[UnitRule]) -> tuple[UnitValue, ...]:
    return tuple(row.value for row in rows.select_related("organisation"))
