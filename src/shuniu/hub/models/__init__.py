from shuniu.hub.models.agreements import Agreement, AgreementLine, Amendment, Induction, Milestone, Standard
from shuniu.hub.models.duties import Duty
from shuniu.hub.models.providers import Conflict, Professional, Provider, ProviderStaff
from shuniu.hub.models.scores import Acceptance, Inspection, Opinion, Payment, Score

__all__ = [
    "Acceptance",
    "Agreement",
    "AgreementLine",
    "Amendment",
    "Conflict",
    "Duty",
    "Induction",
    "Inspection",
    "Milestone",
    "Opinion",
    "Payment",
    "Professional",
    "Provider",
    "ProviderStaff",
    "Score",
    "Standard",
]
