"""The desk's home: Django's admin under the site's own name."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest

from resources.models import Portal


class PortalAdminSite(AdminSite):
    """The admin, named after the portal that it edits."""

    site_url = "/"
    index_title = "Mesa editorial"
    empty_value_display = "—"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Put the portal's name in every page's header and title."""
        name = Portal.load().name
        return super().each_context(request) | {"site_header": name, "site_title": f"Mesa editorial de {name}"}
