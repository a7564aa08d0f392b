"""Where imports stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.kernel.web import nav


def register() -> None:
    nav.register_section("tools", pgettext_lazy("navigation", "Tools"), order=60)
    item = nav.NavItem(
        _("Import"), "exchange:imports", "file-import", ("import.run",), order=600, section="tools", key="i"
    )
    nav.register(item)
