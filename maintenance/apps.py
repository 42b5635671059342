"""The app and its system checks. Its results are stored in resources' Link; it has no models."""

from django.apps import AppConfig


class MaintenanceConfig(AppConfig):
    """Maintenance of the catalogue's links."""

    name = "maintenance"
    verbose_name = "Cuidado del sitio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        from maintenance import checks  # noqa: F401
