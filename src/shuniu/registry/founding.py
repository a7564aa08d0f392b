"""A new union body: its row, its number and its place, and the employers whose staff it covers.

Shared code below the actions: call it inside the transaction of a use case that has checked its actor's right and
leaves the trail entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from django.db.models import Q
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.period import FOREVER
from shuniu.kernel.text import initials, normal
from shuniu.registry import tree
from shuniu.registry.enums import OrganisationType
from shuniu.registry.models import Area, Coverage, Employer, Organisation

REASON = "the caller has checked the right to found a union body"


@dataclass(frozen=True, slots=True)
class Founding:
    """What is needed for a union body to exist. `code` is its number in the registry; empty: the next one of its area."""

    name: str
    type: OrganisationType
    parent: Organisation | None
    area: Area
    on: date
    short_name: str = ""
    approval_number: str = ""
    credit_code: str | None = None
    code: str = ""


def found(founding: Founding) -> Organisation:
    """Create the body and give it its place from the day it was founded.

    Raises:
        ActionError: the number or credit code is taken, a body of this name stands there already, or the tree refuses.
    """
    tree.lock_tree()
    _refuse_namesake(founding)
    organisation = Organisation.everything.create(
        code=founding.code or next_code(founding.area),
        name=normal(founding.name),
        short_name=normal(founding.short_name),
        initials=initials(founding.name),
        type=founding.type,
        credit_code=founding.credit_code or None,
        area=founding.area,
        founded_on=founding.on,
        approval_number=normal(founding.approval_number),
    )
    tree.place(organisation, founding.parent, on=founding.on)
    return organisation


def next_code(area: Area) -> str:
    """The number after the highest one given in the area, e.g. `Y03-00042`. Call with the tree locked."""
    return next(codes_from(area))


def codes_from(area: Area) -> Iterator[str]:
    """Numbers that nobody has, one after the other. Call with the tree locked."""
    prefix = f"{area.code}-"
    rows = Organisation.objects.unscoped(reason=REASON).filter(code__startswith=prefix)
    given = (code.removeprefix(prefix) for code in rows.values_list("code", flat=True))
    highest = max((int(number) for number in given if number.isascii() and number.isdigit()), default=0)
    return (f"{prefix}{number:05d}" for number in count(highest + 1))


def _refuse_namesake(founding: Founding) -> None:
    taken = Q(code=founding.code) if founding.code else Q(pk__in=[])
    if founding.credit_code:
        taken |= Q(credit_code=founding.credit_code)
    standing = Organisation.objects.unscoped(reason=REASON)
    other = standing.filter(taken | Q(name=normal(founding.name), parent=founding.parent, dissolved_on=FOREVER)).first()
    if other:
        raise ActionError(
            _("{name} ({code}) has this name, number or credit code already.").format(name=other.name, code=other.code)
        )


def cover(organisation: Organisation, employers: Sequence[Employer], *, on: date) -> None:
    """Let the union cover the staff of these employers from the day `on`.

    Raises:
        ActionError: an employer is covered by another union already, or has closed.
    """
    covered = Coverage.objects.unscoped(reason=REASON).filter(employer__in=employers, ends_on__gt=on)
    other = covered.exclude(organisation=organisation).select_related("employer", "organisation").first()
    if other:
        raise ActionError(
            _("{employer} is covered by {union} already.").format(employer=other.employer, union=other.organisation)
        )
    closed = [employer for employer in employers if employer.closed_on and employer.closed_on <= on]
    if closed:
        raise ActionError(_("{employer} has closed.").format(employer=closed[0]))
    known = set(covered.values_list("employer_id", flat=True))
    Coverage.everything.bulk_create(
        Coverage(organisation=organisation, employer=employer, starts_on=on)
        for employer in employers
        if employer.pk not in known
    )
