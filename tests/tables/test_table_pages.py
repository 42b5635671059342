"""The page of a table: the first rows of a file, told how many there are, and the file one step away."""

import io

import pytest
from openpyxl import Workbook

from inspection import FileRefused
from resources.files.takedown import take_down
from resources.models import SiteSettings
from tables.models import TablePreview, TableSheet
from tables.reader import read_version
from tables.tasks import read_unread_tables
from tests.makers import make_document, make_editor, make_file, put_file

pytestmark = pytest.mark.django_db
LIST = "Cantón,Monto,Código\nCuenca,1234.5,0101\nQuito,,1701\n"
PAGE = "/recursos/cantones/tabla/cantones.csv/"


def workbook() -> bytes:
    book = Workbook()
    book.active.title = "Montos"
    book.active.append(["Cantón", "Monto"])
    book.active.append(["Cuenca", 3])
    other = book.create_sheet("Personas")
    other.append(["Nombre"])
    other.append(["Ana"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def make_table(folder, content: str | bytes = LIST, name: str = "cantones.csv", **values):
    document = make_document(**{"title": "Cantones", "slug": "cantones"} | values)
    content = content.encode() if isinstance(content, str) else content
    return make_file(document, content, name, folder=folder)


def text_of(response) -> str:
    return response.content.decode()


def test_a_stored_table_is_linked_from_its_file_and_shown_as_a_page(client, tmp_path):
    make_table(tmp_path)
    assert f'href="{PAGE}"' in text_of(client.get("/recursos/cantones/"))
    page = text_of(client.get(PAGE))
    assert '<th scope="col" data-type="text">Cantón</th>' in page
    assert '<td class="num">1234.5</td>' in page
    assert "2 filas." in page
    assert 'href="/recursos/cantones/archivos/cantones.csv"' in page


def test_an_empty_cell_is_told_and_a_code_is_no_number(client, tmp_path):
    make_table(tmp_path)
    page = text_of(client.get(PAGE))
    assert '<td class="void"><span class="vh">vacía</span></td>' in page
    assert "<td>0101</td>" in page


def test_a_long_table_tells_how_many_of_its_rows_are_shown(client, tmp_path):
    rows = "".join(f"Cantón {number},{number}\n" for number in range(12_345))
    make_table(tmp_path, f"nombre,valor\n{rows}")
    page = text_of(client.get(PAGE))
    assert "Se muestran las primeras 200 de 12.345 filas. El archivo las tiene todas." in page
    assert page.count("<tr>") == 201


def test_a_sheet_of_a_workbook_is_chosen_by_a_link(client, tmp_path):
    make_table(tmp_path, workbook(), "cantones.xlsx")
    path = "/recursos/cantones/tabla/cantones.xlsx/"
    first = text_of(client.get(path))
    assert f'<a href="{path}" aria-current="page">Montos</a>' in first
    assert f'<a href="{path}?hoja=2">Personas</a>' in first
    second = text_of(client.get(f"{path}?hoja=2"))
    assert "<td>Ana</td>" in second
    assert "Cuenca" not in second
    for wrong in ("3", "0", "x", "9999999", ""):
        assert client.get(f"{path}?hoja={wrong}").status_code == 404, wrong


def test_text_of_a_file_is_never_markup(client, tmp_path):
    make_table(tmp_path, "a,b\n<b>negrita</b>,2\n")
    assert "&lt;b&gt;negrita&lt;/b&gt;" in text_of(client.get(PAGE))


def test_other_files_and_unknown_names_have_no_table(client, tmp_path):
    version = make_table(tmp_path)
    make_file(version.file.resource, folder=tmp_path)
    assert "/tabla/guia.pdf/" not in text_of(client.get("/recursos/cantones/"))
    for name in ("guia.pdf", "otra.csv"):
        assert client.get(f"/recursos/cantones/tabla/{name}/").status_code == 404


def test_the_table_of_a_draft_is_for_editors_alone(client, tmp_path):
    make_table(tmp_path, status="draft")
    assert client.get(PAGE).status_code == 404
    client.force_login(make_editor())
    assert "Cuenca" in text_of(client.get(PAGE))


def test_a_new_version_replaces_the_table(client, tmp_path):
    first = make_table(tmp_path)
    assert "Cuenca" in text_of(client.get(PAGE))
    make_file(
        first.file.resource,
        b"Cant\xc3\xb3n,Monto\nLoja,1\n",
        "cantones.csv",
        folder=tmp_path,
        slot=first.file,
        note="Otro cantón.",
    )
    page = text_of(client.get(PAGE))
    assert "Loja" in page
    assert "Cuenca" not in page
    assert TablePreview.objects.count() == 1


def test_a_takedown_erases_the_rows_too(client, tmp_path):
    version = make_table(tmp_path)
    take_down(version, reason="Datos personales.", user=None)
    assert not TableSheet.objects.exists()
    answer = client.get(PAGE)
    assert answer.status_code == 410
    assert "Datos personales." in text_of(answer)
    assert read_version(version) is None
    assert not TablePreview.objects.exists()


def test_a_file_that_cannot_be_read_is_offered_for_download(client, tmp_path, monkeypatch):
    def refuse(*args, **options):
        raise FileRefused("timeout", "Reduzca las páginas.")

    monkeypatch.setattr("tables.reader.preview_sheets", refuse)
    make_table(tmp_path)
    page = text_of(client.get(PAGE))
    assert "La tabla es demasiado grande para mostrarla en la página." in page
    assert "noindex" in page
    assert PAGE not in text_of(client.get("/recursos/cantones/"))


def test_tables_of_before_are_read_after_an_update_and_pages_follow(client):
    version = put_file(
        make_document(slug="cantones"), LIST.encode(), "cantones.csv", media_type="text/csv"
    )
    assert "se está preparando" in text_of(client.get(PAGE))
    before = SiteSettings.load().content_version
    read_unread_tables.call()
    assert SiteSettings.load().content_version > before
    assert "Cuenca" in text_of(client.get(PAGE))
    TablePreview.objects.update(reader=0)
    TableSheet.objects.all().delete()
    read_unread_tables.call()
    assert version.table_preview.sheets.count() == 1
    before = SiteSettings.load().content_version
    read_unread_tables.call()
    assert SiteSettings.load().content_version == before, "nothing was left to read"


def test_a_file_that_the_storage_lost_does_not_keep_the_others_waiting(client):
    document = make_document(slug="cantones")
    lost = put_file(document, b"a,b\n1,2\n", "perdida.csv", media_type="text/csv")
    lost.stored.storage.delete(lost.stored.name)
    put_file(document, LIST.encode(), "cantones.csv", media_type="text/csv")
    read_unread_tables.call()
    assert "Cuenca" in text_of(client.get(PAGE))


def test_many_tables_are_read_by_several_tasks(monkeypatch):
    monkeypatch.setattr("tables.tasks.AT_ONCE", 2)
    document = make_document()
    for number in range(5):
        put_file(document, f"a,b\n{number},2\n".encode(), "t.csv", media_type="text/csv")
    read_unread_tables.call()
    assert TablePreview.objects.count() == 5


def test_the_table_of_a_draft_does_not_raise_the_version_of_the_public_content(tmp_path):
    draft = make_document(status="draft")
    version = put_file(draft, LIST.encode(), "t.csv", media_type="text/csv")
    before = SiteSettings.load().content_version
    read_version(version)
    assert SiteSettings.load().content_version == before


def test_a_table_is_asked_for_again_only_after_a_change(client, tmp_path):
    make_table(tmp_path)
    etag = client.get(PAGE)["ETag"]
    assert client.get(PAGE, headers={"if-none-match": etag}).status_code == 304
