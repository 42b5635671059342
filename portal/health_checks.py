"""What `/readyz` checks, as a list: to add a check, write a function that returns a Result and add it to CHECKS."""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import Error, transaction
from django.db.models import Count, F, Min, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal import worker_liveness
from portal.database_errors import is_busy
from resources.code_version import has_unapplied_migrations
from resources.current_site import short_lock_wait
from resources.models import SiteSettings

logger = logging.getLogger(__name__)
SLOW_QUEUE = 15 * 60  # seconds that a task may wait before the report warns
LOW_DISK = 1_000_000_000  # bytes


class Status(StrEnum):
    """The words of draft-inadarei-api-health-check-06. WARN is reported and leaves the site ready."""

    PASS = "pass"  # noqa: S105  # no password
    WARN = "warn"
    FAIL = "fail"


class Result(NamedTuple):
    """The result of a check, and a sentence in Spanish for the operator. It is public: no names, addresses or paths."""

    status: Status
    output: str


class Check(NamedTuple):
    """A check, and for how many seconds its result is reused."""

    name: str
    run: Callable[[], Result]
    good_for: float
    bad_for: float = 5
    needs_database: bool = True  # not run while the database fails


def check_database() -> Result:
    """Write to the database and commit: a full disk or a read-only replica answers reads all the same."""
    try:
        with short_lock_wait(), transaction.atomic():
            # The plain query set: no content_version rises, so that every cached page stays.
            settings_row: QuerySet[SiteSettings] = QuerySet(SiteSettings).filter(pk=1)
            settings_row.update(next_due_at=F("next_due_at"))
    except Error as error:
        if is_busy(error):  # pages are read meanwhile, and saves come back
            return Result(Status.WARN, "ocupada: no se puede guardar por ahora")
        logger.warning("The database does not take a write: %s", error)
        return Result(Status.FAIL, "no responde o no se puede guardar")
    return Result(Status.PASS, "responde y guarda")


def check_migrations() -> Result:
    """Compare the migrations of the running code with those of the database."""
    try:
        is_behind = has_unapplied_migrations()
    except Error as error:
        logger.warning("The migrations cannot be read: %s", error)
        return Result(Status.FAIL, "no se pueden leer")
    if is_behind:
        return Result(Status.FAIL, "faltan por aplicar (manage.py migrate)")
    return Result(Status.PASS, "al día")


def check_storage() -> Result:
    """Write a file to each folder of uploads, or query the bucket."""
    try:
        for folder in {Path(settings.VAR_DIR), *_local_folders()}:
            _write_in(folder)
        if settings.S3_BUCKET:
            default_storage.exists("readyz")
    except Exception as error:  # each storage has errors of its own
        logger.warning("The storage does not take files: %r", error)
        return Result(Status.FAIL, "no se puede escribir")
    return Result(Status.PASS, "se puede escribir")


def _local_folders() -> list[Path]:
    return [] if settings.S3_BUCKET else [Path(settings.MEDIA_ROOT)]


def _write_in(folder: Path) -> None:
    """Write a block to an unnamed file. Raises OSError where the disk is full or read-only."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as target:
        target.write(b"\0" * 4096)
        target.flush()
        os.fsync(target.fileno())


def check_disk() -> Result:
    """Warn while the disk of the state has less than LOW_DISK bytes left for its owner."""
    try:
        left = shutil.disk_usage(settings.VAR_DIR).free
    except OSError as error:
        logger.warning("The disk cannot be measured: %s", error)
        return Result(Status.WARN, "no se puede medir")
    if left < LOW_DISK:
        return Result(Status.WARN, "queda menos de 1 GB: libere espacio o amplíe el disco")
    return Result(Status.PASS, "hay espacio")


def check_cache() -> Result:
    """Write to the cache and read it back. Without it pages work, and limits are not counted."""
    try:
        cache.set("readyz", "1", 60)
        is_kept = cache.get("readyz") == "1"
    except Exception as error:  # each backend has errors of its own
        logger.warning("The cache does not work: %r", error)
        is_kept = False
    if not is_kept:
        return Result(Status.WARN, "no responde: los límites de envíos no se cuentan")
    return Result(Status.PASS, "responde")


def check_queue() -> Result:
    """Count the waiting tasks, and warn when the oldest waits longer than SLOW_QUEUE.

    It is no failure: removing the only web server for it would make it worse.
    """
    try:
        waiting = (
            DBTaskResult.objects.ready()
            .order_by()
            .aggregate(n=Count("pk"), oldest=Min("enqueued_at"))
        )
    except Error as error:
        logger.warning("The queue cannot be read: %s", error)
        return Result(Status.WARN, "no se puede leer")
    age = int((timezone.now() - waiting["oldest"]).total_seconds()) if waiting["oldest"] else 0
    output = f"{waiting['n']} en espera"
    if waiting["n"]:
        output += f", la más antigua desde hace {age} s"
    if age > SLOW_QUEUE:
        return Result(Status.WARN, f"{output}: atrasada, revise el trabajador")
    return Result(Status.PASS, output)


def check_worker() -> Result:
    """Return whether a process of this machine takes up tasks; it may well run on another."""
    is_alive = worker_liveness.any_alive()
    return Result(Status.PASS, "activo" if is_alive else "ninguno en este servidor")


CHECKS = (
    Check(
        "database", check_database, good_for=10, needs_database=False
    ),  # first: others wait for it
    Check("migrations", check_migrations, good_for=300),
    Check("storage", check_storage, good_for=10, needs_database=False),
    Check("disk", check_disk, good_for=30, bad_for=30, needs_database=False),
    Check("cache", check_cache, good_for=10, needs_database=False),
    Check("queue", check_queue, good_for=5),
    Check("worker", check_worker, good_for=5, needs_database=False),
)
