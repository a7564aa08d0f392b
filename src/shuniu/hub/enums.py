"""Choices of the hub. Values are stored; labels are what people read."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DutyClass(TextChoices):
    """Whether work of the union may be done by outsiders."""

    RESERVED = "reserved", _("Reserved to the union's own officers")
    OWN_FIRST = "own_first", _("The union's own first")
    OPEN = "open", _("May be opened")


class DeliveryMode(TextChoices):
    """Who carries a duty out, and on what terms."""

    OWN = "own", pgettext_lazy("delivery mode", "Own")
    JOINT = "joint", pgettext_lazy("delivery mode", "Joint")
    COMMISSIONED = "commissioned", pgettext_lazy("delivery mode", "Commissioned")
    PURCHASED = "purchased", pgettext_lazy("delivery mode", "Purchased")
    VOLUNTEER = "volunteer", pgettext_lazy("delivery mode", "Volunteer")


class ServiceKind(TextChoices):
    """Kinds of service that a professional may be fit for, and that a service line offers."""

    ADVICE = "advice", _("Legal advice")
    COUNSELLING = "counselling", _("Psychological counselling")
    GRIEVANCE = "grievance", _("Grievance")
    MEDIATION = "mediation", _("Mediation of disputes")
    REPAIR = "repair", _("Repairs")
    LETTER = "letter", _("Letters to the chair")
    TRAINING = "training", _("Training")
    ASSESSMENT = "assessment", _("Assessment")
    OTHER = "other", pgettext_lazy("service kind", "Other service")


class AgreementState(TextChoices):
    """How far an agreement has come. Work is done under it while it is in force."""

    DRAFT = "draft", pgettext_lazy("agreement", "Draft")
    SIGNED = "signed", pgettext_lazy("agreement", "Signed")
    IN_FORCE = "in_force", pgettext_lazy("agreement", "In force")
    ENDED = "ended", pgettext_lazy("agreement", "Ended")
    TERMINATED = "terminated", pgettext_lazy("agreement", "Terminated")
    NOT_RENEWED = "not_renewed", pgettext_lazy("agreement", "Not renewed")
    WITHDRAWN = "withdrawn", pgettext_lazy("agreement", "Withdrawn")


class Cycle(TextChoices):
    """How often an agreement is scored."""

    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")


class Due(TextChoices):
    """What a payment of the plan waits for."""

    SIGNING = "signing", _("Signing")
    PERIOD = "period", _("Score of the period")
    ACCEPTANCE = "acceptance", _("Acceptance")


class Measure(TextChoices):
    """What an assessment item looks at. All but `MANUAL` are computed from the facts of the service desk."""

    ANSWERED = "answered", _("First answer in time")
    KEPT = "kept", _("Appointments kept")
    SOLVED = "solved", _("Solved in time")
    RATING = "rating", _("Mean of the ratings")
    COMPLAINTS = "complaints", _("Complaints upheld")
    MANUAL = "manual", _("Inspection")


class InspectionState(TextChoices):
    """How far what an inspection found has been put right."""

    CLEAR = "clear", pgettext_lazy("inspection", "Nothing found")
    NOTED = "noted", pgettext_lazy("inspection", "Noted")
    TO_MEND = "to_mend", pgettext_lazy("inspection", "To be put right")
    MENDED = "mended", pgettext_lazy("inspection", "Evidence given")
    PASSED = "passed", pgettext_lazy("inspection", "Put right")


class ScoreState(TextChoices):
    """Whether a confirmed score stands."""

    CONFIRMED = "confirmed", pgettext_lazy("score", "Confirmed")
    OBJECTED = "objected", pgettext_lazy("score", "Objected to")
    KEPT = "kept", pgettext_lazy("score", "Kept after objection")
    SET_ASIDE = "set_aside", pgettext_lazy("score", "Set aside")


class PaymentState(TextChoices):
    """How far a request for payment has come."""

    REQUESTED = "requested", pgettext_lazy("payment", "To be approved")
    APPROVED = "approved", pgettext_lazy("payment", "Approved")
    REFUSED = "refused", pgettext_lazy("payment", "Refused")
    PAID = "paid", pgettext_lazy("payment", "Paid")


class AmendmentState(TextChoices):
    """Whether a supplement to an agreement holds."""

    PROPOSED = "proposed", pgettext_lazy("amendment", "To be approved")
    APPROVED = "approved", pgettext_lazy("amendment", "Approved")
    REFUSED = "refused", pgettext_lazy("amendment", "Refused")


class AcceptanceState(TextChoices):
    """How far an acceptance has come."""

    OPEN = "open", pgettext_lazy("acceptance", "Being prepared")
    CONCLUDED = "concluded", pgettext_lazy("acceptance", "Concluded")
    PUBLISHED = "published", pgettext_lazy("acceptance", "Published")


class Outcome(TextChoices):
    """What an acceptance comes to."""

    PASS = "pass", pgettext_lazy("acceptance", "Passed")
    RECTIFY = "rectify", pgettext_lazy("acceptance", "To be put right by a day")
    FAIL = "fail", pgettext_lazy("acceptance", "Failed")


class Finding(TextChoices):
    """How a standard was kept, as an acceptance finds."""

    MET = "met", pgettext_lazy("standard", "Met")
    DEVIATION = "deviation", pgettext_lazy("standard", "Deviation")
    NOT_MET = "not_met", pgettext_lazy("standard", "Not met")


class ProviderKind(TextChoices):
    """What sort of body a provider is."""

    LAW_FIRM = "law_firm", _("Law firm")
    GROUP = "group", _("Group of firms")
    ASSOCIATION = "association", _("Association")
    COMPANY = "company", pgettext_lazy("provider kind", "Company")
    INSTITUTION = "institution", pgettext_lazy("provider kind", "Public institution")
    OWN = "own", _("Unit of the organisation itself")


class ProviderState(TextChoices):
    """How far a provider has come: only an active one gets new work."""

    APPLIED = "applied", pgettext_lazy("provider", "Applied")
    VETTING = "vetting", pgettext_lazy("provider", "Being vetted")
    ACTIVE = "active", pgettext_lazy("provider", "Active")
    SUSPENDED = "suspended", pgettext_lazy("provider", "Suspended")
    REFUSED = "refused", pgettext_lazy("provider", "Not admitted")
    REMOVED = "removed", pgettext_lazy("provider", "Removed")


class Profession(TextChoices):
    """What a professional is by training."""

    LAWYER = "lawyer", _("Lawyer")
    COUNSELLOR = "counsellor", _("Counsellor")
    MEDIATOR = "mediator", _("Mediator")
    TRAINER = "trainer", _("Trainer")
    REPAIRER = "repairer", _("Repairer")
    ASSESSOR = "assessor", _("Assessor")
    OFFICER = "officer", pgettext_lazy("profession", "Union officer")


class PaperKind(TextChoices):
    """What a paper of a provider or of a professional proves."""

    BUSINESS = "business", _("Business licence")
    LAW_PRACTICE = "law_practice", _("Practice licence of a law firm")
    REGISTRATION = "registration", _("Registration of a social organisation")
    INSTITUTION = "institution", _("Registration of a public institution")
    LAWYER = "lawyer", _("Lawyer's licence")
    COUNSELLOR = "counsellor", _("Certificate of a psychological counsellor")
    MEDIATOR = "mediator", _("Certificate of a mediator")
    COORDINATOR = "coordinator", _("Certificate of a labour relations coordinator")
    TRADE = "trade", _("Certificate of a skilled trade")
    INSURANCE = "insurance", _("Liability insurance")
    YEARLY = "yearly", _("Yearly report or assessment")
    RECORD = "record", _("Statement of no serious breach of law in three years")
    OTHER = "other", pgettext_lazy("paper", "Other paper")


class CheckResult(TextChoices):
    """What came of one item of the checklist."""

    MET = "met", pgettext_lazy("check", "Met")
    NOT_MET = "not_met", pgettext_lazy("check", "Not met")
    NOT_APPLICABLE = "not_applicable", pgettext_lazy("check", "Does not apply")


class AbsenceReason(TextChoices):
    """Why somebody takes no work for some days. No more than this is asked."""

    LEAVE = "leave", pgettext_lazy("absence", "Leave")
    COURT = "court", pgettext_lazy("absence", "Court hearing")
    TRAVEL = "travel", pgettext_lazy("absence", "Travel on duty")
    TRAINING = "training", pgettext_lazy("absence", "Training")
    PRIVATE = "private", pgettext_lazy("absence", "Private")


class TenderMethod(TextChoices):
    """How the provider of a tender is found."""

    OPEN = "open", pgettext_lazy("tender method", "Open tender")
    INVITED = "invited", pgettext_lazy("tender method", "Invited tender")
    CONSULTATION = "consultation", pgettext_lazy("tender method", "Competitive consultation")
    QUOTATION = "quotation", pgettext_lazy("tender method", "Request for quotations")
    SINGLE = "single", pgettext_lazy("tender method", "Single source")


class TenderSubject(TextChoices):
    """What is bought: the bounds of the price score differ."""

    SERVICES = "services", pgettext_lazy("tender subject", "Services")
    GOODS = "goods", pgettext_lazy("tender subject", "Goods")


class TenderState(TextChoices):
    """How far a tender is."""

    DRAFT = "draft", pgettext_lazy("tender", "Draft")
    APPROVED = "approved", pgettext_lazy("tender", "Approved")
    PUBLISHED = "published", pgettext_lazy("tender", "Open for bids")
    CLOSED = "closed", pgettext_lazy("tender", "Being opened")
    OPENED = "opened", pgettext_lazy("tender", "Being scored")
    SCORED = "scored", pgettext_lazy("tender", "Scored")
    PROPOSED = "proposed", pgettext_lazy("tender", "Award proposed")
    DECIDED = "decided", pgettext_lazy("tender", "Award decided")
    ANNOUNCED = "announced", pgettext_lazy("tender", "Award announced")
    AWARDED = "awarded", pgettext_lazy("tender", "Awarded")
    FAILED = "failed", pgettext_lazy("tender", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("tender", "Cancelled")


class CriterionKind(TextChoices):
    """What points are given for."""

    PRICE = "price", pgettext_lazy("criterion", "Price")
    QUALITY = "quality", pgettext_lazy("criterion", "Quality")


class BidState(TextChoices):
    """What became of a bid."""

    SEALED = "sealed", pgettext_lazy("bid", "Sealed")
    REPLACED = "replaced", pgettext_lazy("bid", "Replaced by a later one")
    WITHDRAWN = "withdrawn", pgettext_lazy("bid", "Withdrawn")
    VALID = "valid", pgettext_lazy("bid", "Valid")
    INVALID = "invalid", pgettext_lazy("bid", "Invalid")
    DAMAGED = "damaged", pgettext_lazy("bid", "Does not open")
    RETURNED = "returned", pgettext_lazy("bid", "Given back unopened")


class LowPrice(TextChoices):
    """What is known of a price that looks too low; empty for an ordinary one."""

    ASKED = "asked", pgettext_lazy("low price", "Explanation asked for")
    EXPLAINED = "explained", pgettext_lazy("low price", "Explained, to be judged")
    ACCEPTED = "accepted", pgettext_lazy("low price", "Explanation accepted")
    REFUSED = "refused", pgettext_lazy("low price", "Explanation not accepted")


class TieKind(TextChoices):
    """What ties an expert to a provider."""

    EMPLOYED = "employed", pgettext_lazy("tie", "Employed there")
    BOARD = "board", pgettext_lazy("tie", "On its board")
    CONTROL = "control", pgettext_lazy("tie", "Controls it")
    KIN = "kin", pgettext_lazy("tie", "Near relation of its head")
    OTHER = "other", pgettext_lazy("tie", "Another tie that may bias")


class JurorState(TextChoices):
    """How far somebody is who scores."""

    DRAWN = "drawn", pgettext_lazy("juror", "To declare ties")
    DECLARED = "declared", pgettext_lazy("juror", "Scoring")
    RECUSED = "recused", pgettext_lazy("juror", "Recused")
    SUBMITTED = "submitted", pgettext_lazy("juror", "Scores handed in")


class ReleaseTag(TextChoices):
    """Tags of OCDS 1.1 that steps of a tender are published under."""

    PLANNING = "planning", _("Planning")
    TENDER = "tender", pgettext_lazy("release", "Tender")
    TENDER_UPDATE = "tenderUpdate", pgettext_lazy("release", "Tender changed")
    TENDER_CANCELLATION = "tenderCancellation", pgettext_lazy("release", "Tender ended without award")
    AWARD = "award", pgettext_lazy("release", "Award")
    AWARD_UPDATE = "awardUpdate", pgettext_lazy("release", "Award changed")
    AWARD_CANCELLATION = "awardCancellation", pgettext_lazy("release", "Award taken back")
    CONTRACT = "contract", pgettext_lazy("release", "Agreement")
