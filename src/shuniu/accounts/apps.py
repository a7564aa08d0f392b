from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "shuniu.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from shuniu.accounts.web import menu  # noqa: PLC0415 -- app ready

        menu.register()
