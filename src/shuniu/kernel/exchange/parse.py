"""From the text of a cell to a value. Each function makes a parser for a `Column`; parsers raise `CellError`.

Parsers that see few distinct cells (days, choices) remember what they read: half a million rows name some
twenty thousand days.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache

from django.utils import translation
from django.utils.translation import gettext, pgettext

from shuniu.kernel.exchange.sheet import CellError, Words
from shuniu.kernel.text import normal

LANGUAGES = ("zh-hans", "en")
"""A cadre may write a choice or a header in any of these, whichever the page is in."""

_SPREADSHEET_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)
_LOST_DIGITS = re.compile(r"\d(?:\.\d+)?E\+\d+", re.ASCII)
"""How spreadsheets show, and save as CSV, a long number that was not typed as text: its last digits are gone."""
_WHOLE = re.compile(r"[+-]?\d{1,15}(?:\.0+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.0+)?", re.ASCII)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[ T][\d:.]+)?", re.ASCII)
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_SERIAL_ORIGIN = date(1899, 12, 30)
"""Spreadsheets count days from here: 1 March 1900 is 61, because they believe in 29 February 1900."""

_YES = frozenset(["是", "有", "对", "真", "√", "✓", "✔", "☑", "y", "yes", "t", "true", "1"])
_NO = frozenset(["否", "无", "没有", "不是", "错", "假", "×", "✗", "✘", "x", "☐", "n", "no", "f", "false", "0"])


def clean(cell: str) -> str:
    """The cell in normal form, on one line. Raises `CellError` where the spreadsheet has already spoilt it."""
    if cell.isascii() and cell.isalnum():
        return cell
    text = normal(" ".join(cell.split()))
    if text in _SPREADSHEET_ERRORS:
        raise CellError(gettext("A formula has failed in this cell. Type the value itself."))
    if _LOST_DIGITS.fullmatch(text):
        message = gettext(
            "The spreadsheet has cut the end off this number. Format the column as text and type it again."
        )
        raise CellError(message)
    return text


def text(max_length: int) -> Callable[[str], str]:
    """Text of at most `max_length` characters."""

    def parse(cell: str) -> str:
        value = clean(cell)
        if len(value) > max_length:
            message = gettext("The text has {found} characters; at most {limit} are possible.")
            raise CellError(message.format(found=len(value), limit=max_length))
        return value

    return parse


def integer(minimum: int | None = None, maximum: int | None = None) -> Callable[[str], int]:
    """A whole number between `minimum` and `maximum`, both included; `1,234` and `12.0` are read too."""

    def parse(cell: str) -> int:
        value = clean(cell)
        if not (_WHOLE.fullmatch(value) or _GROUPED.fullmatch(value)):
            raise CellError(gettext("A whole number is needed here."))
        number = int(value.replace(",", "").partition(".")[0])
        if minimum is not None and number < minimum:
            raise CellError(gettext("The number must be at least {limit}.").format(limit=minimum))
        if maximum is not None and number > maximum:
            raise CellError(gettext("The number must be at most {limit}.").format(limit=maximum))
        return number

    return parse


def day(cell: str) -> date:
    """A day: `2026-03-05`, `2026/3/5`, `2026.3.5`, `20260305`, `2026年3月5日`, or a spreadsheet's serial number."""
    return _day(cell)


@lru_cache(maxsize=1 << 16)
def _day(cell: str) -> date:
    value = clean(cell)
    if serial := _SERIAL.fullmatch(value):
        return _SERIAL_ORIGIN + timedelta(days=int(serial[1]))
    found = _DAY.fullmatch(value) or _EIGHT_DIGITS.fullmatch(value)
    if not found:
        raise CellError(gettext("This is not a day. Write it like 2026-03-05."))
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise CellError(gettext("There is no such day in the calendar.")) from None


def choice(choices: Mapping[str, Words], synonyms: Mapping[str, Iterable[str]] | None = None) -> Callable[[str], str]:
    """One of `choices`, by code, by title in either language, or by one of the `synonyms` of a code."""

    @cache
    def known() -> dict[str, str]:
        found = {}
        for code, others in (synonyms or {}).items():
            found.update({comparable(other): code for other in others})
        for language in LANGUAGES:
            with translation.override(language):
                found.update({comparable(str(title)): code for code, title in choices.items()})
        found |= {comparable(code): code for code in choices}
        return {words: str.__str__(code) for words, code in found.items()}  # plain text, also of an enum's members

    @lru_cache(maxsize=4096)
    def parse(cell: str) -> str:
        code = known().get(comparable(clean(cell)))
        if code is None:
            possible = pgettext("between items of a list", ", ").join(str(title) for title in choices.values())
            raise CellError(gettext("This is not among the possible values: {values}.").format(values=possible))
        return code

    return parse


@lru_cache(maxsize=4096)
def yes_no(cell: str) -> bool:
    """是, 否, 有, 无, √, yes, no and the like."""
    value = comparable(clean(cell))
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise CellError(gettext("Write yes or no here."))


def comparable(words: str) -> str:
    """Words without what people vary: blanks, case, full-width forms."""
    return "".join(normal(words).split()).casefold()
