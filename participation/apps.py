"""The app, with the permissions that it gives to the editor groups (read by resources/groups.py)."""

from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    """Tickets of the public."""

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
