"""The title of a draft: what the file itself says it is called, never the name of the file alone."""

from pathlib import Path

import pikepdf
import pytest
from django.conf import settings

from inspection import FileFacts, inspect_file
from resources.files.metadata_extraction.extract import Known, suggest
from resources.files.metadata_extraction.title import is_file_name, reads_as_words
from resources.models import Resource
from resources.models.choices import UNTITLED
from tests.inspection.makers import inspect, make_zip, office_members
from tests.metadata_extraction.asking import of

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


RIGHT = "Ordenanza de gestión de residuos sólidos en el cantón Ñañopamba"
ORDINANCE = [(11, "Municipio"), (24, RIGHT), (11, "Texto de la ordenanza."), (11, "Otro renglón.")]


def with_title(folder: Path, raw: bytes, lines: list[tuple[float, str]]) -> Path:
    path = draw(folder, lines)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.docinfo.Title = pikepdf.String(raw)
        pdf.save(path)
    return path


@pytest.mark.parametrize("lines", [ORDINANCE, []], ids=["with text", "scanned"])
@pytest.mark.parametrize(
    "raw",
    [
        RIGHT.encode(),
        b"\xef\xbb\xbf" + RIGHT.encode(),
        b"\xfe\xff" + RIGHT.encode("utf-16-be"),
        b"\xff\xfe" + RIGHT.encode("utf-16-le"),
        b"\xfe\xff" + RIGHT.encode("utf-16-le"),
        RIGHT.encode("utf-16-be"),
        RIGHT.encode("utf-16-le"),
        b"\xfe\xff" + RIGHT.encode().decode("cp1252").encode("utf-16-be"),
        b"\xfe\xff" + RIGHT.encode().decode("mac_roman").encode("utf-16-be"),
        RIGHT.encode().decode("latin-1").encode(),
        RIGHT.encode("latin-1"),
    ],
    ids=[
        "utf-8",
        "bom",
        "be",
        "le",
        "swapped",
        "be bare",
        "le bare",
        "cp1252",
        "mac",
        "twice",
        "right",
    ],
)
def test_a_title_decoded_with_another_encoding_is_repaired(tmp_path, raw, lines):
    found = suggest(inspect(with_title(tmp_path, raw, lines)), "a.pdf", Known())
    assert found.title == RIGHT


@pytest.mark.parametrize(
    "title",
    [
        "Ordenanza de gesti\ufffdn de residuos s\ufffdlidos",
        "l~i ;¡ Il1'I .:~ 0rd",
        "0rd3n@nz@ d€ r3s1du0$",
        "r n m 1 1 , t r",
        "CorelDRAW X7",
        "Adobe Illustrator CS6",
        "Microsoft Word - doc1.docx",
        "Presentación de PowerPoint",
        "Microsoft PowerPoint",
        "untitled",
        "Untitled-1",
        "Diapositiva 1",
        "Layout 1",
        "Documento sin título",
        "Diseño sin título",
        "plano_final.dwg",
        "Dibujo1.cdr",
    ],
)
def test_the_words_of_the_page_win_over_noise_and_names_of_programs(tmp_path, title):
    found = suggest(inspect(draw(tmp_path, ORDINANCE, title=title)), "a.pdf", Known())
    assert found.title == RIGHT
    scan = suggest(inspect(draw(tmp_path, [], title=title)), "a.pdf", Known())
    assert scan.title == f"{UNTITLED}a.pdf"


def test_the_noise_of_an_ocr_on_the_page_gives_way_to_its_first_line_of_words():
    assert of(f"{RIGHT}\nEl Concejo", headline="~l|1 .-¡ lI'1 ;:").title == RIGHT


@pytest.mark.parametrize(
    "title",
    [
        "COOTAD",
        "POA 2024",
        "Ordenanza N.º 014-2024",
        "Acuerdo Ministerial Nro. MDT-2023-001",
        "Gobierno abierto: ¿qué es y para qué sirve?",
        "Informe I+D+i",
        "Prevenção e informação",
        "¡Participa ya! — Guía para barrios",
        "Open Government Partnership's Guide",
        "二〇二四 年度",
    ],
)
def test_unusual_titles_read_as_words(title):
    assert reads_as_words(title)


def test_a_title_made_to_hang_the_reader_is_read_at_once():
    assert not is_file_name("documento " + "1" * 250 + " x")


@pytest.mark.parametrize("extension", ["docx", "odt"])
def test_a_title_of_an_office_file_is_repaired(tmp_path, extension):
    wrong = RIGHT.encode().decode("cp1252")
    members = {
        name: content.replace(b"Plan anual", wrong.encode())
        for name, content in office_members(extension).items()
    }
    assert inspect(make_zip(tmp_path, members, f"a.{extension}")).title == RIGHT


def test_a_subject_that_cannot_be_repaired_is_no_summary():
    noise = "Explica c\ufffdmo un municipio abre sus datos a la ciudadan\ufffda."
    assert "summary" not in of("Guía", subject=noise).values


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
