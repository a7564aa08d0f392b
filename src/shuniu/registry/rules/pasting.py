"""A list of people pasted into a box: one a line, with name, identity number and perhaps a mobile, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shuniu.kernel.text import normal

_CELLS = re.compile(r"[\t,;|，；、]+")
_ID = re.compile(r"\d{14,17}[\dXx]", re.ASCII)
_MOBILE = re.compile(r"(?:\+?86)?-?1\d{10}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a line says; a part that was not found is empty. `line` counts from 1 as in the box."""

    line: int
    name: str
    id_number: str
    mobile: str


def read_pasted(text: str) -> list[Pasted]:
    """The people of a pasted list. Blank lines and a line of headers are left out."""
    return [person for person in _lines(text) if person.id_number or person.mobile or not _is_header(person.name)]


def _lines(text: str) -> Iterator[Pasted]:
    for number, raw in enumerate(text.splitlines(), start=1):
        cells = [cell for cell in map(normal, _CELLS.split(raw)) if cell]
        if len(cells) == 1:
            cells = cells[0].split()
        if cells:
            yield _person(number, cells)


def _person(number: int, cells: list[str]) -> Pasted:
    squeezed = [cell.replace(" ", "") for cell in cells]
    id_number = next((cell for cell in squeezed if _ID.fullmatch(cell)), "")
    mobile = next((cell for cell in squeezed if _MOBILE.fullmatch(cell)), "")
    words = [cell for cell, bare in zip(cells, squeezed, strict=True) if not any(map(str.isdigit, bare))]
    return Pasted(number, words[0] if words else "", id_number, mobile)


def _is_header(name: str) -> bool:
    return name in {"姓名", "序号", "会员姓名", "Name"}
