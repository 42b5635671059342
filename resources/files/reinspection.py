"""Inspect stored files again, when newer readers extract better facts, texts and covers."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.fields.files import FieldFile
from django.dispatch import Signal

from inspection import FileFacts
from inspection.checksums import checksum
from resources.files.covers import cover_from_picture
from resources.files.fixity import sum_of
from resources.files.ingest import Examined, examine_stored
from resources.files.takedown import refuse_taken_down
from resources.models import FileVersion, PageText, ResourceFile
from search.index.writer import index_documents

PDF = "application/pdf"
texts_renewed = Signal()
"""Sent with `version` when its page texts were read again: other apps keep what people corrected."""
ALTERED = "Los bytes guardados no son los de su huella SHA-256. Recupérelos de un respaldo: no se cambió nada."


def current_versions() -> QuerySet[FileVersion]:
    """Return the current versions that have their bytes, drafts included, oldest first."""
    versions = FileVersion.objects.filter(current_of__isnull=False, withheld_on=None)
    return versions.select_related("file__resource").order_by("pk")


def missing_facts(versions: QuerySet[FileVersion]) -> QuerySet[FileVersion]:
    """Filter `versions` to those that lack a fact found by inspection."""
    unread = Q(media_type=PDF) & (
        Q(pages=None) | Q(text_status__in=["", "failed"]) | Q(tagged=None)
    )
    lost = Q(media_type=PDF, text_status__in=["ok", "partial"], page_texts=None)
    unmeasured = Q(media_type__startswith="image/") & (Q(width=None) | Q(height=None))
    return versions.filter(unread | lost | unmeasured).distinct()


def inspect_again(version: FileVersion) -> bool:
    """Inspect the stored bytes of `version` and update its facts in one transaction; return whether any changed.

    Raises ValidationError, in Spanish, where the bytes are not those of its sum, are refused now or were withheld, and
    OSError where the storage does not give them.
    """
    if sum_of(version.stored.storage, version.stored.name or "") != version.sha256:
        raise ValidationError(ALTERED)
    with examine_stored(version) as examined, transaction.atomic():
        refuse_taken_down(version)
        changed = [
            _renew_facts(version, examined.facts),
            _renew_texts(version, examined.facts),
            _renew_cover(version, examined),
        ]
        if any(changed):
            index_documents([version.file.resource_id], afresh=True)
    return any(changed)


def _renew_facts(version: FileVersion, facts: FileFacts) -> bool:
    changed = sorted(
        name for name in FileVersion.DERIVED if getattr(version, name) != getattr(facts, name)
    )
    for name in changed:
        setattr(version, name, getattr(facts, name))
    if changed:
        version.save(update_fields=changed)
    return bool(changed)


def _renew_texts(version: FileVersion, facts: FileFacts) -> bool:
    new = facts.numbered_pages()
    if not new and version.text_status == FileVersion.TextStatus.EMPTY:
        return False  # a scan may have texts that were recognised in its pictures
    if new == list(version.page_texts.order_by("page").values_list("page", "text")):
        return False
    PageText.objects.filter(version=version).delete()
    PageText.objects.bulk_create(
        (PageText(version=version, page=page, text=text) for page, text in new), batch_size=200
    )
    texts_renewed.send(sender=FileVersion, version=version)
    return True


def _renew_cover(version: FileVersion, examined: Examined) -> bool:
    """Make the cover anew where it comes from this file and the picture is another one than it was."""
    resource, facts = version.file.resource, examined.facts.picture
    is_main = version.file.role == ResourceFile.Role.MAIN and resource.main_version_id == version.pk
    if not is_main or (resource.cover and not resource.cover_from_file):
        return False
    if not examined.picture or not facts:
        return False
    if resource.cover and _is_same(resource.cover, examined.picture):
        return False
    cover_from_picture(resource, examined.picture, facts.media_type)
    return True


def _is_same(cover: FieldFile, picture: Path) -> bool:
    name = cover.name or ""
    return cover.storage.exists(name) and checksum(picture) == sum_of(cover.storage, name)
