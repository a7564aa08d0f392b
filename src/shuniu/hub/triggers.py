"""The database's own word on reserved duties: no tender or agreement about one, whoever writes the row.

SQLite drops the triggers of a table that a migration makes anew: such a migration sets them again as its last step.
"""

from __future__ import annotations

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

MESSAGE: Final = "reserved duty"
OVER: Final = {
    "hub_tender": ("awarded", "failed", "cancelled"),
    "hub_agreement": ("ended", "terminated", "not_renewed", "withdrawn"),
}
"""Tables with a `duty_id`, and the states in which their rows no longer stand in the way of reserving the duty."""

SQLITE_ROW: Final = """
CREATE TRIGGER {table}_reserved_{event} BEFORE {action} ON {table} FOR EACH ROW
WHEN NEW.duty_id IS NOT NULL AND (SELECT kind FROM hub_duty WHERE id = NEW.duty_id) = 'reserved'
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
SQLITE_DUTY: Final = """
CREATE TRIGGER hub_duty_reserved_{table} BEFORE UPDATE OF kind ON hub_duty FOR EACH ROW
WHEN NEW.kind = 'reserved' AND OLD.kind <> 'reserved'
AND EXISTS (SELECT 1 FROM {table} WHERE duty_id = NEW.id AND state NOT IN ({over}))
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
POSTGRES_ROW_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION hub_refuse_reserved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT kind FROM hub_duty WHERE id = NEW.duty_id FOR SHARE) = 'reserved' THEN
    RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""
POSTGRES_ROW: Final = """
CREATE TRIGGER {table}_reserved_{event} BEFORE {action} ON {table}
FOR EACH ROW WHEN (NEW.duty_id IS NOT NULL) EXECUTE FUNCTION hub_refuse_reserved()
"""
POSTGRES_DUTY_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION hub_refuse_reserving_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM {table} WHERE duty_id = NEW.id AND state NOT IN ({over})) THEN
    RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""
POSTGRES_DUTY: Final = """
CREATE TRIGGER hub_duty_reserved_{table} BEFORE UPDATE OF kind ON hub_duty
FOR EACH ROW WHEN (NEW.kind = 'reserved' AND OLD.kind <> 'reserved') EXECUTE FUNCTION hub_refuse_reserving_{table}()
"""
EVENTS: Final = (("insert", "INSERT"), ("update", "UPDATE OF duty_id"))


def install(connection: BaseDatabaseWrapper) -> None:
    """Set the triggers of the tables that are there, in the place of any set before."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if "hub_duty" not in tables:
            return
        for table in OVER.keys() & tables:
            for statement in _statements(connection.vendor, table):
                cursor.execute(statement)


def _statements(vendor: str, table: str) -> list[str]:
    """What sets the triggers of one table, in order."""
    words = {"table": table, "message": MESSAGE, "over": ", ".join(f"'{state}'" for state in OVER[table])}
    postgres = vendor == "postgresql"
    row, duty = (POSTGRES_ROW, POSTGRES_DUTY) if postgres else (SQLITE_ROW, SQLITE_DUTY)
    told = [POSTGRES_ROW_FUNCTION, POSTGRES_DUTY_FUNCTION] if postgres else []
    statements = [one.format(**words) for one in told]
    for event, action in EVENTS:
        statements.append(_drop(vendor, f"{table}_reserved_{event}", table))
        statements.append(row.format(event=event, action=action, **words))
    statements.append(_drop(vendor, f"hub_duty_reserved_{table}", "hub_duty"))
    statements.append(duty.format(**words))
    return statements


def _drop(vendor: str, trigger: str, table: str) -> str:
    return f"DROP TRIGGER IF EXISTS {trigger}" + (f" ON {table}" if vendor == "postgresql" else "")
