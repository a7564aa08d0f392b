from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VoiceConfig(AppConfig):
    name = "shuniu.voice"
    verbose_name = _("Voice")

    def ready(self) -> None:
        from shuniu.kernel import upkeep  # noqa: PLC0415 -- app ready
        from shuniu.voice.jobs import MIX  # noqa: PLC0415 -- app ready
        from shuniu.voice.web import shell  # noqa: PLC0415 -- app ready

        shell.register()
        upkeep.register(MIX)
