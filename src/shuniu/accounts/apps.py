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
        from shuniu.accounts.queries.users import emails_of, mobiles_of  # noqa: PLC0415 -- app ready
        from shuniu.kernel.notices import kinds  # noqa: PLC0415 -- app ready

        kinds.register_addresses(kinds.EMAIL, emails_of, page="accounts:email")
        kinds.register_addresses(kinds.SMS, mobiles_of)
        upkeep.register(FORGET_SESSIONS)
