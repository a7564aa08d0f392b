"""How large the demo world is and how it grew. Figures of the full size are those of the seed essays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

THEN = date(2021, 9, 30)
"""Five years before `NOW`; the growth of the seed (2.4 times the unions, 1.7 times the members) is over these years."""
NOW = date(2026, 9, 30)
"""The reference day of the last annual return. Registry figures of the demo do not change after it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes of the world on `NOW`, and of its past."""

    unions: int
    members: int
    organisers: int
    left: int
    """Members of `THEN` who have since left."""
    hospital: int
    """Members of the hospital's union; the college's has half as many, the call centre's sixty."""

    @property
    def unions_then(self) -> int:
        """1 / 2.4 of the unions."""
        return self.unions * 10 // 24

    @property
    def members_then(self) -> int:
        """1 / 1.7 of the members."""
        return self.members * 10 // 17


QUICK = Plan(unions=300, members=6_000, organisers=20, left=60, hospital=240)
FULL = Plan(unions=18_303, members=550_373, organisers=101, left=4_000, hospital=1_260)


def shares(total: int, count: int, random: Random, *, least: int) -> list[int]:
    """`count` sizes of at least `least` that add up to `total`, skewed as unions are: many small, few large."""
    weights = [random.lognormvariate(0, 0.8) for _ in range(count)]
    free = total - least * count
    whole = sum(weights)
    sizes = [least + int(free * weight / whole) for weight in weights]
    for index in range(total - sum(sizes)):
        sizes[index % count] += 1
    return sizes
