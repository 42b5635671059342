"""Which workers of background tasks are alive: each holds a lock on a file, which the kernel frees when the process ends."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.models import DBTaskResult

SILENT_AFTER = timedelta(hours=1)
"""A task of another machine's worker, of which this one knows nothing, counts as lost after this long."""


def new_worker_id() -> str:
    """Return an id that tells on which machine the worker runs."""
    return with_machine(get_random_string(16))


def with_machine(worker_id: str) -> str:
    """Return `worker_id` with the machine's name before it, unless it has one; at most 64 characters."""
    return worker_id if "@" in worker_id else f"{_machine()}@{worker_id[:23]}"


def _machine() -> str:
    return socket.gethostname()[:40]


@contextmanager
def held(worker_id: str) -> Iterator[None]:
    """Lock the file of this worker until the block or the process ends."""
    path = _path(worker_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = _locked(path)
    try:
        yield
    finally:
        os.close(descriptor)


def _locked(path: Path) -> int:
    """Return a descriptor that holds the lock of the file which has this name now."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if path.exists() and os.fstat(descriptor).st_ino == path.stat().st_ino:
            return descriptor
        os.close(descriptor)  # forget_dead() deleted it between the two calls


def is_alive(worker_id: str) -> bool:
    """Return True if a process of this machine holds the lock of `worker_id`."""
    try:
        descriptor = os.open(_path(worker_id), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def any_alive() -> bool:
    """Return True if a worker of this machine is alive."""
    return any(is_alive(worker_id) for worker_id in _known())


def forget_dead() -> None:
    """Delete the files of workers that ended."""
    for worker_id in _known():
        if not is_alive(worker_id):
            _path(worker_id).unlink(missing_ok=True)


def is_lost(row: DBTaskResult) -> bool:
    """Return True if the worker that runs `row` is dead, or of another machine and silent for too long."""
    worker_id = row.worker_ids[-1] if row.worker_ids else ""
    if is_alive(worker_id):
        return False
    machine, _, rest = worker_id.rpartition("@")
    is_elsewhere = rest and machine != _machine()  # an id without a machine is of an unknown one
    if is_elsewhere and not _path(worker_id).exists():
        return not row.started_at or row.started_at < timezone.now() - SILENT_AFTER
    return True


def _folder() -> Path:
    return settings.VAR_DIR / "workers"


def _path(worker_id: str) -> Path:
    return _folder() / f"{quote(worker_id, safe='@')}.lock"


def _known() -> list[str]:
    """Return the ids of the workers that have a file; none of them holds a character that `quote` changes."""
    return [path.name.removesuffix(".lock") for path in _folder().glob("*.lock")]
