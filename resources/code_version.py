"""Which code runs: a name for it, so that a page rendered by older code is never taken for current, and its migrations."""

import hashlib
from functools import cache
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

WATCHED = {
    "portal": "**/*.py",
    "participation": "**/*.py",
    "inspection": "**/*.py",
    "maintenance": "**/*.py",
    "resources": "**/*.py",
    "search": "**/*.py",
    "templates": "**/*",
    "static": "**/*",
}


@cache
def code_version(root: Path) -> str:
    """Return 12 hexadecimal digits that change with any code, template or static file below `root`."""
    digest = hashlib.sha256()
    for folder, pattern in WATCHED.items():
        for path in sorted((root / folder).glob(pattern)):
            if path.is_file():
                digest.update(str(path.relative_to(root)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def has_unapplied_migrations() -> bool:
    """Return True if the database lacks a migration of the code that runs; this reads every migration's module."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
