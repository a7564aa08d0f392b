"""What somebody is to cases: staff of which lines, filer, handler; and therefore what of them may be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from shuniu.desk.enums import LineRole, Who
from shuniu.desk.models import Case, LineStaff, ServiceLine
from shuniu.desk.models.cases import SERVING
from shuniu.kernel.scope import Actor

STAFF = {LineRole.DISPATCHES: Who.DISPATCHER, LineRole.SUPERVISES: Who.SUPERVISOR}
SERVES = frozenset({Who.HANDLER, Who.DISPATCHER, Who.SUPERVISOR})
"""Those who serve a case, as against whoever filed it."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One actor's standing with every line, read once for many cases."""

    actor: Actor
    lines: Mapping[int, frozenset[LineRole]]

    @classmethod
    def of(cls, actor: Actor) -> Sight:
        """One query; none for who serves nothing."""
        found: dict[int, set[LineRole]] = defaultdict(set)
        if actor.user_id is not None and actor.may(*SERVING):
            rows = LineStaff.everything.filter(user_id=actor.user_id, ended_at=None)
            for line, role in rows.values_list("line_id", "role"):
                found[line].add(LineRole(role))
        return cls(actor, {line: frozenset(roles) for line, roles in found.items()})

    def roles(self, case: Case, *, as_filer: bool = False) -> frozenset[Who]:
        """What the actor is to a case; `case.organisation` is read. `as_filer`: holds the receipt of an anonymous case.

        In an open line the rights at its place count as well; in a vault only what somebody was made by name.
        """
        actor = self.actor
        if _is_software(actor):
            return frozenset(Who)
        found = {STAFF[role] for role in self.lines.get(case.line_id, ()) if role in STAFF}
        if as_filer or (case.filer_id is not None and case.filer_id == actor.person_id and actor.may("own.view")):
            found.add(Who.FILER)
        if case.handler_id is not None and case.handler_id == actor.user_id and actor.may(*SERVING):
            found.add(Who.HANDLER)
        if not case.is_confidential:
            found |= self._by_place(case.organisation.path or "")
        return frozenset(found - {Who.DISPATCHER, Who.SUPERVISOR} if Who.FILER in found else found)

    def _by_place(self, path: str) -> set[Who]:
        rights = {"case.assign": Who.DISPATCHER, "line.edit": Who.SUPERVISOR}
        return {who for right, who in rights.items() if self.actor.may_at(right, path)}

    def reads(self, case: Case, *, as_filer: bool = False) -> bool:
        """Whether the actor may read what the case says and who filed it."""
        if self.roles(case, as_filer=as_filer):
            return True
        return not case.is_confidential and self.actor.may_at("case.view", case.organisation.path or "")

    def serves(self, case: Case) -> bool:
        """Whether the actor may read internal notes: those who serve the case, never whoever filed it."""
        roles = self.roles(case)
        if Who.FILER in roles and not _is_software(self.actor):
            return False
        open_to = not case.is_confidential and self.actor.may_at("case.view", case.organisation.path or "")
        return bool(roles & SERVES) or open_to

    def serves_line(self, line: ServiceLine, *roles: LineRole) -> bool:
        """Whether the actor is staff of the line, in any of the roles where some are given."""
        held = self.lines.get(line.pk, frozenset())
        return bool(held & frozenset(roles)) if roles else bool(held)


def _is_software(actor: Actor) -> bool:
    return actor.user_id is None and actor.person_id is None and actor.may_at("case.view", "")
