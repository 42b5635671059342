"""Read stored files as tables, in the limited child process of `inspection`, and store their first rows."""

import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from inspection import ALLOWED, FileRefused, SheetPreview, preview_sheets
from resources.files.ingest import local_copy, slots_dir, upload_limits
from resources.files.reinspection import current_versions
from resources.files.takedown import refuse_taken_down
from resources.models import FileVersion, SiteSettings
from tables.models import TablePreview, TableSheet

logger = logging.getLogger(__name__)

READER = 1
"""Raise it with a better reader: all tables are read again after the update."""
TABLE_TYPES = frozenset(ALLOWED[extension].media_type for extension in ("csv", "xlsx", "ods"))
TOO_HEAVY = frozenset({"memory", "timeout", "too_much_text", "crashed", "bomb", "too_many_cells"})
"""Refusals whose words speak to editors about pages and pictures."""
BUSY = "busy"


def unread_tables() -> QuerySet[FileVersion]:
    """Return the current versions of tables that this reader has not read, oldest first."""
    read = TablePreview.objects.filter(reader=READER).values("version")
    return current_versions().filter(media_type__in=TABLE_TYPES).exclude(pk__in=read)


def read_version(version: FileVersion) -> TablePreview | None:
    """Read `version`, store its preview and return it; None where it was replaced or withheld meanwhile.

    Raises OSError where the storage lacks the bytes, and FileRefused where the machine is too busy.
    """
    sheets: tuple[SheetPreview, ...] = ()
    problem = ""
    try:
        sheets = _sheets(version)
    except FileRefused as refusal:
        if refusal.code == BUSY:
            raise
        problem = (
            "La tabla es demasiado grande para mostrarla en la página."
            if refusal.code in TOO_HEAVY
            else "El archivo no se puede mostrar como tabla."
        )
    return _store(version, sheets, problem)


def _sheets(version: FileVersion) -> tuple[SheetPreview, ...]:
    name = version.file.file_name
    with local_copy(version) as path:
        return preview_sheets(path, name=name, limits=upload_limits(), slots_dir=slots_dir())


@transaction.atomic
def _store(
    version: FileVersion, sheets: tuple[SheetPreview, ...], problem: str
) -> TablePreview | None:
    try:
        refuse_taken_down(version)
    except ValidationError:
        return None
    if not current_versions().filter(pk=version.pk).exists():
        return None
    TablePreview.objects.filter(version__file=version.file_id).delete()
    preview = TablePreview.objects.create(version=version, problem=problem, reader=READER)
    TableSheet.objects.bulk_create(
        TableSheet(
            preview=preview,
            position=position,
            name=sheet.name,
            above=sheet.above,
            headings=sheet.headings,
            rows=sheet.rows,
            total=sheet.total,
            columns=sheet.columns,
            notes=sheet.notes,
        )
        for position, sheet in enumerate(sheets, 1)
    )
    if version.file.resource.is_shown():
        SiteSettings.content_changed()
    return preview
