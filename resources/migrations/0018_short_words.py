from django.db import migrations

from resources.migrations._synonyms import add_groups

GAZETTE = "RO, Registro Oficial"
ADDED = ", reg. oficial, reg. of."
GROUPS = ["información, info"]


def short_words(apps, schema_editor):
    """Add how people shorten what they look for; what the desk has changed stays as it is."""
    synonym = apps.get_model("resources", "Synonym")
    synonym.objects.filter(words=GAZETTE).update(words=GAZETTE + ADDED)
    add_groups(synonym, GROUPS)


class Migration(migrations.Migration):

    dependencies = [
        ('resources', '0017_more_everyday_words'),
    ]

    operations = [migrations.RunPython(short_words, migrations.RunPython.noop)]
