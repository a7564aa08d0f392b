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
