"""App configuration; connects the receivers."""

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    """The reading view of documents."""

    name = "reading"
    verbose_name = "Lectura"
    default_auto_field = "django.db.models.BigAutoField"
    desk_permissions = {
        "Edición": frozenset({"view_reading", "change_reading"}),
        "Publicación": frozenset({"view_reading", "change_reading"}),
    }

    def ready(self) -> None:
        """Connect the receivers."""
        from reading import receivers

        receivers.connect()
