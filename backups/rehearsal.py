"""Rehearse a restore: the newest archive into a scratch place, by the same command as in an emergency."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.conf import settings

from backups.errors import BackupError
from backups.manifest import Manifest
from backups.models import Event
from backups.repository import Repository
from backups.runs import in_bytes


def rehearse(place: str, key: str) -> Event:
    """Restore the newest archive at `place` beside the site, open its pages, and return the recorded result.

    The scratch place is always SQLite and files on disk, whatever the site uses: an archive is of no engine. Raises
    BackupError where it could not begin; a restore that fails is a result.
    """
    manifest = Repository.open(place, key).newest()
    if manifest is None:
        raise BackupError(f"En {place} no hay respaldos. Para hacer uno: manage.py backup")
    size = sum(file.size for file in manifest.files)
    if shutil.disk_usage(settings.TEMP_DIR).free < 2 * size:
        raise BackupError(
            f"No hay espacio para el ensayo: necesita {in_bytes(2 * size)} libres en {settings.TEMP_DIR}."
        )
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ensayo-", dir=settings.TEMP_DIR) as scratch:
        is_ok, words = _restore_beside(place, key, manifest, Path(scratch))
    return Event.objects.create(
        kind=Event.Kind.REHEARSAL,
        seconds=time.monotonic() - start,
        is_ok=is_ok,
        words=words[:500],
    )


def _restore_beside(place: str, key: str, manifest: Manifest, scratch: Path) -> tuple[bool, str]:
    """Run `manage.py restore` with a state of its own; return whether all was equal, and the result in Spanish."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore"]
    ended = subprocess.run(
        [*command, f"{place.rstrip('/')}/{manifest.name}", "--json", "--open-pages", "--key", key],
        env=os.environ
        | {
            "VAR_DIR": str(scratch),
            "DATABASE_URL": f"sqlite:///{scratch / 'db.sqlite3'}",
            **dict.fromkeys(("S3_BUCKET", "REDIS_URL", "MEDIA_ACCEL_REDIRECT"), ""),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        result = json.loads(ended.stdout)
    except ValueError:
        return False, (ended.stderr.strip().splitlines() or ["la orden terminó sin decir nada"])[-1]
    if not result["ok"]:
        return False, "; ".join(result["problems"])
    counts = f"{result['rows']} filas, {result['files']} archivos, {result['pages']} páginas"
    return True, f"todo igual ({counts})"
