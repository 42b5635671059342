"""One backup from beginning to end, with its record for the desk."""

import time

from backups.archive import Outcome, Progress, delete_damaged, make_archive
from backups.errors import BackupError
from backups.models import Event
from backups.repository import Repository
from backups.retention import prune


def run_backup(
    place: str,
    key: str,
    progress: Progress = lambda label, done, of: None,
    *,
    check: bool = False,
) -> tuple[Outcome, int]:
    """Add an archive to the repository at `place` and apply the rule of retention; return it and how many were deleted.

    With `check` the objects of the newest archive are read first, and damaged ones stored again. Success and failure are
    recorded as an Event. Raises BackupError.
    """
    start = time.monotonic()
    try:
        repository = Repository.open(place, key, create=True)
        with repository.locked():
            if check:
                delete_damaged(repository, progress)
            outcome = make_archive(repository, progress)
            deleted = prune(repository)
    except (BackupError, OSError) as error:
        _record(start, False, str(error))
        if isinstance(error, BackupError):
            raise
        raise BackupError(f"No se hizo el respaldo: {error}") from error
    words = f"{in_bytes(outcome.new_bytes)} nuevos"
    if outcome.absent:
        words += f"; faltan {len(outcome.absent)} archivos (manage.py check_files)"
    _record(start, not outcome.absent, words)
    return outcome, deleted


def _record(start: float, is_ok: bool, words: str) -> None:
    Event.objects.create(
        kind=Event.Kind.BACKUP, seconds=time.monotonic() - start, is_ok=is_ok, words=words[:500]
    )


def in_bytes(size: float) -> str:
    """Return a size in words: 3,4 MB."""
    if size < 1000:
        return f"{size:.0f} bytes"
    for unit in ("KB", "MB"):
        size /= 1000
        if size < 1000:
            return f"{size:.1f} {unit}".replace(".", ",")
    return f"{size / 1000:.1f} GB".replace(".", ",")


def in_time(seconds: float) -> str:
    """Return a duration in words: 40 s, 3 min."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
