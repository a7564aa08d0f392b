"""What other rooms use of the hub."""

from __future__ import annotations

from shuniu.hub.actions.acceptances import add_opinion, conclude_acceptance, open_acceptance, publish_acceptance
from shuniu.hub.actions.agreements import (
    Line,
    Norm,
    Part,
    What,
    draft_agreement,
    set_lines,
    set_plan,
    set_standards,
    sign_agreement,
    turn_agreements,
)
from shuniu.hub.actions.amendments import decide_amendment, propose_amendment
from shuniu.hub.actions.duties import Decision, decide_duty, refuse_reserved, take_over_catalogue
from shuniu.hub.actions.inductions import confirm_induction, record_inductions
from shuniu.hub.actions.inspections import check_inspection, give_evidence, record_inspection
from shuniu.hub.actions.payments import decide_payment, request_payment, tell_paid
from shuniu.hub.actions.scores import answer_objection, confirm_score, object_to_score
from shuniu.hub.models import (
    Absence,
    Acceptance,
    Agreement,
    AgreementLine,
    Conflict,
    Duty,
    Induction,
    Inspection,
    Milestone,
    Paper,
    Payment,
    Professional,
    Provider,
    ProviderCheck,
    ProviderStaff,
    ProviderStep,
    Score,
    Standard,
)
from shuniu.hub.queries.directory import Offer, Price, groups, kinds_served, members_of, offers, public_providers
from shuniu.hub.queries.facts import register_facts, register_professional_facts
from shuniu.hub.queries.fitness import conflicting_providers, fit_professionals, reason_not_to_serve
from shuniu.hub.queries.induction import inducted, reason_not_inducted
from shuniu.hub.queries.payments import ApprovedPayment, approved_payments
from shuniu.hub.rules.catalogue import ready_duties
from shuniu.hub.rules.facts import FactsSource, ServiceFacts
from shuniu.hub.rules.standard_sets import ready_sets
from shuniu.hub.rules.vetting import vetting

__all__ = [
    "Absence",
    "Acceptance",
    "Agreement",
    "AgreementLine",
    "ApprovedPayment",
    "Conflict",
    "Decision",
    "Duty",
    "FactsSource",
    "Induction",
    "Inspection",
    "Line",
    "Milestone",
    "Norm",
    "Offer",
    "Paper",
    "Part",
    "Payment",
    "Price",
    "Professional",
    "Provider",
    "ProviderCheck",
    "ProviderStaff",
    "ProviderStep",
    "Score",
    "ServiceFacts",
    "Standard",
    "What",
    "add_opinion",
    "answer_objection",
    "approved_payments",
    "check_inspection",
    "conclude_acceptance",
    "confirm_induction",
    "confirm_score",
    "conflicting_providers",
    "decide_amendment",
    "decide_duty",
    "decide_payment",
    "draft_agreement",
    "fit_professionals",
    "give_evidence",
    "groups",
    "inducted",
    "kinds_served",
    "members_of",
    "object_to_score",
    "offers",
    "open_acceptance",
    "propose_amendment",
    "public_providers",
    "publish_acceptance",
    "ready_duties",
    "ready_sets",
    "reason_not_inducted",
    "reason_not_to_serve",
    "record_inductions",
    "record_inspection",
    "refuse_reserved",
    "register_facts",
    "register_professional_facts",
    "request_payment",
    "set_lines",
    "set_plan",
    "set_standards",
    "sign_agreement",
    "take_over_catalogue",
    "tell_paid",
    "turn_agreements",
    "vetting",
]
