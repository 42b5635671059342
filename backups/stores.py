"""Places where a repository is kept: a folder or an S3 bucket. A name appears with all its bytes or not at all."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files import File

from backups.errors import BackupError
from backups.temporary import block_file

BLOCK = 1 << 20  # bytes read at once
PARTIAL = ".partial-"  # beginning of the name of a file that is being written


class Store(Protocol):
    """A flat set of named byte strings."""

    def names(self) -> Iterator[str]:
        """Yield all names."""

    def read(self, name: str) -> Iterator[bytes]:
        """Yield the bytes in blocks. Raises FileNotFoundError."""

    def write(self, name: str, blocks: Iterable[bytes]) -> None:
        """Store all of `blocks` under `name`, or nothing where it raises."""

    def delete(self, name: str) -> None:
        """Delete `name`; without it, do nothing."""

    def clear_partial(self) -> None:
        """Delete what a killed process left half written; nothing else may be writing."""


class FolderStore:
    """A folder, readable by its owner only."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> Iterator[str]:
        """Yield the paths of all finished files, relative to the folder."""
        for folder, _, files in os.walk(self.root):
            for file in files:
                if not file.startswith(PARTIAL):
                    yield Path(folder, file).relative_to(self.root).as_posix()

    def read(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a file."""
        with (self.root / name).open("rb") as stream:
            while block := stream.read(BLOCK):
                yield block

    def write(self, name: str, blocks: Iterable[bytes]) -> None:
        """Write beside the name, flush to the disk, then rename."""
        target = self.root / name
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, partial = tempfile.mkstemp(prefix=PARTIAL, dir=target.parent)
        except OSError as error:
            raise BackupError(
                f"No se puede escribir en {self.root} ({error.strerror}). Dé permiso o indique otra carpeta con --to."
            ) from error
        try:
            with os.fdopen(descriptor, "wb") as stream:
                for block in blocks:
                    stream.write(block)
                stream.flush()
                os.fsync(stream.fileno())
            Path(partial).replace(target)
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise

    def delete(self, name: str) -> None:
        """Delete the file."""
        (self.root / name).unlink(missing_ok=True)

    def clear_partial(self) -> None:
        """Delete the temporary files."""
        for path in list(self.root.rglob(f"{PARTIAL}*")):
            path.unlink(missing_ok=True)


class S3Store:
    """A prefix of a bucket of any S3-compatible service; an upload is visible once it is complete."""

    def __init__(self, bucket: str, prefix: str) -> None:
        from storages.backends.s3 import S3Storage  # boto3 is a production extra

        self.place, self._prefix = f"s3://{bucket}/{prefix}", prefix
        self._storage = S3Storage(
            bucket_name=bucket,
            location=prefix,
            file_overwrite=True,
            default_acl=None,
            endpoint_url=settings.S3_ENDPOINT_URL,
            region_name=settings.S3_REGION,
        )

    def names(self) -> Iterator[str]:
        """Yield the keys below the prefix."""
        start = f"{self._prefix}/" if self._prefix else ""
        with self._errors():  # a page of a thousand keys at a time, whatever their folders
            for entry in self._storage.bucket.objects.filter(Prefix=start):
                yield entry.key.removeprefix(start)

    def read(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a key."""
        with self._errors(), self._storage.open(name, "rb") as stream:
            while block := stream.read(BLOCK):
                yield block

    def write(self, name: str, blocks: Iterable[bytes]) -> None:
        """Upload from a temporary file."""
        with block_file(blocks) as copy, self._errors():
            self._storage.save(name, File(copy, name))

    def delete(self, name: str) -> None:
        """Delete the key."""
        with self._errors():
            self._storage.delete(name)

    def clear_partial(self) -> None:
        """Do nothing: an upload that was not completed is not visible."""

    @contextmanager
    def _errors(self) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise BackupError(
                f"No se puede usar {self.place} ({error}). Revise S3_ENDPOINT_URL, S3_REGION y las claves AWS_…"
            ) from error


def open_store(place: str) -> Store:
    """Return the store at a folder's path or an address `s3://bucket/prefix`."""
    if not place.startswith("s3://"):
        return FolderStore(Path(place).expanduser().absolute())
    parts = urlsplit(place)
    if not parts.netloc:
        raise BackupError(f"«{place}» no nombra un depósito. Escriba s3://depósito/carpeta.")
    try:
        return S3Store(parts.netloc, parts.path.strip("/"))
    except ImportError as error:
        raise BackupError(
            "Para usar s3:// falta: .venv/bin/pip install -r requirements-production.txt"
        ) from error
