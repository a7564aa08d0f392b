"""What the hub adds to the JSON interface: duties and providers to read, drafts of tenders to write.

Writing asks for the permission that the page asks for, and is refused with the same sentence.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema, Status

from shuniu.hub.actions.tenders import Criterion, Line, Plan, draft_tender
from shuniu.hub.enums import (
    CriterionKind,
    DeliveryMode,
    DutyClass,
    ProviderKind,
    ProviderState,
    ServiceKind,
    TenderMethod,
    TenderSubject,
)
from shuniu.hub.models import Duty, Provider
from shuniu.hub.queries import duties as duty_queries
from shuniu.hub.queries import providers as provider_queries
from shuniu.kernel.web.asking import REFUSALS, Cursor, Limit, asker, paged, writer
from shuniu.kernel.web.requests import PageRequest, get_or_404

router = Router(tags=["hub"])
MOST_FEN = 10**13


class DutyOut(Schema):
    id: int
    number: str
    name: str
    division: str
    organisation_id: int
    organisation: str
    kind: DutyClass = Field(description=gettext_noop("what is reserved is never tendered or put under an agreement"))
    mode: DeliveryMode | None = Field(description=gettext_noop("null while nobody has decided"))
    because: str = Field(description=gettext_noop("why it is of its class"))
    decided_on: date | None
    review_on: date | None


class DutiesOut(Schema):
    items: list[DutyOut]
    next: str | None


class ProviderOut(Schema):
    id: int
    name: str
    kind: ProviderKind
    state: ProviderState
    credit_code: str
    group_id: int | None
    offers: list[ServiceKind]
    serving: int = Field(description=gettext_noop("people who take new work"))


class ProvidersOut(Schema):
    items: list[ProviderOut]
    next: str | None


class LineIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    unit: str = Field(min_length=1, max_length=12)
    quantity: int = Field(ge=1, le=10**9)


class CriterionIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    points: int = Field(ge=0, le=100)


class TenderIn(Schema):
    duty_id: int = Field(ge=1, le=2**63 - 1)
    title: str = Field(min_length=1, max_length=120)
    need: str = Field(min_length=1, max_length=5000)
    subject: TenderSubject = TenderSubject.SERVICES
    fiscal_year: int = Field(ge=2000, le=2100)
    budget: int = Field(ge=1, le=MOST_FEN, description=gettext_noop("in fen"))
    method: TenderMethod
    method_reason: str = Field("", max_length=500)
    price_points: int = Field(ge=0, le=100)
    criteria: list[CriterionIn] = Field(default_factory=list, max_length=40)
    lines: list[LineIn] = Field(default_factory=list, max_length=100)


class TenderOut(Schema):
    id: int
    number: str
    title: str
    state: str


@router.get("/duties", response={200: DutiesOut, **REFUSALS}, summary=gettext_noop("Duties within sight"))
def duty_list(
    request: HttpRequest,
    kind: DutyClass | None = None,
    mode: DeliveryMode | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """In the order of their ids."""
    actor, _today = asker(request, "duty.view")
    wanted = {key: value for key, value in {"kind": kind, "mode": mode}.items() if value}
    return paged(duty_queries.duties(actor).filter(**wanted), ("pk",), cursor, limit, duty_out)


@router.get("/duties/{int:key}", response={200: DutyOut, **REFUSALS}, summary=gettext_noop("One duty"))
def duty(request: HttpRequest, key: int) -> Any:
    """Its class, and why it is of it."""
    actor, _today = asker(request, "duty.view")
    return duty_out(get_or_404(duty_queries.duties(actor), pk=key))


@router.get("/providers", response={200: ProvidersOut, **REFUSALS}, summary=gettext_noop("Providers within sight"))
def provider_list(
    request: HttpRequest,
    state: ProviderState | None = None,
    service: Annotated[ServiceKind | None, Query(description=gettext_noop("who offers it"))] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """In the order of their ids; contacts are on the pages only."""
    actor, _today = asker(request, "provider.view")
    rows = provider_queries.providers(actor)
    rows = rows.filter(state=state) if state else rows
    rows = provider_queries.offering(rows, service) if service else rows
    return paged(rows, ("pk",), cursor, limit, provider_out)


@router.get("/providers/{int:key}", response={200: ProviderOut, **REFUSALS}, summary=gettext_noop("One provider"))
def provider(request: HttpRequest, key: int) -> Any:
    """Also one that has been removed."""
    actor, _today = asker(request, "provider.view")
    return provider_out(get_or_404(provider_queries.providers(actor), pk=key))


@router.post("/tenders", response={201: TenderOut, **REFUSALS}, summary=gettext_noop("Draft a tender of a duty"))
def tender_draft(request: HttpRequest, plan: TenderIn) -> Any:
    """The draft, to be gone on with on the pages. A reserved duty is refused with its reason."""
    actor = writer(request, "tender.edit")
    asked: PageRequest = request  # type: ignore[assignment]
    row = get_or_404(duty_queries.duties(actor), pk=plan.duty_id)
    made = draft_tender(actor=actor, now=asked.now, organisation=row.organisation, plan=_plan(plan, row))
    return Status(201, {"id": made.pk, "number": made.number, "title": made.title, "state": made.state})


def _plan(given: TenderIn, row: Duty) -> Plan:
    plain = given.dict(exclude={"duty_id", "price_points", "criteria", "lines"})
    price = Criterion(str(CriterionKind.PRICE.label), given.price_points, kind=CriterionKind.PRICE)
    criteria = [price, *(Criterion(one.name, one.points) for one in given.criteria)]
    lines = [Line(one.name, one.unit, one.quantity) for one in given.lines]
    return Plan(duty=row, criteria=criteria, lines=lines, **plain)


def duty_out(row: Duty) -> dict[str, Any]:
    plain = ("name", "division", "organisation_id", "kind", "because", "decided_on", "review_on")
    told = {name: getattr(row, name) for name in plain}
    return {"id": row.pk, "number": row.code, "organisation": row.organisation.name, "mode": row.mode or None, **told}


def provider_out(row: Provider) -> dict[str, Any]:
    plain = ("name", "kind", "state", "credit_code", "group_id", "offers")
    return {"id": row.pk, "serving": row.people, **{name: getattr(row, name) for name in plain}}  # type: ignore[attr-defined]  # annotated
