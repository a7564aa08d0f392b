from shuniu.hub.models.agreements import Agreement, AgreementLine, Amendment, Induction, Milestone, Standard
from shuniu.hub.models.duties import Duty, DutyDecision
from shuniu.hub.models.professionals import Absence, Paper, Professional
from shuniu.hub.models.providers import Conflict, Provider, ProviderCheck, ProviderStaff, ProviderStep
from shuniu.hub.models.scores import Acceptance, Inspection, Opinion, Payment, Score
from shuniu.hub.models.tender_bids import (
    TenderAward,
    TenderBid,
    TenderExpert,
    TenderJuror,
    TenderMark,
    TenderObjection,
    TenderSeat,
    TenderTie,
)
from shuniu.hub.models.tenders import (
    Tender,
    TenderCriterion,
    TenderInvitation,
    TenderLine,
    TenderNote,
    TenderRelease,
)

__all__ = [
    "Absence",
    "Acceptance",
    "Agreement",
    "AgreementLine",
    "Amendment",
    "Conflict",
    "Duty",
    "DutyDecision",
    "Induction",
    "Inspection",
    "Milestone",
    "Opinion",
    "Paper",
    "Payment",
    "Professional",
    "Provider",
    "ProviderCheck",
    "ProviderStaff",
    "ProviderStep",
    "Score",
    "Standard",
    "Tender",
    "TenderAward",
    "TenderBid",
    "TenderCriterion",
    "TenderExpert",
    "TenderInvitation",
    "TenderJuror",
    "TenderLine",
    "TenderMark",
    "TenderNote",
    "TenderObjection",
    "TenderRelease",
    "TenderSeat",
    "TenderTie",
]
