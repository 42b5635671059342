"""Public addresses of the reading view, a contract like those of the catalogue."""

from django.urls import include, path

import resources.urls  # noqa: F401 - registers the converter of file names
from reading import api, comparing, views

reading_urls = [
    path("leer/", views.read, name="read"),
    path("leer/v<int:number>/", views.read, name="read-version"),
    path("leer/<file_name:file_name>/", views.read, name="read-file"),
    path("leer/<file_name:file_name>/v<int:number>/", views.read, name="read-file-version"),
    path("leer.md", views.as_markdown, name="read-markdown"),
    path("articulos/<slug:key>/", views.article, name="article"),
    path("comparar/v<int:older>-v<int:newer>/", comparing.compare, name="compare"),
    path(
        "comparar/<file_name:file_name>/v<int:older>-v<int:newer>/",
        comparing.compare,
        name="compare-file",
    ),
]

urlpatterns = [
    path("recursos/<slug:slug>/", include(reading_urls)),
    path("api/v1/recursos/<slug:slug>/paginas", api.pages, name="api-pages"),
]
