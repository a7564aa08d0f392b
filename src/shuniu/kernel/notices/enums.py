"""How far a notice has come on its way out."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class DeliveryState(TextChoices):
    """Whether somebody was told by a channel. A message whose fate is unknown is not sent again."""

    WAITING = "waiting", pgettext_lazy("message", "Waiting")
    SENDING = "sending", pgettext_lazy("message", "Being sent")
    SENT = "sent", pgettext_lazy("message", "Sent")
    FAILED = "failed", pgettext_lazy("message", "Not delivered")
    UNCLEAR = "unclear", pgettext_lazy("message", "Perhaps delivered")
