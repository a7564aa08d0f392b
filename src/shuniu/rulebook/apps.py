from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RulebookConfig(AppConfig):
    name = "shuniu.rulebook"
    verbose_name = _("Rules")

    def ready(self) -> None:
        from shuniu.rulebook.web import menu  # noqa: PLC0415 -- app ready

        menu.register()
