"""From a file to a draft's form: title, kind, date, language, tags and issuer, as the file itself states them."""

from datetime import date
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings

from resources.inspection import FileFacts, inspect_file
from resources.models import Document, LegalInstrument, Resource
from resources.publishing.suggestions import Known, kinds, languages, suggest
from resources.publishing.suggestions.titles import UNTITLED, is_file_name
from tests.inspection.makers import inspect

SAMPLES = settings.BASE_DIR / "fixtures" / "files"


def facts(*pages: str, **values) -> FileFacts:
    """Facts of a PDF with these texts."""
    given = {"media_type": "application/pdf", "extension": "pdf", "size": 1, "sha256": "0" * 64}
    return FileFacts(**given | {"page_texts": pages} | values)


def of(*pages: str, name: str = "archivo.pdf", known: Known | None = None, **values):
    return suggest(facts(*pages, **values), name, known or Known())


def draw(
    folder: Path,
    lines: list[tuple[float, str]],
    *,
    title: str = "",
    scaled: bool = False,
    **info: str,
) -> Path:
    """Draw a page whose lines have these sizes in points: by the font's size, or (`scaled`) by the text matrix."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    drawn, y = [], 760.0
    for size, text in lines:
        escaped = text.replace("(", r"\(").replace(")", r"\)")
        place = (
            f"/F1 1 Tf {size} 0 0 {size} 60 {y} Tm"
            if scaled
            else f"/F1 {size} Tf 1 0 0 1 60 {y} Tm"
        )
        drawn.append(f"BT {place} ({escaped}) Tj ET")
        y -= size * 1.4
    page.Contents = pdf.make_stream("\n".join(drawn).encode("cp1252"))
    for key, value in ({"Title": title} if title else {}).items() | info.items():
        pdf.docinfo[f"/{key}"] = value
    path = folder / "a.pdf"
    pdf.save(path)
    return path


COVER = [
    (11, "Municipio de Loja"),
    (30, "Guía para abrir"),
    (30, "los datos del cantón"),
    (11, "Marzo de 2024"),
    (11, "Este texto cuenta a quién sirve la guía y cómo se usa."),
]


# --- Files of several makers ---------------------------------------------------------------------


@pytest.mark.parametrize("scaled", [False, True], ids=["font size", "text matrix"])
def test_a_cover_without_metadata_gives_its_largest_lines(tmp_path, scaled):
    found = suggest(inspect(draw(tmp_path, COVER, scaled=scaled)), "2024_v3_FINAL.pdf", Known())
    assert found.title == "Guía para abrir los datos del cantón"
    assert "lo más grande" in found.sources["title"]


def test_a_word_processor_s_default_title_gives_way_to_the_cover(tmp_path):
    path = draw(tmp_path, COVER, title="Microsoft Word - guia_datos_v3.docx", Producer="Word")
    assert (
        suggest(inspect(path), "guia.pdf", Known()).title == "Guía para abrir los datos del cantón"
    )


def test_a_template_s_title_that_the_text_does_not_bear_out_gives_way_to_the_cover(tmp_path):
    path = draw(tmp_path, COVER, title="Plantilla institucional corporativa")
    assert (
        suggest(inspect(path), "guia.pdf", Known()).title == "Guía para abrir los datos del cantón"
    )


def test_a_browser_s_pdf_gives_its_title_and_kind():
    found = suggest(
        inspect_sample("ley-organica-participacion-ciudadana.pdf"), "descarga (3).pdf", Known()
    )
    assert found.title == "Ley Orgánica de Participación Ciudadana"
    assert (found.kind, found.values["instrument_type"]) == ("legalinstrument", "organic_law")
    assert found.language == "es"


def inspect_sample(name: str) -> FileFacts:
    return inspect_file(SAMPLES / name, name=name)


@pytest.mark.parametrize(
    ("file", "kind", "value"),
    [
        ("acuerdo-ministerial-sgapg-2023-001.pdf", "legalinstrument", "ministerial_agreement"),
        ("codigo-organico-organizacion-territorial.pdf", "legalinstrument", "organic_code"),
        ("guia-breve-gobernanza-estado-abierto.pdf", "document", "guide"),
        ("manual-procesos-gobierno-abierto-municipal.pdf", "document", "manual"),
        ("segundo-plan-accion-gobierno-abierto-ecuador.pdf", "document", "plan"),
        ("estrategia-nacional-anticorrupcion.pdf", "document", "policy"),
    ],
)
def test_the_samples_are_recognised_by_their_words(file, kind, value):
    found = suggest(inspect_sample(file), file, Known())
    assert found.kind == kind
    assert value in found.values.values()


def test_a_scan_without_text_or_metadata_is_marked_as_untitled(tmp_path):
    path = draw(tmp_path, [])
    found = suggest(inspect(path), "Escaneo_0001.pdf", Known())
    assert found.title == f"{UNTITLED}Escaneo_0001.pdf"
    assert "title" not in found.sources
    assert found.language == "es"


# --- The title -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "guia_breve_v2",
        "Documento1",
        "INF-2023-044",
        "plan.pdf",
        "Sin título",
        "scan 001",
        "",
        "20231104",
        "Presentación 2",
    ],
)
def test_what_programs_call_files_is_no_title(name):
    assert is_file_name(name)


@pytest.mark.parametrize(
    "title", ["Guía breve", "COOTAD", "Plan 2030", "Ley Orgánica de Transparencia"]
)
def test_what_people_call_a_document_is_one(title):
    assert not is_file_name(title)


def test_the_title_is_never_the_file_name_alone():
    assert of(title="guia-breve", name="guia-breve.pdf").title.startswith(UNTITLED)
    assert of(title="guia", name="GUIA.pdf").title.startswith(UNTITLED)


def test_without_a_larger_line_the_first_lines_are_joined_where_they_lead_on():
    page = "Página 1 de 3\nMUNICIPIO DE LOJA\nOrdenanza que regula el uso de\nlos espacios públicos\nEl Concejo\nConsiderando:"
    assert of(page).title == "Ordenanza que regula el uso de los espacios públicos"


def test_capitals_become_a_sentence_and_acronyms_stay():
    text = "El GAD publica sus datos. Los datos abiertos sirven para planificar. Cada GAD elige su plan."
    assert of(text, headline="GUÍA DE DATOS ABIERTOS PARA EL GAD").title == (
        "Guía de datos abiertos para el GAD"
    )


def test_a_title_fits_its_field():
    assert (
        len(of(title="palabra larga " * 60).title) <= Resource._meta.get_field("title").max_length
    )


# --- The kind ------------------------------------------------------------------------------------

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
    assert {value for value, _ in kinds.LAWS} <= set(LegalInstrument.Type.values)
    assert {value for value, _ in kinds.READING} <= set(Document.Type.values)
    assert set(languages.COMMON) <= set(Resource.Language.values)


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
