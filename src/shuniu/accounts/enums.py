"""Choices of the accounts room. Values are stored or written in `roles.toml`; labels are what people read."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RoleScope(StrEnum):
    """Where a role is held: for the whole site, at one organisation and all below it, for what is assigned to the
    account, or for oneself.
    """

    SITE = "site"
    ORGANISATION = "organisation"
    ASSIGNED = "assigned"
    OWN = "own"


class GrantState(TextChoices):
    """A role counts from the moment a second person has approved it."""

    PROPOSED = "proposed", pgettext_lazy("role grant", "Waiting for approval")
    APPROVED = "approved", pgettext_lazy("role grant", "Approved")
    REFUSED = "refused", pgettext_lazy("role grant", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("role grant", "Withdrawn")


class Ending(TextChoices):
    """Why a session ended."""

    SIGNED_OUT = "signed_out", _("Signed out")
    IDLE = "idle", _("Nothing was done for too long")
    TOO_OLD = "too_old", _("The longest time of one sign-in was over")
    ENDED = "ended", _("Ended from another device")


class Step(StrEnum):
    """What a signed-in person must do before anything else."""

    NONE = ""
    PASSWORD = "password"  # noqa: S105 -- a step, not a password
    SECOND_FACTOR = "second_factor"
