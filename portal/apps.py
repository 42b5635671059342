"""The project as an app: its commands and system checks, and the admin under the site's own name."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class PortalConfig(AppConfig):
    """Settings' checks and the commands that serve the site."""

    name = "portal"
    verbose_name = "Portal"
    default = True

    def ready(self) -> None:
        """Register the system checks."""
        from portal import checks  # noqa: F401


class PortalAdminConfig(admin_apps.AdminConfig):
    """Django's admin with this project's admin site."""

    default = False
    default_site = "portal.admin_site.PortalAdminSite"
