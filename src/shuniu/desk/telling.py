"""Who is told what about a case. Messages carry the number and never the content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shuniu.accounts.public import User
from shuniu.desk.enums import Event, LineRole, Who
from shuniu.desk.lineage import setup_of
from shuniu.desk.models import Case, LineStaff
from shuniu.kernel.notices import Kind, notify, register_kind

KIND = "desk.case"
LATE = "desk.late"
ROLES = {LineRole.DISPATCHES: Who.DISPATCHER, LineRole.SUPERVISES: Who.SUPERVISOR}
TITLES: dict[Event, str | Promise] = {
    Event.OPENED: _("Case {number} came in."),
    Event.ASSIGNED: _("Case {number} has somebody who handles it."),
    Event.MOVED: _("Case {number} has moved on."),
    Event.MESSAGE: _("There is an answer in case {number}."),
    Event.DUE_SOON: _("A limit of case {number} is nearly up."),
    Event.OVERDUE: _("A limit of case {number} has run out."),
    Event.LONG_OVERDUE: _("A limit of case {number} ran out days ago."),
}


def register_kinds() -> None:
    """Called once, when the site starts."""
    register_kind(Kind(KIND, _("Cases: news")), Kind(LATE, _("Cases: limits")))


def people(case: Case, whom: Iterable[Who]) -> set[int]:
    """The accounts behind what people are to a case. Whoever filed an anonymous case has none."""
    wanted, found = set(whom), set[int]()
    if Who.HANDLER in wanted and case.handler_id is not None:
        found.add(case.handler_id)
    if Who.FILER in wanted and case.filer_id is not None:
        found |= set(User.objects.filter(person_id=case.filer_id, is_active=True).values_list("pk", flat=True))
    roles = [role for role, who in ROLES.items() if who in wanted]
    if roles:
        staff = LineStaff.everything.filter(line_id=case.line_id, role__in=roles, ended_at=None, user__is_active=True)
        found |= set(staff.values_list("user_id", flat=True))
    return found


def tell(case: Case, event: Event, *, now: datetime, but: int | None = None, whom: Iterable[Who] | None = None) -> int:
    """Tell those whom the setup names of an event, or `whom`, except the account that did it; how many were told."""
    named = setup_of(case.version).told(event) if whom is None else frozenset(whom)
    told = people(case, named) - {but} if named else set()
    if told:
        late = event in {Event.DUE_SOON, Event.OVERDUE, Event.LONG_OVERDUE}
        notify(
            sorted(told),
            kind=LATE if late else KIND,
            title=TITLES[event],
            values={"number": case.number},
            url=reverse("desk:case", args=[case.pk]),
            now=now,
        )
    return len(told)
