"""What a room writes to have its rows imported, and where it says so.

The kernel owns the file, the matching of columns, the chunks, the staging file, the progress, the transaction,
the trail and the pages. An importer owns the meaning of the rows. It works in chunks of thousands of rows, so
that nothing is called once a row but the importer's own loop.

    check:  begin -> check_chunk, check_chunk, ... -> finish_check       (nothing is written to the registry)
    apply:  apply                                                        (one transaction, opened by the kernel)
    undo:   undo                                                         (one transaction, opened by the kernel)

A room registers in its `AppConfig.ready`: `exchange.register(MembersImporter())`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from shuniu.kernel.exchange.checked import Checked
from shuniu.kernel.exchange.load import Staged
from shuniu.kernel.exchange.sheet import Sheet
from shuniu.kernel.exchange.stage import Stage, StageType
from shuniu.kernel.scope import Actor

Row = tuple[str, ...]
"""The cells of one row as text, one for each column of the sheet, in the sheet's order; "" where there is none."""

Report = Callable[[int, int], None]
"""`report(done, total)`: how far a long step is, in rows. Cheap; call it as often as is convenient."""


@dataclass(frozen=True, slots=True)
class Run:
    """On whose behalf, when and over which columns an importer works."""

    batch_id: int
    actor: Actor
    now: datetime
    day: date
    present: frozenset[str]
    """Keys of the columns that the file has. A column the file lacks says nothing; it must not blank a value."""


class Importer(Protocol):
    """How rows of one sheet are checked, applied and taken back."""

    sheet: Sheet
    permission: str
    """What the actor must hold, beside `import.run`, to import this sheet at all. Rows outside the actor's reach
    are the importer's to refuse, as errors of those rows."""
    stage_columns: Mapping[str, StageType]
    """Name and type of each value of a checked row. Secret values go in sealed; the file lies on the disk."""

    def begin(self, run: Run) -> Any:
        """Load what the checks need (codes, known rows, the actor's reach) and return it as the context."""

    def check_chunk(self, context: Any, numbers: Sequence[int], rows: Sequence[Row]) -> Checked:
        """Check rows by themselves. `numbers[i]` is the number of `rows[i]` as the user sees it in the file.

        Cells are as in the file: not yet trimmed or normalised. Rows without any content are not handed over.
        A check that was killed resumes behind the last whole chunk with a new context, so nothing learnt from one
        chunk may be needed by another: what concerns several rows belongs in `finish_check`.
        """

    def finish_check(self, context: Any, stage: Stage) -> None:
        """Check rows against each other, by SQL over `stage.connection` (table `rows`), and settle outcomes.

        Report by `stage.add_problems`, which also marks the rows as wrong. Runs in one transaction of the staging
        file: one that was killed never happened, and is run again.
        """

    def apply(self, run: Run, staged: Staged, report: Report) -> None:
        """Write the rows of `staged.rows` whose outcome is NEW or CHANGED; inside one transaction of the kernel.

        `staged.rows` is the name of a table that SQL on `staged.connection` can read beside the registry's own.
        Mark what is written with `run.batch_id` as far as `undo` needs it. `ActionError` refuses the whole batch.
        """

    def undo(self, run: Run, report: Report) -> None:
        """Take back what `apply` wrote for `run.batch_id`; inside one transaction of the kernel.

        `ActionError`, with a sentence that says why, where something has since been built upon it.
        """


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Make a sheet importable. The last importer registered for a sheet's key is the one in force."""
    _importers[importer.sheet.key] = importer


def importers() -> Mapping[str, Importer]:
    """Every importer by the key of its sheet, in the order in which the rooms registered them."""
    return dict(_importers)


def importers_for(actor: Actor) -> Iterable[Importer]:
    """The importers that this actor may use somewhere."""
    return [importer for importer in _importers.values() if actor.may("import.run") and actor.may(importer.permission)]
