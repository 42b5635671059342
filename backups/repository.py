"""A repository: objects named by their sums, the manifests that name them, one mark that describes it all."""

import fcntl
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings

from backups.errors import BackupError
from backups.manifest import SUFFIX, Manifest, made_at
from backups.rows import piece_sum
from backups.snapshot import clear_snapshots
from backups.stores import Store, open_store

if TYPE_CHECKING:
    from backups.encryption import Cipher

MARK = "recursos-respaldos.json"
FORMAT = 1


class AlteredBytes(Exception):
    """Bytes do not have the sum by which they are named."""


class Repository:
    """The archives in one place, all of them encrypted with one key or none of them."""

    def __init__(
        self, place: str, store: Store, cipher: "Cipher | None", names: Iterable[str]
    ) -> None:
        self.place, self.store, self.cipher = place, store, cipher
        self._names = set(names)

    @classmethod
    def open(cls, place: str, key: str = "", *, create: bool = False) -> "Repository":
        """Open the repository at `place`, with the key file `key`; an empty place becomes one where `create`.

        Raises BackupError where something else is there, or the key is not the repository's.
        """
        store = open_store(place)
        cipher = read_key(key) if key else None
        names = set(store.names())
        about = {"format": FORMAT, "key": cipher.key_id if cipher else ""}
        if MARK in names:
            _compare(json.loads(b"".join(store.read(MARK))), about, place)
        elif names:
            raise BackupError(
                f"{place} contiene otras cosas y ningún respaldo. Indique una carpeta vacía o la de los respaldos."
            )
        elif not create:
            raise BackupError(f"En {place} no hay respaldos. Para hacer uno: manage.py backup")
        else:
            store.write(MARK, [json.dumps(about).encode()])
            names.add(MARK)
        return cls(place, store, cipher, names)

    @property
    def archives(self) -> list[str]:
        """Return the names of the archives, the oldest first."""
        return sorted(name for name in self._names if name.endswith(SUFFIX) and _is_dated(name))

    @property
    def objects(self) -> set[str]:
        """Return the names of all objects, as stored."""
        return {name for name in self._names if name.startswith("objects/")}

    def object_name(self, sha256: str) -> str:
        """Return the name under which the object with this sum is stored."""
        name = self.cipher.object_name(sha256) if self.cipher else sha256
        return f"objects/{name[:2]}/{name}"

    def has(self, sha256: str) -> bool:
        """Return whether the object is stored."""
        return self.object_name(sha256) in self._names

    def put(self, sha256: str, blocks: Iterable[bytes]) -> None:
        """Store an object. Raises AlteredBytes, and stores nothing, where `blocks` have another sum."""
        self._write(self.object_name(sha256), _checked(sha256, blocks))

    def read(self, sha256: str) -> Iterator[bytes]:
        """Yield the bytes of an object. Raises AlteredBytes at the end where they have another sum, FileNotFoundError."""
        return _checked(sha256, self._read(self.object_name(sha256)))

    def put_piece(self, text: bytes) -> tuple[str, int]:
        """Store a piece of a table unless it is there; return its sum and the bytes that were added."""
        sha256 = piece_sum(text)
        if self.has(sha256):
            return sha256, 0
        packed = gzip.compress(text, 6, mtime=0)
        self._write(self.object_name(sha256), [packed])
        return sha256, len(packed)

    def read_piece(self, sha256: str) -> bytes:
        """Return a piece of a table. Raises AlteredBytes, FileNotFoundError."""
        try:
            text = gzip.decompress(b"".join(self._read(self.object_name(sha256))))
        except (OSError, EOFError) as error:
            if isinstance(error, FileNotFoundError):
                raise
            raise AlteredBytes(sha256) from error
        return b"".join(_checked(sha256, [text]))

    def write_manifest(self, manifest: Manifest) -> None:
        """Store a manifest: from here on the archive exists."""
        text = manifest.to_json()
        head = hashlib.sha256(text).hexdigest().encode() + b"\n"
        self._write(manifest.name, [head, text])

    def read_manifest(self, name: str) -> Manifest:
        """Return the manifest `name`. Raises BackupError where it is missing or damaged."""
        try:
            head, _, text = b"".join(self._read(name)).partition(b"\n")
            if hashlib.sha256(text).hexdigest().encode() != head:
                raise ValueError("the sum in the first line is another")
            return Manifest.from_json(text)
        except FileNotFoundError as error:
            raise BackupError(f"En {self.place} no está {name}.") from error
        except (ValueError, KeyError, TypeError) as error:
            raise BackupError(
                f"El respaldo {name} está dañado. Use otro de {self.place}."
            ) from error

    def newest(self) -> Manifest | None:
        """Return the newest archive."""
        return self.read_manifest(self.archives[-1]) if self.archives else None

    def delete(self, name: str) -> None:
        """Delete a manifest or an object."""
        self.store.delete(name)
        self._names.discard(name)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one process of this machine write backups at a time. Raises BackupError where another does."""
        path = settings.VAR_DIR / "backup.lock"
        with path.open("w") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BackupError(
                    "Ya se está haciendo un respaldo. Espere a que termine."
                ) from error
            clear_snapshots()  # of a killed process
            yield

    def _write(self, name: str, blocks: Iterable[bytes]) -> None:
        self.store.write(name, self.cipher.encrypt(blocks) if self.cipher else blocks)
        self._names.add(name)

    def _read(self, name: str) -> Iterator[bytes]:
        blocks = self.store.read(name)
        return self.cipher.decrypt(blocks) if self.cipher else blocks


def read_key(path: str) -> "Cipher":
    """Return the cipher of a key file. Raises BackupError."""
    from backups.encryption import Cipher  # 9 MB in each process of a site that encrypts nothing

    return Cipher.from_file(path)


def _compare(found: dict, wanted: dict, place: str) -> None:
    """Raise BackupError where a repository's mark does not fit the key or this code."""
    if found.get("format") != FORMAT:
        raise BackupError(f"Los respaldos de {place} son de otra versión. Actualice el portal.")
    if found.get("key") == wanted["key"]:
        return
    if not found.get("key"):
        raise BackupError(
            f"Los respaldos de {place} no están cifrados. Quite --key, o indique otra carpeta para los cifrados."
        )
    if not wanted["key"]:
        raise BackupError(f"Los respaldos de {place} están cifrados. Indique la clave con --key.")
    raise BackupError(f"La clave no es la de los respaldos de {place}.")


def _is_dated(name: str) -> bool:
    try:
        made_at(name)
    except ValueError:
        return False
    return True


def _checked(sha256: str, blocks: Iterable[bytes]) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
        yield block
    if digest.hexdigest() != sha256:
        raise AlteredBytes(sha256)
