"""The catalogue's addresses: a public contract (tests/test_addresses.py lists them)."""

from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from resources.catalog.sitemaps import SITEMAPS
from resources.views import browse, detail, downloads, packs, results, site, verify


class FileNameConverter(StringConverter):
    """A file's name as it is given when the file first comes: ASCII, one dot, nothing that a path could hide in."""

    regex = r"[a-z0-9_-]+\.[a-z0-9]+"


register_converter(FileNameConverter, "file_name")

resource_urls = [
    path("", detail.resource, name="resource"),
    path("paquete.zip", packs.resource_pack, name="resource-pack"),
    path(
        "archivos/v<int:number>/<file_name:file_name>", downloads.file_version, name="file-version"
    ),
    path("archivos/<file_name:file_name>", downloads.current_file, name="file"),
]

urlpatterns = [
    path("", browse.home, name="home"),
    path("secciones/<slug:slug>/", browse.section, name="section"),
    path("secciones/<slug:slug>/paquete.zip", packs.section_pack, name="section-pack"),
    path("etiquetas/<slug:slug>/", browse.tag, name="tag"),
    path("recursos/", results.resource_list, name="resource-list"),
    path("recursos/sugerencias", results.suggest, name="suggest"),
    path("recursos/<slug:slug>/", include(resource_urls)),
    path("imagenes/<path:name>", downloads.picture, name="picture"),
    path("verificar/", verify.verify, name="verify"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("opensearch.xml", results.opensearch, name="opensearch"),
    path("robots.txt", site.robots, name="robots"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("<slug:slug>/", site.page, name="page"),
]
