"""What this room adds to the navigation, the home page and the search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuniu.kernel.web import nav
from shuniu.registry.web import shell_organisations, shell_organising, shell_people

SECTION = "registry"


def register() -> None:
    """Called once, when the site starts."""
    nav.register_section(SECTION, _("Registry"), order=20)
    shell_organisations.register()
    shell_organising.register()
    shell_people.register()
