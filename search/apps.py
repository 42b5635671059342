"""The search as a Django app: any project can use it that writes a SearchSource."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    """Index, query and suggestions over the documents of `settings.SEARCH_SOURCE`."""

    name = "search"
    verbose_name = "Buscador"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks; install the backend's tables after each migration."""
        from search import checks  # noqa: F401

        post_migrate.connect(install, sender=self, dispatch_uid="search-index")


def install(using: str = "default", **kwargs: Any) -> None:
    """Create the backend's missing tables, triggers and indexes.

    Django rebuilds a SQLite table that a migration alters and silently drops its triggers: they are restored here.
    """
    from search.backends.base import get_backend
    from search.models import SearchDoc

    connection = connections[using]
    if SearchDoc._meta.db_table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            get_backend(connection.vendor).install(cursor)
