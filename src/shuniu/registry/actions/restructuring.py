"""Bodies that merge, split and end. History stays: periods end on the day, rows remain, members go where the law says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import refuse_future, require
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal, prose
from shuniu.registry import founding, handover, tree
from shuniu.registry.actions.organisations import founded
from shuniu.registry.enums import OrganisationType
from shuniu.registry.founding import Founding
from shuniu.registry.guards import refuse_dissolved, refuse_employers, require_approval
from shuniu.registry.models import Coverage, Organisation, Succession
from shuniu.registry.places import place_of
from shuniu.registry.rules.handover import PARTS, Fate, carried, fate_of_members, may_merge
from shuniu.registry.rules.tree import is_within

REASON = "the action has checked the actor's right"


@dataclass(frozen=True, slots=True)
class Moved:
    """What went over: people (members, reserved members, applicants), employers covered, bodies below."""

    people: int = 0
    employers: int = 0
    bodies: int = 0


@transaction.atomic(durable=True)
def merge_organisations(
    *,
    actor: Actor,
    now: datetime,
    merged: Organisation,
    successor: Organisation,
    on: date,
    approval_number: str = "",
    reason: str = "",
) -> Moved:
    """Let `successor` take over a body on a day: its people, employers and bodies below; the merged body is dissolved.

    Raises:
        PermissionDenied: the actor may not restructure at both.
        ActionError: the two are of kinds that do not merge, one lies in the other, one is dissolved, the approval is
            missing, or something was entered for a later day.
    """
    require(actor, "organisation.restructure", merged, successor)
    refuse_future(on, now)
    require_approval(OrganisationType(merged.type), approval_number)
    tree.lock_tree()
    _refuse_merger(merged, successor, on)
    answer = _("merged into {name}").format(name=successor)
    handover.redirect_transfers(merged, successor, on, answer)
    people = handover.hand_over_people(
        handover.people_of(merged), merged, successor, fate=carried, on=on, reason=answer
    )
    employers = handover.hand_over_employers(None, merged, successor, on)
    handover.hand_over_guidance(merged, successor, on)
    handover.hand_over_ground(merged, successor)
    bodies = _move_children(merged, successor, on, "merged")
    _end(merged, on)
    Succession.everything.create(predecessor=merged, successor=successor, on=on, kind="merged")
    moved = Moved(people, employers, bodies)
    trail.record(
        "organisation.merged",
        merged,
        actor=actor,
        now=now,
        after={"successor": str(successor), "dissolved_on": on},
        detail=_why(approval_number, reason, moved),
    )
    return moved


def _refuse_merger(merged: Organisation, successor: Organisation, on: date) -> None:
    for body in (merged, successor):
        body.refresh_from_db(fields=["path", "parent", "dissolved_on", "type"])
        refuse_dissolved(body)
    if is_within(successor.path or "", merged.path or ""):
        raise ActionError(_("A body cannot be merged into itself or into a body below it."))
    if not may_merge(OrganisationType(merged.type), OrganisationType(successor.type)):
        raise ActionError(
            _("“{one}” and “{other}” do not merge.").format(
                one=OrganisationType(merged.type).label, other=OrganisationType(successor.type).label
            )
        )
    if on <= successor.founded_on:
        raise ActionError(_("{name} was founded on that day or later.").format(name=successor))


def _move_children(source: Organisation, destination: Organisation, on: date, cause: str) -> int:
    children = Organisation.objects.unscoped(reason=REASON).filter(parent=source, dissolved_on=FOREVER)
    return sum(tree.move(child, destination, on=on, cause=cause) for child in children.order_by("path"))


def _end(organisation: Organisation, on: date) -> None:
    if on < organisation.founded_on:
        raise ActionError(_("{name} was founded after that day.").format(name=organisation))
    handover.close_offices(organisation, on)
    tree.leave(organisation, on=on)
    Organisation.everything.filter(pk=organisation.pk).update(dissolved_on=on)
    organisation.dissolved_on = on


def _why(approval_number: str, reason: str, moved: Moved) -> dict[str, object]:
    return {
        "approval_number": normal(approval_number),
        "reason": prose(reason),
        "people": moved.people,
        "employers": moved.employers,
        "bodies": moved.bodies,
    }


@transaction.atomic(durable=True)
def split_organisation(
    *,
    actor: Actor,
    now: datetime,
    source: Organisation,
    what: Founding,
    people: Collection[int] = (),
    employers: Collection[int] = (),
    parts: Sequence[Organisation] = (),
    reason: str = "",
) -> tuple[Organisation, Moved]:
    """Found a body out of another: chosen people (their keys), employers covered (their keys) and parts go over.

    Raises:
        PermissionDenied: the actor may not restructure at the source or at the new body's superior.
        ActionError: nobody and nothing goes over, somebody chosen is not with the source, the approval is missing, or
            the new body cannot stand there.
    """
    require(actor, "organisation.restructure", source, what.parent)
    refuse_future(what.on, now)
    require_approval(what.type, what.approval_number)
    tree.lock_tree()
    source.refresh_from_db(fields=["path", "parent", "dissolved_on", "type"])
    refuse_dissolved(source)
    if not (people or employers or parts):
        raise ActionError(_("Choose what goes over to the new body: members, employers or parts."))
    organisation = founding.found(what)
    moved = Moved(
        _hand_over_chosen(people, source, organisation, what.on),
        _hand_over_covered(employers, source, organisation, what.on),
        sum(_move_part(part, source, organisation, what.on) for part in parts),
    )
    Succession.everything.create(predecessor=source, successor=organisation, on=what.on, kind="split")
    trail.record(
        "organisation.split",
        organisation,
        actor=actor,
        now=now,
        after=founded(what) | {"split_from": str(source)},
        detail=_why(what.approval_number, reason, moved),
    )
    return organisation, moved


def _hand_over_chosen(people: Collection[int], source: Organisation, destination: Organisation, on: date) -> int:
    chosen = handover.people_of(source).filter(pk__in=people)
    answer = _("split off from {name}").format(name=source)
    handover.redirect_transfers_of(set(people), source, destination)
    handed = handover.hand_over_people(chosen, source, destination, fate=carried, on=on, reason=answer)
    if handed != len(set(people)):
        raise ActionError(_("Somebody chosen is no longer with {name}. Choose again.").format(name=source))
    return handed


def _hand_over_covered(employers: Collection[int], source: Organisation, destination: Organisation, on: date) -> int:
    refuse_employers(OrganisationType(destination.type), len(set(employers)), at=place_of(destination), on=on)
    handed = handover.hand_over_employers(set(employers), source, destination, on)
    if handed != len(set(employers)):
        raise ActionError(_("An employer chosen is no longer covered by {name}. Choose again.").format(name=source))
    return handed


def _move_part(part: Organisation, source: Organisation, destination: Organisation, on: date) -> int:
    if part.parent_id != source.pk:
        raise ActionError(_("{part} does not stand below {name}.").format(part=part, name=source))
    return tree.move(part, destination, on=on, cause="split")


@transaction.atomic(durable=True)
def dissolve_organisation(
    *, actor: Actor, now: datetime, organisation: Organisation, on: date, approval_number: str = "", reason: str
) -> Moved:
    """End a body with its parts. Members of a union are kept with the superior as reserved; those of a part stay members.

    Raises:
        PermissionDenied: the actor may not restructure at it and at its superior.
        ActionError: it is the top of the site or dissolved already, other bodies stand below it, the approval or the
            reason is missing, or something was entered for a later day.
    """
    require(actor, "organisation.restructure", organisation)
    refuse_future(on, now)
    require_approval(OrganisationType(organisation.type), approval_number)
    tree.lock_tree()
    organisation.refresh_from_db(fields=["path", "parent", "dissolved_on", "type"])
    refuse_dissolved(organisation)
    superior = organisation.parent
    if superior is None:
        raise ActionError(_("The body at the top of the site cannot be dissolved."))
    if not prose(reason):
        raise ActionError(_("Please say why."))
    covered = Coverage.objects.unscoped(reason=REASON).filter(organisation=organisation, ends_on__gt=on).count()
    people, bodies = _dissolve_with_parts(
        organisation, superior, on, fate_of_members(OrganisationType(organisation.type))
    )
    moved = Moved(people, covered, bodies)
    trail.record(
        "organisation.dissolved",
        organisation,
        actor=actor,
        now=now,
        after={"dissolved_on": on, "superior": str(superior)},
        detail=_why(approval_number, reason, moved),
    )
    return moved


def _dissolve_with_parts(organisation: Organisation, superior: Organisation, on: date, fate: Fate) -> tuple[int, int]:
    """People handed over and bodies ended, the parts of parts first."""
    people = bodies = 0
    parts = Organisation.objects.unscoped(reason=REASON).filter(
        parent=organisation, type__in=PARTS, dissolved_on=FOREVER
    )
    for part in parts.order_by("path"):
        more_people, more_bodies = _dissolve_with_parts(part, superior, on, fate)
        people, bodies = people + more_people, bodies + more_bodies
    answer = _("{name} was dissolved").format(name=organisation)
    handover.refuse_transfers(organisation, superior, answer)
    people += handover.hand_over_people(
        handover.people_of(organisation), organisation, superior, fate=fate, on=on, reason=answer
    )
    handover.hand_over_guidance(organisation, None, on)
    handover.hand_over_ground(organisation, superior)
    _end(organisation, on)
    return people, bodies + 1
