"""How the trail is read aloud: each room says in its `verbs.py` what its verbs and details are called."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _

Label = str | Promise

VERBS: Mapping[str, Label] = {
    "trail.verified": _("Audit trail verified"),
    "trail.exported": _("Audit trail exported"),
    "keys.rotated": _("Encryption key renewed"),
    "import.uploaded": _("File uploaded for import"),
    "import.table_chosen": _("Sheet of the workbook chosen"),
    "import.mapped": _("Columns of the file confirmed"),
    "import.checked": _("Rows of the file checked"),
    "import.apply_asked": _("Asked to take the rows in"),
    "import.applied": _("Rows taken in"),
    "import.undo_asked": _("Asked to take the import back"),
    "import.undone": _("Import taken back"),
    "import.cancelled": _("Import given up"),
    "notice.channels_chosen": _("Chosen how to be told"),
    "export.made": _("Table exported"),
}
DETAILS: Mapping[str, Label] = {
    "reason": _("Reason"),
    "source": _("From the address"),
    "count": _("Number"),
    "rows": _("Rows"),
    "batch": _("Batch"),
    "filters": _("Conditions"),
    "checked": _("Entries checked"),
    "broken_at": _("First wrong entry"),
    "version": _("Version"),
    "values": _("Values"),
    "sheet": _("What is imported"),
    "file": _("File"),
    "size": _("Size"),
    "sha256": _("Fingerprint of the file"),
    "counts": _("Rows by outcome"),
    "columns": _("Columns"),
    "table": _("Sheet of the workbook"),
}


class LabelledTwiceError(ValueError):
    """Two rooms gave one verb different names."""


def verbs() -> dict[str, Label]:
    """Every verb of every room with its name."""
    return _collected()[0]


def verb_label(verb: str) -> str:
    """What the verb is called; the verb itself where no room (any more) names it."""
    return str(verbs().get(verb, verb))


def detail_label(key: str) -> str:
    """What a detail of an entry is called."""
    return str(_collected()[1].get(key, key))


@cache
def _collected() -> tuple[dict[str, Label], dict[str, Label]]:
    named: tuple[dict[str, Label], dict[str, Label]] = {}, {}
    for room in apps.get_app_configs():
        if room.name.startswith("shuniu.") and room.module and module_has_submodule(room.module, "verbs"):
            told = import_module(f"{room.name}.verbs")
            for known, new in zip(named, (told.VERBS, getattr(told, "DETAILS", {})), strict=True):
                for key, label in new.items():
                    if known.setdefault(key, label) != label:
                        raise LabelledTwiceError(f"{room.name} calls {key!r} otherwise than another room.")
    return named
