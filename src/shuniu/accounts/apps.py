from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "shuniu.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from shuniu.accounts.queries.actors import actor_behind  # noqa: PLC0415 -- app ready
        from shuniu.kernel import actors  # noqa: PLC0415 -- app ready

        actors.register(actor_behind)
        from shuniu.accounts.jobs import FORGET_SESSIONS  # noqa: PLC0415 -- app ready
        from shuniu.accounts.web import menu  # noqa: PLC0415 -- app ready
        from shuniu.kernel import upkeep  # noqa: PLC0415 -- app ready

        menu.register()
        upkeep.register(FORGET_SESSIONS)
