"""Background tasks that read tables: each when it is stored, all others after an update of the code."""

import logging
from typing import Any

from django_tasks import task

from inspection import FileRefused
from resources.lost_tasks import when_lost
from resources.models import FileVersion
from tables.reader import TABLE_TYPES, read_version, unread_tables

logger = logging.getLogger(__name__)

AT_ONCE = 20  # tables of one task: the worker does other things in between


def read_when_stored(version: FileVersion, **kwargs: Any) -> None:
    """Queue the reading of a version that was just stored, if it is a table (receiver of `version_stored`)."""
    if version.media_type in TABLE_TYPES:
        read_table.enqueue(version.pk)


@when_lost("No se terminó de leer una tabla", repeats=True)
@task()
def read_table(version_id: int) -> None:
    """Read one version as a table, unless it was read, replaced or withheld meanwhile."""
    version = unread_tables().filter(pk=version_id).first()
    if version:
        read_version(version)


@when_lost("No se terminaron de leer las tablas", repeats=True)
@task()
def read_unread_tables(after: int = 0) -> None:
    """Read the tables above the primary key `after` that were never read, or by an earlier reader; some at a time."""
    versions = list(unread_tables().filter(pk__gt=after)[:AT_ONCE])
    for version in versions:
        try:
            read_version(version)
        except (OSError, FileRefused) as problem:  # the next update tries again
            logger.warning("%s was not read as a table: %s", version, problem)
    if len(versions) == AT_ONCE:
        read_unread_tables.enqueue(versions[-1].pk)
