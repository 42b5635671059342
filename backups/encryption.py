"""Encryption of a repository with one secret key: AES-256-GCM in pieces (the STREAM construction, as age uses it).

Each object has a key of its own, derived by HKDF-SHA256 from the secret key and a random salt in its header. A piece's
nonce is its number and a mark on the last one, so pieces cannot be cut off, repeated or exchanged unnoticed.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backups.errors import BackupError

MAGIC = b"recursos-backup-1\n"
SALT = 32  # bytes
PIECE = 1 << 20  # bytes of plain text in a piece
TAG = 16  # bytes that a piece grows by
DAMAGED = "Una parte del respaldo está dañada o se cifró con otra clave."


class Cipher:
    """Encrypts, decrypts and names the objects of one repository."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def from_file(cls, path: str) -> "Cipher":
        """Read the key that `make_key` wrote. Raises BackupError where there is none."""
        try:
            key = base64.urlsafe_b64decode(Path(path).read_bytes().strip())
        except OSError as error:
            raise BackupError(
                f"No se puede leer la clave {path} ({error.strerror}). Para hacer una: manage.py backup --make-key {path}"
            ) from error
        except binascii.Error:
            key = b""
        if len(key) != 32:
            raise BackupError(
                f"{path} no contiene una clave de respaldo. Haga una: manage.py backup --make-key ARCHIVO"
            )
        return cls(key)

    def object_name(self, sha256: str) -> str:
        """Return a name that tells nothing about the content."""
        return hmac.new(self._derive(b"", b"names"), sha256.encode(), hashlib.sha256).hexdigest()

    @property
    def key_id(self) -> str:
        """Return 16 hexadecimal digits that recognise the key."""
        return self._derive(b"", b"key id").hex()[:16]

    def encrypt(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the encrypted form of `blocks`."""
        salt = os.urandom(SALT)
        aead = AESGCM(self._derive(salt, b"object"))
        yield MAGIC + salt
        for number, (piece, is_last) in enumerate(_regroup(blocks, PIECE)):
            yield aead.encrypt(_nonce(number, is_last), piece, None)

    def decrypt(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the plain text, each piece once it is authenticated. Raises BackupError."""
        stream = iter(blocks)
        head = b""
        while len(head) < len(MAGIC) + SALT:
            block = next(stream, None)
            if block is None:
                raise BackupError(DAMAGED)
            head += block
        salt, rest = head[len(MAGIC) : len(MAGIC) + SALT], head[len(MAGIC) + SALT :]
        aead = AESGCM(self._derive(salt, b"object"))
        for number, (piece, is_last) in enumerate(_regroup(_chain(rest, stream), PIECE + TAG)):
            try:
                yield aead.decrypt(_nonce(number, is_last), piece, None)
            except InvalidTag as error:
                raise BackupError(DAMAGED) from error

    def _derive(self, salt: bytes, purpose: bytes) -> bytes:
        return HKDF(SHA256(), 32, salt, MAGIC + purpose).derive(self._key)


def make_key(path: str) -> None:
    """Write a new random key to `path`, readable by its owner only. Raises BackupError where the file exists."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BackupError(f"{path} ya existe: no se cambió. Elija otro nombre.") from error
    except OSError as error:
        raise BackupError(f"No se puede escribir {path} ({error.strerror}).") from error
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(base64.urlsafe_b64encode(os.urandom(32)) + b"\n")


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if is_last else b"\0")


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _regroup(blocks: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Yield pieces of `size` bytes and whether each is the last, which may be shorter; at least one."""
    held = bytearray()
    for block in blocks:
        held += block
        while len(held) > size:
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True
