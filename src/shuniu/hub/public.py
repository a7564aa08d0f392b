"""What other rooms use of the hub."""

from __future__ import annotations

from shuniu.hub.models import Absence, Agreement, Conflict, Duty, Paper, Professional, Provider, ProviderStaff
from shuniu.hub.queries.facts import register_facts, register_professional_facts
from shuniu.hub.queries.fitness import conflicting_providers, fit_professionals, reason_not_to_serve
from shuniu.hub.rules.facts import FactsSource, ServiceFacts

__all__ = [
    "Absence",
    "Agreement",
    "Conflict",
    "Duty",
    "FactsSource",
    "Paper",
    "Professional",
    "Provider",
    "ProviderStaff",
    "ServiceFacts",
    "conflicting_providers",
    "fit_professionals",
    "reason_not_to_serve",
    "register_facts",
    "register_professional_facts",
]
