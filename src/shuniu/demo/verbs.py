"""What the trail calls the doings of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VERBS = {
    "demo.begun": _("Demo district begun"),
    "demo.loaded": _("Demo district loaded"),
}
DETAILS = {
    "unions": _("Unions"),
    "members": _("Members"),
}
