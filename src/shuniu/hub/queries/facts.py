"""Where the hub learns what providers did. The service desk, a room above, says so when the site starts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from shuniu.hub.enums import ServiceKind
from shuniu.hub.rules.facts import FactsSource, ServiceFacts

_sources: dict[str, FactsSource] = {}


def register_facts(source: FactsSource) -> None:
    """Say how the facts of providers are counted: `source(provider_ids, kinds, start, end)`, an aggregate query."""
    _sources["provider"] = source


def register_professional_facts(source: FactsSource) -> None:
    """The same by professional: `source(professional_ids, kinds, start, end)`."""
    _sources["professional"] = source


def facts_of(
    provider_ids: Collection[int], kinds: Collection[ServiceKind], start: date, end: date
) -> ServiceFacts | None:
    """What the providers did in `[start, end)`; None where nobody counts it, which is not the same as nothing."""
    source = _sources.get("provider")
    return source(provider_ids, kinds, start, end) if source else None


def professional_facts(
    professional_ids: Collection[int], kinds: Collection[ServiceKind], start: date, end: date
) -> ServiceFacts | None:
    """As `facts_of`, for professionals."""
    source = _sources.get("professional")
    return source(professional_ids, kinds, start, end) if source else None
