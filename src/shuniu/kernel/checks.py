"""What rooms can say about the soundness of their tables: asked by `shuniu verify`, written for whoever runs the site."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from shuniu.kernel.web.registers import Register

SHOWN = 10
"""Problems that a report names."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found: how many things it looked at, how many are wrong, and the first of those in words."""

    checked: int
    wrong: int = 0
    problems: tuple[str, ...] = ()

    @classmethod
    def of(cls, checked: int, problems: Iterable[str]) -> CheckReport:
        """A report that names the first problems and counts them all."""
        found = iter(problems)
        first = tuple(islice(found, SHOWN))
        return cls(checked, len(first) + sum(1 for _problem in found), first)


@dataclass(frozen=True, slots=True)
class Check:
    """`run` reads and never writes. `title` says what is true when nothing is wrong."""

    key: str
    title: str
    run: Callable[[], CheckReport]


_checks: Register[Check] = Register(rank=lambda check: check.key)


def register(*checks: Check) -> None:
    for check in checks:
        _checks.add(check.key, check)


def registered() -> list[Check]:
    """Every check, in the order of their keys."""
    return _checks.all()
