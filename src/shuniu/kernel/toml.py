"""Data files in TOML, read with errors that name the file, the place in it and what belongs there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class DataFileError(ActionError):
    """A data file cannot be used. The sentence names the file, the place and what belongs there."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a TOML file. Every reader raises `DataFileError` where the value is missing or of another kind."""

    values: dict[str, Any]
    where: str
    """File and place in it, as a person would look for it: `calendar.toml, year 3`."""

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str) -> str:
        value = self._of_kind(key, str, _("a text"))
        return value if value.strip() else self.refuse(key, _("a text that is not empty"))

    def integer(self, key: str) -> int:
        return self._of_kind(key, int, _("a whole number"))

    def flag(self, key: str) -> bool:
        return self._of_kind(key, bool, "true / false")

    def day(self, key: str) -> date:
        return self._of_kind(key, date, _("a day such as 2026-03-05"))

    def days(self, key: str) -> tuple[date, ...]:
        return tuple(self.list_of(key, date, _("a list of days such as 2026-03-05")))

    def integers(self, key: str) -> tuple[int, ...]:
        return tuple(self.list_of(key, int, _("a list of whole numbers")))

    def one_of(self, key: str, choices: type[E]) -> E:
        value = self._of_kind(key, str, ", ".join(choices))
        return choices(value) if value in list(choices) else self.refuse(key, ", ".join(choices))

    def list_of(self, key: str, kind: type[T], expected: str) -> list[T]:
        entries = self._of_kind(key, list, expected)
        return entries if all(type(entry) is kind for entry in entries) else self.refuse(key, expected)

    def table(self, key: str) -> Table:
        return Table(self._of_kind(key, dict, _("a table")), f"{self.where}, {key}")

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of the list at `key`, in order; none where the key is missing."""
        entries = self.list_of(key, dict, _("a list of tables")) if key in self else []
        for number, entry in enumerate(entries, start=1):
            yield Table(entry, f"{self.where}, {key} {number}")

    def only(self, *known: str) -> None:
        """Refuse keys that nobody reads: most are typing errors."""
        for key in self.values.keys() - set(known):
            message = _("{where}: the key “{key}” is not known here. Known keys: {known}.")
            raise DataFileError(message.format(where=self.where, key=key, known=", ".join(known)))

    def refuse(self, key: str, expected: str) -> NoReturn:
        message = _("{where}: “{key}” must be {expected}.")
        raise DataFileError(message.format(where=self.where, key=key, expected=expected))

    def _of_kind(self, key: str, kind: type[T], expected: str) -> T:
        if key not in self.values:
            raise DataFileError(_("{where}: “{key}” is missing.").format(where=self.where, key=key))
        value = self.values[key]
        return (
            value if type(value) is kind else self.refuse(key, expected)
        )  # exactly: a flag is no number, a moment no day


def read_toml(path: Path) -> Table:
    """The file as a table.

    Raises:
        DataFileError: the file cannot be read or is not TOML in UTF-8.
    """
    try:
        return Table(tomllib.loads(path.read_text(encoding="utf-8")), path.name)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = _("{file} cannot be read as a TOML file: {error}")
        raise DataFileError(message.format(file=path.name, error=error)) from error
