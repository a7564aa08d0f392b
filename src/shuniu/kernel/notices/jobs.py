"""What the background worker does for notices."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation

from shuniu.kernel.notices import delivery
from shuniu.kernel.upkeep import Chore


def send_out(now: datetime) -> None:
    """One round of sending, in the site's language."""
    with translation.override(settings.LANGUAGE_CODE):
        delivery.go(now)


CHORES = (
    Chore("notices.send", timedelta(seconds=3), send_out),
    Chore("notices.forget", timedelta(days=1), delivery.forget),
)
