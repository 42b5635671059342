"""Store immutable versions in stable slots."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.dispatch import Signal
from django_tasks import task

from inspection import FileFacts
from resources.files.covers import cover_from_picture
from resources.files.ingest import Examined, examine_stored, refuse_unfit
from resources.files.takedown import WITHHELD, refuse_taken_down
from resources.files.trashed_files import trash_file
from resources.locking import Allowed, lock, lock_row
from resources.lost_tasks import when_lost
from resources.models import FileVersion, PageText, Resource, ResourceFile
from resources.text import ascii_file_name, free_slug
from search.index.writer import batch_index_updates

version_stored = Signal()
"""Sent within the transaction that makes a version current, with `version`."""


@batch_index_updates()
def store_version(
    slot: ResourceFile,
    examined: Examined,
    *,
    user: Any = None,
    change_note: str = "",
    is_sample: bool = False,
) -> FileVersion:
    """Store `examined` as the next version of `slot` (saved here if it is new), with its page texts and cover.

    Raises ValidationError where the version would break a rule: another media type, nothing said of what
    changed, the same bytes as the current version.
    """
    with transaction.atomic():
        version = _next_version(
            slot, examined.facts, user=user, change_note=change_note, is_sample=is_sample
        )
        if not slot.file_name:
            slot.file_name = _free_file_name(slot, examined)
        slot.save()
        with examined.path.open("rb") as stream:
            version.stored.save(slot.file_name, File(stream), save=False)
        try:
            _make_current(slot, version, examined)
        except BaseException:
            version.stored.storage.delete(version.stored.name or "")
            raise
    return version


def _next_version(
    slot: ResourceFile, facts: FileFacts, *, user: Any, change_note: str, is_sample: bool
) -> FileVersion:
    """Return the version, not yet stored, that follows the newest of `slot`; others who store wait their turn."""
    newest = None
    lock_row(slot.resource)
    if slot.pk:
        ResourceFile.objects.select_for_update().get(pk=slot.pk)
        newest = slot.versions.order_by("-number").first()
    refuse_unfit(facts, newest, change_note)
    return FileVersion(
        file=slot,
        number=newest.number + 1 if newest else 1,
        change_note=change_note.strip(),
        is_sample=is_sample,
        created_by=user,
        **_recorded(facts),
    )


def _make_current(slot: ResourceFile, version: FileVersion, examined: Examined) -> None:
    """Store `version` as the current one of `slot`: its page texts replace those of the last, its picture the cover."""
    version.file = slot
    version.save()
    PageText.objects.filter(version__file=slot).delete()
    PageText.objects.bulk_create(
        (
            PageText(version=version, page=page, text=text)
            for page, text in examined.facts.numbered_pages()
        ),
        batch_size=200,
    )
    slot.current = version
    slot.save()
    if slot.role == ResourceFile.Role.MAIN and examined.picture and examined.facts.picture:
        cover_from_picture(slot.resource, examined.picture, examined.facts.picture.media_type)
    version_stored.send(sender=FileVersion, version=version)


@transaction.atomic
def remove_slot(slot: ResourceFile) -> None:
    """Move a file that was never public to the trash. Raise ValueError for any other."""
    lock_row(slot.resource)
    slot.resource.refresh_from_db(fields=["published_at"])
    if slot.resource.was_public:
        raise ValueError("A file that was public is never deleted: replace or withhold it.")
    stored = {
        str(version.stored.name): version.sha256
        for version in slot.versions.all()
        if not version.is_withheld
    }
    slot.delete()
    for name, sha256 in stored.items():
        trash_file("default", name, sha256)


@when_lost("No se terminó de preparar una portada", repeats=True, model="resources.resource")
@task()
def cover_from_main_file(resource_id: int) -> None:
    """Make the cover of a resource from its main file again, by the worker: its editor has taken the other one away."""
    resource = Resource.objects.filter(pk=resource_id).select_related("main_version__file").first()
    if not resource or not resource.main_version or resource.main_version.is_withheld:
        return
    try:
        with examine_stored(resource.main_version) as examined, transaction.atomic():
            refuse_taken_down(resource.main_version)
            if examined.picture and examined.facts.picture:
                cover_from_picture(resource, examined.picture, examined.facts.picture.media_type)
    except ValidationError:
        return  # without a picture the page shows a woven cover


def revert_to(version: FileVersion, *, user: Any, allowed: Allowed | None = None) -> FileVersion:
    """Make `version` current again: a new version of its slot that points at the same stored bytes.

    Raises ValidationError where it is the current one already, was withheld, or `allowed` says no of the locked row.
    """
    slot = version.file
    refuse_current(version)
    if version.is_withheld:
        raise ValidationError(WITHHELD)
    with examine_stored(version) as examined, batch_index_updates():
        lock(slot.resource, allowed)
        slot.refresh_from_db()
        refuse_current(version)
        refuse_taken_down(version)
        again = _next_version(
            slot,
            examined.facts,
            user=user,
            change_note=f"Se vuelve a la versión {version.number}.",
            is_sample=version.is_sample,
        )
        again.size, again.sha256, again.stored = version.size, version.sha256, version.stored.name
        _make_current(slot, again, examined)
    return again


def _recorded(facts: FileFacts) -> dict[str, Any]:
    names = (
        "media_type",
        "charset",
        "size",
        "sha256",
        "pages",
        "width",
        "height",
        "text_status",
        "tagged",
        "language",
    )
    return {name: getattr(facts, name) for name in names}


def _free_file_name(slot: ResourceFile, examined: Examined) -> str:
    taken = set(slot.resource.files.exclude(pk=slot.pk).values_list("file_name", flat=True))
    extension = examined.facts.extension
    stem = free_slug(
        Path(examined.name).stem,
        limit=120,
        is_taken=lambda stem: ascii_file_name(stem, extension) in taken,
        fallback="archivo",
    )
    return ascii_file_name(stem, extension)


MOST_TWINS = 20  # files with the same bytes that are named


def same_bytes(sha256: str) -> "list[FileVersion]":
    """Return the first current versions, in the catalogue, whose bytes have this sum: "este archivo ya está en …"."""
    versions = FileVersion.objects.filter(sha256=sha256, withheld_on=None, current_of__isnull=False)
    known = versions.filter(file__resource__deleted_at=None).select_related("file__resource")
    return list(known.order_by("pk")[:MOST_TWINS])


def refuse_current(version: FileVersion) -> None:
    """Raise ValidationError where `version` is the current one already."""
    if version.pk == version.file.current_id:
        raise ValidationError("Esa ya es la versión actual.")
