from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "shuniu.kernel"

    def ready(self) -> None:
        from shuniu.kernel.exchange.web import menu  # noqa: PLC0415 -- app ready

        menu.register()
        # By the import of `lookups` fields learn the lookup `prefix`.
        from shuniu.kernel import jobs, lookups, upkeep  # noqa: F401, PLC0415 -- app ready

        upkeep.register(*jobs.CHORES)
        from shuniu.kernel.notices import gateways, register_gateway  # noqa: PLC0415 -- app ready
        from shuniu.kernel.notices import jobs as notices  # noqa: PLC0415 -- app ready
        from shuniu.kernel.notices.web import menu as notices_menu  # noqa: PLC0415 -- app ready

        notices_menu.register()
        upkeep.register(*notices.CHORES)
        if (gateway := gateways.of_this_site()) is not None:
            register_gateway(gateway)
