"""What may be done with a membership, by whom, and what an officer of the union has to say for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.kernel.flow import Flow, State, Transition
from shuniu.kernel.scope import Actor
from shuniu.registry.enums import UNION_TYPES, MembershipAct, OrganisationType, Standing

TAKES_MEMBERS: Final = UNION_TYPES | {OrganisationType.BRANCH, OrganisationType.GROUP}
"""Bodies that people join. Bodies above them keep memberships that are reserved, and admit nobody."""


@dataclass(frozen=True, slots=True)
class Standee:
    """What the flow needs to know of a person: who she is, and how she stands."""

    person_id: int
    standing: Standing


def _by_somebody_else(one: Standee, actor: Actor) -> str:
    if actor.person_id is None or actor.person_id != one.person_id:
        return ""
    return _("This is your own membership. Somebody else has to decide on it.")


def _move(
    name: str, label: object, source: tuple[Standing, ...], target: Standing, *, danger: bool = False
) -> Transition[Standee]:
    return Transition(name, label, source, target, "member.edit", guard=_by_somebody_else, danger=danger)  # type: ignore[arg-type]


MEMBERSHIP: Final = Flow[Standee](
    "registry.membership",
    gettext_lazy("Memberships"),
    initial=Standing.APPLIED,
    states=(
        State(Standing.APPLIED, Standing.APPLIED.label, "warn"),
        State(Standing.ACTIVE, Standing.ACTIVE.label, "good"),
        State(Standing.RESERVED, Standing.RESERVED.label, "neutral"),
        State(Standing.LEFT, Standing.LEFT.label, "done"),
        State(Standing.EXPELLED, Standing.EXPELLED.label, "done"),
        State(Standing.DECEASED, Standing.DECEASED.label, "done"),
        State(Standing.REFUSED, Standing.REFUSED.label, "done"),
    ),
    transitions=(
        _move("admit", pgettext_lazy("membership", "Admit"), (Standing.APPLIED,), Standing.ACTIVE),
        _move("refuse", pgettext_lazy("membership", "Refuse the application"), (Standing.APPLIED,), Standing.REFUSED),
        _move("resume", pgettext_lazy("membership", "Resume the membership"), (Standing.RESERVED,), Standing.ACTIVE),
        _move(
            "reapply",
            pgettext_lazy("membership", "Record a new application"),
            (Standing.LEFT, Standing.EXPELLED, Standing.REFUSED),
            Standing.APPLIED,
        ),
        _move("reserve", pgettext_lazy("membership", "Reserve the membership"), (Standing.ACTIVE,), Standing.RESERVED),
        _move(
            "leave",
            pgettext_lazy("membership", "Record leaving"),
            (Standing.ACTIVE, Standing.RESERVED),
            Standing.LEFT,
            danger=True,
        ),
        _move(
            "expel", pgettext_lazy("membership", "Record expulsion"), (Standing.ACTIVE,), Standing.EXPELLED, danger=True
        ),
        _move(
            "record_death",
            pgettext_lazy("membership", "Record death"),
            (Standing.APPLIED, Standing.ACTIVE, Standing.RESERVED, Standing.LEFT, Standing.EXPELLED),
            Standing.DECEASED,
            danger=True,
        ),
    ),
    state_of=lambda one: one.standing,
)

ACTS: Final = {
    "admit": MembershipAct.APPROVED,
    "refuse": MembershipAct.REFUSED,
    "resume": MembershipAct.RESUMED,
    "reapply": MembershipAct.APPLIED,
    "reserve": MembershipAct.RESERVED,
    "leave": MembershipAct.LEFT,
    "expel": MembershipAct.EXPELLED,
    "record_death": MembershipAct.DIED,
}
"""The event that each move appends."""

NEEDS_REASON: Final = frozenset({"refuse", "reserve", "leave", "expel"})
"""Moves that the person may ask about later: a reason is kept with them."""
NEEDS_VOTE: Final = frozenset({"expel"})
"""Moves that the members or the committee decide by a vote; how it went is kept with them."""
ENDS_MEMBERSHIP: Final = frozenset({"leave", "expel", "record_death"})
"""Moves after which posts end and open transfers are withdrawn."""
