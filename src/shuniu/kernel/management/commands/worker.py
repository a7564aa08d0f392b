"""`shuniu worker`: the queue of django-tasks-db, and chores in a thread beside it."""

from __future__ import annotations

import threading
import time
from typing import Any

from django.db import connections
from django.utils import timezone
from django_tasks_db.management.commands import db_worker

from shuniu.kernel.upkeep import Rounds, chores

LOOK_EVERY = 1.0
"""Seconds between two looks at what is due."""


class Command(db_worker.Command):
    help = "Do background jobs and chores until stopped."

    def handle(self, **options: Any) -> None:
        threading.Thread(target=keep_up, name="chores", daemon=True).start()
        super().handle(**options)


def keep_up() -> None:
    """Do chores for as long as the process lives. No connection is kept open from one round to the next."""
    rounds = Rounds(chores())
    while True:
        rounds.go(timezone.now())
        connections.close_all()
        time.sleep(LOOK_EVERY)
