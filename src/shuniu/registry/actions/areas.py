"""What is done with the map: enter an area, correct it. Who answers for the top of the site keeps the map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.registry.enums import AreaKind
from shuniu.registry.models import Area
from shuniu.registry.queries.areas import keeps_map
from shuniu.rulebook.public import official


@dataclass(frozen=True, slots=True)
class AreaDetails:
    """What is known of an area. `jurisdiction` is the key of the local rules that hold there."""

    code: str
    name: str
    kind: AreaKind
    parent: Area | None
    jurisdiction: str


@transaction.atomic(durable=True)
def enter_area(*, actor: Actor, now: datetime, details: AreaDetails) -> Area:
    """Enter an area on the map.

    Raises:
        PermissionDenied: the actor does not keep the map.
        ActionError: the code is taken, or no rules are known under that jurisdiction.
    """
    _check(actor, details, None)
    area = Area.objects.create(**_columns(details))
    trail.record("area.entered", area, actor=actor, now=now, after=_told(details))
    return area


@transaction.atomic(durable=True)
def edit_area(*, actor: Actor, now: datetime, area: Area, details: AreaDetails) -> None:
    """Correct an area.

    Raises:
        PermissionDenied: the actor does not keep the map.
        ActionError: as for `enter_area`, or the area would become a part of itself.
    """
    _check(actor, details, area)
    before = AreaDetails(area.code, area.name, AreaKind(area.kind), area.parent, area.jurisdiction)
    above = details.parent
    while above:
        if above.pk == area.pk:
            raise ActionError(_("An area cannot be a part of itself."))
        above = above.parent
    Area.objects.filter(pk=area.pk).update(**_columns(details))
    trail.record("area.edited", area, actor=actor, now=now, before=_told(before), after=_told(details))


def _check(actor: Actor, details: AreaDetails, area: Area | None) -> None:
    if not keeps_map(actor):
        raise PermissionDenied("organisation.restructure")
    if details.jurisdiction not in official().jurisdictions:
        raise ActionError(_("No rules are known under “{place}”.").format(place=details.jurisdiction))
    other = Area.objects.filter(code=normal(details.code)).first()
    if other and other != area:
        raise ActionError(_("{area} has this code already.").format(area=other))


def _columns(details: AreaDetails) -> dict[str, object]:
    return {
        "code": normal(details.code),
        "name": normal(details.name),
        "kind": details.kind.value,
        "parent": details.parent,
        "jurisdiction": details.jurisdiction,
    }


def _told(details: AreaDetails) -> dict[str, object]:
    return _columns(details) | {"parent": str(details.parent or "")}
