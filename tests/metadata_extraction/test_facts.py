"""Kind, date, language, summary, tags and issuer of a draft, as the file itself states them."""

from datetime import date

import pytest
from django.conf import settings

from resources.files.metadata_extraction import kind_detection, language
from resources.files.metadata_extraction.extract import Known
from resources.kinds.document import Document
from resources.kinds.legislation.models import LegalInstrument
from resources.models import Resource
from tests.metadata_extraction.asking import of

SAMPLES = settings.BASE_DIR / "fixtures" / "files"


LAW = """Suplemento del Registro Oficial 303
ORDENANZA Nro. 012-2023
EL CONCEJO MUNICIPAL
Considerando:
Que la Constitución lo manda;
En ejercicio de sus atribuciones, expide:
Art. 1.- Objeto."""


def test_a_law_is_recognised_by_its_words_with_its_number():
    found = of(LAW, title="Ordenanza Nro. 012-2023")
    assert found.kind == "legalinstrument"
    assert found.values["instrument_type"] == "ordinance"
    assert found.values["number"] == "012-2023"
    assert found.values["gazette"] == "Suplemento del Registro Oficial 303"


def test_a_law_is_recognised_even_where_its_title_does_not_say_so():
    assert of(LAW, title="Uso del espacio público en el cantón").kind == "legalinstrument"


@pytest.mark.parametrize(
    "title",
    [
        "Guía sobre la Ley Orgánica de Transparencia",
        "Análisis de la Ordenanza 12",
        "Propuesta de reglamento",
    ],
)
def test_a_text_about_a_law_is_a_document(title):
    assert (
        of(
            f"{title}\nEl Registro Oficial publicó la norma. Considerando lo anterior.", title=title
        ).kind
        == "document"
    )


def test_a_report_with_numbered_articles_of_its_own_words_stays_a_document():
    assert (
        of("Informe anual\nArtículo 1. Se leyó con interés.", title="Informe anual").kind
        == "document"
    )


def test_pictures_are_infographics_and_films_are_videos():
    assert of(media_type="image/png").kind == "infographic"
    assert of(media_type="video/mp4").kind == "video"


def test_the_words_of_the_kinds_are_the_models_own():
    assert {value for value, _ in kind_detection.LAWS} <= set(LegalInstrument.Type.values)
    assert {value for value, _ in kind_detection.READING} <= set(Document.Type.values)
    assert set(language.COMMON) <= set(Resource.Language.values)


# --- The date ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "day", "precision"),
    [
        ("Quito, 14 de marzo de 2023", date(2023, 3, 14), "day"),
        ("Loja, a 2 de setiembre del 2021", date(2021, 9, 2), "day"),
        ("Fecha: 14/03/2023", date(2023, 3, 14), "day"),
        ("2023-03-14", date(2023, 3, 14), "day"),
        ("Marzo de 2024", date(2024, 3, 1), "month"),
        ("Quito - Ecuador, 2022", date(2022, 1, 1), "year"),
        ("2019", date(2019, 1, 1), "year"),
    ],
)
def test_a_date_on_a_line_of_its_own_is_the_document_s(line, day, precision):
    found = of(f"Guía de datos\n{line}\nOtro texto que sigue.")
    assert (found.issued_on, found.issued_on_precision) == (day, precision)


@pytest.mark.parametrize(
    "line",
    [
        "Publicado en el Registro Oficial 449 de 20 de octubre de 2008",
        "Desde el 3 de mayo de 2011 la norma dispone otra cosa distinta, según se dijo",
        "31 de febrero de 2023",
        "Última reforma: 12 de mayo de 2020",
        "99/99/2023",
    ],
)
def test_other_dates_are_not_taken_for_it(line):
    assert of(f"Ley\n{line}").issued_on is None


def test_an_act_says_at_its_end_when_it_was_given():
    found = of(
        "Ordenanza",
        "Art. 2",
        "Dada en la sala de sesiones del Concejo,\na los 5 días: 5 de junio de 2022.",
    )
    assert found.issued_on == date(2022, 6, 5)
    assert "cierre" in found.sources["issued_on"]


def test_an_act_may_say_on_its_first_page_when_it_was_sanctioned():
    first = "ORDENANZA 014-2024\nSancionada el 18 de julio de 2024. Publicada en la Gaceta de agosto de 2024."
    debated = "Discutida y aprobada en sesiones de 27 de junio y\naprobada el 11 de julio de 2024."
    found = of(first, "Art. 1.- Objeto.", debated)
    assert found.issued_on == date(2024, 7, 18)
    assert "primera página" in found.sources["issued_on"]


def test_the_day_a_file_was_made_is_not_the_document_s_date():
    assert of("Sin fecha", created_on=date(2024, 1, 1)).issued_on is None


# --- Language, summary, tags, issuer --------------------------------------------------------------


def test_the_text_tells_the_language_whatever_the_file_declares():
    text = "La participación de las personas en las decisiones del cantón es un derecho que se ejerce con los datos de la gestión."
    assert of(text, language="en-US").language == "es"
    english = "The participation of the people in the decisions of the county is a right that they have and it is for all of them."
    assert of(english, language="es").language == "en"


def test_a_short_text_believes_what_the_file_declares():
    assert of("Ñukanchik", language="qu-EC").language == "qu"
    assert of("Hola", language="de").language == "es"


def test_a_summary_is_only_what_the_file_states():
    stated = "Explica paso a paso cómo un municipio publica sus datos."
    assert of("Guía", subject=stated).values["summary"] == stated
    assert of(f"Guía\n1. Resumen\n{stated}").values["summary"] == stated
    assert (
        "summary"
        not in of("Guía de datos\nUn texto cualquiera que sigue y sigue hasta el fin.").values
    )
    assert "summary" not in of("Guía", subject="Guía").values


def test_a_table_of_contents_is_no_summary():
    contents = (
        "Resumen\nEl territorio y su clima\nAmenazas: deslizamientos, sismos e incendios\nGlosario"
    )
    assert "summary" not in of(f"Informe\n{contents}").values
    stated = "Este informe reúne lo que el municipio hizo para que nadie quede sin techo."
    assert of(f"Informe\n{contents}\n\nResumen\n{stated}").values["summary"] == stated


def test_a_long_summary_ends_with_a_sentence():
    found = of("Guía", subject="Una frase completa que dice algo de veras. " * 30).values["summary"]
    assert len(found) <= 500
    assert found.endswith(".")


def test_tags_are_of_those_that_exist_and_the_text_speaks_of():
    known = Known(tags=("datos abiertos", "transparencia", "agua", "participación"))
    text = "Guía de participaciones\nLos datos abiertos sirven. Un dato abierto se reutiliza. La transparencia se nombra una vez."
    assert of(text, title="Guía de participaciones", known=known).tags == (
        "participación",
        "datos abiertos",
    )


def test_the_issuer_is_an_organization_that_the_first_pages_name():
    known = Known(
        organizations=(
            (1, "Asamblea Nacional", "AN"),
            (2, "Municipio del Distrito Metropolitano de Quito", "MDMQ"),
        )
    )
    assert of("Municipio del Distrito\nMetropolitano de Quito\nGuía", known=known).issuer == 2
    assert of("Lo preparó el MDMQ.", known=known).issuer == 2
    assert of("Nada de eso: mdmq, MDMQX.", known=known).issuer is None
    assert of("uno", "dos", "tres", "Asamblea Nacional", known=known).issuer is None
