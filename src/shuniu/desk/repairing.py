"""The steps of a repair that its case's transitions bring about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from shuniu.desk.casework import Moved, register_effect, register_opening
from shuniu.desk.enums import ChargedTo, PlaceKind
from shuniu.desk.models import Case, PartsWait, Repair
from shuniu.desk.rules.repairs import REPEAT_DAYS, is_repeat
from shuniu.hub.enums import ServiceKind
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.vault import blind_index
from shuniu.rulebook.public import find, place_of

PLACE = "repair place"
URGENT = frozenset({"leak", "power", "locked"})
"""Classes of fault of the template that are urgent; their limits are rules."""


def register() -> None:
    """Called once, when the site starts."""
    register_opening(ServiceKind.REPAIR, keep_repair)
    register_effect("repair.arrive", gettext_lazy("Note that somebody is there"), _arrive)
    register_effect("repair.wait", gettext_lazy("Note what is missing"), _wait)
    register_effect("repair.go_on", gettext_lazy("Note that the wait is over"), _go_on)
    register_effect("repair.fix", gettext_lazy("Note that it is mended"), _fix)
    register_effect("repair.again", gettext_lazy("Note that it is broken again"), _again)
    register_effect("repair.close", gettext_lazy("Note the sign-off"), _close)


def is_urgent_fault(fault: str) -> bool:
    """Whether a class of fault of the template is urgent."""
    return fault in URGENT


def place_index(building: str, room: str) -> bytes:
    """What finds a place again: building and room without spaces, letters in one case."""
    return blind_index("".join(f"{normal(building)}|{normal(room)}".casefold().split()), PLACE)


def split_place(text: str) -> tuple[str, str]:
    """Building and room of a place as it is written: `3号楼201` or `3号楼 201室`; without a building all is room."""
    for word in ("号楼", "号院", "大楼", "楼", "栋", "幢", "馆", "园"):
        head, found, tail = text.partition(word)
        if found and head:
            return normal(head + found), normal(tail)
    return "", normal(text)


def keep_repair(case: Case, answers: Mapping[str, Any], actor: Actor, now: datetime) -> Repair:
    """What a new repair has beside its case: the place, and whether the same broke there lately."""
    building, room = split_place(str(answers.get("place") or ""))
    fault, kind = str(answers.get("fault") or "other"), answers.get("place_kind")
    row = Repair(
        case=case,
        organisation=case.organisation,
        fault=fault,
        building=building[:60],
        room=room,
        place_index=place_index(building, room),
        place_kind=kind if kind in PlaceKind.values else PlaceKind.PUBLIC,
        is_urgent=is_urgent_fault(fault),
        reported_at=now,
    )
    row.repeat_of = earlier(row)
    row.save(force_insert=True)
    return row


def earlier(row: Repair) -> Repair | None:
    """The repair of the same class of fault at the same place that this one repeats, if the rule's days are not over."""
    on = timezone.localtime(row.reported_at).date()
    days = int(find(REPEAT_DAYS, on=on, at=place_of(row.organisation)).rule.number)
    since = row.reported_at - timedelta(days=days)
    rows = Repair.objects.unscoped(reason="whether the same fault was mended here lately")
    rows = rows.filter(organisation=row.organisation, place_index=row.place_index, fault=row.fault, fixed_at__gte=since)
    found: Repair | None = rows.filter(fixed_at__lte=row.reported_at).order_by("-fixed_at").first()
    return found if found and found.fixed_at and is_repeat(found.fixed_at, row.reported_at, days) else None


def _rows(case: Case) -> Any:
    return Repair.everything.filter(case=case)


def _arrive(case: Case, moved: Moved) -> None:
    _rows(case).filter(arrived_at=None).update(arrived_at=moved.now)


def _wait(case: Case, moved: Moved) -> None:
    if not PartsWait.everything.filter(repair_id=case.pk, ended_at=None).exists():
        PartsWait.everything.create(
            repair_id=case.pk,
            charged_to=moved.data.get("charged_to") or ChargedTo.STORES,
            what=(moved.data.get("what") or moved.text)[:80],
            expected_on=moved.data.get("expected_on"),
            started_at=moved.now,
        )


def _go_on(case: Case, moved: Moved) -> None:
    PartsWait.everything.filter(repair_id=case.pk, ended_at=None).update(ended_at=moved.now)


def _fix(case: Case, moved: Moved) -> None:
    _rows(case).update(fixed_at=moved.now)


def _again(case: Case, moved: Moved) -> None:
    _rows(case).update(arrived_at=None, fixed_at=None, signed_at=None)


def _close(case: Case, moved: Moved) -> None:
    _rows(case).filter(signed_at=None).update(signed_at=moved.now)
