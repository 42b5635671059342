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
        """Connect the receivers, the sitemaps and the search for articles."""
        from reading import article_hits, receivers, sitemaps

        receivers.connect()
        sitemaps.connect()
        article_hits.connect()
