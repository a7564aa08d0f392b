"""The kernel's own chores."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.management import call_command

from shuniu.kernel.exchange import jobs as exchange
from shuniu.kernel.upkeep import Chore


def clear_sessions(now: datetime) -> None:
    """Delete sessions that have run out."""
    call_command("clearsessions")


def prune_results(now: datetime) -> None:
    """Delete what the queue remembers of jobs done long ago."""
    call_command("prune_db_task_results", queue_name="*", verbosity=0)


CHORES = (
    Chore("imports.requeue", timedelta(seconds=10), exchange.requeue),
    Chore("imports.purge", timedelta(days=1), exchange.purge),
    Chore("sessions.clear", timedelta(hours=6), clear_sessions),
    Chore("jobs.prune", timedelta(days=1), prune_results),
)
