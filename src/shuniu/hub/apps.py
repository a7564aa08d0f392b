from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HubConfig(AppConfig):
    name = "shuniu.hub"
    verbose_name = _("Hub")

    def ready(self) -> None:
        from shuniu.hub.jobs import TURN_AGREEMENTS, WARN_OF_PAPERS  # noqa: PLC0415 -- app ready
        from shuniu.hub.web import shell  # noqa: PLC0415 -- app ready
        from shuniu.kernel import upkeep  # noqa: PLC0415 -- app ready

        shell.register()
        upkeep.register(TURN_AGREEMENTS)
        upkeep.register(WARN_OF_PAPERS)
