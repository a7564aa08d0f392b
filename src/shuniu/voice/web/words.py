"""How this room writes figures."""

from __future__ import annotations

from shuniu.voice.rules.figures import Interval


def share_text(interval: Interval | None) -> str:
    """The bounds of a share, e.g. `91.2%–95.1%`."""
    return f"{interval.low:.1%}–{interval.high:.1%}" if interval else ""


def mean_text(interval: Interval | None) -> str:
    """The bounds of a mean, e.g. `4.41–4.63`."""
    return f"{interval.low:.2f}–{interval.high:.2f}" if interval else ""
