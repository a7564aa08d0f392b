"""What other rooms may use of the registry: its tables by name, its counts, and the shared steps of its actions."""

from shuniu.registry.actions.transfers import issue_transfer
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
    "Entry",
    "Guidance",
    "Lead",
    "LeadStep",
    "Membership",
    "Organisation",
    "Person",
    "Placement",
    "Post",
    "Qualification",
    "StudyRecord",
    "Term",
    "Territory",
    "YearTally",
    "enter",
    "issue_transfer",
    "members_on",
    "path_code",
    "rebuild_tallies",
    "unions_on",
]
