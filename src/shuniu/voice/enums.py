"""Choices of the room. Values are stored; labels are what people read."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stars(IntegerChoices):
    """How content somebody is with a service."""

    FIVE = 5, _("Very content")
    FOUR = 4, _("Content")
    THREE = 3, _("Neither content nor discontent")
    TWO = 2, _("Discontent")
    ONE = 1, _("Very discontent")


class CommentState(TextChoices):
    """Whether what somebody wrote beside the stars may be read by everybody."""

    NONE = "none", pgettext_lazy("comment", "None")
    WAITING = "waiting", pgettext_lazy("comment", "Not looked at yet")
    PUBLISHED = "published", pgettext_lazy("comment", "Public")
    WITHHELD = "withheld", pgettext_lazy("comment", "Withheld")


class AskKind(TextChoices):
    """Kinds of question that a service line may add to its rating form."""

    STARS = "stars", _("One to five stars")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One of several choices")


class Dimension(TextChoices):
    """By what results are told apart."""

    LINE = "line", _("Service line")
    PROVIDER = "provider", _("Provider")
    PROFESSIONAL = "professional", _("Professional")
    MONTH = "month", _("Month")
