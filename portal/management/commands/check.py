"""`manage.py check`: Django's checks, after the question whether the database can be read."""

from typing import Any

from django.core.management.commands import check
from django.db import connection


class Command(check.Command):
    """Ask the database first: manage.py tells in a sentence why it does not answer."""

    def handle(self, *app_labels: Any, **options: Any) -> None:
        """Read the database's schema, then run the checks."""
        connection.introspection.table_names()
        super().handle(*app_labels, **options)
