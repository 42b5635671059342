from django.db import migrations

from resources.migrations._synonyms import add_groups

GROUPS = [
    "solicitud, petición",
    "respuesta, contestación",
    "sanción, multa, castigo",
    "servidor público, funcionario, empleado público",
    "junta parroquial, gobierno parroquial",
    "suscribir, firmar",
    "inicio, comienzo, empezar",
    "finalizar, terminar, concluir",
    "eliminar, borrar, suprimir",
    "apoyo, ayuda",
    "impuesto, tributo",
    "trabajo, empleo",
    "empresa, compañía",
    "capacitación, curso",
    "encuesta, cuestionario",
    "cronograma, calendario",
    "predio, terreno, lote",
    "acera, vereda",
    "acta, minuta",
    "escuela, colegio, unidad educativa",
    "bus, autobús",
    "celular, teléfono móvil",
    "computadora, computador, ordenador",
    "página web, sitio web, portal web",
    "pandemia, covid, coronavirus",
    "LGBTI, LGBT, LGBTIQ, GLBTI, diversidad sexual",
    "equidad de género, igualdad de género",
]


def more_everyday_words(apps, schema_editor):
    """Add what people say for what texts write; a word that the desk has in a group already stays with that alone."""
    add_groups(apps.get_model("resources", "Synonym"), GROUPS)


class Migration(migrations.Migration):

    dependencies = [
        ("resources", "0016_everyday_words"),
    ]

    operations = [migrations.RunPython(more_everyday_words, migrations.RunPython.noop)]
