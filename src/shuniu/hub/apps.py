from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class HubConfig(AppConfig):
    name = "shuniu.hub"
    verbose_name = _("Hub")

    def ready(self) -> None:
        from shuniu.hub.triggers import install_after_migrate  # noqa: PLC0415 -- app ready
        from shuniu.hub.web import shell  # noqa: PLC0415 -- app ready

        shell.register()
        post_migrate.connect(install_after_migrate, sender=self, dispatch_uid="hub.triggers")
