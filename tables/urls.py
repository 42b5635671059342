"""Address of a table: below its resource, beside the file that it shows."""

from django.urls import path

from resources.urls import FileNameConverter  # noqa: F401  # registers <file_name:…>
from tables import views

urlpatterns = [
    path("recursos/<slug:slug>/tabla/<file_name:file_name>/", views.table, name="table"),
]
