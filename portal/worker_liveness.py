"""Liveness of background workers: each locks a file, which the kernel unlocks when the process ends."""

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
    """Return a worker id that contains the machine's name."""
    return with_machine(get_random_string(16))


def with_machine(worker_id: str) -> str:
    """Return `worker_id` prefixed with the machine's name if it has none; at most 64 characters."""
    return worker_id if "@" in worker_id else f"{_machine()}@{worker_id[:23]}"


def _machine() -> str:
    return socket.gethostname()[:40]


@contextmanager
def worker_lock(worker_id: str) -> Iterator[None]:
    """Lock the file of this worker until the block or the process ends."""
    path = _path(worker_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = _locked(path)
    try:
        yield
    finally:
        os.close(descriptor)


def _locked(path: Path) -> int:
    """Return a descriptor that holds the lock of the file now at this path."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if path.exists() and os.fstat(descriptor).st_ino == path.stat().st_ino:
            return descriptor
        os.close(descriptor)  # forget_dead() deleted it between the two calls


def is_alive(worker_id: str) -> bool:
    """Return whether a process of this machine holds the lock of `worker_id`."""
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
    """Return whether a worker of this machine is alive."""
    return any(is_alive(worker_id) for worker_id in _known())


def delete_dead_locks() -> None:
    """Delete the lock files of dead workers."""
    for worker_id in _known():
        if not is_alive(worker_id):
            _path(worker_id).unlink(missing_ok=True)


def is_lost(row: DBTaskResult) -> bool:
    """Return whether the worker of `row` is dead, or on another machine and silent for too long."""
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
    """Return the ids of the workers with a lock file; `quote` changes no character of them."""
    return [path.name.removesuffix(".lock") for path in _folder().glob("*.lock")]
