"""What this room adds to the navigation, the home page and the search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuniu.kernel.web import nav

SECTION = "voice"


def register() -> None:
    """Called once, when the site starts."""
    nav.register_section(SECTION, _("Voice"), order=60)
