"""No public page reads more rows than it shows, whatever the size of the catalogue."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper

from resources.files.packs import builder
from search.utils import results
from tests.makers import make_document, make_file, make_law, make_section, make_video, pdf_bytes
from tests.reading.makers import store_reading
from tests.test_pages import crowd

MOST_ROWS = 200
MANY = 2000
PAGES = (
    "/",
    "/recursos/",
    "/recursos/?pagina=90",
    "/recursos/?tipo=documento",
    "/recursos/?q=guia",
    "/secciones/guias/",
    "/secciones/guias/?pagina=90",
    "/etiquetas/datos/",
    "/novedades/",
    "/recursos.atom",
    "/secciones/guias.atom",
    "/api/v1/recursos",
    "/api/v1/secciones",
    "/recursos/guia/",
    "/recursos/ley/",
    "/recursos/video/",
    "/recursos/guia/leer/",
    "/api/v1/recursos/guia/paginas",
    "/recursos/cantones/",
    "/recursos/cantones/tabla/cantones.csv/",
    "/verificar/",
)


class RowCounter:
    """Counts the rows that Django's cursors return."""

    def __init__(self) -> None:
        self.rows = 0

    def count(self, found: Any) -> Any:
        self.rows += len(found) if isinstance(found, list) else found is not None
        return found

    def iterate(self, cursor: CursorWrapper) -> Iterator[tuple]:
        for row in cursor.cursor:
            self.rows += 1
            yield row


@pytest.fixture
def counter(monkeypatch) -> RowCounter:
    counter, read = RowCounter(), CursorWrapper.__getattr__

    def counted(cursor: CursorWrapper, name: str) -> Any:
        attribute = read(cursor, name)
        if not name.startswith("fetch"):
            return attribute
        return lambda *arguments: counter.count(attribute(*arguments))

    monkeypatch.setattr(CursorWrapper, "__getattr__", counted)
    monkeypatch.setattr(CursorWrapper, "__iter__", lambda cursor: counter.iterate(cursor))
    return counter


@pytest.fixture(scope="module")
def catalogue(made_for_module) -> None:
    section = make_section(title="Guías", slug="guias")
    guide = make_document(title="Guía", section=section, tags=("Datos",))
    store_reading(make_file(guide, pdf_bytes("Una página."), folder=made_for_module), "Una página.")
    make_law(title="Ley", section=section)
    rows = "".join(f"Cantón {number},{number}\n" for number in range(MANY))
    cantons = make_document(title="Cantones", section=section)
    make_file(cantons, f"a,b\n{rows}".encode(), "cantones.csv", folder=made_for_module)
    make_video(title="Video", section=make_section(title="Videos"))
    crowd(guide, MANY)
    builder.refresh_packs.call()


@pytest.mark.django_db
@pytest.mark.uncached("counts the rows of a page that is rendered")
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_a_large_catalogue_reads_few_rows(client, catalogue, counter, path):
    assert client.get(path).status_code == 200
    results.clear()
    counter.rows = 0
    assert client.get(path).status_code == 200
    assert 0 < counter.rows <= MOST_ROWS


@pytest.mark.django_db
def test_rows_are_counted(catalogue, counter):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 UNION SELECT 2")
        cursor.fetchall()
        cursor.execute("SELECT 1 UNION SELECT 2")
        list(cursor)
    assert counter.rows == 4
