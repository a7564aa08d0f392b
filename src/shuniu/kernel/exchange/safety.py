"""Text from people that goes into a spreadsheet must stay text: no cell may become a formula there."""

from __future__ import annotations

import re
from typing import Any

_TRIGGERS = frozenset("=+-@\t\r\n\0＝＋－＠")
"""What makes a cell a formula, or a command of an old exchange protocol, when it comes first."""

_NOT_IN_A_CELL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


def legal_text(text: str) -> str:
    """The text without characters that no spreadsheet can hold."""
    return _NOT_IN_A_CELL.sub("", text)


def safe_cell(value: Any) -> Any:
    """A value for a text file that spreadsheets open: dangerous text gets an apostrophe in front, which they hide."""
    if not isinstance(value, str):
        return value
    text = legal_text(value)
    return f"'{text}" if value[:1] in _TRIGGERS or _is_dangerous(text) else text


def plain_cell(cell: str) -> str:
    """What `safe_cell` was given: takes away an apostrophe that was needed, and no other."""
    return cell[1:] if cell[:1] == "'" and _is_dangerous(cell) else cell


def _is_dangerous(text: str) -> bool:
    """Whether it begins with a trigger; behind apostrophes too, so that each that is put in front can be told again."""
    return text.lstrip("'")[:1] in _TRIGGERS
