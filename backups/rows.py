"""The rows of the database in a form that no engine owns: JSON lists by column, a thousand ids to a piece."""

import datetime as dt
import decimal
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from backups.errors import BackupError

PIECE = 1000  # ids: a row that comes or goes changes one piece, never the borders of the others
AT_ONCE = 500  # rows in one call of the database
REMADE = {
    *("search.searchdoc", "search.reindexstate", "search.indexqueue"),
    *("search.term", "search.deletionvariant", "resources.pack", "resources.qualitysnapshot"),
    "resources.sharingpicture",
}
"""Models whose rows a restore has made again from the others."""
TRANSIENT = {
    "django_tasks_database.dbtaskresult",  # a letter of that day would be sent again
    "sessions.session",  # everybody signs in anew
    *("portal.attemptcount", "participation.dailysalt", "participation.sendcount"),
    "backups.event",  # of the site that was, not of the one restored
}
"""Models whose rows belong to their moment and are left out."""

Model = type[models.Model]


def stored_models(known: Apps) -> list[Model]:
    """Return the models of `known` (today's, or a migration's) whose rows an archive holds, by label."""
    found = [
        model
        for model in known.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    kept = [model for model in found if model._meta.label_lower not in REMADE | TRANSIENT]
    return sorted(kept, key=lambda model: model._meta.label_lower)


def columns(model: Model) -> list[str]:
    """Return the columns of the model's own table, in order."""
    return [str(field.column) for field in model._meta.local_concrete_fields]


def export_pieces(model: Model, columns: Sequence[str], using: str) -> Iterator[tuple[bytes, int]]:
    """Yield these columns of all rows of `model` as pieces with their number of rows, in the order of ids."""
    names = [field.attname for field in _fields(model, columns)]
    rows = model._base_manager.using(using).order_by("pk")
    start = rows.values_list("pk", flat=True).first()
    while start is not None:
        end = (start // PIECE + 1) * PIECE
        lines = [
            json.dumps(
                row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
            )
            for row in rows.filter(pk__gte=start, pk__lt=end).values_list(*names)
        ]
        yield "\n".join(lines).encode(), len(lines)
        start = rows.filter(pk__gte=end).values_list("pk", flat=True).first()


def _plain(value: object) -> str:
    """Return a value that JSON does not know as the text from which its field reads it again, microseconds included."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in a backup.")


def piece_sum(text: bytes) -> str:
    """Return the sum that names a piece."""
    return hashlib.sha256(text).hexdigest()


def insert_piece(
    model: Model, columns: Sequence[str], piece: bytes, connection: BaseDatabaseWrapper
) -> int:
    """Insert the rows of a piece; return their number. Neither signals nor `save()` run: the rows are as they were."""
    fields = _fields(model, columns)
    quote = connection.ops.quote_name
    statement = "INSERT INTO {} ({}) VALUES ({})".format(
        quote(model._meta.db_table),
        ", ".join(quote(column) for column in columns),
        ", ".join(["%s"] * len(fields)),
    )
    rows = [
        [
            field.get_db_prep_save(field.to_python(value), connection)
            for field, value in zip(fields, json.loads(line), strict=True)
        ]
        for line in piece.decode().split("\n")
    ]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            cursor.executemany(statement, rows[start : start + AT_ONCE])
    return len(rows)


def delete_rows(known: Iterable[Model], connection: BaseDatabaseWrapper) -> None:
    """Delete every row of the models; constraints are checked at the end of the transaction."""
    with connection.cursor() as cursor:
        for model in known:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


def greatest_ids(known: Iterable[Model], connection: BaseDatabaseWrapper) -> dict[str, int]:
    """Return for each table that counts its ids the greatest that was ever given."""
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for table, column in _counters(known):
            if connection.vendor == "sqlite":
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            else:
                cursor.execute(f"SELECT last_value FROM {_sequence(cursor, table, column)}")
            if row := cursor.fetchone():
                found[table] = row[0]
    return found


def set_greatest_ids(
    known: Iterable[Model], ids: dict[str, int], connection: BaseDatabaseWrapper
) -> None:
    """Let each table go on counting after `ids`, or after its greatest row where that is more."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, column in _counters(known):
            cursor.execute(f"SELECT COALESCE(MAX({quote(column)}), 0) FROM {quote(table)}")
            last = max(cursor.fetchone()[0], ids.get(table, 0))
            if not last:
                continue
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, last])
            else:
                sequence = _sequence(cursor, table, column)
                cursor.execute("SELECT setval(%s::regclass, %s)", [sequence, last])


def _counters(known: Iterable[Model]) -> list[tuple[str, str]]:
    return [
        (model._meta.db_table, str(model._meta.pk.column))
        for model in known
        if isinstance(model._meta.pk, models.AutoField | models.BigAutoField)
    ]


def _sequence(cursor: Any, table: str, column: str) -> str:
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, column])
    return cursor.fetchone()[0]


def _fields(model: Model, columns: Sequence[str]) -> list[models.Field]:
    """Return the fields of these columns. Raises BackupError where the table has others: a migration orders them otherwise."""
    known = {field.column: field for field in model._meta.local_concrete_fields}
    if known.keys() != set(columns):
        raise BackupError(
            f"La tabla {model._meta.db_table} del respaldo tiene otras columnas que las de esta versión del portal."
        )
    return [known[column] for column in columns]
