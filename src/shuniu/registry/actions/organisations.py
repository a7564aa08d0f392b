"""What is done with one union body: found it, correct what is known of it, move it, name who guides its work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shuniu.kernel import trail, vault
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import refuse_future, require
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import initials, normal, prose
from shuniu.registry import founding, tree
from shuniu.registry.enums import OrganisationType
from shuniu.registry.founding import Founding
from shuniu.registry.guards import credit_code, refuse_dissolved, refuse_employers, require_approval
from shuniu.registry.handover import end_periods
from shuniu.registry.models import Area, Employer, Guidance, Organisation
from shuniu.registry.places import place_in
from shuniu.registry.rules.tree import is_within, may_stand_below

REASON = "the action has checked the actor's right"
SEALED: Mapping[str, Callable[[str], str]] = {
    "contact_phone": vault.mask_mobile,
    "bank_account": vault.mask_account,
}
"""Sealed columns, and how the trail shows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is known of a body besides its place. None leaves a sealed value as it is."""

    name: str
    type: OrganisationType
    area: Area
    short_name: str = ""
    credit_code: str = ""
    approval_number: str = ""
    contact_name: str = ""
    contact_phone: str | None = None
    bank_account: str | None = None
    small_payer: bool = False
    has_congress: bool = False
    has_disclosure: bool = False
    has_agreement: bool = False
    has_mediation: bool = False


@transaction.atomic(durable=True)
def found_organisation(
    *, actor: Actor, now: datetime, what: Founding, employers: Sequence[Employer] = ()
) -> Organisation:
    """Found a union body below a superior one; it covers the staff of `employers` from its first day.

    Raises:
        PermissionDenied: the actor may not restructure at the superior.
        ActionError: the day, the place, the name, a number, the approval or the employers do not allow it.
    """
    require(actor, "organisation.restructure", what.parent)
    refuse_future(what.on, now)
    require_approval(what.type, what.approval_number)
    refuse_employers(what.type, len(employers), at=place_in(what.area, what.parent), on=what.on)
    organisation = founding.found(replace(what, credit_code=credit_code(what.credit_code or "")))
    founding.cover(organisation, employers, on=what.on)
    after = founded(what) | {"employers": [employer.name for employer in employers]}
    trail.record("organisation.founded", organisation, actor=actor, now=now, after=after)
    return organisation


def founded(what: Founding) -> dict[str, Any]:
    """A founding as the trail tells it."""
    return {
        "name": what.name,
        "type": what.type,
        "parent": str(what.parent or ""),
        "founded_on": what.on,
        "approval_number": what.approval_number,
    }


@transaction.atomic(durable=True)
def edit_organisation(*, actor: Actor, now: datetime, organisation: Organisation, details: Details) -> None:
    """Correct what is known of a body. The trail shows sealed values by their mask.

    Raises:
        PermissionDenied: the actor may not edit it.
        ActionError: it is dissolved, its code is wrong or taken, or it cannot be of that type where it stands.
    """
    require(actor, "organisation.edit", organisation)
    organisation.refresh_from_db()
    refuse_dissolved(organisation)
    values = _columns(details)
    _refuse_type(organisation, details.type)
    _refuse_taken(organisation, values["credit_code"])
    before = {
        name: getattr(organisation, name) for name, value in values.items() if getattr(organisation, name) != value
    }
    if not before:
        return
    Organisation.everything.filter(pk=organisation.pk).update(**values, initials=initials(values["name"]))
    trail.record(
        "organisation.edited",
        organisation,
        actor=actor,
        now=now,
        before={name: _told(name, value) for name, value in before.items()},
        after={name: _told(name, values[name]) for name in before},
    )


def _columns(details: Details) -> dict[str, Any]:
    told = {field.name: getattr(details, field.name) for field in fields(details)}
    kept = {name: value for name, value in told.items() if value is not None or name not in SEALED}
    clean = {name: normal(value) if type(value) is str else value for name, value in kept.items()}
    return clean | {"type": details.type.value, "credit_code": credit_code(details.credit_code)}


def _told(name: str, value: Any) -> Any:
    return SEALED[name](value) if name in SEALED else str(value) if isinstance(value, Area) else value


def _refuse_type(organisation: Organisation, kind: OrganisationType) -> None:
    if kind == organisation.type:
        return
    above = OrganisationType(organisation.parent.type) if organisation.parent else None
    below = Organisation.everything.filter(parent=organisation, dissolved_on=FOREVER).values_list("type", flat=True)
    fits = may_stand_below(kind, above) and all(
        may_stand_below(OrganisationType(one), kind) for one in below.distinct()
    )
    if not fits:
        raise ActionError(
            _("{name} cannot become “{kind}” between its superior and the bodies below it.").format(
                name=organisation, kind=kind.label
            )
        )


def _refuse_taken(organisation: Organisation, code: str | None) -> None:
    others = Organisation.everything.exclude(pk=organisation.pk)
    if code and (other := others.filter(credit_code=code).first()):
        raise ActionError(_("{name} ({code}) has this credit code already.").format(name=other.name, code=other.code))


@transaction.atomic(durable=True)
def move_organisation(
    *,
    actor: Actor,
    now: datetime,
    organisation: Organisation,
    parent: Organisation,
    on: date,
    approval_number: str = "",
    reason: str = "",
) -> int:
    """Put a body, with all below it, under another superior from the day `on`; how many bodies moved.

    Raises:
        PermissionDenied: the actor may not restructure at the body or at the new superior.
        ActionError: the tree does not allow it on that day.
    """
    require(actor, "organisation.restructure", organisation, parent)
    refuse_future(on, now)
    if organisation.parent_id == parent.pk:
        raise ActionError(_("{name} stands below {parent} already.").format(name=organisation, parent=parent))
    former = organisation.parent
    moved = tree.move(organisation, parent, on=on)
    trail.record(
        "organisation.moved",
        organisation,
        actor=actor,
        now=now,
        before={"parent": str(former or "")},
        after={"parent": str(parent)},
        detail={"on": on, "bodies": moved, "approval_number": normal(approval_number), "reason": prose(reason)},
    )
    return moved


@transaction.atomic(durable=True)
def set_guidance(
    *, actor: Actor, now: datetime, organisation: Organisation, parent: Organisation | None, on: date
) -> None:
    """Name the industry body that guides an organisation's work (条) from the day `on`; None ends the guidance.

    Raises:
        PermissionDenied: the actor may not edit the organisation.
        ActionError: the body is no industry union or lies in the organisation itself, or one of them is dissolved.
    """
    require(actor, "organisation.edit", organisation)
    refuse_future(on, now)
    refuse_dissolved(organisation)
    if parent:
        _refuse_guide(organisation, parent)
    held = Guidance.objects.unscoped(reason=REASON).filter(organisation=organisation, ends_on=FOREVER)
    former = held.select_related("parent").first()
    if former and on < former.starts_on:
        raise ActionError(_("The present guidance began after that day."))
    end_periods(held, on)
    if parent:
        Guidance.everything.create(organisation=organisation, parent=parent, starts_on=on)
    trail.record(
        "organisation.guided",
        organisation,
        actor=actor,
        now=now,
        before={"guided_by": str(former.parent) if former else ""},
        after={"guided_by": str(parent or "")},
        detail={"on": on},
    )


def _refuse_guide(organisation: Organisation, parent: Organisation) -> None:
    refuse_dissolved(parent)
    if parent.type != OrganisationType.INDUSTRY:
        raise ActionError(_("Only an industry union guides the work of others. {name} is none.").format(name=parent))
    if is_within(parent.path or "", organisation.path or ""):
        raise ActionError(_("A body cannot be guided by itself or by a body below it."))
