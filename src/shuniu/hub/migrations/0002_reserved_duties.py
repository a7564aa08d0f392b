"""No tender or agreement about a reserved duty, by the database itself."""

from django.db import migrations

from shuniu.hub import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("hub", "0001_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
