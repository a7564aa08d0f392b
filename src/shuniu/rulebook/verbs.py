"""What the trail calls the doings of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VERBS = {
    "rule.set": _("A unit's own rule set"),
    "rule.ended": _("A unit's own rule ended"),
}
DETAILS = {
    "rule": _("Rule"),
}
