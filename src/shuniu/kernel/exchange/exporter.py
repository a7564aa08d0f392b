"""What a room writes to have its rows exported from the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from shuniu.kernel.exchange.sheet import Words
from shuniu.kernel.scope import Actor


class Exporter(Protocol):
    """One kind of table that can be exported."""

    key: str
    title: Words
    permission: str
    """What the actor must hold to export it at all."""
    headers: Sequence[Words]

    def rows(self, actor: Actor, day: date) -> Iterable[Sequence[Any]]:
        """The rows within the actor's reach as of the day, one value for each header; a generator where they are many."""


_exporters: dict[str, Exporter] = {}


def register(exporter: Exporter) -> None:
    """Make a table exportable. The last exporter registered under a key is the one in force."""
    _exporters[exporter.key] = exporter


def exporters() -> Mapping[str, Exporter]:
    """Every exporter by its key."""
    return dict(_exporters)
