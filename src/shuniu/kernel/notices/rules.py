"""When a message is tried again, and what is told to nobody any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

WAITS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
"""How long a message waits after its first, second ... failure; after the last it is given up."""
STALE: Final = timedelta(days=1)
"""A notice this old goes out by no channel any more: it stands in the site, and a late reminder misleads."""
SILENT: Final = timedelta(minutes=10)
"""A message under way for longer belongs to a worker that died; nobody knows whether it went out."""
KEPT: Final = timedelta(days=400)
"""How long a notice is kept, so that last year's can be looked up."""


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failures; None: give up."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
