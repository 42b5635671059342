"""Version of the running code, part of every cache key, and its unapplied migrations."""

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
    "reading": "**/*.py",
    "backups": "**/*.py",
    "resources": "**/*.py",
    "search": "**/*.py",
    "tables": "**/*.py",
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
    """Return whether the database lacks a migration of the running code; imports every migration."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
