"""Another database than the tests' own: an old, a damaged or an absent one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from unittest.mock import patch

import dj_database_url
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, connections
from django.db.utils import load_backend

from search.utils import results

_numbers = count(1)


@contextmanager
def connected_to(url: str) -> Iterator[None]:
    """Connect to the database at `url`; the tests' own connection waits as it is."""
    own = connections["default"]
    known = connections.configure_settings({"default": dj_database_url.parse(url)})["default"]
    if known["ENGINE"] == own.settings_dict["ENGINE"]:
        known["OPTIONS"] = own.settings_dict["OPTIONS"]
    connections["default"] = load_backend(known["ENGINE"]).DatabaseWrapper(known, "default")
    try:
        with patch.dict(settings.DATABASES, default=known):
            yield
    finally:
        connections["default"].close()
        connections["default"] = own
        ContentType.objects.clear_cache()
        cache.clear()
        results.clear()


@contextmanager
def empty_database(folder: Path) -> Iterator[None]:
    """Connect to a new database without tables, of the tests' own vendor, and drop it in the end."""
    if connection.vendor == "sqlite":
        with connected_to(f"sqlite:///{folder / 'db.sqlite3'}"):
            yield
        return
    known, name = connection.settings_dict, f"test_empty_{os.getpid()}_{next(_numbers)}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        with connected_to(
            f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{name}"
        ):
            yield
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')
