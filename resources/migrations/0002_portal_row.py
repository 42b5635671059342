"""The one row that says whose site this is, with neutral texts."""

from django.db import migrations


def make_portal(apps, schema_editor):
    """Make the row where it is missing."""
    apps.get_model("resources", "Portal").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("resources", "0001_initial")]

    operations = [migrations.RunPython(make_portal, migrations.RunPython.noop)]
