"""What is done at a repair: coming, waiting for parts, mending, materials, signing off, calling back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.desk.actions.cases import take
from shuniu.desk.casework import CaseError, locked, tell_trail
from shuniu.desk.enums import ChargedTo, Who
from shuniu.desk.models import Case, Material, Repair
from shuniu.desk.rules.repairs import CALLBACK, sample
from shuniu.desk.sight import Sight
from shuniu.kernel import trail
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal, prose
from shuniu.registry.public import Organisation
from shuniu.rulebook.public import find, place_of

HANDS = frozenset({Who.HANDLER, Who.DISPATCHER, Who.SUPERVISOR})
MOST_LINES, MOST_PRICE, MOST_QUANTITY = 30, 100_000_000, 1_000_000
DRAWN = "the right to hand out repairs was checked at the organisation"


@transaction.atomic(durable=True)
def move_repair(
    case: Case, move: str, *, actor: Actor, now: datetime, text: str = "", data: Mapping[str, Any] | None = None
) -> Case:
    """Take a step of a repair, as it is on the repairer's page. Sent twice over a bad line, it is done once.

    Raises:
        PermissionDenied: it is nobody's step but the handler's, or the reporter's.
        CaseError: what the step asks for is missing. FlowError: the state does not allow it.
    """
    case = locked(case)
    if _is_done(case, move):
        return case
    return take(case, move, actor=actor, now=now, text=text, data=data)


ONCE = {"arrive": "arrived", "wait": "parts", "go_on": "arrived", "fix": "fixed", "close": "closed"}
"""The state each step leads to: who sends a step again finds it done."""


def _is_done(case: Case, move: str) -> bool:
    """Whether the repair is where the step leads to; `go_on` and `arrive` lead to the same state."""
    return ONCE.get(move) == case.state


@transaction.atomic(durable=True)
def wait_for_parts(
    case: Case,
    what: str,
    *,
    actor: Actor,
    now: datetime,
    expected_on: date | None = None,
    charged_to: ChargedTo = ChargedTo.STORES,
) -> Case:
    """Let a repair wait, in sight of everybody, charged to the stores or to whoever let nobody in, never to the repairer.

    Raises:
        CaseError: what is missing is not said, or the day it is expected has passed. PermissionDenied, FlowError: as
            `move_repair`.
    """
    case, said = locked(case), normal(what)[:80]
    if not said:
        raise CaseError(_("Say what is missing; whoever reported the fault will read it."))
    if expected_on is not None and expected_on < timezone.localtime(now).date():
        raise CaseError(_("The day on which it is expected has passed."))
    if case.state == ONCE["wait"]:
        return case
    data = {"what": said, "expected_on": expected_on, "charged_to": charged_to}
    return take(case, "wait", actor=actor, now=now, text=said, data=data)


@transaction.atomic(durable=True)
def add_material(
    repair: Repair, *, name: str, quantity: int, unit: str, price: int, actor: Actor, now: datetime
) -> Material:
    """Enter a line of material: `quantity` in hundredths of the unit, `price` in fen a unit.

    Raises:
        PermissionDenied: the actor does not serve this repair.
        CaseError: no name, a quantity or price out of bounds, or too many lines.
    """
    case = _served(repair, actor)
    if not normal(name) or not normal(unit):
        raise CaseError(_("Enter what was used, and its unit."))
    if not 0 < quantity <= MOST_QUANTITY or not 0 <= price <= MOST_PRICE:
        raise CaseError(_("Enter a quantity from 0.01 to 10,000 and a price up to one million yuan."))
    if repair.materials.count() >= MOST_LINES:
        raise CaseError(_("A repair has at most {n} lines of material.").format(n=MOST_LINES))
    row: Material = Material.everything.create(
        repair=repair, name=normal(name)[:60], quantity=quantity, unit=normal(unit)[:8], price=price
    )
    tell_trail("repair.material_added", case, actor, now, material=row.pk)
    return row


@transaction.atomic(durable=True)
def remove_material(material: Material, *, actor: Actor, now: datetime) -> None:
    """Take a line of material out. Raises as `add_material`."""
    case = _served(material.repair, actor)
    number = material.pk
    if Material.everything.filter(pk=number).delete()[0]:
        tell_trail("repair.material_removed", case, actor, now, material=number)


@transaction.atomic(durable=True)
def charge_labour(repair: Repair, fen: int, *, actor: Actor, now: datetime) -> None:
    """Charge the work of a repair that is not in a public building. Raises as `add_material`."""
    case = _served(repair, actor)
    if not repair.is_charged and fen:
        raise CaseError(_("Repairs in public buildings are free."))
    if not 0 <= fen <= MOST_PRICE:
        raise CaseError(_("Enter an amount up to one million yuan."))
    Repair.everything.filter(pk=repair.pk).update(labour=fen)
    tell_trail("repair.charged", case, actor, now, fen=fen)


def _served(repair: Repair, actor: Actor) -> Case:
    case = locked(repair.case)
    if not Sight.of(actor).roles(case) & HANDS:
        raise PermissionDenied
    return case


@transaction.atomic(durable=True)
def draw_calls(organisation: Organisation, month: date, *, actor: Actor, now: datetime) -> int:
    """Draw the mended repairs of a month that are called back, by the rule's share; the number now drawn.

    The draw follows from the month, so that nobody picks whom to call; drawn again, it only grows with the repairs.

    Raises:
        PermissionDenied: the actor hands out no cases at the organisation.
    """
    require(actor, "case.assign", organisation)
    first = month.replace(day=1)
    rows = Repair.objects.unscoped(reason=DRAWN).filter(
        Q(fixed_at__date__gte=first, fixed_at__date__lt=_next_month(first)), organisation=organisation
    )
    found = dict(rows.values_list("pk", "is_drawn"))
    share = int(find(CALLBACK, on=first, at=place_of(organisation)).rule.number)
    drawn = sample(list(found), share, _seed(organisation, first), [pk for pk, is_drawn in found.items() if is_drawn])
    Repair.everything.filter(pk__in=[pk for pk in drawn if not found[pk]]).update(is_drawn=True)
    trail.record(
        "repair.calls_drawn",
        organisation,
        actor=actor,
        now=now,
        detail={"drawn_month": str(first), "drawn": len(drawn)},
    )
    return len(drawn)


@transaction.atomic(durable=True)
def call_back(repair: Repair, *, is_confirmed: bool, note: str, actor: Actor, now: datetime) -> None:
    """Record a call to whoever reported a repair: whether it is mended, and what was said.

    Raises:
        PermissionDenied: the actor hands out no cases there, or mended it herself.
        CaseError: it was called back already, or is not mended.
    """
    case = locked(repair.case)
    roles = Sight.of(actor).roles(case)
    if not roles & {Who.DISPATCHER, Who.SUPERVISOR} or Who.HANDLER in roles:
        raise PermissionDenied
    said = prose(note)[:500]
    rows = Repair.everything.filter(pk=repair.pk, called_at=None).exclude(fixed_at=None)
    if not rows.update(called_at=now, is_confirmed=is_confirmed):
        raise CaseError(_("This repair has been called back already, or is not mended yet."))
    repair.call_note = said
    repair.save(update_fields=["call_note"])
    tell_trail("repair.called_back", case, actor, now, mended=is_confirmed)


def _seed(organisation: Organisation, first: date) -> int:
    return organisation.pk * 10_000 + first.year * 12 + first.month


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
