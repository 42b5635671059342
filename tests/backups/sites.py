"""Whole sites with a database and a state of their own, for commands that replace both."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings

from backups.restore import create_tables
from resources.files.fixity import original_files
from tests.commands.running import run
from tests.conftest import AT_ONCE, HASHERS, inspect_here, storages_in, use_pictures_storage
from tests.databases import connected_to


def on_sqlite(folder: Path) -> AbstractContextManager[None]:
    """Connect to the SQLite database of the site in `folder`."""
    return connected_to(f"sqlite:///{folder / 'db.sqlite3'}")


@contextmanager
def site_in(folder: Path, database: AbstractContextManager[None] | None = None) -> Iterator[Path]:
    """Let `folder` be the site's VAR_DIR, on `database` or the SQLite file in it."""
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    with (
        override_settings(
            VAR_DIR=folder,
            TEMP_DIR=folder / "tmp",
            FILE_UPLOAD_TEMP_DIR=folder / "tmp",
            MEDIA_ROOT=folder / "files",
            STORAGES=storages_in(folder),
            TASKS=AT_ONCE,
            PASSWORD_HASHERS=HASHERS,
            BACKUP_TO=str(folder / "respaldos"),
            BACKUP_KEY_FILE="",
        ),
        pytest.MonkeyPatch.context() as patch,
        database or on_sqlite(folder),
    ):
        use_pictures_storage(patch)
        patch.setattr("backups.restore.create_tables", create_tables_at_once)
        patch.setattr("resources.files.covers.WIDTHS", (240,))
        patch.setattr("resources.files.ingest.inspect_file", inspect_here)
        yield folder


_empty: list[sqlite3.Connection] = []
"""The tables of today on SQLite, once they were made: migrations take most of the time of a restore."""


def new_site() -> None:
    """Create the tables."""
    connection.ensure_connection()
    if connection.vendor == "sqlite" and _empty:
        _empty[0].backup(connection.connection)
        return
    call_command("migrate", verbosity=0)
    if connection.vendor == "sqlite":
        _empty.append(sqlite3.connect(":memory:"))
        connection.connection.backup(_empty[0])


def create_tables_at_once(targets: list[tuple[str, str]]) -> None:
    """Do what `backups.restore.create_tables` does, from a copy where the targets are the migrations of today."""
    if set(targets) == set(MigrationLoader(None).graph.leaf_nodes()):
        new_site()
    else:
        create_tables(targets)


def archives(repository: Path) -> list[Path]:
    """Return the manifests in a folder, the oldest first."""
    return sorted(repository.glob("*.manifest"))


def objects(repository: Path) -> set[str]:
    """Return the names of the stored objects."""
    return {path.name for path in (repository / "objects").rglob("*") if path.is_file()}


def stored_bytes() -> dict[str, str]:
    """Return each original file's path and the sum of its bytes."""
    found = {}
    for file in original_files():
        store = storages["default" if file.place == "files" else file.place]
        with store.open(file.name) as stream:
            found[file.name] = hashlib.sha256(stream.read()).hexdigest()
    return found


def refused(*arguments: str) -> str:
    """Run a command that ends with an error; return the message."""
    with pytest.raises(CommandError) as error:
        run(*arguments)
    return str(error.value)
