"""How this room writes figures."""

from __future__ import annotations

from datetime import date

from shuniu.kernel.web.formats import is_chinese
from shuniu.voice.rules.figures import Interval


def month_text(first: date) -> str:
    """2026年3月, or 2026-03."""
    return f"{first.year}年{first.month}月" if is_chinese() else f"{first:%Y-%m}"


def share_text(interval: Interval | None) -> str:
    """The bounds of a share, e.g. `91.2%–95.1%`."""
    return f"{interval.low:.1%}–{interval.high:.1%}" if interval else ""


def mean_text(interval: Interval | None) -> str:
    """The bounds of a mean, e.g. `4.41–4.63`."""
    return f"{interval.low:.2f}–{interval.high:.2f}" if interval else ""
