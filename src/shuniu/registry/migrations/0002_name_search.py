"""Indexes that answer a search for any fragment of a name: over the name and over its tails, on both databases.

Each carries the person's union, so that the bearers of a name in one part of the tree are found without reading people;
PostgreSQL needs the key beside it for that, and the column that an expression is made of. A fragment that begins at the fourth character or later is looked for in the few names that are so long.
"""

from django.db import migrations

INDEXES = {
    "person_by_name": ("name", ""),
    "person_by_tail_2": ("substr(name, 2)", ""),
    "person_by_tail_3": ("substr(name, 3)", ""),
    "person_by_long_name": ("name", "WHERE length(name) > 3"),
    "person_by_initials": ("initials", ""),
}


def create(apps, schema_editor):
    operators = " text_pattern_ops" if schema_editor.connection.vendor == "postgresql" else ""
    for index, (expression, condition) in INDEXES.items():
        included = "" if not operators else "INCLUDE (id, name)" if "(" in expression else "INCLUDE (id)"
        schema_editor.execute(
            f"CREATE INDEX {index} ON registry_person (({expression}){operators}, home_id) {included} {condition}"
        )


def drop(apps, schema_editor):
    for index in INDEXES:
        schema_editor.execute(f"DROP INDEX {index}")


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
