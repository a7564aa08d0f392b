"""Figures that rules set for lists and warnings: the rule in force where the actor works."""

from __future__ import annotations

from datetime import date

from shuniu.kernel.scope import Actor
from shuniu.registry.models import Organisation
from shuniu.registry.places import place_of
from shuniu.rulebook.public import Place, Rule, find


def rule_for(actor: Actor, permission: str, rule_id: str, today: date) -> Rule:
    """The rule in force at the topmost body where the actor holds a permission; the national one without such a body.

    Raises:
        NoRuleError: there is no rule of this id.
    """
    return find(rule_id, on=today, at=_place(actor, permission)).rule


def _place(actor: Actor, permission: str) -> Place:
    first = next((path for path in actor.reach(permission).paths if path), "")
    rows = Organisation.objects.unscoped(reason="where the actor's own role is held").select_related("area")
    body = rows.filter(path=first).first() if first else None
    return place_of(body) if body else Place()
