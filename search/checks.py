"""What search needs beside its models' tables, and the check that its index is of this analyser."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register
from django.db import DatabaseError, connections

from resources.models import SearchDoc
from search.backends.base import get_backend
from search.language.analyzer import ANALYZER_VERSION


def install(using: str = "default", **kwargs: Any) -> None:
    """Make the engine's tables, triggers and indexes where they are missing; after each `migrate`.

    Django rebuilds a SQLite table that a migration alters, and silently drops its triggers: here they come back.
    """
    connection = connections[using]
    if SearchDoc._meta.db_table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            get_backend(connection.vendor).install(cursor)


@register
def index_is_of_this_analyser(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn where entries were written by another version of the analyser: words asked and words stored may differ."""
    try:
        stale = SearchDoc.objects.exclude(analyzer=ANALYZER_VERSION).count()
    except (
        DatabaseError,
        RuntimeError,
    ):  # not migrated yet, not reachable, or a test without a database
        return []
    if not stale:
        return []
    return [
        Warning(
            f"{stale} search entries are of another analyser than version {ANALYZER_VERSION}.",
            hint="Run: manage.py reindex (search goes on meanwhile).",
            id="resources.W010",
        )
    ]
