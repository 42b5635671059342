from django.db import migrations

GAZETTE = "RO, Registro Oficial"
ADDED = ", reg. oficial, reg. of."


def short_words(apps, schema_editor):
    """Add how people shorten the gazette's name; what the desk has changed stays as it is."""
    synonym = apps.get_model("resources", "Synonym")
    synonym.objects.filter(words=GAZETTE).update(words=GAZETTE + ADDED)


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0017_more_everyday_words"),
    ]

    operations = [migrations.RunPython(short_words, migrations.RunPython.noop)]
