"""A name for the code that runs, so that a page rendered by older code is never taken for current."""

import hashlib
from functools import cache
from pathlib import Path

WATCHED = {
    "portal": "**/*.py",
    "participation": "**/*.py",
    "upkeep": "**/*.py",
    "resources": "**/*.py",
    "templates": "**/*",
    "static": "**/*",
}


@cache
def release_name(root: Path) -> str:
    """Return 12 hexadecimal digits that change with any code, template or static file below `root`."""
    digest = hashlib.sha256()
    for folder, pattern in WATCHED.items():
        for path in sorted((root / folder).glob(pattern)):
            if path.is_file():
                digest.update(str(path.relative_to(root)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
