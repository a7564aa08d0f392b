"""What makes the tests quicker and none of them weaker. Fifteen minutes of two cores is all that there is for both databases."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

from shuniu.demo.public import load

DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "demo_world"}


def meets_the_database(item: pytest.Item) -> bool:
    """Whether a test could end otherwise on another database.

    It could not where it opens none. In a browser it is the same pages that the other tests ask for; the few journeys
    that are worth it on both say so with `both_databases`.
    """
    asked = set(getattr(item, "fixturenames", ()))
    if "browser" in asked:
        return item.get_closest_marker("both_databases") is not None
    return bool(asked & DATABASE) or item.get_closest_marker("django_db") is not None


def empty_only_what_is_full() -> None:
    """Have PostgreSQL empty its tables after a test by DELETE where there are rows: TRUNCATE of all takes seconds."""
    whole = DatabaseOperations.sql_flush

    def sql_flush(
        self: DatabaseOperations, style: Any, tables: list[str], *, reset_sequences: bool = False, **more: Any
    ) -> list[str]:
        if reset_sequences or not tables:
            return whole(self, style, tables, reset_sequences=reset_sequences, **more)
        full = _full(self, [self.quote_name(table) for table in tables])
        stays = _undeletable(self) & set(full)
        return [f"TRUNCATE {name}" for name in sorted(stays)] + [
            f"DELETE FROM {name}" for name in full if name not in stays
        ]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]


def _full(operations: DatabaseOperations, tables: list[str]) -> list[str]:
    asked = " UNION ALL ".join(f"SELECT {n} WHERE EXISTS (SELECT FROM {table})" for n, table in enumerate(tables))
    with operations.connection.cursor() as cursor:
        cursor.execute(asked)
        return [tables[n] for (n,) in cursor.fetchall()]


def _undeletable(operations: DatabaseOperations) -> set[str]:
    """The tables of which a trigger lets nothing be deleted row by row."""
    with operations.connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal AND tgtype & 8 > 0"
        )
        return {operations.quote_name(name) for (name,) in cursor.fetchall()}


class Shelf:
    """Keeps the demo district once it was made, so that the next test gets a copy. Only SQLite can be copied so."""

    def __init__(self) -> None:
        self.kept: sqlite3.Connection | None = None

    def load(self) -> None:
        """Fill the empty database of a test that commits."""
        if self.kept is not None:
            self.kept.backup(connection.connection)
            return
        load(report=lambda line: None)
        if connection.vendor == "sqlite":
            self.kept = sqlite3.connect(":memory:")
            connection.connection.backup(self.kept)

    def close(self) -> None:
        if self.kept is not None:
            self.kept.close()
