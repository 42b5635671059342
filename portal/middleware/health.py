"""Health checks: liveness at `/livez`, readiness at `/readyz`."""

import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import Error
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal import worker_liveness
from resources.code_version import has_unapplied_migrations
from resources.models import SiteSettings

logger = logging.getLogger(__name__)
SLOW_QUEUE = 15 * 60  # seconds that a task may wait before the probe says that something is wrong


class ProbeResult(NamedTuple):
    """One line of the report, and whether the site is ready as far as this check goes."""

    is_good: bool
    words: str


class Probe:
    """A check with its result cached for some seconds, so that polling costs one check in that time."""

    def __init__(self, check: Callable[[], ProbeResult], good_for: float, bad_for: float) -> None:
        self.check, self.good_for, self.bad_for = check, good_for, bad_for
        self.last, self.until, self._lock = ProbeResult(True, ""), 0.0, threading.Lock()

    def ask(self) -> ProbeResult:
        """Return the cached result, or a new one if it expired; one thread checks, others get the last result."""
        if time.monotonic() < self.until and self.last.words:
            return self.last
        if not self._lock.acquire(blocking=not self.last.words):
            return self.last
        try:
            if time.monotonic() >= self.until:
                self.last = self.check()
                wait = self.good_for if self.last.is_good else self.bad_for
                self.until = time.monotonic() + wait
            return self.last
        finally:
            self._lock.release()


class HealthMiddleware:
    """Answer health checks before everything else: probes use an IP address and plain HTTP."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.migrations = Probe(check_migrations, good_for=300, bad_for=5)
        self.storage = Probe(check_storage, good_for=10, bad_for=5)
        self.queue = Probe(check_queue, good_for=5, bad_for=5)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a health check, or pass the request on."""
        if request.path_info == "/livez":
            return _says("vivo")
        if request.path_info == "/readyz":
            return self._readiness()
        return self.get_response(request)

    def _readiness(self) -> HttpResponse:
        """Answer 503 where database, migrations or storage fail.

        A slow queue is reported without failing: removing the only web server for it would make it worse.
        """
        found = [check_database()]
        if found[0].is_good:
            found += [self.migrations.ask(), self.storage.ask(), self.queue.ask()]
        else:
            found.append(self.storage.ask())
        is_ready = all(finding.is_good for finding in found)
        lines = ["listo" if is_ready else "no listo", *(finding.words for finding in found)]
        return _says("\n".join(lines), status=200 if is_ready else 503)


def check_database() -> ProbeResult:
    """Return whether the database answers and has tables, which is all that a page needs."""
    try:
        SiteSettings.objects.filter(pk=1).exists()
    except Error:
        logger.exception("The database does not answer, or its tables are missing.")
        return ProbeResult(False, "base de datos: no responde")
    return ProbeResult(True, "base de datos: responde")


def check_migrations() -> ProbeResult:
    """Return whether the database has every migration of the running code."""
    try:
        is_behind = has_unapplied_migrations()
    except Error:
        logger.exception("The migrations cannot be read.")
        return ProbeResult(False, "migraciones: no se pueden leer")
    if is_behind:
        return ProbeResult(False, "migraciones: faltan por aplicar (manage.py migrate)")
    return ProbeResult(True, "migraciones: al día")


def check_storage() -> ProbeResult:
    """Return whether uploads can be stored: write a file to each folder, or query the bucket."""
    try:
        for folder in {Path(settings.VAR_DIR), *_local_folders()}:
            _write_in(folder)
        if settings.S3_BUCKET:
            default_storage.exists("readyz")
    except Exception:  # each storage has errors of its own
        logger.exception("The storage does not take files.")
        return ProbeResult(False, "almacenamiento: no se puede escribir")
    return ProbeResult(True, "almacenamiento: se puede escribir")


def _local_folders() -> list[Path]:
    return [] if settings.S3_BUCKET else [Path(settings.MEDIA_ROOT)]


def _write_in(folder: Path) -> None:
    """Write a block to an unnamed file. Raises OSError where the disk is full or read-only."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as target:
        target.write(b"\0" * 4096)
        target.flush()
        os.fsync(target.fileno())


def check_queue() -> ProbeResult:
    """Return the number of waiting tasks, the age of the oldest, and whether a local worker is alive."""
    try:
        waiting = (
            DBTaskResult.objects.ready()
            .order_by()
            .aggregate(n=Count("pk"), oldest=Min("enqueued_at"))
        )
    except Error:
        logger.exception("The queue cannot be read.")
        return ProbeResult(True, "cola: no se puede leer")
    age = int((timezone.now() - waiting["oldest"]).total_seconds()) if waiting["oldest"] else 0
    words = f"cola: {waiting['n']} en espera"
    if waiting["n"]:
        words += f", la más antigua desde hace {age} s"
    if age > SLOW_QUEUE:
        words += " (atrasada: revise el trabajador)"
    worker = "activo" if worker_liveness.any_alive() else "ninguno en este servidor"
    return ProbeResult(True, f"{words}\ntrabajador: {worker}")


def _says(text: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
