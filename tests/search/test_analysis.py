"""Text becomes stems."""

import pytest

from resources.search.analysis import acronym, analyze, fold, singular, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gobierno", "gobiernos"),
        ("participación", "participaciones"),
        ("participación", "PARTICIPACION"),
        ("participar", "participación"),
        ("ley", "leyes"),
        ("voz", "voces"),
        ("plan", "planes"),
        ("informe", "informes"),
        ("país", "paises"),
        ("GAD", "GADs"),
        ("Diseño", "DISEÑOS"),
        ("enlace", "enlaces"),
        ("transparente", "transparencia"),
        ("serie", "series"),
        ("rendir", "rendición"),
        ("rinden", "rendición"),
        ("eligió", "elecciones"),
        ("ordenanza", "ordenanzas"),
        ("partido", "partidos"),
        ("accesible", "accesibles"),
        ("accesible", "accesibilidad"),
        ("participante", "participantes"),
        ("habitantes", "habitante"),
        ("modificar", "modificación"),
        ("modifica", "modificaciones"),
        ("notifique", "notificación"),
        ("planificador", "planificar"),
        ("comunicar", "comunicación"),
        ("aplique", "aplicar"),
        ("artículo", "art."),
        ("número", "núm."),
        ("solicitar", "solicitud"),
        ("solicitante", "solicitudes"),
        ("respondió", "respuestas"),
        ("proponer", "propuesta"),
        ("reunirse", "reuniones"),
        ("jóvenes", "juventud"),
        ("corruptos", "corrupción"),
        ("comunica", "comunicaciones"),
        ("aprueba", "aprobar"),
        ("aprueben", "aprobación"),
        ("resuelve", "resoluciones"),
        ("niega", "negar"),
        ("negación", "negar"),
        ("deniega", "denegación"),
        ("requiere", "requerimiento"),
        ("devolver", "devolución"),
        ("remueve", "remoción"),
        ("adquirir", "adquisiciones"),
        ("transfiere", "transferencia"),
        ("convierte", "convertir"),
        ("atender", "atención"),
        ("prevenir", "prevención"),
        ("obtiene", "obtención"),
        ("mantenga", "mantenimiento"),
        ("incluye", "inclusión"),
        ("excluido", "exclusión"),
        ("distribuyen", "distribución"),
        ("sustituir", "sustitución"),
        ("reduce", "reducción"),
        ("corrige", "corrección"),
        ("medir", "mediciones"),
        ("ciudadanía", "ciudadanos"),
        ("alcaldías", "alcalde"),
    ],
)
def test_forms_of_one_word_share_a_stem(one, other):
    assert analyze(one) == analyze(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("año", "ano"),
        ("municipio", "municipal"),
        ("2022", "2023"),
        ("cuenta", "cuento"),
        ("ordenanza", "orden"),
        ("ordenanzas", "ordenar"),
        ("casa", "caso"),
        ("mesas", "meses"),
        ("planos", "planes"),
        ("sedes", "sed"),
        ("partidos", "partes"),
        ("junta", "juntos"),
        ("ley", "leyó"),
        ("accesible", "acceso"),
        ("habilidad", "hablar"),
        ("comunicación", "común"),
        ("comunicación", "comunidad"),
        ("plaza", "plazo"),
        ("placas", "plazos"),
        ("marzo", "marco"),
        ("libros", "libre"),
        ("nueve", "nuevo"),
        ("importe", "importación"),
        ("informe", "información"),
    ],
)
def test_different_words_do_not(one, other):
    assert analyze(one) != analyze(other)


def test_stop_words_are_left_out_and_order_is_kept():
    assert analyze("¿Qué es el acceso a la información?") == analyze("acceso información")


def test_camel_case_and_hyphens_are_split_and_numbers_kept_whole():
    assert analyze("#GobiernoAbierto") == analyze("gobierno abierto")
    assert analyze("SGAPG-2023-001") == ["sgapg", "2023", "001"]
    assert analyze("COOTAD") == analyze("cootad")


def test_composed_and_decomposed_letters_are_the_same():
    assert analyze("participacio\u0301n") == analyze("participación")


def test_other_scripts_are_words_too():
    assert analyze("Год 政府 حكومة") == ["год", "政府", "حكومة"]


def test_the_places_of_words_are_those_of_the_text():
    text = "El «Gobierno-Abierto» de 2022, año ñandú y #EstadoAbierto ﬁn"
    assert [t.stem for t in tokens(text) if t.stem] == analyze(text)
    assert all(fold(text[t.start : t.end]) == t.folded for t in tokens(text))


@pytest.mark.parametrize(
    ("title", "initials"),
    [
        ("Código Orgánico de Organización Territorial, Autonomía y Descentralización", "cootad"),
        ("Ley Orgánica de Transparencia y Acceso a la Información Pública", "lotaip"),
        ("Guía breve", ""),
    ],
)
def test_initials_of_titles(title, initials):
    assert acronym(title) == initials


def test_words_without_a_plural_stay():
    assert [singular(word) for word in ("crisis", "virus", "mes", "gas")] == [
        "crisis",
        "virus",
        "mes",
        "gas",
    ]
