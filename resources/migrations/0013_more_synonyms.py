from django.db import migrations

from resources.migrations._synonyms import add_groups

FIRST = "GAD, gobierno autónomo descentralizado, municipio, municipalidad, gobierno municipal, gobierno local"
ADDED = ", alcaldía, ayuntamiento, cabildo, GADM"
GROUPS = [
    "DMQ, MDMQ, Distrito Metropolitano de Quito",
    "concejo municipal, consejo municipal",
    "conjunto de datos, dataset",
    "corrupción, soborno, coima",
]


def more_synonyms(apps, schema_editor):
    """Add to the first list what people were seen to type; what the desk has changed stays as it is."""
    synonym = apps.get_model("resources", "Synonym")
    synonym.objects.filter(words=FIRST).update(words=FIRST + ADDED)
    add_groups(synonym, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0012_pending_entries"),
    ]

    operations = [migrations.RunPython(more_synonyms, migrations.RunPython.noop)]
