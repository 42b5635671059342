"""Make an archive: the rows of one snapshot, then the files that they name."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.core.files.storage import Storage, storages
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from backups import erasures, rows
from backups.errors import BackupError
from backups.manifest import NAME, Manifest, StoredFile, StoredTable
from backups.repository import AlteredBytes, Repository
from backups.snapshot import snapshot
from backups.stores import BLOCK
from resources.code_version import has_unapplied_migrations
from resources.files.fixity import PLACES, KnownFile, original_files, sum_of

ATTEMPTS = 3
Progress = Callable[[str, int, int], None]
"""Called with a label in Spanish, the number done and the total."""


class FileVanished(Exception):
    """A file was erased on purpose after the snapshot was made."""


@dataclass
class Outcome:
    """Result of `make_archive`: its manifest, the objects and bytes added, the files not found."""

    manifest: Manifest
    new_objects: int = 0
    new_bytes: int = 0
    absent: list[KnownFile] = field(default_factory=list)


def make_archive(
    repository: Repository, progress: Progress = lambda label, done, of: None
) -> Outcome:
    """Add an archive to `repository`. Raises BackupError.

    Objects are stored before the manifest that names them, so an interruption leaves no archive and costs no repetition.
    """
    if has_unapplied_migrations():
        raise BackupError("Faltan migraciones. Ejecute antes: manage.py migrate")
    for _ in range(ATTEMPTS):
        try:
            return _Archiver(repository, progress).make()
        except FileVanished:
            continue  # the rows of that snapshot name bytes that nobody has any more: take another
    raise BackupError(
        "Se están borrando archivos mientras se hace el respaldo. Espere un momento y repita."
    )


def bad_sums(repository: Repository, manifest: Manifest, progress: Progress) -> list[str]:
    """Read every object of an archive; return the sums of those that are missing or altered."""
    pieces = {piece for table in manifest.tables for piece in table.pieces}
    bad = []
    for number, sha256 in enumerate(sorted(manifest.sums), 1):
        try:
            if sha256 in pieces:
                repository.read_piece(sha256)
            else:
                for _ in repository.read(sha256):
                    pass
        except (AlteredBytes, OSError, BackupError):
            bad.append(sha256)
        progress("sumas comprobadas", number, len(manifest.sums))
    return bad


def delete_damaged(repository: Repository, progress: Progress) -> int:
    """Delete the damaged objects of the newest archive, so that the next one stores them again; return their number."""
    newest = _newest(repository)
    bad = bad_sums(repository, newest, progress) if newest else []
    for sha256 in bad:
        repository.delete(repository.object_name(sha256))
    return len(bad)


def _newest(repository: Repository) -> Manifest | None:
    """Return the newest archive whose manifest can be read."""
    for name in reversed(repository.archives):
        try:
            return repository.read_manifest(name)
        except BackupError:
            continue
    return None


class _Archiver:
    """One attempt at an archive."""

    def __init__(self, repository: Repository, progress: Progress) -> None:
        self.repository, self.progress = repository, progress
        previous = _newest(repository)
        self.known = {(file.place, file.name): file for file in previous.files} if previous else {}
        self.new_objects = self.new_bytes = 0
        self.absent: list[KnownFile] = []

    def make(self) -> Outcome:
        """Store all objects, then the manifest."""
        with snapshot() as alias:
            loader = MigrationLoader(connections[alias])
            models = rows.stored_models(apps)
            now = timezone.now()
            tables = list(self._tables(models, alias))
            sequences = rows.greatest_ids(models, connections[alias])
            erased = list(erasures.stored(alias))
            named = {(file.place, file.name): file for file in original_files(alias)}
        files = list(self._files(list(named.values())))
        manifest = Manifest(
            name=self._free_name(now),
            made_at=now,
            engine=connections["default"].vendor,
            migrations=sorted(list(node) for node in loader.graph.leaf_nodes()),
            sequences=sequences,
            tables=tables,
            files=files,
            erased=erased,
            absent=[
                StoredFile(each.place, each.name, each.size or 0, each.sha256)
                for each in self.absent
            ],
        )
        self.repository.write_manifest(manifest)
        return Outcome(manifest, self.new_objects, self.new_bytes, self.absent)

    def _tables(self, models: list[rows.Model], alias: str) -> Iterator[StoredTable]:
        for number, model in enumerate(models, 1):
            pieces, total, columns = [], 0, rows.columns(model)
            for text, length in rows.export_pieces(model, columns, alias):
                sha256, size = self.repository.put_piece(text)
                pieces.append(sha256)
                total += length
                self._count(size)
            yield StoredTable(model._meta.label_lower, columns, total, pieces)
            self.progress("tablas", number, len(models))

    def _files(self, named: list[KnownFile]) -> Iterator[StoredFile]:
        for number, file in enumerate(named, 1):
            stored = self.known.get((file.place, file.name))
            # A storage path is never used twice: what an earlier archive has under it is the same.
            if stored is None or not self.repository.has(stored.sha256):
                stored = self._store(file)
            if stored:
                yield stored
            self.progress("archivos", number, len(named))

    def _store(self, file: KnownFile) -> StoredFile | None:
        """Store the bytes of a file unless they are there; note it as absent where they are missing or altered."""
        storage = storages[PLACES[file.place]]
        try:
            sha256 = file.sha256 or sum_of(storage, file.name)
            size = file.size if file.size is not None else storage.size(file.name)
            if not self.repository.has(sha256):
                self.repository.put(sha256, _blocks(storage, file.name))
                self._count(size)
            return StoredFile(file.place, file.name, size, sha256)
        except (OSError, AlteredBytes) as error:
            if isinstance(error, FileNotFoundError) and not _is_named(file):
                raise FileVanished from error
            self.absent.append(file)
            return None

    def _count(self, size: int) -> None:
        self.new_objects += bool(size)
        self.new_bytes += size

    def _free_name(self, now: dt.datetime) -> str:
        taken = set(self.repository.archives)
        while (name := f"{now.astimezone(dt.UTC):{NAME}}") in taken:
            now += dt.timedelta(seconds=1)
        return name


def _is_named(file: KnownFile) -> bool:
    """Return whether the database names the file now."""
    return any((each.place, each.name) == (file.place, file.name) for each in original_files())


def _blocks(storage: Storage, name: str) -> Iterator[bytes]:
    with storage.open(name, "rb") as stream:
        while block := stream.read(BLOCK):
            yield block
