"""The tree of organisations: arithmetic of paths, and which body may stand below which.

A path is one code of four base-36 characters a level, the root's first. A code is never used twice below the same
parent, so that a path of the past cannot be mistaken for one of today.
"""

from __future__ import annotations

from shuniu.kernel.scope import STEP
from shuniu.registry.enums import ABOVE_PRIMARY, OrganisationType

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LEVELS = 16
"""Deepest level of the tree: what the column of paths holds."""

_UNIONS = frozenset({OrganisationType.PRIMARY, OrganisationType.JOINT})

PARENTS: dict[OrganisationType, frozenset[OrganisationType | None]] = {
    OrganisationType.FEDERATION: frozenset({None, OrganisationType.FEDERATION}),
    OrganisationType.INDUSTRY: frozenset({None, OrganisationType.FEDERATION, OrganisationType.INDUSTRY}),
    OrganisationType.TOWN: frozenset({OrganisationType.FEDERATION, OrganisationType.TOWN}),
    OrganisationType.ASSOCIATION: ABOVE_PRIMARY,
    OrganisationType.PRIMARY: frozenset({None, *ABOVE_PRIMARY}),
    OrganisationType.JOINT: ABOVE_PRIMARY,
    OrganisationType.ORGANISER_POINT: ABOVE_PRIMARY,
    OrganisationType.BRANCH: _UNIONS,
    OrganisationType.GROUP: frozenset({*_UNIONS, OrganisationType.BRANCH}),
}
"""What each kind of body may stand below; None is the top of the site."""


class TreeFullError(ValueError):
    """No code is left below a parent, or the tree would grow too deep. `reason` is `wide` or `deep`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def may_stand_below(child: OrganisationType, parent: OrganisationType | None) -> bool:
    """Whether a body of one kind may have a parent of the other (Trade Union Law, arts. 10 to 12)."""
    return parent in PARENTS[child]


def code(number: int) -> str:
    """A number as the code of one level."""
    digits = ""
    for _place in range(STEP):
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    if number:
        raise TreeFullError("wide")
    return digits


def path_after(parent: str, last: str) -> str:
    """The path of the next child of `parent`. `last` is the greatest path ever used below it, or empty.

    Raises:
        TreeFullError: the parent is at the deepest level, or has as many children as there are codes.
    """
    if len(parent) >= LEVELS * STEP:
        raise TreeFullError("deep")
    used = last[len(parent) : len(parent) + STEP]
    return parent + code(int(used or "0", len(DIGITS)) + 1)


def ancestors(path: str) -> list[str]:
    """The paths above `path`, the root's first."""
    return [path[:end] for end in range(STEP, len(path), STEP)]


def level(path: str) -> int:
    """How deep a path lies; the root is at 1."""
    return len(path) // STEP


def is_within(path: str, top: str) -> bool:
    """Whether `path` is `top` itself or lies below it."""
    return path.startswith(top)
