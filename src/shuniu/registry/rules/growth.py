"""How a count has grown, told without floats."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Growth:
    """A count on an earlier day and now."""

    before: int
    now: int

    @property
    def difference(self) -> int:
        """How many more (or, negative, fewer) there are now."""
        return self.now - self.before

    @property
    def times(self) -> str:
        """How many times the earlier count the present one is, rounded half up to one place; empty without a base."""
        if not self.before:
            return ""
        tenths = (self.now * 20 + self.before) // (2 * self.before)
        return f"{tenths // 10}.{tenths % 10}"
