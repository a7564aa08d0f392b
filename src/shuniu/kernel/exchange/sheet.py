"""What a kind of spreadsheet looks like. Template, matching, check, error workbook and export all read this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Words = str | Promise
"""A sentence or title: a string, or one that is translated when it is shown."""


class CellError(ValueError):
    """A cell refused. The message is a whole sentence for the person who filled it in; it never repeats a secret."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `parse` turns a trimmed, non-empty cell into a value or raises `CellError`.

    `title` is a lazy message id; both its languages match a header. `synonyms` are other headers cadres write.
    `width` is in characters of a spreadsheet. `choices` maps a stored code to its title and becomes a drop-down.
    `secret` columns are masked on the mapping page and never appear in a message.
    """

    key: str
    title: Words
    parse: Callable[[str], Any]
    synonyms: tuple[str, ...] = ()
    required: bool = False
    help: Words = ""
    example: str = ""
    width: int = 14
    choices: Mapping[str, Words] | None = None
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A kind of spreadsheet, e.g. "members". `key` is used in addresses, file names and on the command line."""

    key: str
    title: Words
    columns: tuple[Column, ...]
    help: Words = ""
    icon: str = "table"

    def column(self, key: str) -> Column:
        """The column with this key. KeyError where the sheet has none."""
        return self.columns[self.position(key)]

    def position(self, key: str) -> int:
        """Where the column stands in `columns`, and so in every row handed to an importer. KeyError as above."""
        for position, column in enumerate(self.columns):
            if column.key == key:
                return position
        raise KeyError(key)
