"""The site's addresses are a public contract: this is the list. A new one is written here, none is ever dropped.

Beside them stand `/livez` and `/readyz` (test_health.py).
"""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = """
.well-known/security.txt
<slug:slug>/
api/v1/
api/v1/<path:rest>
api/v1/etiquetas
api/v1/openapi.json
api/v1/recursos
api/v1/recursos/<slug:slug>
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
recursos.atom
recursos/
recursos/<slug:slug>/
recursos/<slug:slug>/archivos/<file_name:file_name>
recursos/<slug:slug>/archivos/v<int:number>/<file_name:file_name>
recursos/<slug:slug>/cita.bib
recursos/<slug:slug>/cita.ris
recursos/<slug:slug>/paquete.zip
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
