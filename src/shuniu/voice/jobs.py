"""What the worker does for this room every so often."""

from __future__ import annotations

from datetime import datetime, timedelta

from shuniu.kernel.scope import Actor
from shuniu.kernel.upkeep import Chore
from shuniu.voice.actions.ratings import mix_ratings


def _mix(now: datetime) -> int:
    return mix_ratings(actor=Actor.system("worker"), now=now)


MIX = Chore("voice.mix", timedelta(hours=1), _mix)
