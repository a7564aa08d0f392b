"""What other rooms use of the hub."""

from __future__ import annotations

from shuniu.hub.actions.acceptances import add_opinion, conclude_acceptance, open_acceptance, publish_acceptance
from shuniu.hub.actions.agreement_sources import draft_from_award
from shuniu.hub.actions.agreements import (
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
from shuniu.hub.actions.tender_award import announce_award, decide_award, object_to_award, propose_award, settle_award
from shuniu.hub.actions.tender_award import answer_objection as answer_tender_objection
from shuniu.hub.actions.tender_bids import submit_bid
from shuniu.hub.actions.tender_experts import declare_ties, draw_experts, enter_expert, record_tie
from shuniu.hub.actions.tender_notes import publish_note
from shuniu.hub.actions.tender_opening import (
    confirm_opening_code,
    make_opening_code,
    name_opening_committee,
    release_key,
)
from shuniu.hub.actions.tender_scoring import Marks, save_marks
from shuniu.hub.actions.tenders import Criterion as TenderPoints
from shuniu.hub.actions.tenders import Line as TenderItem
from shuniu.hub.actions.tenders import Plan as TenderPlan
from shuniu.hub.actions.tenders import approve_tender, draft_tender, publish_tender
from shuniu.hub.agreement_parts import Line, Norm, Part, What
from shuniu.hub.bids import BidContent
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
    Tender,
)
from shuniu.hub.queries.directory import Offer, Price, groups, kinds_served, members_of, offers, public_providers
from shuniu.hub.queries.facts import register_facts, register_professional_facts
from shuniu.hub.queries.fitness import conflicting_providers, fit_professionals, reason_not_to_serve
from shuniu.hub.queries.induction import inducted, reason_not_inducted
from shuniu.hub.queries.payments import ApprovedPayment, approved_payments
from shuniu.hub.queries.tenders import AwardData, award_data
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
    "AwardData",
    "BidContent",
    "Conflict",
    "Decision",
    "Duty",
    "FactsSource",
    "Induction",
    "Inspection",
    "Line",
    "Marks",
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
    "Tender",
    "TenderItem",
    "TenderPlan",
    "TenderPoints",
    "What",
    "add_opinion",
    "announce_award",
    "answer_objection",
    "answer_tender_objection",
    "approve_tender",
    "approved_payments",
    "award_data",
    "check_inspection",
    "conclude_acceptance",
    "confirm_induction",
    "confirm_opening_code",
    "confirm_score",
    "conflicting_providers",
    "decide_amendment",
    "decide_award",
    "decide_duty",
    "decide_payment",
    "declare_ties",
    "draft_agreement",
    "draft_from_award",
    "draft_tender",
    "draw_experts",
    "enter_expert",
    "fit_professionals",
    "give_evidence",
    "groups",
    "inducted",
    "kinds_served",
    "make_opening_code",
    "members_of",
    "name_opening_committee",
    "object_to_award",
    "object_to_score",
    "offers",
    "open_acceptance",
    "propose_amendment",
    "propose_award",
    "public_providers",
    "publish_acceptance",
    "publish_note",
    "publish_tender",
    "ready_duties",
    "ready_sets",
    "reason_not_inducted",
    "reason_not_to_serve",
    "record_inductions",
    "record_inspection",
    "record_tie",
    "refuse_reserved",
    "register_facts",
    "register_professional_facts",
    "release_key",
    "request_payment",
    "save_marks",
    "set_lines",
    "set_plan",
    "set_standards",
    "settle_award",
    "sign_agreement",
    "submit_bid",
    "take_over_catalogue",
    "tell_paid",
    "turn_agreements",
    "vetting",
]
