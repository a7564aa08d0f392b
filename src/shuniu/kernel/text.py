"""Small helpers for Chinese text: normal form, pinyin initials, digits."""

from __future__ import annotations

import unicodedata
from functools import cache

from pypinyin import Style, pinyin

BRACKETS = str.maketrans("()", "（）")


def normal(value: str) -> str:
    """NFKC (full-width letters and digits become half-width), without control characters and outer blanks.

    Brackets in Chinese text are full-width, as registered names have them: `云川(上海)公司` is `云川（上海）公司`.
    """
    text = "".join(c for c in unicodedata.normalize("NFKC", value) if c.isprintable()).strip()
    if ("(" in text or ")" in text) and any("\u4e00" <= c <= "\u9fff" for c in text):
        return text.translate(BRACKETS)
    return text


def prose(value: str) -> str:
    """Running text as it was written, Chinese punctuation and line ends too, without control characters and outer blanks."""
    return "".join(c for c in value if c.isprintable() or c == "\n").strip()


@cache
def _initial(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    read = pinyin(character, style=Style.FIRST_LETTER, errors="ignore", strict=False)
    return read[0][0][:1].lower() if read else ""


def initials(name: str) -> str:
    """Pinyin initials of a name for search: `王晓明` gives `wxm`. Each character is read alone, the commonest way."""
    return "".join(map(_initial, name))
