from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "shuniu.portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from shuniu.portal.web import shell  # noqa: PLC0415 -- app ready

        shell.register()
