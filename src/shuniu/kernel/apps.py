from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "shuniu.kernel"
