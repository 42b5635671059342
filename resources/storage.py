"""Storage of pictures (public) beside the default storage (private), and unguessable file names."""

import secrets
from pathlib import PurePath

from django.core.files.storage import Storage, storages
from django.db.models import Model
from django.utils import timezone

from resources.text import ascii_file_name


def pictures_storage() -> Storage:
    """Return the storage of covers and their renditions; migrations reference this function by name."""
    return storages["pictures"]


def unguessable_name(instance: Model, name: str) -> str:
    """Return a unique, unguessable storage path, whatever the file is called."""
    path = PurePath(name)
    return f"{timezone.now():%Y/%m}/{secrets.token_hex(16)}/{ascii_file_name(path.stem, path.suffix.lstrip('.').lower() or 'bin')}"
