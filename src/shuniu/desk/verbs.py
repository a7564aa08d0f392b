"""What the trail calls the doings of this room, and the fields that its entries tell of."""

from __future__ import annotations

from django.utils.functional import Promise

VERBS: dict[str, str | Promise] = {}
DETAILS: dict[str, str | Promise] = {}
