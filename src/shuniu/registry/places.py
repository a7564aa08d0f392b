"""Where rules of the rulebook are asked for: the place of a union body or of an area."""

from __future__ import annotations

from shuniu.registry.models import Area, Organisation
from shuniu.rulebook.public import Place


def place_of(organisation: Organisation) -> Place:
    """The jurisdiction and the place in the tree of a union body."""
    return place_in(organisation.area, organisation)


def place_in(area: Area, organisation: Organisation | None) -> Place:
    """The place of an area for which a union body answers; of the area alone where there is none above."""
    return Place.of(area.jurisdiction, (organisation.path or "") if organisation else "")
