"""The text of the informed consent to counselling. Each consent keeps the text that was agreed to; a new text is a new version."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

VERSION: Final = "2026-1"
TEXT: Final = _(
    "Counselling is voluntary and free of charge within the sessions that the union pays. Counsellors do not diagnose or "
    "treat illness; where they see signs of one they advise you to see a doctor. What you say stays with your counsellor and "
    "her supervisor. Neither your employer nor the officers of the union learn that you came or what you said; they get "
    "counts only, and none of groups of fewer than five people. Exceptions: danger to your life or that of others, harm to a "
    "minor, and orders of a court. Then only what is needed is told to those who must act. Nothing is recorded without your "
    "consent. You may stop at any time, and take this consent back as easily as you gave it."
)
