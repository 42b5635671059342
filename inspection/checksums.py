"""Compute SHA-256 checksums, and the report line of a picture just written."""

import hashlib
from pathlib import Path
from typing import IO

from inspection.facts import ReportLine

_CHUNK = 1 << 20


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return stream_checksum(stream)


def stream_checksum(stream: IO[bytes]) -> str:
    """Return the SHA-256 of a stream in hexadecimal, read a megabyte at a time."""
    digest = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def picture_line(out: Path, media_type: str, size: tuple[int, int]) -> ReportLine:
    """Return the report line of the picture at `out`; `size` is its width and height in pixels."""
    return {
        "picture": {
            "media_type": media_type,
            "size": out.stat().st_size,
            "sha256": checksum(out),
            "width": size[0],
            "height": size[1],
        }
    }
