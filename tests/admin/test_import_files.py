"""Lists as other programs write them: nothing that was in a file is dropped unsaid, and nothing of it acts."""

import csv
import io
import random
import re
import zipfile

import pytest
from django.urls import reverse
from openpyxl import Workbook

from inspection import FileRefused, read_table
from resources.csv_guard import csv_line, escape_formula, unescape_formula
from resources.kinds.document import Document
from resources.models import Resource
from tests.admin.desk import said, sign_in
from tests.admin.test_import_export import as_csv, as_xlsx, bring, confirm, exported
from tests.inspection.test_tables import HEAD, with_sheet
from tests.makers import make_document, make_infographic, make_section, make_video

pytestmark = pytest.mark.django_db


def refusal(page) -> str:
    return str(page.context["form"].errors["file"])


def declaring(content: bytes, size: str) -> bytes:
    """The workbook with another size declared."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name.startswith("xl/worksheets/"):
                body = re.sub(
                    rb'<dimension ref="[^"]*"', b'<dimension ref="%s"' % size.encode(), body
                )
            new.writestr(name, body)
    return out.getvalue()


@pytest.mark.parametrize("size", ["A1", "A1:B2", "A1:XFD1048576"])
def test_a_workbook_with_a_wrong_size_loses_no_column(client, size):
    sign_in(client)
    section = make_section(title="Guías")
    known = make_document(title="Guía A", section=section, link_pending=True)
    rows = [
        ["direccion", "tipo", "titulo", "seccion", "descripcion", "etiquetas"],
        [known.slug, "documento", "Guía A", None, "Texto cambiado por la hoja", "riego"],
        [None, "documento", "Nuevo desde hoja", "Guías", "Uno", "riego"],
    ]
    page = bring(client, declaring(as_xlsx(rows), size), "hoja.xlsx")
    assert page.context["faulty"] == []
    assert len(page.context["new"]) == 1
    assert [d.label for d in page.context["changed"][0].differences] == ["Etiquetas", "Descripción"]
    confirm(client, page)
    known.refresh_from_db()
    assert (known.summary, known.section) == ("Texto cambiado por la hoja", section)


def test_a_heavy_workbook_is_refused_in_words_about_lists(client):
    sign_in(client)
    book = Workbook()
    for _ in range(700):
        book.active.append(["x"])
    out = io.BytesIO()
    book.save(out)
    assert "más de 500 filas" in refusal(bring(client, out.getvalue(), "hoja.xlsx"))


def test_an_upload_is_read_by_the_child_and_not_by_the_site(client, monkeypatch):
    monkeypatch.setattr("resources.files.table_upload.read_table", read_table)
    sign_in(client)
    page = bring(client, with_sheet(f"{HEAD}<row r='2'>{'<c/>' * 600_000}</row>"), "hoja.xlsx")
    assert "más de 500.000 celdas" in refusal(page)
    assert "libro nuevo" in refusal(page)
    make_section(title="Guías")
    rows = [["tipo", "titulo", "seccion"], ["documento", "Nueva", "Guías"]]
    assert len(bring(client, as_xlsx(rows), "hoja.xlsx").context["new"]) == 1


@pytest.mark.parametrize("code", ["memory", "timeout", "too_much_text", "crashed", "bomb"])
def test_a_list_too_heavy_for_the_child_is_refused_in_words_about_lists(client, monkeypatch, code):
    def refuse(*args, **kwargs):
        raise FileRefused(code, "Menos páginas e imágenes.")

    monkeypatch.setattr("resources.files.table_upload.read_table", refuse)
    sign_in(client)
    told = refusal(bring(client, b"titulo\nA\n"))
    assert "CSV UTF-8" in told
    assert "páginas" not in told


def test_another_sheet_with_content_is_said_on_the_dry_run(client):
    sign_in(client)
    make_section(title="Guías")
    book = Workbook()
    for row in (["tipo", "titulo", "seccion"], ["documento", "Nueva", "Guías"]):
        book.active.append(row)
    book.create_sheet("Anexo").append(["más", "datos"])
    out = io.BytesIO()
    book.save(out)
    page = bring(client, out.getvalue(), "hoja.xlsx")
    assert "«Anexo»" in said(page)
    assert len(page.context["new"]) == 1


def test_a_column_with_content_and_no_heading_is_said(client):
    sign_in(client)
    make_section(title="Guías")
    rows = [["tipo", "titulo", "", "seccion", ""], ["documento", "Nueva", "perdido", "Guías", ""]]
    page = bring(client, as_csv(rows))
    assert page.context["unknown"] == ["C (sin encabezado)"]
    assert "C (sin encabezado)" in page.content.decode()


def test_an_empty_column_without_a_heading_is_no_matter(client):
    sign_in(client)
    make_section(title="Guías")
    rows = [["tipo", "titulo", "", "seccion"], ["documento", "Nueva", "", "Guías"]]
    assert bring(client, as_csv(rows)).context["unknown"] == []


def test_an_empty_cell_of_what_cannot_be_empty_changes_nothing(client):
    sign_in(client)
    known = make_document(title="Guía A", link_pending=True, licence="CC BY")
    head = ["direccion", "tipo", "titulo", "seccion", "estado", "licencia"]
    page = bring(client, as_csv([head, [known.slug, "", "", "", "", ""]]))
    assert page.context["faulty"] == []
    assert [d.label for d in page.context["changed"][0].differences] == ["Licencia"]


@pytest.mark.parametrize("first", ["sep=;", "\ufeffSEP=;", '"sep=;"'])
def test_a_csv_that_declares_its_separator_is_read(client, first):
    sign_in(client)
    known = make_document(title="Guía", link_pending=True)
    content = f"{first}\ndireccion;titulo\n{known.slug};Otro titulo\n".encode()
    assert bring(client, content).context["changed"][0].number == 2


def test_the_unicode_text_of_excel_is_read(client):
    sign_in(client)
    make_section(title="Guías")
    content = "tipo\ttitulo\tseccion\r\ndocumento\tAño\tGuías\r\n".encode("utf-16")
    assert bring(client, content, "lista.txt").context["new"][0].title == "Año"


@pytest.mark.parametrize("word", ["VERDADERO", "TRUE", "Sí", "1", "verdadeiro", "VRAI", "wahr"])
def test_a_boolean_is_read_in_the_language_of_the_spreadsheet(client, word):
    sign_in(client)
    known = make_document(link_pending=False)
    page = bring(client, as_csv([["direccion", "enlace_por_verificar"], [known.slug, word]]))
    assert page.context["changed"][0].differences[0].after == "sí"


FORMULAS = ["=1+1", "a;=1+1;b", "a\t=1", "a\r\n=1", "＝1", "＠x", " =1", "@x", "+1", "-1", "x; '-1"]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_separator_that_a_spreadsheet_expects_lets_a_formula_begin_a_cell(text, delimiter):
    line = csv_line(["id", text, "z"])
    for row in csv.reader(io.StringIO(line, newline=""), delimiter=delimiter):
        assert not [cell for cell in row if cell.strip().startswith(tuple("=+-@＝＠"))]


def test_a_cell_with_any_separator_is_quoted():
    assert csv_line(["a;b", "a,=b", "c"]) == '"a;b","a,=b",c\r\n'


def test_the_guard_is_taken_away_exactly_once_whatever_the_text():
    rng = random.Random(26)
    for _ in range(5_000):
        text = "".join(rng.choices("='-+@;|\t\r\n ,a\"＝", k=rng.randint(0, 8)))
        assert unescape_formula(escape_formula(text)) == text
        assert next(csv.reader(io.StringIO(csv_line([text, "z"]), newline="")))[
            0
        ] == escape_formula(text)


@pytest.mark.parametrize("address", ["/catalogo.csv", "/admin/resources/resource/exportar/"])
def test_exports_guard_a_formula_behind_another_separator(client, address):
    sign_in(client)
    make_document(title="Guía", summary="agua;=1+1;suelo", link_pending=True)
    response = client.get(address)
    assert '"agua;\'=1+1;suelo"' in response.getvalue().decode("utf-8-sig")


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_any_text_that_is_exported_comes_back_without_a_change(client, extension):
    sign_in(client)
    for text in (*FORMULAS, "'x", "''=1", "- uno\r\n- dos", "  con aire  ", "_x0041_", 'di"jo'):
        make_document(title=text, summary=text, editor_note=text, link_pending=True)
    make_infographic(link_pending=True, text_alternative="- uno\r\n- dos\r\n\r\n=tres\n")
    make_video(transcript="palabra " * 5_000)
    assert len(exported(client, extension)) > 10
    response = client.get(reverse("admin:resources_resource_export"), {"formato": extension})
    page = bring(client, response.getvalue(), f"lista.{extension}")
    assert page.context["faulty"] == []
    changed = [plan.differences for plan in page.context["changed"]]
    assert (changed, page.context["same"]) == ([], Resource.objects.count())


def test_one_change_is_applied_in_the_singular(client):
    sign_in(client)
    make_section(title="Guías")
    head = ["tipo", "titulo", "seccion"]
    new = ["documento", "Nueva", "Guías"]
    html = bring(client, as_csv([head, new])).content.decode()
    assert "Aplicar el cambio" in html
    html = bring(client, as_csv([head, new, ["folleto", "Otra", "Guías"]])).content.decode()
    assert "Aplicar solo la línea sin errores" in html
    html = bring(client, as_csv([head, new, ["documento", "Otra", "Guías"]])).content.decode()
    assert "Aplicar los 2 cambios" in html


def test_a_title_in_decomposed_letters_is_the_same_title(client):
    sign_in(client)
    section = make_section(title="Niñez")
    make_document(title="Nino", section=section, link_pending=True)
    head = ["tipo", "titulo", "seccion", "etiquetas"]
    row = ["documento", "Nin\u0303o", "Nin\u0303ez", "an\u0303o, Año"]
    page = bring(client, as_csv([head, row]))
    assert page.context["faulty"] == []
    confirm(client, page)
    made = Document.objects.get(title="Niño")
    assert [tag.name for tag in made.tags.all()] == ["año"]
    again = bring(client, as_csv([head, row]))
    assert "nino-2" in again.context["faulty"][0].errors[0][1]
