"""Small helpers for Chinese text: normal form, pinyin initials, digits."""

from __future__ import annotations

import unicodedata
from functools import cache

from pypinyin import Style, pinyin


def normal(value: str) -> str:
    """NFKC (full-width letters and digits become half-width), without control characters and outer blanks."""
    return "".join(c for c in unicodedata.normalize("NFKC", value) if c.isprintable()).strip()


@cache
def prose(value: str) -> str:
    """Running text as it was written, Chinese punctuation and line ends too, without control characters and outer blanks."""
    return "".join(c for c in value if c.isprintable() or c == "\n").strip()


def _initial(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    read = pinyin(character, style=Style.FIRST_LETTER, errors="ignore", strict=False)
    return read[0][0][:1].lower() if read else ""


def initials(name: str) -> str:
    """Pinyin initials of a name for search: `王晓明` gives `wxm`. Each character is read alone, the commonest way."""
    return "".join(map(_initial, name))
