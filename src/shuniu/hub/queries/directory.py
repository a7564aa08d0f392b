"""What everybody may know of providers: which are admitted, what they agreed to do, until when and at what price."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from shuniu.hub.enums import AgreementState, ProviderState
from shuniu.hub.models import Agreement, Professional, Provider
from shuniu.kernel.period import FOREVER, on_day

PUBLISHED = "providers and what was agreed with them are published"


@dataclass(frozen=True, slots=True)
class Price:
    """One unit of a service, in fen."""

    name: str
    unit: str
    fen: int


@dataclass(frozen=True, slots=True)
class Offer:
    """An agreement in force, as everybody may read it. `last_on` is its last day; None where it has no end."""

    organisation_id: int
    organisation: str
    provider_id: int
    provider: str
    title: str
    kinds: tuple[str, ...]
    mode: str
    mode_label: str
    starts_on: date
    last_on: date | None
    prices: tuple[Price, ...]


def public_providers() -> QuerySet[Provider]:
    """Admitted providers, with their group; `people` is how many of their professionals take work."""
    rows: QuerySet[Provider] = Provider.objects.unscoped(reason=PUBLISHED).filter(state=ProviderState.ACTIVE)
    people = Count("professionals", filter=Q(professionals__is_active=True))
    return rows.select_related("organisation", "group").annotate(people=people)


def members_of(provider: Provider) -> list[Provider]:
    """The admitted firms of a group."""
    return list(public_providers().filter(group=provider).order_by("name", "pk"))


def groups() -> dict[int, list[int]]:
    """The admitted groups, each with the keys of itself and of its admitted firms."""
    found: dict[int, list[int]] = {}
    rows = Provider.objects.unscoped(reason=PUBLISHED).filter(state=ProviderState.ACTIVE, group__isnull=False)
    for group_id, pk in rows.order_by("pk").values_list("group_id", "pk"):
        found.setdefault(group_id, [group_id]).append(pk)
    return found


def kinds_served(provider_ids: Collection[int]) -> dict[int, set[str]]:
    """The kinds of service for which somebody of a provider, or of a firm of the group, takes work."""
    rows = Professional.objects.unscoped(reason=PUBLISHED).filter(
        Q(provider_id__in=provider_ids) | Q(provider__group_id__in=provider_ids),
        is_active=True,
        provider__state=ProviderState.ACTIVE,
    )
    found: dict[int, set[str]] = {}
    for provider_id, group_id, serves in rows.values_list("provider_id", "provider__group_id", "serves"):
        for key in {provider_id, group_id} - {None}:
            found.setdefault(key, set()).update(serves)
    return found


def offers(
    on: date, *, organisations: Collection[int] | None = None, providers: Collection[int] | None = None
) -> list[Offer]:
    """The agreements in force on a day, of some organisations or with some providers; two queries."""
    rows = Agreement.objects.unscoped(reason=PUBLISHED).filter(
        on_day(on), state=AgreementState.IN_FORCE, provider__state=ProviderState.ACTIVE
    )
    if organisations is not None:
        rows = rows.filter(organisation_id__in=organisations)
    if providers is not None:
        rows = rows.filter(provider_id__in=providers)
    found = rows.select_related("organisation", "provider").prefetch_related("lines")
    return [_offer(agreement) for agreement in found.order_by("provider__name", "pk")]


def _offer(agreement: Agreement) -> Offer:
    lines = sorted(agreement.lines.all(), key=lambda line: line.order)
    return Offer(
        agreement.organisation_id,
        agreement.organisation.name,
        agreement.provider_id,
        agreement.provider.name,
        agreement.title,
        tuple(agreement.kinds),
        agreement.mode,
        agreement.get_mode_display(),
        agreement.starts_on,
        None if agreement.ends_on == FOREVER else agreement.ends_on - timedelta(days=1),
        tuple(Price(line.name, line.unit, line.price) for line in lines),
    )
