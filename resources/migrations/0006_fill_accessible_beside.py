"""Files of the accessible role that stand already are noted on their resources' cards."""

from django.db import migrations


def fill(apps, schema_editor):
    """Note for each resource the current version of its first accessible file."""
    Resource = apps.get_model("resources", "Resource")
    ResourceFile = apps.get_model("resources", "ResourceFile")
    slots = ResourceFile.objects.filter(role="accessible", current__isnull=False)
    first = {}
    for resource, version in slots.order_by("position", "pk").values_list("resource", "current"):
        first.setdefault(resource, version)
    for resource, version in first.items():
        Resource.objects.filter(pk=resource).update(accessible_version=version)


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0005_accessible_beside"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
