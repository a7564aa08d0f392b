"""Reads of the map."""

from __future__ import annotations

from django.db.models import QuerySet

from shuniu.kernel.scope import Actor
from shuniu.registry.models import Area, Organisation


def areas() -> QuerySet[Area]:
    """The whole map, in the order of its codes."""
    return Area.objects.select_related("parent").order_by("code")


def keeps_map(actor: Actor) -> bool:
    """Whether an actor may change the map: whoever may restructure at the top of the site."""
    if actor.may_at("organisation.restructure", ""):
        return True
    roots = Organisation.objects.unscoped(reason="where the top of the site lies").filter(parent=None)
    return any(actor.may_at("organisation.restructure", path) for path in roots.values_list("path", flat=True) if path)
