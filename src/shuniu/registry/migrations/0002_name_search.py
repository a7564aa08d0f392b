"""Indexes that answer a search for any fragment of a name: over the name and over its tails, on both databases."""

from django.db import migrations

TAILS = {"person_by_name": "name", "person_by_tail_2": "substr(name, 2)", "person_by_tail_3": "substr(name, 3)"}


def create(apps, schema_editor):
    operators = " text_pattern_ops" if schema_editor.connection.vendor == "postgresql" else ""
    for index, expression in TAILS.items():
        schema_editor.execute(f"CREATE INDEX {index} ON registry_person (({expression}){operators})")


def drop(apps, schema_editor):
    for index in TAILS:
        schema_editor.execute(f"DROP INDEX {index}")


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
