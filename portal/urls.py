"""Address routes: admin, password reset, CSP reports, tickets, catalogue; health checks have none (middleware/health.py)."""

from django.contrib import admin
from django.urls import include, path

from portal.csp_reports import csp_reports

urlpatterns = [
    path("admin/clave/", include("portal.password_reset")),
    path("admin/", admin.site.urls),
    path("csp-reportes", csp_reports, name="csp-reports"),
    path("", include("participation.urls")),
    path("", include("reading.urls")),
    path("", include("tables.urls")),
    path("", include("resources.urls")),
]

handler404 = "resources.views.pages.not_found"
handler500 = "portal.middleware.outages.server_error_or_outage"
