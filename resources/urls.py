"""The catalogue's addresses: a public contract (tests/test_addresses.py lists them)."""

from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from resources.catalog.sitemaps import SITEMAPS
from resources.views import browse, detail, downloads, site

resource_urls = [
    path("", detail.resource, name="resource"),
    path("archivos/v<int:number>/<str:file_name>", downloads.file_version, name="file-version"),
    path("archivos/<str:file_name>", downloads.current_file, name="file"),
]

urlpatterns = [
    path("", browse.home, name="home"),
    path("secciones/<slug:slug>/", browse.section, name="section"),
    path("etiquetas/<slug:slug>/", browse.tag, name="tag"),
    path("recursos/", browse.resource_list, name="resource-list"),
    path("recursos/<slug:slug>/", include(resource_urls)),
    path("imagenes/<path:name>", downloads.picture, name="picture"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", site.robots, name="robots"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("<slug:slug>/", site.page, name="page"),
]
