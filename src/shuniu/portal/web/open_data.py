"""The machine-readable twin of the directory. Its fields are described in docs/develop/open-data.md."""

from __future__ import annotations

from typing import Any

from shuniu.hub.public import Offer
from shuniu.portal.queries.directory import Entry, Service
from shuniu.voice.public import Result

PLACES = 4
"""Decimal places of means and shares."""


def service_data(service: Service) -> dict[str, Any]:
    line = service.line
    return {
        "key": line.key,
        "name": line.name,
        "kind": line.kind,
        "organisation": line.organisation.name,
        "organisation_number": line.organisation.code,
        "given_by_the_union_itself": not service.givers,
        "agreements": [offer_data(offer) for offer in service.givers],
        "on_duty_today": [
            {"part": duty.half, "name": duty.name, "provider": duty.provider, "place": duty.place}
            for duty in service.on_duty
        ],
        "result": result_data(service.result),
    }


def entry_data(entry: Entry) -> dict[str, Any]:
    provider = entry.provider
    return {
        "id": provider.pk,
        "name": provider.name,
        "kind": provider.kind,
        "credit_code": provider.credit_code or None,
        "group": provider.group.name if provider.group else None,
        "kept_by": provider.organisation.name,
        "professionals": provider.people,  # type: ignore[attr-defined]  # annotated by public_providers
        "services": list(entry.kinds),
        "result": result_data(entry.result),
    }


def offer_data(offer: Offer) -> dict[str, Any]:
    return {
        "provider_id": offer.provider_id,
        "provider": offer.provider,
        "title": offer.title,
        "mode": offer.mode,
        "first_day": offer.starts_on,
        "last_day": offer.last_on,
        "prices_in_fen": [{"name": price.name, "unit": price.unit, "price": price.fen} for price in offer.prices],
    }


def result_data(result: Result | None) -> dict[str, Any] | None:
    """What those say who were served; nothing but that it is held back where they are too few."""
    if result is None:
        return None
    if result.mean is None or result.share is None:
        return {"held_back": True, "at_least": result.minimum}
    return {
        "held_back": False,
        "answers": result.n,
        "mean": _interval(result.mean),
        "satisfied": result.satisfied,
        "share_satisfied": _interval(result.share),
    }


def _interval(found: Any) -> dict[str, float]:
    return {
        "value": round(found.value, PLACES),
        "low": round(found.low, PLACES),
        "high": round(found.high, PLACES),
        "confidence": 0.95,
    }
