"""Put bytes aside until the trash is purged."""

from functools import partial

from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from resources.models import Erasure, TrashedFile


def trash_file(storage: str, name: str, sha256: str = "") -> None:
    """Put the stored file `name` aside: it is erased when the bin is emptied."""
    if name:
        values = {"storage": storage, "sha256": sha256, "since": timezone.now()}
        TrashedFile.objects.update_or_create(name=name, defaults=values)


def erase_trashed(sha256: str) -> None:
    """Erase trashed copies of withheld bytes."""
    for row in TrashedFile.objects.filter(sha256=sha256):
        Erasure.note_file(row.name)
        erase_on_commit(row.storage, row.name)
        row.delete()


def erase_on_commit(storage: str, name: str) -> None:
    """Delete the stored file `name` once the transaction is committed."""
    transaction.on_commit(partial(storages[storage].delete, name))
