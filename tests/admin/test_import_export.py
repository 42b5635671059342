"""The catalogue as a list: out, in again, and nothing happens before it was shown."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from resources.admin.import_export import row_results
from resources.kinds.document import Document
from resources.kinds.legislation.models import LegalInstrument
from resources.models import Organization, Resource, Revision
from resources.opendata.tabular import headings
from search.index.writer import batch_index_updates
from tests.admin.desk import act, said, sign_in
from tests.makers import make_document, make_infographic, make_law, make_section, make_video

pytestmark = pytest.mark.django_db
IMPORT = "admin:resources_resource_import"


def as_csv(rows: list[list[str]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()


def as_xlsx(rows: list[list]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring(client, content: bytes, name: str = "lista.csv"):
    """Upload a list; return the page of its dry run, or the form that refused it."""
    return client.post(reverse(IMPORT), {"file": SimpleUploadedFile(name, content)}, follow=True)


def confirm(client, page):
    url = page.redirect_chain[-1][0]
    return client.post(url, {"shown": page.context["shown"]}, follow=True)


def exported(client, extension: str = "csv", **query) -> list[list[str]]:
    response = client.get(
        reverse("admin:resources_resource_export"), {"formato": extension} | query
    )
    assert response.status_code == 200
    if extension == "xlsx":
        rows = load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
        return [[cell or "" for cell in row] for row in rows]
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@batch_index_updates()
def two_hundred() -> list[list[str]]:
    """Return 200 lines: 100 changes, 95 new ones, and five faults."""
    section = make_section(title="Guías")
    known = [
        make_document(title=f"Guía {n}", section=section, link_pending=True) for n in range(100)
    ]
    head = ["direccion", "tipo", "titulo", "seccion", "fecha_de_emision", "idioma", "fuente"]
    rows = [
        [d.slug, "documento", f"{d.title}, revisada", "Guías", "2024-03", "Español", ""]
        for d in known
    ]
    rows += [["", "documento", f"Nueva {n}", "guias", "2024", "es", ""] for n in range(95)]
    rows += [
        ["no-existe", "", "Perdida", "Guías", "", "", ""],
        ["", "folleto", "De otro tipo", "Guías", "", "", ""],
        ["", "documento", "Sin fecha buena", "Guías", "31/02/2024", "", ""],
        ["", "documento", "Sin sección", "Inventada", "", "klingon", ""],
        ["", "documento", "Mala fuente", "Guías", "", "", "esto no es una dirección"],
    ]
    return [head, *rows]


def test_two_hundred_lines_with_five_faults_are_shown_before_anything_happens(client):
    sign_in(client)
    rows = two_hundred()
    page = bring(client, as_xlsx(rows), "lista.xlsx")
    told = page.context
    assert (len(told["changed"]), len(told["new"]), len(told["faulty"])) == (100, 95, 5)
    faults = {plan.number: {name for name, _ in plan.errors} for plan in told["faulty"]}
    assert faults == {
        197: {"direccion"},
        198: {"tipo"},
        199: {"fecha_de_emision"},
        200: {"seccion", "idioma"},
        201: {"fuente"},
    }
    html = page.content.decode()
    for words in (
        "Línea 197",
        "«31/02/2024» no es una fecha",
        "Guía 7, revisada",
        "No existe esa sección",
    ):
        assert words in html, words
    assert Resource.objects.count() == 100
    assert not Resource.objects.filter(title__contains="revisada").exists()


def test_the_lines_without_faults_are_applied_and_the_others_are_given_back(client):
    person = sign_in(client)
    rows = two_hundred()
    kept = rows[:1] + rows[1:4] + rows[101:104] + rows[196:]
    page = bring(client, as_csv(kept, ";"))
    done = confirm(client, page)
    assert "6 recursos" in said(done)
    assert "5 líneas con errores" in said(done)
    assert (
        Document.objects.filter(title__endswith="revisada", issued_on_precision="month").count()
        == 3
    )
    new = Document.objects.get(title="Nueva 1")
    assert (new.status, new.slug) == ("draft", "nueva-1")
    assert Revision.objects.of(new).last().by == person
    assert "Línea 2 de «lista.csv»." in [e.note for e in Revision.objects.filter(action="imported")]
    url = page.redirect_chain[-1][0] + "errores.csv"
    faults = b"".join(client.get(url).streaming_content).decode("utf-8-sig")
    assert faults.splitlines()[0].endswith(",errores")
    assert "Créela primero" in faults
    again = bring(client, faults.encode())
    assert len(again.context["faulty"]) == 5


def test_one_line_applied_and_one_left_are_told_in_the_singular(client):
    sign_in(client)
    make_section(title="Guías")
    head = ["direccion", "tipo", "titulo", "seccion"]
    good, bad = ["", "documento", "Nueva", "Guías"], ["", "folleto", "Otra", "Guías"]
    told = said(confirm(client, bring(client, as_csv([head, good, bad]))))
    assert "Importación aplicada: 1 recurso." in told
    assert "Quedó sin aplicar 1 línea con errores: descárguela" in told


def test_what_is_exported_comes_back_without_a_change(client):
    sign_in(client)
    issuer = Organization.objects.create(name="Municipio", acronym="GAD")
    section = make_section()
    values = {"section": section, "issuer": issuer, "tags": ("agua", "suelo, aire"[:5])}
    make_document(issued_on="2024-01-01", issued_on_precision="year", link_pending=True, **values)
    make_infographic(link_pending=True, **values)
    make_law(link_pending=True, gazette_date="2020-01-02", evidence_note="=Nota", **values)
    make_video(duration=timedelta(minutes=12, seconds=30), editor_note="'Interna", **values)
    for extension in ("csv", "xlsx"):
        assert exported(client, extension)[0] == list(headings())
        response = client.get(reverse("admin:resources_resource_export"), {"formato": extension})
        page = bring(client, response.getvalue(), f"lista.{extension}")
        assert page.context["total"] == 4
        assert page.context["faulty"] == []
        assert page.context["same"] == 4, [p.differences for p in page.context["changed"]]


def test_a_cell_that_a_spreadsheet_would_calculate_is_harmless(client):
    sign_in(client)
    make_document(title="=HYPERLINK(1)", summary="+1")
    response = client.get(reverse("admin:resources_resource_export"))
    assert b"'=HYPERLINK(1)" in b"".join(response.streaming_content)
    cell = load_workbook(
        io.BytesIO(
            client.get(reverse("admin:resources_resource_export"), {"formato": "xlsx"}).content
        )
    ).active["C2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_the_export_costs_few_queries_whatever_its_size(client, django_assert_max_num_queries):
    sign_in(client)
    section = make_section()
    for n in range(20):
        make_document(section=section, tags=(f"t{n}",))
    with django_assert_max_num_queries(8):
        exported(client)


def test_what_is_chosen_is_exported_from_the_list(client):
    sign_in(client)
    one, _ = make_document(title="Esta"), make_document(title="Otra")
    response = act(client, reverse("admin:resources_resource_changelist"), "export_csv", [one])
    text = b"".join(response.streaming_content).decode()
    assert "Esta" in text
    assert "Otra" not in text


def test_an_absent_column_changes_nothing_and_an_empty_cell_clears(client):
    sign_in(client)
    document = make_document(link_pending=True, licence="CC BY", source_url="https://example.org/a")
    page = bring(client, as_csv([["direccion", "licencia"], [document.slug, ""]]))
    assert [d.label for d in page.context["changed"][0].differences] == ["Licencia"]
    confirm(client, page)
    document.refresh_from_db()
    assert (document.licence, document.source_url) == ("", "https://example.org/a")


def test_nothing_is_applied_if_the_catalogue_changed_since_it_was_shown(client):
    sign_in(client)
    document = make_document(link_pending=True)
    page = bring(client, as_csv([["direccion", "licencia"], [document.slug, "CC BY"]]))
    document.licence = "CC0"
    document.save()
    answer = confirm(client, page)
    assert "cambiaron desde que vio esto" in said(answer)
    document.refresh_from_db()
    assert document.licence == "CC0"
    confirm(
        client,
        page.__class__
        and bring(client, as_csv([["direccion", "licencia"], [document.slug, "CC BY"]])),
    )
    document.refresh_from_db()
    assert document.licence == "CC BY"


def test_an_import_is_applied_once(client):
    sign_in(client)
    section = make_section(title="Guías")
    rows = [["tipo", "titulo", "seccion"], ["documento", "Nueva", section.title]]
    page = bring(client, as_csv(rows))
    confirm(client, page)
    confirm(client, page)
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"%PDF-1.7 nada", "lista.csv", "PDF"),
        (b"titulo,seccion\r\n", "lista.csv", "ninguna fila"),
        (b"titulo,titulo\r\na,b\r\n", "lista.csv", "repetidas"),
        (b"nombre,lugar\r\na,b\r\n", "lista.csv", "Falta la columna"),
        (b"titulo,seccion\r\na,b,c\r\n", "lista.csv", "más celdas"),
        (b'titulo,seccion\r\n"a,b\r\nc,d\r\n', "lista.csv", "comilla"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(client, content, name, why):
    sign_in(client)
    page = bring(client, content, name)
    assert why in str(page.context["form"].errors["file"])


def test_too_long_a_list_is_refused(client):
    sign_in(client)
    rows = [["tipo", "titulo"], *(["documento", f"D{n}"] for n in range(501))]
    assert "más de 500 filas" in str(bring(client, as_csv(rows)).context["form"].errors["file"])


def test_a_list_from_an_old_program_is_read_too(client):
    sign_in(client)
    make_section(title="Guías")
    content = "tipo;titulo;seccion\r\ndocumento;Año y señal;Guías\r\n".encode("cp1252")
    page = bring(client, content)
    assert page.context["new"][0].title == "Año y señal"


def test_edicion_imports_drafts_and_touches_nothing_public(client):
    sign_in(client, "Edición")
    section = make_section(title="Guías")
    public = make_document(section=section, link_pending=True)
    draft = make_document(section=section, status="draft", link_pending=True)
    rows = [
        ["direccion", "tipo", "titulo", "seccion", "descripcion", "estado"],
        [public.slug, "", public.title, "Guías", "Otra.", ""],
        [draft.slug, "", draft.title, "Guías", "Otra.", "En revisión"],
        ["", "documento", "Nueva", "Guías", "De qué trata.", "Publicado"],
    ]
    page = bring(client, as_csv(rows))
    assert {plan.number for plan in page.context["faulty"]} == {2, 4}
    confirm(client, page)
    draft.refresh_from_db()
    assert (draft.summary, draft.status) == ("Otra.", "review")
    assert not Document.objects.filter(title="Nueva").exists()


def test_publicacion_publishes_by_list_what_lacks_nothing(client):
    sign_in(client)
    make_section(title="Leyes")
    rows = [
        ["tipo", "titulo", "seccion", "descripcion", "enlace_por_verificar", "estado"],
        ["instrumento-legal", "Ley A", "Leyes", "De qué trata.", "sí", "Publicado"],
        ["instrumento-legal", "Ley B", "Leyes", "", "sí", "Publicado"],
        ["instrumento-legal", "Ley C", "Leyes", "De qué trata.", "sí", "Retirado"],
    ]
    page = bring(client, as_csv(rows))
    faults = {plan.number: plan.errors[0][0] for plan in page.context["faulty"]}
    assert faults == {3: "descripcion", 4: "estado"}
    confirm(client, page)
    assert LegalInstrument.objects.get().is_public


def test_someone_else_s_import_is_not_seen(client):
    sign_in(client)
    make_section(title="Guías")
    page = bring(client, as_csv([["tipo", "titulo", "seccion"], ["documento", "N", "Guías"]]))
    url = page.redirect_chain[-1][0]
    sign_in(client)
    assert client.get(url).status_code == 404


def test_each_line_is_stored_by_itself_so_that_no_other_writer_waits_for_the_whole_list(
    client, monkeypatch
):
    section = make_section()
    sign_in(client)
    rows = [["titulo", "tipo", "seccion"]]
    rows += [[f"Guía número {n}", "documento", section.title] for n in range(4)]
    page = bring(client, as_csv(rows))
    at_a_time = []

    def apply_one(plan, user, name):
        at_a_time.append(connection.savepoint_ids[:])
        if plan.number == 4:
            raise OperationalError("database is locked")
        return real(plan, user, name)

    real = row_results._apply_one
    monkeypatch.setattr(row_results, "_apply_one", apply_one)
    answer = confirm(client, page)
    assert answer.status_code == 503
    assert Resource.objects.count() == 2, "what was stored before it stays"
    assert len(at_a_time) == 3
    monkeypatch.undo()
    url = page.redirect_chain[-1][0]
    again = client.get(url)
    assert again.context["able"] == 2
    client.post(url, {"shown": again.context["shown"]})
    assert Resource.objects.count() == 4
