"""The app and its system checks."""

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    """Backups, restore and rehearsals."""

    name = "backups"
    verbose_name = "Respaldos"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        from backups import checks  # noqa: F401
