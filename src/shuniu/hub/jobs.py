"""What the worker does for this room every so often."""

from __future__ import annotations

from datetime import datetime, timedelta

from shuniu.hub.actions.agreements import turn_agreements
from shuniu.hub.actions.papers import warn_of_papers
from shuniu.kernel.scope import Actor
from shuniu.kernel.upkeep import Chore


def _turn(now: datetime) -> int:
    return turn_agreements(actor=Actor.system("worker"), now=now)


def _warn(now: datetime) -> int:
    return warn_of_papers(actor=Actor.system("worker"), now=now)


WARN_OF_PAPERS = Chore("hub.warn_of_papers", timedelta(hours=6), _warn)
TURN_AGREEMENTS = Chore("hub.turn_agreements", timedelta(hours=1), _turn)
