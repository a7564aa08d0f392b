"""Where imports stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuniu.kernel.web import nav


def register() -> None:
    nav.register(nav.NavItem(_("Import"), "exchange:imports", "file-import", ("import.run",), order=600, key="i"))
