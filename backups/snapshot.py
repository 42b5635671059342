"""A connection that sees the database at one instant while everybody goes on writing."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction

from backups.errors import BackupError

ALIAS = "backup"
PREFIX = "respaldo-"  # of the folder of a copy


@contextmanager
def snapshot() -> Iterator[str]:
    """Yield the alias of a read-only view of the database as it is now.

    SQLite: a copy by its backup API, which no writer waits for in WAL mode. PostgreSQL: a transaction at REPEATABLE READ,
    which is what pg_dump reads in.
    """
    known = dict(connection.settings_dict)
    if connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory(prefix=PREFIX, dir=settings.TEMP_DIR) as folder:
            copy = Path(folder, "db.sqlite3")
            _copy_sqlite(copy)
            with _alias(known | {"NAME": copy, "OPTIONS": {}}):
                _check_sqlite()
                yield ALIAS
    else:
        with _alias(known), transaction.atomic(using=ALIAS):
            with connections[ALIAS].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield ALIAS


@contextmanager
def _alias(known: dict[str, Any]) -> Iterator[None]:
    connections.settings[ALIAS] = known
    try:
        yield
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]


def clear_snapshots() -> None:
    """Delete the copies that killed processes left; nothing else may be making one."""
    for folder in Path(settings.TEMP_DIR).glob(f"{PREFIX}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _copy_sqlite(copy: Path) -> None:
    """Copy the database to `copy` in one step."""
    connection.ensure_connection()
    with closing(sqlite3.connect(copy)) as target:
        connection.connection.backup(target)


def _check_sqlite() -> None:
    """Raise BackupError where the copy is damaged: no archive of it takes the place of a sound one."""
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            found = cursor.fetchone()[0]
    except DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise BackupError(
            f"La base de datos está dañada ({found}): no se hizo el respaldo. Restaure el último: manage.py restore"
        )
