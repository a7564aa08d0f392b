"""What the trail calls the doings of this room, and the fields that its entries tell of."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {
    "rating.given": _("Rating came in"),
    "rating.mixed": _("Ratings laid down in a new order"),
    "comment.published": _("Comment made public"),
    "comment.withheld": _("Comment withheld"),
}
DETAILS: dict[str, str | Promise] = {}
