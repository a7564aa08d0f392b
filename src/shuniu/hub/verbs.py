"""What the trail calls the doings of this room, and the fields that its entries tell of."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {
    "duty.reserved_refused": _("Attempt to give a reserved duty away, refused"),
}
DETAILS: dict[str, str | Promise] = {
    "attempted": _("What was attempted"),
    "duty": _("Duty"),
}
