"""System check: the index was written by the present version of the analyzer."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register
from django.db import DatabaseError

from search.language.analyzer import ANALYZER_VERSION
from search.models import SearchDoc


@register
def index_matches_analyzer(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn about documents of another analyzer version: the terms of queries and documents may differ."""
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
            id="search.W001",
        )
    ]
