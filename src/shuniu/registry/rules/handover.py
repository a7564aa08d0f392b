"""What becomes of members, types and terms when bodies merge, split or dissolve."""

from __future__ import annotations

from collections.abc import Callable

from shuniu.registry.enums import ABOVE_PRIMARY, UNION_TYPES, OrganisationType, Standing
from shuniu.registry.enums import MembershipAct as Act

Step = tuple[Act, int]
"""An act and the organisation that it is entered at."""
Fate = Callable[[Standing, int, int], tuple[Step, ...]]
"""What is entered for somebody of a standing, given the body that ends and the one that takes over."""

PARTS = frozenset({OrganisationType.BRANCH, OrganisationType.GROUP})
"""Bodies that are parts of a union: no approval of their own, dissolved with it."""


def carried(standing: Standing, source: int, destination: int) -> tuple[Step, ...]:
    """How a person goes over to another union and keeps her standing. Nothing for those who are not with the union."""
    match standing:
        case Standing.ACTIVE:
            return ((Act.TRANSFERRED_IN, destination),)
        case Standing.RESERVED:
            return ((Act.TRANSFERRED_IN, destination), (Act.RESERVED, destination))
        case Standing.APPLIED:
            return ((Act.REFUSED, source), (Act.APPLIED, destination))
        case _:
            return ()


def parked(standing: Standing, source: int, superior: int) -> tuple[Step, ...]:
    """How the membership of a person is kept at the superior body when her union ends (Trade Union Law, art. 13)."""
    match standing:
        case Standing.ACTIVE:
            return ((Act.RESERVED, superior),)
        case Standing.RESERVED:
            return ((Act.TRANSFERRED_IN, superior), (Act.RESERVED, superior))
        case Standing.APPLIED:
            return ((Act.REFUSED, source),)
        case _:
            return ()


def fate_of_members(kind: OrganisationType) -> Fate:
    """Members of a dissolved part stay members of their union; those of a union have their membership reserved."""
    return carried if kind in PARTS else parked


def needs_approval(kind: OrganisationType) -> bool:
    """Whether founding, merging or dissolving needs the superior body's approval (Trade Union Law, arts. 12 and 13)."""
    return kind not in PARTS


def may_merge(merged: OrganisationType, successor: OrganisationType) -> bool:
    """Whether a body of one kind may be taken over by one of the other: unions by unions, else like by like."""
    if merged in UNION_TYPES:
        return successor in UNION_TYPES
    return merged is successor and (merged in ABOVE_PRIMARY or merged in PARTS)
