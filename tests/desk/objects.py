"""The object that each page of `desk` is asked about in the access matrix; see `tests.architecture.objects`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shuniu.desk.models import Case, Material
from tests.desk import objects_rosters
from tests.desk.making import make_case, make_line, staff
from tests.factories import Cast


def _line(cast: Cast, template: str = "advice") -> Any:
    """A line of Alice's union, which she set up."""
    return make_line(cast.union, template)


def _case(cast: Cast) -> Any:
    """Bob's case in Alice's union, in the hands of the lawyer."""
    line = _line(cast)
    handler = staff(line, cast.lawyer.user)
    return make_case(line, cast.bob.person, handler=handler)


def _repair(cast: Cast) -> Case:
    """A repair in Alice's union, reported by Bob, in the hands of the lawyer."""
    line = _line(cast, "repair")
    return make_case(line, cast.bob.person, "灯坏了", handler=staff(line, cast.lawyer.user))


def _mediation(cast: Cast) -> Case:
    """A mediation that Bob asked for, in the hands of the mediator: a vault."""
    line = _line(cast, "mediation")
    return make_case(line, cast.bob.person, handler=staff(line, cast.mediator.user))


def _material(cast: Cast) -> dict[str, Any]:
    repair = _repair(cast).repair
    line = Material.everything.create(repair=repair, name="灯管", quantity=100, unit="支", price=1500)
    return {"pk": repair.pk, "line": line.pk}


REPAIR_PAGES = ("repair_send", "repair_material", "repair_labour", "repair_call", "case_rating_link")
CASE_PAGES = ("case", "case_assign", "case_attach", "case_merge", "case_hand_over", "case_extend")

LINE_PAGES = ("line", "line_edit", "line_preview", "line_staff_new", "line_text_new")

BY_PAGE: dict[str, Callable[[Cast], dict[str, Any]]] = {
    **objects_rosters.BY_PAGE,
    **{f"desk:{name}": lambda cast: {"pk": _case(cast).pk} for name in CASE_PAGES},
    **{f"desk:{name}": lambda cast: {"pk": _repair(cast).pk} for name in REPAIR_PAGES},
    "desk:repair_tap": lambda cast: {"pk": _repair(cast).pk, "move": "arrive"},
    "desk:repair_material_remove": _material,
    "desk:repair_paper": lambda cast: {"pk": _repair(cast).pk, "form": "pdf"},
    "desk:mediation_enter": lambda cast: {"pk": _mediation(cast).pk, "what": "consent"},
    "desk:mediation_paper": lambda cast: {"pk": _mediation(cast).pk, "paper": "application", "form": "pdf"},
    "desk:case_move": lambda cast: {"pk": _case(cast).pk, "move": "assign"},
    "desk:case_write": lambda cast: {"pk": _case(cast).pk, "what": "note"},
    "desk:case_paper": lambda cast: {"pk": _case(cast).pk, "paper": "intake", "form": "docx"},
    "desk:case_file": lambda cast: {"pk": _case(cast).pk, "file": 1},
    "desk:case_extension": lambda cast: {"pk": _case(cast).pk, "extension": 1, "answer": "grant"},
    **{f"desk:{name}": lambda cast: {"pk": _line(cast).pk} for name in LINE_PAGES},
    "desk:line_new_from": lambda cast: {"template": "advice"},
    "desk:line_publish": lambda cast: {"pk": _line(cast).pk, "what": "publish"},
    "desk:line_part": lambda cast: {"pk": _line(cast).pk, "part": "fields", "index": 0},
    "desk:line_part_turn": lambda cast: {"pk": _line(cast).pk, "part": "fields", "index": 1, "turn": "up"},
    "desk:line_staff_end": lambda cast: {"pk": _line(cast).pk, "staff": 1},
    "desk:line_text": lambda cast: {"pk": _line(cast).pk, "text": 1},
    "desk:file": lambda cast: {"key": _line(cast).key},
    "desk:enter_line": lambda cast: {"key": _line(cast).key},
    "desk:anonymous_new": lambda cast: {"key": _line(cast, "grievance").key},
}
BY_PARAMETER: dict[str, Callable[[Cast], Any]] = {}
