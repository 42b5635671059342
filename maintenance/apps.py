"""The app and its system checks. What it learns stands in resources' own table of links; it has none itself."""

from django.apps import AppConfig


class MaintenanceConfig(AppConfig):
    """Care for what the catalogue points to."""

    name = "maintenance"
    verbose_name = "Cuidado del sitio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        from maintenance import checks  # noqa: F401
