"""Public addresses of the catalogue, a contract (tests/test_addresses.py lists them)."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from resources.opendata.exports import EXPORTS
from resources.views import (
    api,
    browse,
    citations,
    detail,
    downloads,
    exports,
    feeds,
    packs,
    pages,
    preview,
    search,
    short_address,
    transcripts,
    verify,
)


class FileNameConverter(StringConverter):
    """A stored file name: ASCII, one dot, no path separators."""

    regex = r"[a-z0-9_-]+\.[a-z0-9]+"


register_converter(FileNameConverter, "file_name")

resource_urls = [
    path("", detail.resource, name="resource"),
    path("vista-previa/<str:token>/", preview.page, name="preview"),
    path(
        "vista-previa/<str:token>/archivos/<file_name:file_name>", preview.file, name="preview-file"
    ),
    path("paquete.zip", packs.resource_pack, name="resource-pack"),
    path("transcripcion.txt", transcripts.as_text, name="transcript"),
    path("cita.bib", citations.as_bibtex, name="cite-bibtex"),
    path("cita.ris", citations.as_ris, name="cite-ris"),
    path(
        "archivos/v<int:number>/<file_name:file_name>", downloads.file_version, name="file-version"
    ),
    path("archivos/<file_name:file_name>", downloads.current_file, name="file"),
]

api_urls = [
    path("", api.documentation, name="api"),
    path("openapi.json", api.document, name="api-document"),
    path("secciones", api.sections, name="api-sections"),
    path("etiquetas", api.tags, name="api-tags"),
    path("recursos", api.resources, name="api-resources"),
    path("recursos/<slug:slug>", api.resource, name="api-resource"),
    path("<path:rest>", api.unknown_address, name="api-nothing"),
]

urlpatterns = [
    path("", browse.home, name="home"),
    path("secciones/<slug:slug>/", browse.section, name="section"),
    path("secciones/<slug:slug>/paquete.zip", packs.section_pack, name="section-pack"),
    path("etiquetas/<slug:slug>/", browse.tag, name="tag"),
    path("recursos/", search.resource_list, name="resource-list"),
    path("recursos/sugerencias", search.suggest, name="suggest"),
    path("recursos/<slug:slug>/", include(resource_urls)),
    path("r/<slug:code>", short_address.short_address, name="short-address"),
    path("novedades/", feeds.news, name="news"),
    path("recursos.atom", feeds.everything, name="feed"),
    path("secciones/<slug:slug>.atom", feeds.section, name="section-feed"),
    path("etiquetas/<slug:slug>.atom", feeds.tag, name="tag-feed"),
    *(
        path(name, exports.catalogue, {"name": name}, name=f"catalogue-{name.rpartition('.')[2]}")
        for name in EXPORTS
    ),
    path("api/v1/", include(api_urls)),
    path("imagenes/<path:name>", downloads.picture, name="picture"),
    path("verificar/", verify.verify, name="verify"),
    path("sitemap.xml", pages.sitemap, name="sitemap"),
    path("sitemap-<slug:name>.xml", pages.sitemap_part, name="sitemap-part"),
    path("opensearch.xml", search.opensearch, name="opensearch"),
    path("robots.txt", pages.robots, name="robots"),
    path(".well-known/security.txt", pages.security, name="security"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("<slug:slug>/", pages.page, name="page"),
]
