"""The words that rules are written in."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a rule does with its number."""

    LIMIT = "limit"
    """A figure must keep to it."""
    DUTY = "duty"
    """From the number on, something is due."""
    SETTING = "setting"
    """A number to work with; nothing is compared."""


class Operator(StrEnum):
    """How a figure is compared. GE and LE include the number, GT and LT do not (Civil Code, article 1259)."""

    GE = "GE"
    GT = "GT"
    LE = "LE"
    LT = "LT"
    EQ = "EQ"
    """One of the numbers listed; for a setting, all of them."""
    BETWEEN = "BETWEEN"
    """From the first number to the second, both included."""
    TABLE = "TABLE"
    """Between the numbers of the band that another figure chooses."""


class Force(StrEnum):
    """Whether a duty must be met or only may be taken up."""

    MUST = "must"
    MAY = "may"


class UnitMay(StrEnum):
    """What a unit's own rule may be."""

    STRICTER = "stricter"
    ANY = "any"
    NONE = "none"


class Case(StrEnum):
    """The outcomes that a rule has a sentence for."""

    PASS = "pass"  # noqa: S105 -- not a password
    FAIL = "fail"
    OPEN = "open"
    """A duty holds; whether it is met is not known."""
    MAY = "may"
    FREE = "free"
    """No duty holds."""
    STATE = "state"
    """A setting, told."""
    UNKNOWN = "unknown"
    """A figure is missing."""


class Reason(StrEnum):
    """Why a rule that was considered does or does not stand."""

    STANDS = "stands"
    NOT_YET = "not_yet"
    ENDED = "ended"
    LESS_LOCAL = "less_local"
    REPLACED = "replaced"
    """A unit's own rule stands before it."""
    LAXER = "laxer"
    """A unit's own rule that the rule above it has overtaken."""
