"""The way in of a list: read as a table by the inspection's child, never opened by this process."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError

from inspection import FileRefused, Table, read_table
from resources.files.antivirus import refuse_infected
from resources.files.ingest import slots_dir, upload_limits

TOO_HEAVY = ("memory", "timeout", "too_much_text", "crashed", "bomb")
"""Refusals that speak of pages and pictures, of which a list has none."""


def read_upload(path: Path, name: str) -> Table:
    """Return the rows of the spreadsheet at `path`. Raises ValidationError in Spanish with advice."""
    if settings.CLAMD_SOCKET:
        refuse_infected(path, settings.CLAMD_SOCKET)
    try:
        return read_table(path, name=name, limits=upload_limits(), slots_dir=slots_dir())
    except FileRefused as refusal:
        message = refusal.message
        if refusal.code in TOO_HEAVY:
            message = (
                "La lista es demasiado grande o pesada para leerla. Copie solo sus filas y columnas a un libro nuevo, o "
                "guárdela como CSV UTF-8, y súbala otra vez; si tiene muchas filas, divídala en varias."
            )
        raise ValidationError(message, code=refusal.code) from refusal
