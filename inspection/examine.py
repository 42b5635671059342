"""Examine one file inside the child: size, checksum, type, content."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from inspection.checksums import checksum
from inspection.detect import identify
from inspection.facts import MB, FileRefused, Job, Limits, ReportLine


def examine(job: Job) -> Iterator[ReportLine]:
    """Yield the lines of a report as they become known. Raises FileRefused.

    A reader is imported only when its type has been recognised: a picture never meets PDFium.
    """
    size = checked_size(job.path, job.limits)
    found = identify(job.path, job.name)
    yield {
        "facts": {
            "media_type": found.media_type,
            "extension": found.extension,
            "size": size,
            "sha256": checksum(job.path),
        }
    }
    reader = import_module(f"{__package__}.{found.reader}")
    yield from reader.read(job, found)


def checked_size(path: Path, limits: Limits) -> int:
    """Return the size in bytes. Raises FileRefused above the limit."""
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise FileRefused(
            "too_big",
            f"El archivo pesa {megabytes(size)} y el máximo es {megabytes(limits.max_bytes)}. "
            "Redúzcalo (por ejemplo, con imágenes de menor resolución) o divídalo en partes.",
        )
    return size


def megabytes(size: int) -> str:
    """Format a size in megabytes of 10^6 bytes with a decimal comma: «3,2 MB»."""
    return f"{size / MB:.1f} MB".replace(".", ",").replace(",0 ", " ")
