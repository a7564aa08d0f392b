"""Chores: what the background worker does every so often, beside the jobs that people have asked for.

A room registers its chores in `AppConfig.ready`. Several workers may do one chore at the same time, and one may be killed
in the middle of it: a chore must be safe to do twice and to leave undone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do every so often; `do` is given the moment of the round."""

    name: str
    every: timedelta
    do: Callable[[datetime], object]


_chores: dict[str, Chore] = {}


def register(*chores: Chore) -> None:
    """Have the worker do these. A later chore of the same name takes the place of an earlier one."""
    _chores.update({chore.name: chore for chore in chores})


def chores() -> tuple[Chore, ...]:
    """Every registered chore, in the order of registration."""
    return tuple(_chores.values())


class Rounds:
    """The rounds of one worker, which remembers when it did what. A new worker does everything at once."""

    def __init__(self, chores: Iterable[Chore]) -> None:
        self._chores = tuple(chores)
        self._done_at: dict[str, datetime] = {}

    def due(self, now: datetime) -> list[Chore]:
        """The chores whose time has come. A clock that was put back makes nothing wait longer than its interval."""
        return [chore for chore in self._chores if self._is_due(chore, now)]

    def _is_due(self, chore: Chore, now: datetime) -> bool:
        done_at = self._done_at.get(chore.name)
        return done_at is None or abs(now - done_at) >= chore.every

    def go(self, now: datetime) -> None:
        """Do what is due. A chore that fails is logged and waits for its next turn; the others are done all the same."""
        for chore in self.due(now):
            self._done_at[chore.name] = now
            try:
                chore.do(now)
            except Exception:
                logger.exception("The chore %s failed.", chore.name)
