"""The database's own word on what was published: a release of a tender is not changed, and on PostgreSQL not deleted.

SQLite empties a table for a fresh demo row by row, which a trigger cannot tell from a deletion; a gap in the numbers of
a tender's releases shows one there. SQLite drops the triggers of a table that a migration makes anew: such a migration sets them again as its last step.
"""

from __future__ import annotations

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE: Final = "hub_tenderrelease"
MESSAGE: Final = "published releases stay"
EVENTS: Final = {"sqlite": ("update",), "postgresql": ("update", "delete")}
SQLITE: Final = """
CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table} FOR EACH ROW
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
POSTGRES_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRES: Final = """
CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_stays()
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Set the triggers, in the place of any set before."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgres:
            cursor.execute(POSTGRES_FUNCTION.format(table=TABLE, message=MESSAGE))
        for event in EVENTS[connection.vendor]:
            on = f" ON {TABLE}" if postgres else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_{event}{on}")
            told = POSTGRES if postgres else SQLITE
            cursor.execute(told.format(table=TABLE, event=event, message=MESSAGE))
