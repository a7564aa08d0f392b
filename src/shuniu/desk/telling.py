"""Who is told what about a case. Messages carry the number and never the content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from shuniu.accounts.public import User
from shuniu.desk.enums import Event, LineRole, Who
from shuniu.desk.lineage import setup_of
from shuniu.desk.models import Case, LineStaff


def people(case: Case, whom: Iterable[Who]) -> set[int]:
    """The accounts behind what people are to a case. Whoever filed an anonymous case has none."""
    wanted, found = set(whom), set[int]()
    if Who.HANDLER in wanted and case.handler_id is not None:
        found.add(case.handler_id)
    if Who.FILER in wanted and case.filer_id is not None:
        found |= set(User.objects.filter(person_id=case.filer_id, is_active=True).values_list("pk", flat=True))
    roles = [role for role, who in _ROLES.items() if who in wanted]
    if roles:
        staff = LineStaff.everything.filter(line_id=case.line_id, role__in=roles, ended_at=None, user__is_active=True)
        found |= set(staff.values_list("user_id", flat=True))
    return found


_ROLES = {LineRole.DISPATCHES: Who.DISPATCHER, LineRole.SUPERVISES: Who.SUPERVISOR}


def tell(case: Case, event: Event, *, now: datetime, but: int | None = None, whom: Iterable[Who] | None = None) -> int:
    """Tell those whom the setup names of an event, or `whom`, except the account that did it; how many were told."""
    named = setup_of(case.version).told(event) if whom is None else frozenset(whom)
    told = people(case, named) - {but} if named else set()
    return len(told)
