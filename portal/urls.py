"""All addresses: the desk's, its forgotten passwords, what the public writes to us, the catalogue's."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/clave/", include("portal.accounts")),
    path("admin/", admin.site.urls),
    path("", include("participation.urls")),
    path("", include("resources.urls")),
]

handler404 = "resources.views.site.not_found"
handler500 = "resources.views.site.server_error"
