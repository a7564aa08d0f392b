"""What the trail calls the doings of this room, and the fields that its entries tell of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VERBS = {
    # organisations
    "organisation.founded": _("Union body founded"),
    "organisation.edited": _("Union body corrected"),
    "organisation.moved": _("Union body moved to another superior"),
    "organisation.merged": _("Union body merged into another"),
    "organisation.split": _("Union body split off"),
    "organisation.dissolved": _("Union body dissolved"),
    "organisation.guided": _("Guidance of a union body set"),
    "organisation.covered": _("Employers covered by a union"),
    "organisation.uncovered": _("Employers no longer covered by a union"),
    "term.started": _("Election of a committee recorded"),
    "term.corrected": _("Term of a committee corrected"),
    "term.ended": _("Term of a committee ended"),
    "employer.registered": _("Employer entered"),
    "employer.edited": _("Employer corrected"),
    "employer.closed": _("Employer closed"),
    "area.entered": _("Area entered"),
    "area.edited": _("Area corrected"),
    # organising
    "lead.opened": _("Organising lead opened"),
    "lead.visited": _("Employer visited"),
    "lead.consented": _("Employer's consent recorded"),
    "lead.prepared": _("Preparatory group recorded"),
    "lead.sent_back": _("Lead sent back"),
    "lead.closed": _("Lead closed without a union"),
    "lead.approved": _("Founding of a union approved"),
    "lead.founded": _("Union founded by a lead"),
    "lead.joined": _("Employer joined a joint union"),
    "lead.noted": _("Contact noted"),
    "lead.assigned": _("Lead given to another organiser"),
    "member.enrolled": _("Members admitted from a list"),
    "allowance.settled": _("Allowance of an organiser settled"),
    "territory.assigned": _("Area given to an organiser"),
    "territory.ended": _("Organiser's area ended"),
    # annual return
    "return.form_kept": _("Form block of the annual return kept"),
    "return.downloaded": _("Annual return downloaded"),
}
DETAILS = {
    # organisations
    "approval_number": _("Approval number"),
    "bodies": _("Union bodies"),
    "dissolved_on": _("Dissolved on"),
    "ended_on": _("Ended on"),
    "founded_on": _("Founded on"),
    "guided_by": _("Guided in its work by"),
    "on": _("From"),
    "parent": _("Superior body"),
    "people": _("People"),
    "split_from": _("Split off from"),
    "starts_on": _("From"),
    "ends_on": _("Until"),
    "successor": _("Merged into"),
    "superior": _("Superior body"),
    # organising
    "allowance": _("Allowance"),
    "approval": _("Approval number"),
    "area": _("Area"),
    "employer": _("Employer"),
    "employers": _("Employers"),
    "lead": _("Lead"),
    "members": _("Members"),
    "next_on": _("Next visit on"),
    "organiser": _("Organiser"),
    "rule": _("Rule"),
    "union": _("Union"),
}
