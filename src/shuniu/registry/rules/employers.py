"""What the numbers of an employer's staff must agree with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Staff:
    """Heads of an employer's staff, and of parts of it."""

    headcount: int
    women: int = 0
    migrants: int = 0
    dispatched: int = 0


def wrong_parts(staff: Staff) -> list[str]:
    """The parts that are larger than the whole: `women`, `migrants`, `dispatched`."""
    return [part for part in ("women", "migrants", "dispatched") if getattr(staff, part) > staff.headcount]
