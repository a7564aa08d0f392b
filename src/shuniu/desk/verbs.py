"""What the trail calls the doings of this room, and the fields that its entries tell of."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERBS: dict[str, str | Promise] = {
    # lines
    "line.set_up": _("Service line set up"),
    "line.changed": _("Service line changed"),
    "line.draft_changed": _("Draft of a service line changed"),
    "line.draft_dropped": _("Draft of a service line given up"),
    "line.published": _("Service line published"),
    "line.staff_added": _("Staff of a service line added"),
    "line.staff_ended": _("Staff of a service line ended"),
    "line.answer_kept": _("Text for answers kept"),
    # cases
    "case.opened": _("Case opened"),
    "case.moved": _("Case moved on"),
    "case.assigned": _("Case handed out"),
    "case.answered": _("Case answered"),
    "case.written_to": _("Filer wrote to a case"),
    # rosters
    "duty.checked_in": pgettext_lazy("verb", "Checked in for duty"),
    "duty.feed_ended": pgettext_lazy("verb", "Ended the address of a duty calendar"),
    "duty.feed_made": pgettext_lazy("verb", "Made an address for a duty calendar"),
    "duty.missed": pgettext_lazy("verb", "Noted that nobody came for duty"),
    "duty.offer_lapsed": pgettext_lazy("verb", "Closed an offer of duty that nobody took in time"),
    "duty.offer_withdrawn": pgettext_lazy("verb", "Took back an offer of duty"),
    "duty.offered": pgettext_lazy("verb", "Offered a duty to others"),
    "duty.substitute_called": pgettext_lazy("verb", "Called the substitute"),
    "duty.swap_refused": pgettext_lazy("verb", "Refused a swap of duty"),
    "duty.swapped": pgettext_lazy("verb", "Approved a swap of duty"),
    "duty.taken": pgettext_lazy("verb", "Took a duty that was offered"),
    "roster.made": pgettext_lazy("verb", "Began a duty roster"),
    "roster.published": pgettext_lazy("verb", "Published a duty roster"),
    "roster.repaired": pgettext_lazy("verb", "Mended a duty roster"),
    "roster.settled": pgettext_lazy("verb", "Settled a duty by hand"),
    "roster.solved": pgettext_lazy("verb", "Filled a duty roster"),
    "roster.wishes_noted": pgettext_lazy("verb", "Noted wishes for duty"),
    # mediation
    "mediation.answered": pgettext_lazy("verb", "Recorded the other side's answer to mediation"),
    "mediation.represented": pgettext_lazy("verb", "Entered representatives of a group"),
    "mediation.tied": pgettext_lazy("verb", "Entered a tie that bars a mediator"),
    "mediation.session_held": pgettext_lazy("verb", "Kept the record of a mediation session"),
    "mediation.extended": pgettext_lazy("verb", "Extended a mediation with both sides' consent"),
    "mediation.agreement_drawn_up": pgettext_lazy("verb", "Drew up an agreement"),
    "mediation.signed": pgettext_lazy("verb", "Recorded a signature of an agreement"),
    "mediation.confirmed": pgettext_lazy("verb", "Recorded the confirmation of an agreement"),
    "mediation.followed_up": pgettext_lazy("verb", "Followed up an agreement"),
    # repairs
    "repair.material_added": pgettext_lazy("verb", "Entered material of a repair"),
    "repair.material_removed": pgettext_lazy("verb", "Took out material of a repair"),
    "repair.charged": pgettext_lazy("verb", "Charged the work of a repair"),
    "repair.calls_drawn": pgettext_lazy("verb", "Drew repairs to be called back"),
    "repair.called_back": pgettext_lazy("verb", "Called back about a repair"),
}
DETAILS: dict[str, str | Promise] = {
    "template": _("Template"),
    "fields": _("What was changed"),
    "part": pgettext_lazy("setup", "Part"),
    "account": _("Account"),
    "role": _("Role"),
    "case": _("Case"),
    "channel": _("Came in by"),
    "move": _("Step"),
    "state": _("State"),
    "handler": _("Handled by"),
    # rosters
    "duties": pgettext_lazy("detail", "duties"),
    "clashes": pgettext_lazy("detail", "clashes of rules"),
    "spread": pgettext_lazy("detail", "difference between loads"),
    "team": pgettext_lazy("detail", "people in the roster"),
    "substitute": pgettext_lazy("detail", "substitute"),
    "professional": pgettext_lazy("detail", "professional"),
    "despite": pgettext_lazy("detail", "reason for the exception"),
    "in_return": pgettext_lazy("detail", "duty given in return"),
    "roster": pgettext_lazy("detail", "roster"),
    "line": pgettext_lazy("detail", "service line"),
    "day": pgettext_lazy("detail", "day"),
    "days": pgettext_lazy("detail", "days"),
    "by": pgettext_lazy("detail", "by"),
    "consents": pgettext_lazy("detail", "consents"),
    "session": pgettext_lazy("detail", "number"),
    "performed": pgettext_lazy("detail", "performed"),
    "confirmed_on": pgettext_lazy("detail", "on"),
    "fen": pgettext_lazy("detail", "amount in fen"),
    "drawn_month": pgettext_lazy("detail", "month"),
    "material": pgettext_lazy("detail", "line of material"),
    "drawn": pgettext_lazy("detail", "how many"),
    "mended": pgettext_lazy("detail", "mended"),
}
