from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "shuniu.registry"
    verbose_name = _("Registry")

    def ready(self) -> None:
        from shuniu.kernel.exchange.importer import register  # noqa: PLC0415 -- app ready
        from shuniu.registry.checks import register_checks  # noqa: PLC0415 -- app ready
        from shuniu.registry.exports import register_exporters  # noqa: PLC0415 -- app ready
        from shuniu.registry.imports.employers import EmployersImporter  # noqa: PLC0415 -- app ready
        from shuniu.registry.imports.members import MembersImporter  # noqa: PLC0415 -- app ready
        from shuniu.registry.imports.officers import OfficersImporter  # noqa: PLC0415 -- app ready
        from shuniu.registry.imports.unions import UnionsImporter  # noqa: PLC0415 -- app ready
        from shuniu.registry.web import shell  # noqa: PLC0415 -- app ready

        for importer in (EmployersImporter(), UnionsImporter(), MembersImporter(), OfficersImporter()):
            register(importer)
        shell.register()
        register_checks()
        register_exporters()
