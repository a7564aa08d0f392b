"""Providers within sight, their papers that end soon, and what their flow needs to know."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from shuniu.hub.enums import ProviderState, ServiceKind
from shuniu.hub.models import (
    Absence,
    Conflict,
    Paper,
    Professional,
    Provider,
    ProviderCheck,
    ProviderStaff,
    ProviderStep,
)
from shuniu.hub.rules.providers import Standing
from shuniu.hub.rules.vetting import vetting
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.vault import blind_index
from shuniu.registry.enums import OrganisationType
from shuniu.registry.public import Employer, Organisation

WARNING = "provider.paper_warning_days"
"""Id of the rule that says how many days before its end a paper is warned of."""
RECEIPTS = "hub_receipts"
"""Purpose of the keyed hash by which an application is found again."""
LIVE = (ProviderState.APPLIED, ProviderState.VETTING, ProviderState.ACTIVE, ProviderState.SUSPENDED)

WAITING = (ProviderState.APPLIED, ProviderState.VETTING)
"""States of those about whom somebody of the union has to do something."""


def providers(actor: Actor) -> QuerySet[Provider]:
    """Providers within sight, with their group and how many of their people take new work."""
    rows: QuerySet[Provider] = Provider.objects.visible_to(actor)
    active = Count("professionals", filter=Q(professionals__is_active=True))
    return rows.select_related("organisation", "group").annotate(people=active)


def offering(rows: QuerySet[Any], service: str) -> QuerySet[Any]:
    """Those of `rows` that offer a kind of service, on both databases."""
    found: QuerySet[Any] = rows.annotate(offers_told=Cast("offers", TextField()))
    return found.filter(offers_told__contains=f'"{ServiceKind(service).value}"')


def standing(provider: Provider) -> Standing:
    """The provider as its flow sees it."""
    checks = list(ProviderCheck.everything.filter(provider=provider).values_list("item", "result", "checked_by_id"))
    hands = {provider.entered_by_id, provider.vetted_by_id, *(by for _item, _result, by in checks)}
    still_open = vetting().open_items(provider.kind, {item: result for item, result, _by in checks})
    return Standing(ProviderState(provider.state), frozenset(one for one in hands if one is not None), len(still_open))


def checks_of(provider: Provider) -> dict[str, ProviderCheck]:
    """What was found so far, by item."""
    rows = ProviderCheck.everything.filter(provider=provider).select_related("checked_by")
    return {row.item: row for row in rows}


def steps_of(provider: Provider) -> QuerySet[ProviderStep]:
    """How it came to stand where it stands, the last step first."""
    rows: QuerySet[ProviderStep] = ProviderStep.everything.filter(provider=provider)
    return rows.order_by("-at", "-pk")


def staff_of(provider: Provider) -> QuerySet[ProviderStaff]:
    """The accounts that act for it today."""
    rows: QuerySet[ProviderStaff] = ProviderStaff.everything.filter(provider=provider, ended_at=None)
    return rows.select_related("user", "provider__organisation").order_by("pk")


def conflicts(actor: Actor) -> QuerySet[Conflict]:
    """Employers that providers within sight serve."""
    rows: QuerySet[Conflict] = Conflict.objects.visible_to(actor)
    return rows.select_related("provider__organisation", "employer")


def papers(actor: Actor) -> QuerySet[Any]:
    """Papers within sight, with whose they are; `renewed` where a later one of the kind is there."""
    rows: QuerySet[Any] = Paper.objects.visible_to(actor)
    return with_renewed(rows.select_related("provider__organisation", "professional"))


def with_renewed(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with `renewed`: whether a later paper of the kind is there, of the same holder."""
    later = Paper.everything.filter(kind=OuterRef("kind"), good_until__gt=OuterRef("good_until"))
    of_person = later.filter(professional=OuterRef("professional"))
    of_provider = later.filter(provider=OuterRef("provider"), professional=None)
    renewed = Q(Exists(of_person)) | (Q(professional=None) & Q(Exists(of_provider)))
    found: QuerySet[Any] = rows.annotate(renewed=renewed)
    return found


def unrenewed(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Papers in whose place no later one has come."""
    return with_renewed(rows).filter(renewed=False)


def ending(rows: QuerySet[Any], today: date, days: int) -> QuerySet[Any]:
    """Papers of live providers that have ended or end within so many days, and were not renewed."""
    return rows.filter(good_until__lte=today + timedelta(days=days), renewed=False, provider__state__in=LIVE)


def professionals(actor: Actor) -> QuerySet[Professional]:
    """People of providers within sight."""
    rows: QuerySet[Professional] = Professional.objects.visible_to(actor)
    return rows.select_related("provider__organisation", "provider__group")


def absences_from(professional: Professional, today: date) -> QuerySet[Absence]:
    """When somebody is or will be away."""
    rows: QuerySet[Absence] = Absence.everything.filter(professional=professional, ends_on__gt=today)
    return rows.order_by("starts_on")


def waiting(actor: Actor) -> QuerySet[Provider]:
    """Applicants about whom the actor may do something."""
    condition = actor.reach("provider.edit").condition("organisation__path")
    return providers(actor).filter(condition, state__in=WAITING)


def own_provider(actor: Actor) -> Provider | None:
    """The provider that the actor acts for."""
    rows = ProviderStaff.everything.filter(user_id=actor.user_id or 0, ended_at=None).select_related("provider")
    found = rows.first() if actor.may("provider.own") else None
    return found.provider if found else None


def own_professional(actor: Actor) -> Professional | None:
    """The professional that the actor is."""
    rows: QuerySet[Professional] = Professional.everything.filter(user_id=actor.user_id or 0)
    return rows.first() if actor.may("service.give") else None


def registers(today: date) -> QuerySet[Organisation]:
    """The bodies to which anybody may apply: federations, which keep the register of their ground."""
    rows: QuerySet[Organisation] = Organisation.objects.unscoped(reason="names of federations, for applicants")
    return rows.filter(type=OrganisationType.FEDERATION, dissolved_on__gt=today).order_by("path")


def application(receipt: str) -> Provider | None:
    """The application that a receipt belongs to."""
    digits = "".join(one for one in receipt if one.isascii() and one.isdigit())[:32]
    rows = Provider.objects.unscoped(reason="whoever holds the receipt may follow the application")
    return rows.filter(receipt_index=blind_index(digits, RECEIPTS)).first() if digits else None


def employer_called(text: str) -> Employer | None:
    """The employer of exactly this name or credit code, which whoever serves it knows; None for none or several."""
    written = normal(text)
    rows = Employer.objects.unscoped(reason="found by the full name or number only").filter(closed_on=None)
    found = list(rows.filter(Q(name=written) | Q(credit_code=written.upper()))[:2]) if written else []
    return found[0] if len(found) == 1 else None
