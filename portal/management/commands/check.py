"""`manage.py check`: Django's checks, after a test of the database."""

from typing import Any

from django.core.management.commands import check
from django.db import connection


class Command(check.Command):
    """Query the database first: manage.py explains a failure in a sentence."""

    def handle(self, *app_labels: Any, **options: Any) -> None:
        """Read the database's schema, then run the checks."""
        connection.introspection.table_names()
        super().handle(*app_labels, **options)
