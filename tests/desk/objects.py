"""The object that each page of `desk` is asked about in the access matrix; see `tests.architecture.objects`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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


CASE_PAGES = ("case", "case_assign", "case_attach", "case_merge", "case_hand_over", "case_extend")

BY_PAGE: dict[str, Callable[[Cast], dict[str, Any]]] = {
    **{f"desk:{name}": lambda cast: {"pk": _case(cast).pk} for name in CASE_PAGES},
    "desk:case_move": lambda cast: {"pk": _case(cast).pk, "move": "assign"},
    "desk:case_write": lambda cast: {"pk": _case(cast).pk, "what": "note"},
    "desk:case_file": lambda cast: {"pk": _case(cast).pk, "file": 1},
    "desk:case_extension": lambda cast: {"pk": _case(cast).pk, "extension": 1, "answer": "grant"},
    "desk:file": lambda cast: {"key": _line(cast).key},
    "desk:enter_line": lambda cast: {"key": _line(cast).key},
    "desk:anonymous_new": lambda cast: {"key": _line(cast, "grievance").key},
}
BY_PARAMETER: dict[str, Callable[[Cast], Any]] = {}
