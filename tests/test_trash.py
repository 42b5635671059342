"""A resource in the trash is nowhere on the public site: each door shows it before, and none shows it after."""

import io
import zipfile

import pytest
from django.test import Client
from django.utils import timezone

from resources.files.packs.builder import refresh_packs
from resources.models import Resource
from tests.makers import make_document, make_file, make_law, make_section, pdf_bytes, put_file
from tests.transitions import trash

pytestmark = pytest.mark.django_db
SLUG, TAG = "reglamento-apartado", "apartadas"
LISTS = {
    "home": "/",
    "list": "/recursos/",
    "list by kind": "/recursos/?tipo=instrumento-legal",
    "section": "/secciones/guias/",
    "tag": f"/etiquetas/{TAG}/",
    "search": "/recursos/?q=apartado",
    "search in files": "/recursos/?q=veedores",
    "suggestions": "/recursos/sugerencias?q=apartad",
    "news": "/novedades/",
    "feed": "/recursos.atom",
    "section's feed": "/secciones/guias.atom",
    "tag's feed": f"/etiquetas/{TAG}.atom",
    "CSV": "/catalogo.csv",
    "XLSX": "/catalogo.xlsx",
    "JSON-LD": "/catalogo.jsonld",
    "Turtle": "/catalogo.ttl",
    "API": "/api/v1/recursos",
    "API by tag": f"/api/v1/recursos?etiqueta={TAG}",
    "section's pack": "/secciones/guias/paquete.zip",
    "sitemap": "/sitemap.xml",
}
ITS_OWN = {
    "page": f"/recursos/{SLUG}/",
    "file": f"/recursos/{SLUG}/archivos/reglamento.pdf",
    "file's version": f"/recursos/{SLUG}/archivos/v1/reglamento.pdf",
    "citation": f"/recursos/{SLUG}/cita.bib",
    "API": f"/api/v1/recursos/{SLUG}",
}


@pytest.fixture
def binned(tmp_path) -> Resource:
    section = make_section(title="Guías")
    neighbour = make_document(title="Guía vecina", section=section, tags=(TAG,))
    put_file(neighbour, b"%PDF-1.7 vecina" * 500)
    resource = make_law(
        title="Reglamento apartado", slug=SLUG, section=section, tags=(TAG, "solo-aqui")
    )
    make_file(resource, pdf_bytes("Los veedores actúan."), "reglamento.pdf", folder=tmp_path)
    make_law(title="Ley vecina", section=section)
    refresh_packs.call()
    return resource


def text_of(path: str) -> str:
    """Return what a visitor reads at `path`: of a ZIP, the names and texts of its members too."""
    answer = Client().get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not body.startswith(b"PK"):
        return body.decode()
    with zipfile.ZipFile(io.BytesIO(body)) as pack:
        members = [name for name in pack.namelist() if not name.endswith(".pdf")]
        return " ".join(
            [*pack.namelist(), *(pack.read(n).decode("utf-8", "replace") for n in members)]
        )


def shows(path: str, resource: Resource) -> bool:
    text = text_of(path)
    return SLUG in text or resource.title in text


def put_away(resource: Resource) -> None:
    """Put into the trash by the desk's own step."""
    trash(resource)


def mark_alone(resource: Resource) -> None:
    """Set the mark alone, as a row would be while the index is behind."""
    Resource.objects.filter(pk=resource.pk).update(deleted_at=timezone.now())


@pytest.mark.parametrize("put", [put_away, mark_alone])
def test_a_resource_in_the_trash_is_in_no_list_feed_search_export_or_sitemap(binned, put):
    binned.refresh_from_db()
    assert [name for name, path in LISTS.items() if not shows(path, binned)] == []
    put(binned)
    refresh_packs.call()
    assert [name for name, path in LISTS.items() if shows(path, binned)] == []


def test_a_resource_in_the_trash_has_no_page_file_citation_or_entry(binned):
    assert {Client().get(path).status_code for path in ITS_OWN.values()} == {200}
    trash(binned)
    answers = {name: Client().get(path) for name, path in ITS_OWN.items()}
    assert {
        name: a.status_code for name, a in answers.items() if a.status_code not in (404, 410)
    } == {}
    assert [
        name for name, a in answers.items() if binned.title in a.text and a.status_code == 404
    ] == []


def test_what_only_a_resource_in_the_trash_carried_is_counted_nowhere(binned):
    def counted() -> tuple[int, bool]:
        (section,) = Client().get("/api/v1/secciones").json()["secciones"]
        return section["recursos"], "solo-aqui" in Client().get("/api/v1/etiquetas").text

    assert counted() == (3, True)
    mark_alone(binned)
    assert counted() == (2, False)
