from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "shuniu.portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from shuniu.kernel.web import nav  # noqa: PLC0415 -- app ready

        nav.register(
            nav.NavItem(_("Home"), "portal:home", "home", order=0, key="h"),
            nav.NavItem(_("Help"), "portal:help", "help-circle", order=800, section=nav.ACCOUNT),
        )
