from django.db import migrations

from resources.migrations._synonyms import add_groups

NEEDLESS = "quince, 15"  # the analyser knows the numbers
GROUPS = [
    "contratación, compra, adquisición",
    "presupuesto, plata",
    "prefectura, prefecto, gobierno provincial, consejo provincial, provincia",
    "pueblos y nacionalidades, indígena",
    "alumbrado, iluminación, luminaria",
    "paso cebra, paso peatonal",
    "plan de desarrollo y ordenamiento territorial, PDOT",
    "hoja de cálculo, excel",
    "correo electrónico, email",
    "datos abiertos, open data",
    "gobierno abierto, open government",
    "lista de comprobación, lista de chequeo, lista de verificación, checklist",
    "medio ambiente, medioambiente",
    "residuos, desechos, basura",
    "sueldo, salario, remuneración",
    "adulto mayor, tercera edad, anciano",
    "niñez, infancia, niño, niña",
    "carro, vehículo, automóvil",
    "queja, reclamo",
    "afiche, póster, cartel",
]


def everyday_words(apps, schema_editor):
    """Add what people say for what texts write; a word that the desk has in a group already stays with that alone."""
    synonym = apps.get_model("resources", "Synonym")
    synonym.objects.filter(words=NEEDLESS).delete()
    add_groups(synonym, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0015_lighter_term_keys"),
    ]

    operations = [migrations.RunPython(everyday_words, migrations.RunPython.noop)]
