from django.db import migrations

from resources.migrations._synonyms import add_groups

LONGER = {
    "adulto mayor, tercera edad, anciano": ", abuelo",
    "niñez, infancia, niño, niña": ", wawa, guagua",
}
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
    "discapacidad, minusválido",
    "elección, elegir",
    "lactancia, amamantar",
    "parqueo, estacionamiento, aparcamiento",
    "ruido, bulla",
    "gestante, embarazada",
    "deslizamiento, derrumbe, deslave",
    "sismo, terremoto, temblor",
    "habitante, población, gente",
    "costo, precio, tarifa",
    "copia de seguridad, respaldo, backup",
    "permiso, licencia",
    "perro, canino",
    "animal de compañía, mascota",
    "ave, pájaro",
    "alcantarillado, desagüe",
    "energía eléctrica, electricidad",
    "bache, hueco",
    "reparación, arreglo",
    "relleno sanitario, botadero, basurero",
    "batería sanitaria, baño público, servicio higiénico",
]


def more_everyday_words(apps, schema_editor):
    """Add what people say for what texts write; a word that the desk has in a group already stays with that alone."""
    synonym = apps.get_model("resources", "Synonym")
    for words, added in LONGER.items():
        synonym.objects.filter(words=words).update(words=words + added)
    add_groups(synonym, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0016_everyday_words"),
    ]

    operations = [migrations.RunPython(more_everyday_words, migrations.RunPython.noop)]
