"""Export the whole catalogue to one cached file per format, made once for each state of the catalogue.

A small catalogue is exported in the request that asks first. A large one takes seconds: after a change the worker
makes the file, and the former one is served meanwhile. One file is made at a time on a machine, and while it is made
only some of the threads of a process wait for it.
"""

import gzip
import hashlib
import io
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.utils import timezone
from django_tasks import task

from inspection import FileRefused
from inspection.semaphore import acquire_slot
from resources.code_version import code_version
from resources.lost_tasks import when_lost
from resources.models import Resource, Section, SiteSettings
from resources.opendata import dcat, tabular
from resources.opendata.record import ResourceRecord
from resources.opendata.record_builder import shelf_facts, site_facts, stream

PIECE = 32 * 1024  # characters written at a time
PATIENCE = 10  # seconds that a request waits for a file which another one makes
STILL_READ = 60  # seconds for which a file that was replaced is left to those who are reading it
MADE_AT_ONCE = 2000  # published resources; the worker exports more
WORKER_TIME = (
    120  # seconds that the worker has: then, as on a machine without one, a request makes the file
)
COMPRESSED = ".gz"
_waiting = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 2))


class Busy(Exception):
    """The file is being made, and enough requests wait for it."""


@dataclass(frozen=True)
class Export:
    """An export format: name, media type and writer. A text is stored compressed as well."""

    name: str
    media_type: str
    write: Callable[[BinaryIO, SiteSettings], None]
    is_text: bool = True


@dataclass(frozen=True)
class CachedExport:
    """A file in EXPORTS_ROOT: path, size in bytes, SHA-256 of its content, time of creation."""

    name: str
    size: int
    sha256: str
    is_compressed: bool
    made: datetime


def everything() -> Iterator[ResourceRecord]:
    """Yield the published catalogue in page order."""
    return stream(Resource.objects.published().in_page_order())


def rdf_lines(portal: SiteSettings, write: dcat.Writer) -> Iterator[str]:
    """Yield the catalogue as DCAT."""
    sections = [shelf_facts(section) for section in Section.objects.all()]
    return write(site_facts(portal), sections, everything())


def write_lines(lines: Iterator[str], target: BinaryIO) -> None:
    """Write a text in larger pieces."""
    kept, length = [], 0
    for line in lines:
        kept.append(line)
        length += len(line)
        if length >= PIECE:
            target.write("".join(kept).encode())
            kept, length = [], 0
    target.write("".join(kept).encode())


def _write_turtle(target: BinaryIO, portal: SiteSettings) -> None:
    write_lines(rdf_lines(portal, dcat.turtle), target)


def _write_json_ld(target: BinaryIO, portal: SiteSettings) -> None:
    write_lines(rdf_lines(portal, dcat.json_ld), target)


def _write_csv(target: BinaryIO, portal: SiteSettings) -> None:
    write_lines(tabular.as_csv(everything()), target)


def _write_xlsx(target: BinaryIO, portal: SiteSettings) -> None:
    site = site_facts(portal)
    created = portal.content_changed_at or timezone.now()
    tabular.write_xlsx(everything(), target, site.name, site.publisher, created)


EXPORTS = {
    export.name: export
    for export in (
        Export("catalogo.jsonld", "application/ld+json", _write_json_ld),
        Export("catalogo.ttl", "text/turtle; charset=utf-8", _write_turtle),
        Export("catalogo.csv", "text/csv; charset=utf-8; header=present", _write_csv),
        Export(
            "catalogo.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            _write_xlsx,
            is_text=False,
        ),
    )
}


def cached_export(
    export: Export, portal: SiteSettings, *, compressed: bool = False
) -> CachedExport:
    """Return the file of the catalogue's current state, made if it is missing; of a large one the former meanwhile.

    `compressed` is a wish: what is no text is never. Raises Busy where too many wait for it, or for too long.
    """
    state = state_of(portal)
    path = _found(export, state) or _former(export, state) or _made_now(export, portal, state)
    is_compressed = compressed and export.is_text
    shown = _squeezed(path) if is_compressed else path
    facts = shown.stat()
    return CachedExport(
        name=str(shown.relative_to(settings.EXPORTS_ROOT)),
        size=facts.st_size,
        sha256=path.name.rpartition("-")[2],
        is_compressed=is_compressed,
        made=datetime.fromtimestamp(facts.st_mtime, tz=UTC),
    )


def made_in_memory(export: Export, portal: SiteSettings) -> tuple[InMemoryStorage, CachedExport]:
    """Make the file in memory, for a disk that is full or read-only. Raises Busy."""
    if not _waiting.acquire(blocking=False):
        raise Busy
    try:
        target = io.BytesIO()
        export.write(target, portal)
    finally:
        _waiting.release()
    content, store = target.getvalue(), InMemoryStorage()
    store.save(export.name, ContentFile(content))
    sha256 = hashlib.sha256(content).hexdigest()
    return store, CachedExport(export.name, len(content), sha256, False, timezone.now())


def state_of(portal: SiteSettings) -> str:
    """Return the key of the state on which an export depends."""
    parts = (
        portal.content_version,
        portal.content_changed_at,
        code_version(settings.BASE_DIR),
        settings.SITE_URL,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


@when_lost("No se terminó de preparar un archivo del catálogo", repeats=True)
@task()
def make_export(name: str) -> None:
    """Make the named export of the catalogue's current state, unless it is there. Raises Busy."""
    portal = SiteSettings.load()
    state = state_of(portal)
    if _found(EXPORTS[name], state) is None:
        _made_now(EXPORTS[name], portal, state)


def _former(export: Export, state: str) -> Path | None:
    """Return the newest replaced file while the worker makes that of `state`; None where nobody should wait for it."""
    folder = _folder(export)
    paths = [path for path in folder.glob("*") if path.suffix != COMPRESSED]
    whole = [path for path in paths if not export.is_text or _squeezed(path).exists()]
    if not whole or not Resource.objects.published().has_more_than(MADE_AT_ONCE):
        return None
    key, now = f"export-{export.name}-{state}", time.time()
    if cache.add(key, now, timeout=10 * WORKER_TIME):
        make_export.enqueue(export.name)
    is_patient = now - cache.get(key, 0) < WORKER_TIME
    return max(whole, key=lambda path: path.stat().st_mtime) if is_patient else None


def _made_now(export: Export, portal: SiteSettings, state: str) -> Path:
    with _alone():
        return _found(export, state) or _make(export, portal, state)


def _folder(export: Export) -> Path:
    return settings.EXPORTS_ROOT / export.name


def _found(export: Export, state: str) -> Path | None:
    paths = set(_folder(export).glob(f"{state}-*"))
    plain = next((path for path in paths if path.suffix != COMPRESSED), None)
    is_whole = plain and (not export.is_text or _squeezed(plain) in paths)
    return plain if is_whole else None


def _squeezed(path: Path) -> Path:
    return path.with_name(path.name + COMPRESSED)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the machine's lock for making a file. Raises Busy when too many wait."""
    if not _waiting.acquire(blocking=False):
        raise Busy
    try:
        with acquire_slot(1, settings.EXPORTS_ROOT, PATIENCE):
            yield
    except FileRefused as busy:
        raise Busy from busy
    finally:
        _waiting.release()


def _make(export: Export, portal: SiteSettings, state: str) -> Path:
    """Write the file and rename it when it is complete."""
    folder = _folder(export)
    folder.mkdir(parents=True, exist_ok=True)
    draft = settings.EXPORTS_ROOT / "draft"  # what a process that died left there is written over
    with draft.open("w+b") as target:
        export.write(target, portal)
        target.seek(0)
        path = folder / f"{state}-{hashlib.file_digest(target, 'sha256').hexdigest()}"
    if export.is_text:
        _compress(draft).rename(_squeezed(path))
    draft.rename(path)
    _forget_replaced(folder, state)
    return path


def _forget_replaced(folder: Path, state: str) -> None:
    """Delete files replaced a while ago; newer ones may still be read."""
    others = sorted(
        (path.stat().st_mtime, path)
        for path in folder.iterdir()
        if not path.name.startswith(f"{state}-")
    )
    if others and others[-1][0] < timezone.now().timestamp() - STILL_READ:
        replaced_now = others[-1][1].name.partition("-")[0]
        for _, path in others:
            if not path.name.startswith(f"{replaced_now}-"):
                path.unlink()


def _compress(source: Path) -> Path:
    target = _squeezed(source)
    with (
        source.open("rb") as plain,
        target.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0) as squeezed,
    ):
        shutil.copyfileobj(plain, squeezed, PIECE)
    return target
