"""Money is an integer number of fen (0.01 yuan) everywhere."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.text import normal

_YUAN = re.compile(r"(-?)(\d{1,13})(?:\.(\d{1,2}))?", re.ASCII)


def parse_yuan(text: str) -> int:
    """Fen from an amount in yuan as people write it, e.g. `¥1,200.5`.

    Raises:
        ActionError: not an amount, or finer than one fen.
    """
    found = _YUAN.fullmatch(normal(text).replace(",", "").removeprefix("¥").removesuffix("元").strip())
    if found is None:
        raise ActionError(_("“{text}” is not an amount in yuan with at most two decimals.").format(text=text))
    sign, whole, part = found.groups()
    fen = int(whole) * 100 + int((part or "0").ljust(2, "0"))
    return -fen if sign else fen


def format_yuan(fen: int) -> str:
    """`120050` as `1,200.50`."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_MYRIADS = ((10**8, "亿"), (10**4, "万"))


def yuan_in_words(fen: int) -> str:
    """The amount as contracts and vouchers write it, in Chinese capitals: 120050 is 人民币壹仟贰佰元零伍角整.

    Raises:
        ValueError: it is negative, or ten thousand billion yuan and more.
    """
    if not 0 <= fen < 10**18:
        raise ValueError("Only amounts from nothing to below 10^16 yuan are put into words.")
    whole, part = divmod(fen, 100)
    jiao, odd = divmod(part, 10)
    said = f"{_whole_in_words(whole)}元" if whole or not part else ""
    if not part:
        return f"人民币{said}整"
    if jiao:
        said += f"{'零' if whole and whole % 10 == 0 else ''}{_DIGITS[jiao]}角"
    elif whole:
        said += "零"
    return f"人民币{said}{_DIGITS[odd]}分" if odd else f"人民币{said}整"


def _whole_in_words(number: int) -> str:
    """Nothing is 零; a zero is said once where digits are left out inside, never at the end."""
    for size, name in _MYRIADS:
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if low and low < size // 10 else ""
            return f"{_whole_in_words(high)}{name}{gap}{_whole_in_words(low) if low else ''}"
    return _four_in_words(number) or "零"


def _four_in_words(four: int) -> str:
    said, gap = "", False
    for place in reversed(range(4)):
        digit = four // 10**place % 10
        if not digit:
            gap = bool(said)
            continue
        said += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return said
