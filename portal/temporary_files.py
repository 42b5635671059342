"""Clear the temporary folder of uploads and inspections that killed processes left behind."""

import shutil
import time
from pathlib import Path

from django.conf import settings

OLD = 24 * 60 * 60  # seconds: no upload or inspection lasts that long
LOCKS = "recursos-inspection-"  # the folder of locks (inspection/semaphore.py) stays


def clear_temporary_files(older_than: float = 0) -> int:
    """Delete entries unchanged for `older_than` seconds; return their number."""
    before, count = time.time() - older_than, 0
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*"):
        if path.name.startswith(LOCKS) or path.lstat().st_mtime > before:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        count += 1
    return count


def clear_old_temporary_files() -> int:
    """Delete entries older than any process can use."""
    return clear_temporary_files(OLD)
