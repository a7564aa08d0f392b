"""What other rooms use of the hub."""

from __future__ import annotations

from shuniu.hub.models import Agreement, Conflict, Duty, Professional, Provider, ProviderStaff
from shuniu.hub.queries.facts import register_facts, register_professional_facts
from shuniu.hub.rules.facts import FactsSource, ServiceFacts

__all__ = [
    "Agreement",
    "Conflict",
    "Duty",
    "FactsSource",
    "Professional",
    "Provider",
    "ProviderStaff",
    "ServiceFacts",
    "register_facts",
    "register_professional_facts",
]
