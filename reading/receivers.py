"""Ask for the reading of each new version; erase that of a withheld one, and the pictures of erased pages."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from inspection.reading_types import DOCUMENT_TYPES
from reading.following import store_corrected_texts
from reading.making import make_reading, pictures_of
from reading.models import Reading, ReadingPage
from resources.files import fixity
from resources.files.reinspection import texts_renewed
from resources.files.trashed_files import erase_on_commit
from resources.models import FileVersion


def connect() -> None:
    """Connect the receivers, and tell the check of files of the pictures."""
    post_save.connect(on_version, sender=FileVersion, dispatch_uid="reading-of-version")
    post_delete.connect(on_page_deleted, sender=ReadingPage, dispatch_uid="picture-of-page")
    texts_renewed.connect(on_texts_renewed, dispatch_uid="corrected-texts")
    fixity.OTHERS.append(known_pictures)


def on_version(instance: FileVersion, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Have a new document read once it is stored, and erase what was read of a withheld one."""
    if raw:
        return
    if created and instance.media_type in DOCUMENT_TYPES:
        transaction.on_commit(partial(make_reading.enqueue, instance.pk))
    elif instance.is_withheld:
        Reading.objects.filter(version=instance).delete()
        FileVersion.objects.filter(pk=instance.pk, is_readable=True).update(is_readable=False)


def on_texts_renewed(version: FileVersion, **kwargs: Any) -> None:
    """Keep what people corrected in the search."""
    store_corrected_texts(version)


def on_page_deleted(instance: ReadingPage, **kwargs: Any) -> None:
    """Erase the picture of a page."""
    if instance.picture:
        erase_on_commit("pictures", instance.picture.name or "")


def known_pictures(using: str) -> Iterator[fixity.KnownFile]:
    """Yield the stored pictures of pages, for the check of files and for backups."""
    for name in pictures_of(using):
        yield fixity.KnownFile("pictures", name, "página de un documento")
