"""A new encryption key: every sealed value of every table is sealed anew, chunk by chunk, while the site runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from shuniu.kernel import vault
from shuniu.kernel.errors import ActionError

CHUNK = 1000
LAST_VERSION = 255
"""The version of a key takes one byte of each value."""

Report = Callable[[str, int, int], None]
"""Told after each chunk: the table, the rows looked at in it so far, the values sealed anew in all."""


class RotationError(ActionError):
    """The key cannot be renewed."""


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table with sealed columns; `contexts` are what each column's values are bound to."""

    name: str
    key: str
    columns: tuple[str, ...]
    contexts: tuple[str, ...]


def new_key() -> int:
    """Make a new key the one that seals from now on; its version. The old ones stay, so that nothing becomes unreadable.

    Raises:
        RotationError: there have been as many keys as a version can number.
    """
    path = Path(settings.SHUNIU_KEYRING)
    ring = vault.load_keyring(path)
    if max(ring.keys) >= LAST_VERSION:
        raise RotationError(
            _("The keys are numbered up to {last}; no further one can be made.").format(last=LAST_VERSION)
        )
    vault.save_keyring(path, ring.rotated())
    vault.keyring.cache_clear()
    return vault.keyring().current


def reseal(report: Report) -> int:
    """Seal anew whatever an older key has sealed; how many values. Can be stopped at any moment and run again."""
    done = 0
    for table in sealed_tables():
        seen = 0
        for rows in _chunks(table):
            with transaction.atomic():
                done += sum(_reseal_row(table, row) for row in rows)
            seen += len(rows)
            report(table.name, seen, done)
    return done


def sealed_tables() -> Iterator[SealedTable]:
    """Every table of ours with encrypted fields."""
    for model in apps.get_models():
        fields = [field for field in model._meta.local_concrete_fields if isinstance(field, vault.EncryptedField)]
        if fields and not model._meta.proxy:
            yield _table(model, fields)


def _table(model: type[Model], fields: list[vault.EncryptedField]) -> SealedTable:
    quote, options = connection.ops.quote_name, model._meta
    columns, contexts = tuple(quote(str(field.column)) for field in fields), tuple(field.context for field in fields)
    return SealedTable(quote(options.db_table), quote(str(options.pk.column)), columns, contexts)


def _chunks(table: SealedTable) -> Iterator[list[tuple[Any, ...]]]:
    names = ", ".join((table.key, *table.columns))
    after: tuple[Any, ...] = ()
    while True:
        beyond = f"WHERE {table.key} > %s" if after else ""
        sql = f"SELECT {names} FROM {table.name} {beyond} ORDER BY {table.key} LIMIT {CHUNK}"  # noqa: S608 -- names of our own tables
        with connection.cursor() as cursor:
            cursor.execute(sql, after)
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][:1]


def _reseal_row(table: SealedTable, row: tuple[Any, ...]) -> int:
    key, *values = row
    return sum(
        _reseal_value(table, column, context, key, bytes(value or b""))
        for column, context, value in zip(table.columns, table.contexts, values, strict=True)
    )


def _reseal_value(table: SealedTable, column: str, context: str, key: Any, sealed: bytes) -> int:
    if not sealed or sealed[0] == vault.keyring().current:
        return 0
    fresh = vault.seal(vault.unseal(sealed, context), context)
    # Somebody may have changed the value since it was read: then it is sealed by the new key already.
    sql = f"UPDATE {table.name} SET {column} = %s WHERE {table.key} = %s AND {column} = %s"  # noqa: S608 -- as above
    with connection.cursor() as cursor:
        cursor.execute(sql, [_binary(fresh), key, _binary(sealed)])
        return int(cursor.rowcount)


def _binary(sealed: bytes) -> Any:
    return connection.Database.Binary(sealed)  # type: ignore[attr-defined]  # every backend has its driver there
