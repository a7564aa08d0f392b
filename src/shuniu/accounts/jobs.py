"""What the worker does for this room every so often."""

from __future__ import annotations

from datetime import datetime, timedelta

from shuniu.accounts.actions.sign_ins import forget_old_sessions
from shuniu.kernel.scope import Actor
from shuniu.kernel.upkeep import Chore


def _forget(now: datetime) -> int:
    return forget_old_sessions(actor=Actor.system("worker"), now=now)


FORGET_SESSIONS = Chore("accounts.forget_sessions", timedelta(hours=1), _forget)
