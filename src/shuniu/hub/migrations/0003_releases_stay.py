"""What was published of a tender stays, by the database itself."""

from django.db import migrations

from shuniu.hub import release_triggers


def install(apps, schema_editor):
    release_triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("hub", "0002_reserved_duties")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
