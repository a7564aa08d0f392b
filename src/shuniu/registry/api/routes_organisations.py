"""Areas, union bodies and employers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router

from shuniu.kernel.period import FOREVER
from shuniu.kernel.text import normal
from shuniu.kernel.web.asking import REFUSALS, Cursor, Limit, asker, paged
from shuniu.kernel.web.requests import get_or_404
from shuniu.registry.api.asking import AreaKey, On, Text, body
from shuniu.registry.api.schemas import (
    AreaOut,
    EmployerOut,
    EmployersOut,
    FiguresOut,
    OrganisationOut,
    OrganisationsOut,
)
from shuniu.registry.enums import OrganisationType
from shuniu.registry.models import Area, Employer, Organisation
from shuniu.registry.queries import counts, employers, organisations

router = Router(tags=["organisations"])
OPEN = "organisation.view"


@router.get(
    "/areas", response={200: list[AreaOut], **REFUSALS}, summary=gettext_noop("Areas: district, towns, streets, zones")
)
def areas(request: HttpRequest) -> Any:
    """Every area of the site."""
    asker(request, OPEN)
    return Area.objects.order_by("code")


@router.get(
    "/organisations", response={200: OrganisationsOut, **REFUSALS}, summary=gettext_noop("Union bodies within sight")
)
def organisation_list(
    request: HttpRequest,
    q: Text = "",
    type: OrganisationType | None = None,
    area: AreaKey = None,
    on: On = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """Those that stood on the day, in the order of their ids; `q` is a part of the name, a number or pinyin initials."""
    actor, today = asker(request, OPEN)
    rows = organisations.standing(organisations.seen(actor), on or today)
    if normal(q):
        rows = organisations.named(rows, q)
    wanted = {"type": type, "area_id": area}
    return paged(
        rows.filter(**{key: value for key, value in wanted.items() if value}), ("pk",), cursor, limit, organisation_out
    )


@router.get(
    "/organisations/{int:key}", response={200: OrganisationOut, **REFUSALS}, summary=gettext_noop("One union body")
)
def organisation(request: HttpRequest, key: int) -> Any:
    """Also one that is dissolved."""
    actor, _today = asker(request, OPEN)
    return organisation_out(body(actor, key))


@router.get(
    "/organisations/{int:key}/subtree",
    response={200: OrganisationsOut, **REFUSALS},
    summary=gettext_noop("What stood below it"),
)
def subtree(request: HttpRequest, key: int, on: On = None, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """The body itself and everything below it on the day, as far as it is within sight."""
    actor, today = asker(request, OPEN)
    below = organisations.subtree_on(on or today, body(actor, key))
    rows = organisations.seen(actor).filter(pk__in=below.values("pk"))
    return paged(rows, ("pk",), cursor, limit, organisation_out)


@router.get(
    "/organisations/{int:key}/counts", response={200: FiguresOut, **REFUSALS}, summary=gettext_noop("Its counts")
)
def organisation_counts(request: HttpRequest, key: int, on: On = None) -> Any:
    """Unions and members at and below it on the day; nought where it stood nowhere."""
    actor, today = asker(request, OPEN)
    day = on or today
    path = organisations.path_of(body(actor, key), day)
    heads = counts.members_on(day, path) if path else counts.Headcount(0, 0)
    unions = counts.unions_on(day, path) if path else 0
    return {"on": day, "unions": unions, "members": heads.members, "women": heads.women}


@router.get("/employers", response={200: EmployersOut, **REFUSALS}, summary=gettext_noop("Employers within sight"))
def employer_list(
    request: HttpRequest,
    q: Text = "",
    area: AreaKey = None,
    on: On = None,
    has_union: bool | None = None,  # noqa: FBT001 -- a parameter of the address
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """Those in operation on the day, in the order of their ids; `q` is a part of the name."""
    actor, today = asker(request, "employer.view")
    day = on or today
    rows = employers.with_unions(employers.employers_of(actor), day).filter(employers.open_on(day))
    wanted = {"name__contains": normal(q), "area_id": area}
    rows = rows.filter(**{key: value for key, value in wanted.items() if value})
    if has_union is not None:
        rows = rows.filter(Q(has_union=has_union))
    return paged(rows, ("pk",), cursor, limit, employer_out)


@router.get("/employers/{int:key}", response={200: EmployerOut, **REFUSALS}, summary=gettext_noop("One employer"))
def employer(request: HttpRequest, key: int, on: On = None) -> Any:
    """Also one that has closed."""
    actor, today = asker(request, "employer.view")
    rows = employers.with_unions(employers.employers_of(actor), on or today)
    return employer_out(get_or_404(rows, pk=key))


def organisation_out(row: Organisation) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.code,
        "name": row.name,
        "short_name": row.short_name,
        "type": row.type,
        "credit_code": row.credit_code,
        "area_id": row.area_id,
        "area": row.area.name,
        "parent_id": row.parent_id,
        "path": row.path,
        "founded_on": row.founded_on,
        "dissolved_on": _end(row.dissolved_on),
        "approval_number": row.approval_number,
    }


def employer_out(row: Employer) -> dict[str, Any]:
    plain = (
        "name", "credit_code", "category", "industry", "area_id", "territory_id", "headcount", "women", "migrants",
        "dispatched", "counted_on", "opened_on", "closed_on", "has_union",
    )  # fmt: skip
    return {"id": row.pk, "area": row.area.name, **{name: getattr(row, name) for name in plain}}


def _end(day: date) -> date | None:
    return None if day == FOREVER else day
