"""Several people doing something at one moment."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import OperationalError, connections

from shuniu.kernel.errors import ActionError


def at_once(deeds: list[Callable[[], object]]) -> list[str]:
    """Do all deeds from one moment, each over a connection of its own; what each was refused with, if it was."""
    refused = [""] * len(deeds)
    start = Barrier(len(deeds))

    def run(place: int) -> None:
        start.wait()
        try:
            deeds[place]()
        except (ActionError, OperationalError) as error:  # the latter: SQLite in memory does not wait
            refused[place] = str(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused
