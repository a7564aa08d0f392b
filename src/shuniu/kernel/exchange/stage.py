"""The checked rows of a batch in one SQLite file, until they are applied.

A chunk is one transaction together with the number of its last row, so a check that was killed resumes behind it.
The file lies on the disk in clear: secret values go in sealed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, Self

from shuniu.kernel.exchange.checked import CHANGED, ERROR, NEW, UNCHANGED, WRONG, Checked, Counts, Problem

StageType = Literal["integer", "text", "blob", "date", "boolean"]
"""Type of a staged value. Dates are handed over as ISO text, booleans as 0 and 1."""

_SQLITE_TYPE = {"integer": "INTEGER", "text": "TEXT", "blob": "BLOB", "date": "TEXT", "boolean": "INTEGER"}

_SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (row_no INTEGER PRIMARY KEY, outcome TEXT NOT NULL{columns});
CREATE TABLE IF NOT EXISTS problems (
    id INTEGER PRIMARY KEY, row_no INTEGER NOT NULL,
    column_key TEXT NOT NULL, severity TEXT NOT NULL, message TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS progress (
    one INTEGER PRIMARY KEY CHECK (one = 1), last_row INTEGER NOT NULL, finished INTEGER NOT NULL
);
INSERT OR IGNORE INTO progress VALUES (1, 0, 0);
"""


class Stage:
    """A staging file, opened; made where it does not exist, unless it is only to be read.

    `columns` names and types what a row holds.
    Tables for SQL on `connection`: `rows(row_no, outcome, *columns)`, `problems(row_no, column_key, severity, message)`.
    """

    def __init__(self, path: Path, columns: Mapping[str, StageType], *, read_only: bool = False) -> None:
        self.path = path
        self.columns = dict(columns)
        address = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rwc'}"
        self.connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        if not read_only:
            path.chmod(0o600)
            self._prepare()

    def _prepare(self) -> None:
        # A killed process loses nothing by synchronous=OFF; a machine that loses power checks the file again.
        self.connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-32000;")
        declared = "".join(f', "{name}" {_SQLITE_TYPE[kind]}' for name, kind in self.columns.items())
        self.connection.executescript(_SCHEMA.format(columns=declared))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    def delete(self) -> None:
        """Close and remove the file and what SQLite keeps beside it."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything written inside is written, or nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    @property
    def last_row(self) -> int:
        """Number of the last row of the last whole chunk; 0 before the first."""
        return int(self.connection.execute("SELECT last_row FROM progress").fetchone()[0])

    @property
    def finished(self) -> bool:
        """Whether every row has been checked, the checks of rows against each other included."""
        return bool(self.connection.execute("SELECT finished FROM progress").fetchone()[0])

    def add_chunk(self, last_row: int, checked: Checked) -> None:
        """Take the result of a chunk that ended with row number `last_row`; one transaction."""
        places = ", ".join("?" * (2 + len(self.columns)))
        with self.transaction():
            self.connection.executemany(f"INSERT INTO rows VALUES ({places})", checked.rows)
            self.add_problems(checked.problems)
            self.connection.execute("UPDATE progress SET last_row = ?", [last_row])

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Report problems and mark the rows with errors as wrong. Belongs inside a transaction."""
        found = list(problems)
        self.connection.executemany(
            "INSERT INTO problems (row_no, column_key, severity, message) VALUES (?, ?, ?, ?)", found
        )
        wrong = [(WRONG, problem.row_no) for problem in found if problem.severity == ERROR]
        self.connection.executemany("UPDATE rows SET outcome = ? WHERE row_no = ?", wrong)

    def finish(self) -> None:
        """Say that the check is complete; in the transaction that made it so."""
        self.connection.execute("CREATE INDEX IF NOT EXISTS problems_row ON problems (row_no)")
        self.connection.execute("UPDATE progress SET finished = 1")

    def counts(self) -> Counts:
        """Rows by outcome. A row with an error counts once, whether or not it was staged."""
        found = dict(self.connection.execute("SELECT outcome, count(*) FROM rows GROUP BY outcome").fetchall())
        wrong = self.connection.execute("SELECT count(DISTINCT row_no) FROM problems WHERE severity = ?", [ERROR])
        warned = self.connection.execute(
            """SELECT count(DISTINCT row_no) FROM problems WHERE severity <> ?1
               AND row_no NOT IN (SELECT row_no FROM problems WHERE severity = ?1)""",
            [ERROR],
        )
        return Counts(
            new=found.get(NEW, 0),
            changed=found.get(CHANGED, 0),
            unchanged=found.get(UNCHANGED, 0),
            wrong=wrong.fetchone()[0],
            warned=warned.fetchone()[0],
        )

    def problem_counts(self) -> Sequence[tuple[str, str, int]]:
        """(column key, severity, rows) for each kind of problem, the most frequent first."""
        sql = """SELECT column_key, severity, count(DISTINCT row_no) AS n FROM problems
                 GROUP BY column_key, severity ORDER BY n DESC, column_key, severity"""
        return [(str(column), str(severity), int(n)) for column, severity, n in self.connection.execute(sql)]

    def problems(
        self, *, column: str | None = None, severity: str | None = None, offset: int = 0, limit: int = -1
    ) -> list[Problem]:
        """Problems in the order of rows, filtered; a limit of -1 is none."""
        sql = """SELECT row_no, column_key, severity, message FROM problems
                 WHERE (:column IS NULL OR column_key = :column) AND (:severity IS NULL OR severity = :severity)
                 ORDER BY row_no, id LIMIT :limit OFFSET :offset"""
        values = {"offset": offset, "column": column, "severity": severity, "limit": limit}
        return [Problem(*row) for row in self.connection.execute(sql, values)]
