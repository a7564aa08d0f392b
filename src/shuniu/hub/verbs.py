"""What the trail calls the doings of this room, and the fields that its entries tell of."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERBS: dict[str, str | Promise] = {
    "duty.catalogue_taken": _("Ready catalogue of duties taken over"),
    "duty.entered": _("Duty entered"),
    "duty.edited": _("Duty corrected"),
    "duty.decided": _("Duty decided"),
    "duty.reserved_refused": _("Attempt to give a reserved duty away, refused"),
    "tender.drafted": _("Tender drafted"),
    "tender.edited": _("Draft of a tender changed"),
    "tender.approved": _("Tender approved"),
    "tender.published": _("Notice of a tender published"),
    "tender.sent_back": _("Tender sent back"),
    "tender.cancelled": _("Tender cancelled"),
    "tender.failed": _("Tender ended without award"),
    "tender.note_published": _("Clarification of a tender published"),
    "tender.committee_named": _("Opening committee named"),
    "tender.code_made": _("Opening code made"),
    "tender.code_confirmed": _("Opening code confirmed"),
    "tender.key_released": _("Took part in the opening of bids"),
    "tender.bid_received": _("Sealed bid received"),
    "tender.bid_withdrawn": _("Bid withdrawn"),
    "tender.bid_rejected": _("Bid found invalid"),
    "tender.low_explained": _("Low price explained"),
    "tender.low_judged": _("Low price judged"),
    "tender.drawn": _("Experts drawn by lot"),
    "tender.declared": _("No ties to bidders declared"),
    "tender.recused": _("Stepped aside from scoring"),
    "tender.marks_saved": _("Scores kept"),
    "tender.marks_handed_in": _("Scores handed in"),
    "tender.award_proposed": _("Award proposed"),
    "tender.award_decided": _("Award decided"),
    "tender.award_announced": _("Award announced"),
    "tender.objected": _("Objection received"),
    "tender.objection_answered": _("Objection answered"),
    "tender.award_settled": _("Award final"),
    "tender.award_taken_back": _("Award taken back"),
    "expert.entered": _("Expert entered"),
    "expert.edited": _("Expert changed"),
    "expert.tied": _("Tie of an expert recorded"),
}
DETAILS: dict[str, str | Promise] = {
    "code": _("Number"),
    "name": _("Name"),
    "division": _("Field of work"),
    "description": _("Description"),
    "duties_entered": _("Duties entered"),
    "duty_class": pgettext_lazy("duty", "Class"),
    "mode": _("Carried out"),
    "review_on": _("To be reviewed on"),
    "reason": _("Reason"),
    "attempted": _("What was attempted"),
    "duty": _("Duty"),
}
