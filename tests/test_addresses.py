"""The site's addresses are a public contract: this is the list. A new one is written here, none is ever dropped.

Beside them stand `/livez` and `/readyz` (test_health.py).
"""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from resources.files.packs.builder import refresh_packs
from resources.models import Page
from tests.makers import (
    make_document,
    make_infographic,
    make_law,
    make_section,
    make_video,
    put_file,
)
from tests.reading.makers import store_reading

PUBLIC = """
.well-known/security.txt
<slug:slug>/
api/v1/
api/v1/<path:rest>
api/v1/etiquetas
api/v1/openapi.json
api/v1/recursos
api/v1/recursos/<slug:slug>
api/v1/recursos/<slug:slug>/paginas
api/v1/secciones
catalogo.csv
catalogo.jsonld
catalogo.ttl
catalogo.xlsx
csp-reportes
etiquetas/<slug:slug>.atom
etiquetas/<slug:slug>/
favicon.ico
imagenes/<path:name>
novedades/
opensearch.xml
r/<slug:code>
recursos.atom
recursos/
recursos/<slug:slug>/
recursos/<slug:slug>/archivos/<file_name:file_name>
recursos/<slug:slug>/archivos/v<int:number>/<file_name:file_name>
recursos/<slug:slug>/articulos/<slug:key>/
recursos/<slug:slug>/cita.bib
recursos/<slug:slug>/cita.ris
recursos/<slug:slug>/comparar/<file_name:file_name>/v<int:older>-v<int:newer>/
recursos/<slug:slug>/comparar/v<int:older>-v<int:newer>/
recursos/<slug:slug>/leer.md
recursos/<slug:slug>/leer/
recursos/<slug:slug>/leer/<file_name:file_name>/
recursos/<slug:slug>/leer/<file_name:file_name>/v<int:number>/
recursos/<slug:slug>/leer/v<int:number>/
recursos/<slug:slug>/paquete.zip
recursos/<slug:slug>/tabla/<file_name:file_name>/
recursos/<slug:slug>/transcripcion.txt
recursos/<slug:slug>/vista-previa/<str:token>/
recursos/<slug:slug>/vista-previa/<str:token>/archivos/<file_name:file_name>
recursos/sugerencias
reportar/
robots.txt
secciones/<slug:slug>.atom
secciones/<slug:slug>/
secciones/<slug:slug>/paquete.zip
seguimiento/<slug:token>/
sitemap-<slug:name>.xml
sitemap.xml
solicitar/
verificar/
""".split()


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Return every route below `resolver` as it is written in the lists of addresses."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern, route)


def test_the_site_has_these_addresses_and_no_others():
    found = {route for route in routes(get_resolver()) if not route.startswith("admin/")}
    assert found - {""} == set(PUBLIC)  # and the home page


KINDS = {
    "guia": make_document,
    "lamina": make_infographic,
    "ley": make_law,
    "video": make_video,
}
NOT_FOUND = """
api/v1/<path:rest>
imagenes/<path:name>
r/<slug:code>
recursos/<slug:slug>/transcripcion.txt
recursos/<slug:slug>/vista-previa/<str:token>/
recursos/<slug:slug>/vista-previa/<str:token>/archivos/<file_name:file_name>
seguimiento/<slug:token>/
""".split()
"""Addresses that lead nowhere: their value below is unknown, or no resource here has a transcript (test_transcripts.py)."""
VALUES = {
    "rest": "nada",
    "token": "x",
    "code": "x",
    "file_name": "guia.pdf",
    "number": "1",
    "key": "1",
    "older": "1",
    "newer": "2",
    "name": "recursos",
}
SLUGS = {"secciones": "guias", "etiquetas": "agua", "<slug:slug>": "acerca"}


@pytest.fixture(scope="module")
def catalogue(made_for_module) -> None:
    """One of every kind, with two files, in a section and a tag that have packs and feeds."""
    section = make_section(title="Guías", slug="guias")
    for slug, make in KINDS.items():
        resource = make(title=slug, slug=slug, section=section, tags=("agua",))
        old = put_file(resource)
        new = put_file(resource, b"%PDF-1.7 b", slot=old.file, number=2, change_note="Otra.")
        for version in (old, new):
            store_reading(version, "Art. 1.- Uno.\nArt. 2.- Dos.")
        put_file(resource, b"a,b", "tabla.csv", media_type="text/csv")
    Page.objects.create(slug="acerca", title="Acerca", body="Texto")
    refresh_packs.call()


def path_of(route: str, kind: str) -> str:
    """Return the address that `route` gives to the resource of `kind`, or to what stands around it."""
    values = VALUES | {"slug": SLUGS.get(route.partition("/")[0].partition(".")[0], kind)}
    if "/tabla/" in route:
        values["file_name"] = "tabla.csv"
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: values[found[1]], route)


@pytest.mark.parametrize("route", PUBLIC)
@pytest.mark.usefixtures("catalogue", "module_files")
def test_every_address_answers_for_every_kind(client, db, route):
    expected = 405 if route == "csp-reportes" else 404 if route in NOT_FOUND else 200
    kinds = ["ley"] if "articulos" in route else KINDS
    for path in {path_of(route, kind) for kind in kinds}:
        assert client.get(path).status_code == expected, path
