"""Where other parts of the desk add to the page of a case: panels, and fields of the form of a transition.

register_panel("mediation", read)              # read(request, case, sight) -> Panel or None, for cases of such lines
register_move_form("mediation.agree", make)    # make(case) -> fields by name; what is given goes to the effect's `data`
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms

from shuniu.desk.models import Case
from shuniu.desk.sight import Sight
from shuniu.kernel.web.requests import PageRequest


@dataclass(frozen=True, slots=True)
class Panel:
    """A block of the page: its template, what that gets, and whether it stands in the narrow column."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    aside: bool = False


Read = Callable[[PageRequest, Case, Sight], Panel | None]
Fields = Callable[[Case], Mapping[str, forms.Field]]

_panels: dict[str, list[Read]] = {}
_fields: dict[str, Fields] = {}


def register_panel(kind: str, read: Read) -> None:
    """Show something on the page of each case of lines of a kind; `""`: of every line. Asked only where the reader may
    read the case.
    """
    if read not in _panels.setdefault(kind, []):
        _panels[kind].append(read)


def panels_of(request: PageRequest, case: Case, sight: Sight) -> list[Panel]:
    readers = [*_panels.get("", ()), *_panels.get(case.line.kind, ())]
    return [panel for read in readers if (panel := read(request, case, sight)) is not None]


def register_move_form(effect: str, fields: Fields) -> None:
    """Ask for more on the page of transitions that have an effect."""
    _fields[effect] = fields


def fields_of(case: Case, effects: tuple[str, ...]) -> dict[str, forms.Field]:
    """The further fields of a transition's form."""
    found: dict[str, forms.Field] = {}
    for effect in effects:
        if effect in _fields:
            found |= _fields[effect](case)
    return found
