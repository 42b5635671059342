"""The catalogue of resources as a Django app."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class ResourcesConfig(AppConfig):
    """The catalogue of resources."""

    name = "resources"
    verbose_name = "Catálogo"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """Import the models of the kinds too; they stand outside models/ because they build on it."""
        super().import_models()
        import_module("resources.kinds")

    def ready(self) -> None:
        """Connect the receivers and register the system checks; the editors' groups follow each migration."""
        from resources import checks, receivers  # noqa: F401
        from resources.groups import sync_groups

        receivers.connect()
        post_migrate.connect(self.migrated, sender=self, dispatch_uid="content-version-migrated")
        post_migrate.connect(sync_groups, sender=self, dispatch_uid="desk-groups")

    def migrated(self, plan: Sequence[tuple[Any, bool]] = (), **kwargs: Any) -> None:
        """Raise `content_version` once after migrations, whose models the receiver passes over."""
        from resources.models import SiteSettings

        if plan and "resources_sitesettings" in connection.introspection.table_names():
            SiteSettings.content_changed()
