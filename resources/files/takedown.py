"""Withholding: a version's bytes are erased, for personal data or an error; that it stood there stays known."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from resources.files.covers import drop_cover, rendition_names
from resources.files.packs.builder import drop_packs_with
from resources.files.trashed_files import erase_trashed
from resources.locking import Allowed, lock
from resources.models import Erasure, FileVersion, Resource, ResourceFile
from search.index.writer import batch_index_updates

WITHHELD = "Esa versión fue retenida: sus bytes ya no existen. Suba el archivo de nuevo."


@batch_index_updates()
def take_down(
    version: FileVersion, *, reason: str, user: Any, allowed: Allowed | None = None
) -> None:
    """Erase the bytes of `version`, for personal data or an error; number, sum and `reason` stay, its address answers 410.

    Raises ValidationError without a reason, or where `allowed` says no of the locked resource.
    """
    if not reason.strip():
        raise ValidationError(
            {"withheld_reason": "Escriba el motivo: lo leerán quienes lleguen a esta versión."}
        )
    storage, name = version.stored.storage, version.stored.name or ""
    version.withheld_on, version.withheld_by, version.withheld_reason = (
        timezone.now(),
        user,
        reason.strip(),
    )
    with transaction.atomic():
        lock(version.file.resource, allowed)
        ResourceFile.objects.select_for_update().get(pk=version.file_id)
        for same in FileVersion.objects.filter(
            stored=name, withheld_on=None
        ):  # versions that went back to these bytes
            same.withheld_on, same.withheld_by, same.withheld_reason = (
                version.withheld_on,
                user,
                version.withheld_reason,
            )
            same.save(update_fields=["withheld_on", "withheld_by", "withheld_reason"])
            _delete_content_of(same)
        Erasure.note_file(name, version.withheld_reason)
        erase_trashed(version.sha256)
        _drop_cover_of(version)
        drop_packs_with(version.file.resource)
        transaction.on_commit(lambda: storage.delete(name))


def _delete_content_of(version: FileVersion) -> None:
    """Delete the rows with content read from `version`, in the models that declare `HOLDS_CONTENT`, of every app."""
    for relation in FileVersion._meta.related_objects:
        model: Any = relation.related_model
        if getattr(model, "HOLDS_CONTENT", False):
            model.objects.filter(**{relation.field.name: version}).delete()


def _drop_cover_of(version: FileVersion) -> None:
    """Delete the cover made from the bytes of `version`."""
    resource = Resource.objects.select_related("main_version").get(pk=version.file.resource_id)
    main = resource.main_version
    if resource.cover_from_file and main and main.sha256 == version.sha256:
        for picture in [resource.cover.name, *rendition_names(resource.renditions)]:
            Erasure.note_file(picture or "")
        drop_cover(resource)


def refuse_taken_down(version: FileVersion) -> None:
    """Raise ValidationError where `version` was withheld, perhaps while it was inspected; else nobody does until this is written."""
    ResourceFile.objects.select_for_update().get(pk=version.file_id)
    version.refresh_from_db(fields=["withheld_on"])
    if version.is_withheld:
        raise ValidationError(WITHHELD)
