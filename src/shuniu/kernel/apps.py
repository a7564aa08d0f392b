from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "shuniu.kernel"

    def ready(self) -> None:
        from shuniu.kernel import lookups  # noqa: F401, PLC0415 -- app ready: fields learn the lookup `prefix`
