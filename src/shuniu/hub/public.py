"""What other rooms use of the hub."""

from __future__ import annotations

from shuniu.hub.actions.duties import Decision, decide_duty, refuse_reserved, take_over_catalogue
from shuniu.hub.actions.payments import tell_paid
from shuniu.hub.models import (
    Absence,
    Agreement,
    Conflict,
    Duty,
    Paper,
    Professional,
    Provider,
    ProviderCheck,
    ProviderStaff,
    ProviderStep,
)
from shuniu.hub.queries.directory import Offer, Price, groups, kinds_served, members_of, offers, public_providers
from shuniu.hub.queries.facts import register_facts, register_professional_facts
from shuniu.hub.queries.fitness import conflicting_providers, fit_professionals, reason_not_to_serve
from shuniu.hub.queries.induction import inducted, reason_not_inducted
from shuniu.hub.queries.payments import ApprovedPayment, approved_payments
from shuniu.hub.rules.catalogue import ready_duties
from shuniu.hub.rules.facts import FactsSource, ServiceFacts
from shuniu.hub.rules.vetting import vetting

__all__ = [
    "Absence",
    "Agreement",
    "ApprovedPayment",
    "Conflict",
    "Decision",
    "Duty",
    "FactsSource",
    "Offer",
    "Paper",
    "Price",
    "Professional",
    "Provider",
    "ProviderCheck",
    "ProviderStaff",
    "ProviderStep",
    "ServiceFacts",
    "approved_payments",
    "conflicting_providers",
    "decide_duty",
    "fit_professionals",
    "groups",
    "inducted",
    "kinds_served",
    "members_of",
    "offers",
    "public_providers",
    "ready_duties",
    "reason_not_inducted",
    "reason_not_to_serve",
    "refuse_reserved",
    "register_facts",
    "register_professional_facts",
    "take_over_catalogue",
    "tell_paid",
    "vetting",
]
