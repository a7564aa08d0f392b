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
    DatabaseOperations.sql_flush = _deletes  # type: ignore[method-assign]


def _deletes(
    self: DatabaseOperations,
    style: Any,
    tables: list[str],
    *,
    reset_sequences: bool = False,
    allow_cascade: bool = False,
) -> list[str]:
    if not tables:
        return []
    names = [self.quote_name(table) for table in tables]
    asked = " UNION ALL ".join(f"SELECT {n} WHERE EXISTS (SELECT FROM {name})" for n, name in enumerate(names))
    with self.connection.cursor() as cursor:
        cursor.execute(asked)
        full = [names[n] for (n,) in cursor.fetchall()]
    resets = self.sequence_reset_by_name_sql(style, [{"table": table, "column": "id"} for table in tables])
    return [*(f"DELETE FROM {name}" for name in full), *(resets if reset_sequences else ())]


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
