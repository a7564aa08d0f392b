"""The tables of the registry, by noun."""

from shuniu.registry.models.areas import Area, Coverage, Employer
from shuniu.registry.models.imports import Replaced
from shuniu.registry.models.officers import Post, Qualification, StudyRecord, Territory
from shuniu.registry.models.organisations import Guidance, Organisation, Placement, ReturnForm, Succession, Term
from shuniu.registry.models.organising import Allowance, Lead, LeadStep
from shuniu.registry.models.people import (
    Membership,
    MembershipEvent,
    Person,
    PersonTag,
    Transfer,
    YearTally,
)

__all__ = [
    "Allowance",
    "Area",
    "Coverage",
    "Employer",
    "Guidance",
    "Lead",
    "LeadStep",
    "Membership",
    "MembershipEvent",
    "Organisation",
    "Person",
    "PersonTag",
    "Placement",
    "Post",
    "Qualification",
    "Replaced",
    "ReturnForm",
    "StudyRecord",
    "Succession",
    "Term",
    "Territory",
    "Transfer",
    "YearTally",
]
