"""A semaphore across processes: lock files, which the kernel releases when a process dies."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inspection.facts import FileRefused

_PAUSE = 0.05


def default_slots_dir() -> Path:
    """Return a directory of this user's own below the system's temporary one."""
    return Path(tempfile.gettempdir()) / f"recursos-inspection-{os.getuid()}"


@contextmanager
def acquire_slot(count: int, directory: Path, wait_seconds: float) -> Iterator[int]:
    """Hold one of `count` slots, yielding the descriptor of its lock.

    A child that inherits the descriptor holds the slot as long as it lives, even when its
    parent is killed. Raises FileRefused (`busy`) when none is free in time.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    deadline = time.monotonic() + wait_seconds
    while True:
        for number in range(count):
            held = _try_lock(directory / f"{number}.lock")
            if held is not None:
                try:
                    yield held
                finally:
                    os.close(held)
                return
        if time.monotonic() >= deadline:
            raise FileRefused(
                "busy",
                "En este momento se están revisando otros archivos. Intente de nuevo en un minuto.",
            )
        time.sleep(_PAUSE)


def _try_lock(path: Path) -> int | None:
    held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        return None
    return held
