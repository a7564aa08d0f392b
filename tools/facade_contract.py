"""import-linter contract: rooms meet only at `public`, `enums` and `events`."""

from __future__ import annotations

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FacadeContract(Contract):
    """No room imports another room's inside.

    `kernel` names the rooms that are open whole, `mounts` the packages that put rooms together and may reach anything.
    """

    type_name = "facade"

    # import-linter puts the values of the options in the place of these fields.
    package: Any = fields.StringField()
    open_modules: Any = fields.SetField(subfield=fields.StringField())
    kernel: Any = fields.SetField(subfield=fields.StringField())
    mounts: Any = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 -- import-linter's signature
        broken = [
            f"{importer} -> {imported}"
            for importer in sorted(graph.modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if self._reaches_inside(importer.split("."), imported.split("."))
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def _reaches_inside(self, importer: list[str], imported: list[str]) -> bool:
        if importer[0] != self.package or imported[0] != self.package or len(importer) < 2 or len(imported) < 2:
            return False
        room, other = importer[1], imported[1]
        if room == other or room in self.mounts or other in self.kernel:
            return False
        return len(imported) < 3 or imported[2] not in self.open_modules

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(f"{line}  (reach other rooms through .public, .enums or .events)")
