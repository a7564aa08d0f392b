"""What a check says about rows: their outcomes and their problems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

# Plain strings and tuples: the staging file takes them half a million at a time.
NEW: Final = "new"
CHANGED: Final = "changed"
UNCHANGED: Final = "unchanged"
WRONG: Final = "wrong"
OUTCOMES: Final = (NEW, CHANGED, UNCHANGED, WRONG)

ERROR: Final = "error"
WARNING: Final = "warning"


class Problem(NamedTuple):
    """Something about one row. `column` is a column's key, or "" for the row as a whole.

    The message is a whole sentence in the language of the reader; it never repeats the value of a secret column.
    A row with an `ERROR` is not applied; a row with only `WARNING`s is.
    """

    row_no: int
    column: str
    severity: Literal["error", "warning"]
    message: str


class Checked(NamedTuple):
    """What became of a chunk. Each of `rows` is `(row_no, outcome, *values)`, values as in `stage_columns`.

    A row with an error need not be among `rows`; where it is, the staging file marks it as wrong by itself.
    """

    rows: Sequence[tuple[Any, ...]]
    problems: Sequence[Problem] = ()


class Counts(NamedTuple):
    """Rows by outcome, and `warned`: rows that will be applied although there is a warning about them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: int = 0
    warned: int = 0
