from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "shuniu.desk"
    verbose_name = _("Service desk")

    def ready(self) -> None:
        from shuniu.desk import asking, background, jobs, mediating, repairing, telling  # noqa: PLC0415 -- app ready
        from shuniu.desk.queries import facts  # noqa: PLC0415 -- app ready
        from shuniu.desk.web import shell  # noqa: PLC0415 -- app ready
        from shuniu.kernel import upkeep  # noqa: PLC0415 -- app ready

        shell.register()
        asking.register()
        facts.register()
        mediating.register()
        repairing.register()
        telling.register_kinds()
        background.register("solve_roster", jobs.solve_roster.enqueue)
        upkeep.register(*jobs.CHORES)
