"""The app; it reads tables when their files are stored."""

from django.apps import AppConfig


class TablesConfig(AppConfig):
    """Tables of data as pages."""

    name = "tables"
    verbose_name = "Tablas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read each table when its version is stored."""
        from resources.files.versions import version_stored
        from tables.tasks import read_when_stored

        version_stored.connect(read_when_stored, dispatch_uid="read-table")
