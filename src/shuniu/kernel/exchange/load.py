"""Checked rows from their staging file into the database, as fast as each database knows how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    from shuniu.kernel.exchange.stage import Stage

_TABLE = "shuniu_stage"
_POSTGRES_TYPE = {"integer": "bigint", "text": "text", "blob": "bytea", "date": "date", "boolean": "boolean"}


@dataclass(frozen=True, slots=True)
class Staged:
    """Checked rows within reach of SQL on `connection`, inside the transaction that applies them.

    `rows` is the name of a table `(row_no, outcome, *stage columns)`, to be read and not written.
    """

    connection: BaseDatabaseWrapper
    rows: str

    @property
    def vendor(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self.connection.vendor


@contextmanager
def staged_table(connection: BaseDatabaseWrapper, stage: Stage) -> Iterator[Staged]:
    """Open a transaction in which the staged rows can be read; it commits where the block ends well.

    SQLite attaches the file, read-only so that it takes no lock on it. PostgreSQL fills a temporary table by COPY.
    SQLite cannot attach inside a transaction; there the rows are copied into a temporary table as well.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with _attached(connection, stage), transaction.atomic(using=connection.alias):
            yield Staged(connection, f"{_TABLE}.rows")
        return
    with transaction.atomic(using=connection.alias):
        _copy(connection, stage)
        yield Staged(connection, _TABLE)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {_TABLE}")


@contextmanager
def _attached(connection: BaseDatabaseWrapper, stage: Stage) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"ATTACH DATABASE %s AS {_TABLE}", [f"{stage.path.resolve().as_uri()}?mode=ro"])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DETACH DATABASE {_TABLE}")


def _copy(connection: BaseDatabaseWrapper, stage: Stage) -> None:
    types = {"row_no": "integer", "outcome": "text", **stage.columns}
    postgres = connection.vendor == "postgresql"
    declared = ", ".join(f'"{name}" {_POSTGRES_TYPE[kind] if postgres else kind}' for name, kind in types.items())
    rows = stage.connection.execute("SELECT * FROM rows ORDER BY row_no")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {_TABLE} ({declared})")
        if not postgres:
            places = ", ".join("?" * len(types))
            cursor.connection.executemany(f"INSERT INTO {_TABLE} VALUES ({places})", rows)
            return
        with cursor.copy(f"COPY {_TABLE} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"ANALYZE {_TABLE}")


@contextmanager
def without_secondary_indexes(connection: BaseDatabaseWrapper, tables: Sequence[str]) -> Iterator[None]:
    """For a first load: drop the tables' indexes, unique and foreign keys, and build them again when the block ends.

    Inside a transaction only, which on failure brings everything back. Primary keys stay, as do unique keys that
    another table refers to and, on SQLite, those that are written in the table itself. Others cannot read the
    tables meanwhile. A row that breaks a rebuilt unique or foreign key raises `IntegrityError`.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Indexes are dropped inside a transaction only.")
    drops, builds = (
        _postgres_keys(connection, tables) if connection.vendor == "postgresql" else _sqlite_keys(connection, tables)
    )
    _execute(connection, drops)
    yield
    _execute(connection, builds)


def _execute(connection: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sqlite_keys(connection: BaseDatabaseWrapper, tables: Sequence[str]) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        found = [(name, sql) for table, name, sql in cursor.fetchall() if table in tables]
    builds = ["PRAGMA threads = 2", *(sql for _, sql in found), "PRAGMA threads = 0"]  # a second core sorts with us
    return [f'DROP INDEX "{name}"' for name, _ in found], builds


_POSTGRES_CONSTRAINTS = """
SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid), c.contype = 'f'
FROM pg_constraint c
WHERE c.conrelid::regclass::text = ANY(%s) AND c.contype IN ('u', 'x', 'f')
  AND NOT EXISTS (SELECT 1 FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.conindid AND c.contype <> 'f')
"""
_POSTGRES_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i
WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisprimary
  AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


def _postgres_keys(connection: BaseDatabaseWrapper, tables: Sequence[str]) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRES_CONSTRAINTS, [list(tables)])
        # Foreign keys go first and come last, as they may stand on a unique key of these tables.
        constraints = sorted(cursor.fetchall(), key=lambda row: not row[3])
        cursor.execute(_POSTGRES_INDEXES, [list(tables)])
        indexes = cursor.fetchall()
    settle = ["SET CONSTRAINTS ALL IMMEDIATE"]  # a table with unchecked rows cannot be altered
    drops = [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _, _ in constraints]
    drops += [f"DROP INDEX {name}" for name, _ in indexes]
    builds = ["SET LOCAL maintenance_work_mem = '256MB'", *(definition for _, definition in indexes)]
    builds += [f"ALTER TABLE {table} ADD CONSTRAINT {name} {defn}" for table, name, defn, _ in reversed(constraints)]
    return settle + drops, settle + builds
