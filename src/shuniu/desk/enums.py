"""Choices of the service desk. Values are stored; labels are what people read."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Secrecy(TextChoices):
    """Who may read what a case of a line says."""

    OPEN = "open", _("Everybody who looks after cases there")
    CONFIDENTIAL = "confidential", _("Only those who serve the case")


class Channel(TextChoices):
    """How a case came in."""

    WEB = "web", pgettext_lazy("channel", "Web")
    PHONE = "phone", pgettext_lazy("channel", "Phone")
    VISIT = "visit", pgettext_lazy("channel", "Visit")
    ANONYMOUS = "anonymous", pgettext_lazy("channel", "Anonymous")
    BOOKING = "booking", pgettext_lazy("channel", "Booking")
    HANDOVER = "handover", pgettext_lazy("channel", "Handed over")


class LineRole(TextChoices):
    """What an account does for a service line."""

    SERVES = "serves", pgettext_lazy("line", "Serves")
    DISPATCHES = "dispatches", pgettext_lazy("line", "Hands out")
    SUPERVISES = "supervises", pgettext_lazy("line", "Supervises")
