"""What this room adds to the navigation, the home page and the search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuniu.hub.web import shell_agreements, shell_duties, shell_providers, shell_tenders
from shuniu.kernel.web import nav

SECTION = "hub"


def register() -> None:
    """Called once, when the site starts."""
    nav.register_section(SECTION, _("Hub"), order=40)
    shell_duties.register(SECTION)
    shell_agreements.register()
    shell_tenders.register(SECTION)
    shell_providers.register(SECTION)
