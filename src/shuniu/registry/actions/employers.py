"""What is done with employers: enter, correct and close them, and say which union covers their staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import refuse_future, require
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import initials, normal, prose
from shuniu.kernel.web.formats import date_text
from shuniu.registry import founding
from shuniu.registry.enums import EmployerCategory, Industry, OrganisationType
from shuniu.registry.guards import credit_code, refuse_dissolved, refuse_employers
from shuniu.registry.handover import end_periods
from shuniu.registry.models import Area, Coverage, Employer, Organisation
from shuniu.registry.places import place_of
from shuniu.registry.queries.employers import may_edit
from shuniu.registry.rules.employers import Staff, wrong_parts

REASON = "the action has checked the actor's right"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerDetails:
    """What is known of an employer. `territory` is the union body in whose ground it lies."""

    name: str
    category: EmployerCategory
    industry: Industry
    area: Area
    territory: Organisation
    credit_code: str = ""
    address: str = ""
    headcount: int = 0
    women: int = 0
    migrants: int = 0
    dispatched: int = 0
    counted_on: date | None = None
    opened_on: date | None = None


@transaction.atomic(durable=True)
def register_employer(*, actor: Actor, now: datetime, details: EmployerDetails) -> Employer:
    """Enter an employer in the ground of a union body.

    Raises:
        PermissionDenied: the actor may not edit employers there.
        ActionError: the credit code is wrong, the employer is known already, or a part is larger than the staff.
    """
    require(actor, "employer.edit", details.territory)
    values = _columns(details, now)
    _refuse_known(values, None)
    employer = Employer.everything.create(**values)
    trail.record("employer.registered", employer, actor=actor, now=now, after=_told(values))
    return employer


@transaction.atomic(durable=True)
def edit_employer(*, actor: Actor, now: datetime, employer: Employer, details: EmployerDetails) -> None:
    """Correct what is known of an employer: by the body in whose ground it lies, or by a union that covers its staff.

    Raises:
        PermissionDenied: the actor may edit employers at neither, or moves it out of or into other ground than hers.
        ActionError: as for `register_employer`, or it is closed.
    """
    if not may_edit(actor, employer):
        raise PermissionDenied("employer.edit")
    if details.territory != employer.territory:
        require(actor, "employer.edit", employer.territory, details.territory)
    _refuse_closed(employer)
    values = _columns(details, now)
    _refuse_known(values, employer)
    before = {name: getattr(employer, name) for name, value in values.items() if getattr(employer, name) != value}
    if not before:
        return
    Employer.everything.filter(pk=employer.pk).update(**values)
    after = {name: values[name] for name in before}
    trail.record("employer.edited", employer, actor=actor, now=now, before=_told(before), after=_told(after))


@transaction.atomic(durable=True)
def close_employer(*, actor: Actor, now: datetime, employer: Employer, on: date, reason: str) -> list[Organisation]:
    """Say that an employer ceased on a day; unions cover it no longer. The unions that covered nobody else are returned.

    Raises:
        PermissionDenied: the actor may not edit employers where it lies.
        ActionError: it is closed already, the day lies in the future or before its opening, or the reason is missing.
    """
    require(actor, "employer.edit", employer.territory)
    refuse_future(on, now)
    _refuse_closed(employer)
    if not prose(reason):
        raise ActionError(_("Please say why."))
    if employer.opened_on and on < employer.opened_on:
        raise ActionError(_("{name} opened after that day.").format(name=employer))
    covering = Coverage.objects.unscoped(reason=REASON).filter(employer=employer, ends_on__gt=on)
    unions = [row.organisation for row in covering.select_related("organisation").order_by("organisation__path")]
    end_periods(covering, on)
    Employer.everything.filter(pk=employer.pk).update(closed_on=on)
    trail.record(
        "employer.closed", employer, actor=actor, now=now, after={"closed_on": on}, detail={"reason": prose(reason)}
    )
    return [union for union in unions if not _covers_any(union, on)]


@transaction.atomic(durable=True)
def cover_employers(
    *, actor: Actor, now: datetime, organisation: Organisation, employers: Sequence[Employer], on: date
) -> None:
    """Let a union cover employers from a day on, besides those it covers.

    Raises:
        PermissionDenied: the actor may not edit the union.
        ActionError: the union is dissolved or of a kind that does not cover so many, an employer is covered by
            another union or closed, or the day lies in the future or before the union was founded.
    """
    require(actor, "organisation.edit", organisation)
    refuse_dissolved(organisation)
    refuse_future(on, now)
    if on < organisation.founded_on:
        raise ActionError(_("{name} was founded after that day.").format(name=organisation))
    held = Coverage.objects.unscoped(reason=REASON).filter(organisation=organisation, ends_on__gt=on)
    covered = {*held.values_list("employer_id", flat=True), *(employer.pk for employer in employers)}
    refuse_employers(OrganisationType(organisation.type), len(covered), at=place_of(organisation), on=on)
    founding.cover(organisation, employers, on=on)
    after = {"employers": [employer.name for employer in employers], "starts_on": on}
    trail.record("organisation.covered", organisation, actor=actor, now=now, after=after)


@transaction.atomic(durable=True)
def end_coverage(*, actor: Actor, now: datetime, coverage: Coverage, on: date) -> None:
    """Say that a union covers an employer no longer from a day on.

    Raises:
        PermissionDenied: the actor may not edit the union.
        ActionError: the coverage ended already or began after that day, or the day lies in the future.
    """
    require(actor, "organisation.edit", coverage.organisation)
    refuse_future(on, now)
    if coverage.ends_on != FOREVER or on < coverage.starts_on:
        raise ActionError(_("{name} was not covered on that day.").format(name=coverage.employer))
    end_periods(Coverage.objects.unscoped(reason=REASON).filter(pk=coverage.pk), on)
    after = {"employers": [coverage.employer.name], "ends_on": on}
    trail.record("organisation.uncovered", coverage.organisation, actor=actor, now=now, after=after)


def _columns(details: EmployerDetails, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {field.name: getattr(details, field.name) for field in fields(details)}
    values |= {"name": normal(details.name), "address": normal(details.address), "category": details.category.value}
    values |= {"industry": details.industry.value, "credit_code": credit_code(details.credit_code)}
    values["initials"] = initials(values["name"])
    _refuse_parts(Staff(details.headcount, details.women, details.migrants, details.dispatched))
    for day in (details.counted_on, details.opened_on):
        if day:
            refuse_future(day, now)
    return values


def _refuse_parts(staff: Staff) -> None:
    if wrong := wrong_parts(staff):
        words = {"women": _("women"), "migrants": _("migrant workers"), "dispatched": _("dispatched workers")}
        raise ActionError(
            _("The number of {part} is larger than the whole staff of {staff}.").format(
                part=words[wrong[0]], staff=staff.headcount
            )
        )


def _refuse_known(values: dict[str, Any], employer: Employer | None) -> None:
    same = Q(name=values["name"], area=values["area"], closed_on=None)
    same = same | Q(credit_code=values["credit_code"]) if values["credit_code"] else same
    others = Employer.objects.unscoped(reason="an employer is entered once, wherever it lies").filter(same)
    if other := others.exclude(pk=employer.pk if employer else None).first():
        raise ActionError(
            _("{employer} is in the registry already, with this name in this area or with this credit code.").format(
                employer=other
            )
        )


def _refuse_closed(employer: Employer) -> None:
    if employer.closed_on:
        raise ActionError(_("{employer} closed on {day}.").format(employer=employer, day=date_text(employer.closed_on)))


def _covers_any(union: Organisation, on: date) -> bool:
    return Coverage.objects.unscoped(reason=REASON).filter(organisation=union, ends_on__gt=on).exists()


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, (Area, Organisation)) else value for name, value in values.items()}
