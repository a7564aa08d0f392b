"""How a case stands towards its flow: what the guards ask of it, looked up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from shuniu.desk.enums import Who
from shuniu.desk.models import Case
from shuniu.desk.rules.graph import CaseView
from shuniu.rulebook.public import find, place_of

REOPEN = "case.reopen_days"
"""Id of the rule that says for how many days a closed case may be opened again."""

Facts = Callable[[Case], frozenset[str]]
_facts: list[Facts] = []


def register_facts(facts: Facts) -> None:
    """Let a part of the room say what its guards go by: `facts(case)` gives short words, `frozenset()` for other lines."""
    _facts.append(facts)


def view_of(case: Case, roles: frozenset[Who], now: datetime) -> CaseView:
    """The case as its flow sees it, for somebody with these roles."""
    return CaseView(
        state=case.state,
        roles=roles,
        has_handler=case.handler_id is not None,
        answered=case.answered_at is not None,
        may_reopen=case.closed_at is None or _in_time(case, now),
        facts=frozenset().union(*(facts(case) for facts in _facts)),
    )


def _in_time(case: Case, now: datetime) -> bool:
    if case.closed_at is None or case.merged_into_id is not None or case.erased_at is not None:
        return False
    days = find(REOPEN, on=timezone.localtime(now).date(), at=place_of(case.organisation)).rule.number
    return now <= case.closed_at + timedelta(days=days)
