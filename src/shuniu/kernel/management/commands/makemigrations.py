"""Django's `makemigrations`, which says of a new table all at once: its indexes and constraints stand in its own operation.

Django gives each of them an operation of its own, and works out the state of all related tables anew for each. For a
hundred tables that is some ten seconds of every new database.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.core.management.commands import makemigrations
from django.db.migrations.migration import Migration
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation

WHERE = {AddIndex: ("indexes", "index"), AddConstraint: ("constraints", "constraint")}
"""The option of a new table that says the same, and the attribute of the operation that says what."""


def folded(operations: list[Operation]) -> list[Operation]:
    """The same operations, those about indexes and constraints of a new table taken into the one that makes it."""
    new = {one.name_lower: one for one in operations if isinstance(one, CreateModel)}
    later = {(one.model_name_lower, one.name) for one in operations if isinstance(one, AddField)}
    kept = []
    for operation in operations:
        if not isinstance(operation, AddIndex | AddConstraint) or _waits(operation, new, later):
            kept.append(operation)
            continue
        option, attribute = WHERE[type(operation)]
        new[operation.model_name_lower].options.setdefault(option, []).append(getattr(operation, attribute))
    return kept


def _waits(
    operation: AddIndex | AddConstraint, new: Mapping[str, CreateModel], later: Collection[tuple[str, str]]
) -> bool:
    """Whether it must stay where it is: the table is an old one, or gets afterwards a field that it may speak of."""
    said = repr(getattr(operation, WHERE[type(operation)][1]).deconstruct())
    return operation.model_name_lower not in new or any(
        table == operation.model_name_lower and name in said for table, name in later
    )


class Command(makemigrations.Command):
    def write_migration_files(self, changes: dict[str, list[Migration]], *arguments: Any, **options: Any) -> None:
        for migration in (one for of_app in changes.values() for one in of_app):
            vars(migration)["operations"] = folded(list(migration.operations))
        super().write_migration_files(changes, *arguments, **options)
