"""Words that a line's setup keeps in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from shuniu.kernel.toml import Table


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages; `str` gives that of the reader, Chinese where there is no English."""

    zh: str = ""
    en: str = ""

    def __str__(self) -> str:
        return self.en if self.en and (get_language() or "").startswith("en") else self.zh

    def __bool__(self) -> bool:
        return bool(self.zh)

    @classmethod
    def read(cls, table: Table) -> Words:
        """Chinese is required, English may be missing.

        Raises:
            DataFileError: the Chinese text is missing or empty.
        """
        table.only("zh", "en")
        return cls(table.text("zh"), str(table.values.get("en", "")))

    def data(self) -> dict[str, Any]:
        return {"zh": self.zh, "en": self.en} if self.en else {"zh": self.zh}
