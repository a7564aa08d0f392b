from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "shuniu.desk"
    verbose_name = _("Service desk")

    def ready(self) -> None:
        from shuniu.desk.web import shell  # noqa: PLC0415 -- app ready

        shell.register()
