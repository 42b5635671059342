"""The app, with what the desk's groups may do in it (resources/groups.py reads it)."""

from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    """Requests and reports of the public."""

    name = "participation"
    verbose_name = "Participación"
    default_auto_field = "django.db.models.BigAutoField"
    desk_permissions = {
        "Edición": frozenset({"view_ticket", "change_ticket"}),
        "Publicación": frozenset({"view_ticket", "change_ticket"}),
    }

    def ready(self) -> None:
        """Register the system checks."""
        from participation import checks  # noqa: F401
