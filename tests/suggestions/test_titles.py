"""The title of a draft: what the file itself says it is called, never the name of the file alone."""

from pathlib import Path

import pikepdf
import pytest
from django.conf import settings

from resources.inspection import FileFacts, inspect_file
from resources.models import Resource
from resources.publishing.suggestions import Known, suggest
from resources.publishing.suggestions.titles import UNTITLED, is_file_name
from tests.inspection.makers import inspect
from tests.suggestions.asking import of

SAMPLES = settings.BASE_DIR / "fixtures" / "files"


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
