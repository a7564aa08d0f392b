"""What other rooms may use of the registry: its tables and the fields that name them, its counts, its shared steps."""

from shuniu.registry.actions.transfers import issue_transfer
from shuniu.registry.fields import EmployersField, OrganisationField, PersonField
from shuniu.registry.guards import credit_code
from shuniu.registry.ledger import Entry, enter, rebuild_tallies
from shuniu.registry.models import (
    Allowance,
    Area,
    Coverage,
    Employer,
    Guidance,
    Lead,
    LeadStep,
    Membership,
    Organisation,
    Person,
    Placement,
    Post,
    Qualification,
    StudyRecord,
    Term,
    Territory,
    YearTally,
)
from shuniu.registry.queries.counts import members_on, unions_on
from shuniu.registry.rules.tree import code as path_code

__all__ = [
    "Allowance",
    "Area",
    "Coverage",
    "Employer",
    "EmployersField",
    "Entry",
    "Guidance",
    "Lead",
    "LeadStep",
    "Membership",
    "Organisation",
    "OrganisationField",
    "Person",
    "PersonField",
    "Placement",
    "Post",
    "Qualification",
    "StudyRecord",
    "Term",
    "Territory",
    "YearTally",
    "credit_code",
    "enter",
    "issue_transfer",
    "members_on",
    "path_code",
    "rebuild_tallies",
    "unions_on",
]
