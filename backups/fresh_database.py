"""An empty database that takes the place of the site's in one step, or never."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from backups.errors import BackupError


@contextmanager
def fresh_database() -> Iterator[None]:
    """Yield with the default connection on an empty database; at the end, without an error, it is the site's.

    SQLite: a file beside, copied over by the backup API in one transaction, so that a process with the database open sees
    either. PostgreSQL: one transaction, in which the tables are dropped first.
    """
    if connection.vendor == "sqlite":
        with _fresh_sqlite():
            yield
        return
    with transaction.atomic():
        _drop_tables()
        # Deferred checks of rows that a migration wrote would forbid the next to alter their table.
        check_constraints_at_once()
        yield


def check_constraints_at_once() -> None:
    """Check deferred constraints now; on PostgreSQL, check the later ones at each statement."""
    if connection.vendor == "sqlite":
        connection.check_constraints()
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def defer_constraints() -> None:
    """Check constraints at the end of the transaction, as SQLite does: rows come in no order."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def _fresh_sqlite() -> Iterator[None]:
    site = connection.settings_dict["NAME"]
    with tempfile.TemporaryDirectory(prefix="restauracion-", dir=settings.TEMP_DIR) as folder:
        fresh = Path(folder, "db.sqlite3")
        connection.close()
        connection.settings_dict["NAME"] = fresh
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = site
        with closing(sqlite3.connect(fresh)) as source:
            try:
                connection.ensure_connection()
                source.backup(connection.connection)
            except (DatabaseError, sqlite3.DatabaseError) as error:
                raise BackupError(
                    f"No se puede reemplazar {site} ({error}). Si está dañada, apártela y repita: mv {site} {site}.mala"
                ) from error


def _drop_tables() -> None:
    quote = connection.ops.quote_name
    names = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        present = connection.introspection.table_names(cursor)
        names += [name for name in (MigrationRecorder.Migration._meta.db_table,) if name in present]
        for name in names:
            cursor.execute(f"DROP TABLE {quote(name)} CASCADE")
