from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "shuniu.kernel"

    def ready(self) -> None:
        from shuniu.kernel.exchange.web import menu  # noqa: PLC0415 -- app ready

        menu.register()
        # By the import of `lookups` fields learn the lookup `prefix`.
        from shuniu.kernel import jobs, lookups, upkeep  # noqa: F401, PLC0415 -- app ready

        upkeep.register(*jobs.CHORES)
