"""Purge the trash after TRASH_RETENTION, delete for good, and undelete taxonomy rows."""

import datetime as dt
from copy import copy
from typing import Any

from django.db import transaction
from django.db.models import Min, Model, QuerySet
from django.utils import timezone

from resources.files.covers import rendition_names
from resources.files.sharing_pictures.builder import drop_picture
from resources.files.trashed_files import erase_on_commit
from resources.kinds.legislation.models import LegalInstrument, LegalRelation
from resources.locking import lock
from resources.models import (
    Erasure,
    FileVersion,
    PendingImport,
    PendingUpload,
    Redirect,
    Resource,
    Revision,
    SiteSettings,
    Tag,
    TrashedFile,
)
from resources.models.resource import TRASH_RETENTION
from resources.models.revisions import subject_model, subject_name
from resources.workflow.revert import set_fields
from resources.workflow.revisions import record, state_of, store_revision
from search.index.writer import batch_index_updates

HELD = dt.timedelta(days=2)  # uploads that nobody came back for
AT_ONCE = 20  # resources, each in a transaction of its own; the rest follows with the next request


def purge(now: dt.datetime) -> int:
    """Purge resources and files trashed longer than TRASH_RETENTION; return the number of resources."""
    old = (
        Resource.objects.filter(deleted_at__lte=now - TRASH_RETENTION)
        .with_kind()
        .order_by("deleted_at")
    )
    doomed = list(old[:AT_ONCE])
    failures = []
    for resource in doomed:
        try:
            _delete_old(resource.specific, now)
        except (
            Exception
        ) as failure:  # the others go all the same; the caller logs it and tries again
            failures.append(failure)
    for row in TrashedFile.objects.filter(since__lte=now - TRASH_RETENTION):
        if not _is_in_use(row.name):
            erase_on_commit(row.storage, row.name)
        row.delete()
    for held in PendingUpload.objects.filter(at__lte=now - HELD):
        erase_on_commit("default", held.stored.name or "")
        held.delete()
    PendingImport.objects.filter(at__lte=now - TRASH_RETENTION).delete()
    if failures:
        raise failures[0]
    return len(doomed)


@transaction.atomic
def _delete_old(resource: Resource, now: dt.datetime) -> None:
    """Delete `resource` for good, unless it was restored from the trash meanwhile."""
    lock(resource)
    if resource.deleted_at and resource.deleted_at <= now - TRASH_RETENTION:
        note_erasure(resource)
        hard_delete(resource)


def note_erasure(resource: Resource) -> None:
    """Record that `resource` and its files are erased for good, so that no backup brings them back."""
    Erasure.note_resource(resource)
    files = FileVersion.objects.filter(file__resource=resource, withheld_on=None)
    for name in files.values_list("stored", flat=True).distinct():
        Erasure.note_file(name)
    for name in [resource.cover.name, *rendition_names(resource.renditions)]:
        Erasure.note_file(name or "")


def _is_in_use(name: str) -> bool:
    """Return whether a trashed file is in use again."""
    return (
        Resource.objects.filter(cover=name).exists()
        or SiteSettings.objects.filter(logo=name).exists()
        or FileVersion.objects.filter(stored=name, withheld_on=None).exists()
    )


def next_purge() -> dt.datetime | None:
    """Return the instant of the next purge; None for an empty trash."""
    dues = [
        (Resource.objects.aggregate(first=Min("deleted_at"))["first"], TRASH_RETENTION),
        (TrashedFile.objects.aggregate(first=Min("since"))["first"], TRASH_RETENTION),
        (PendingUpload.objects.aggregate(first=Min("at"))["first"], HELD),
        (PendingImport.objects.aggregate(first=Min("at"))["first"], TRASH_RETENTION),
    ]
    return min((first + kept for first, kept in dues if first), default=None)


@transaction.atomic
def hard_delete(resource: Resource) -> None:
    """Delete `resource` (the child) with its files, its cover and its history; its addresses keep title and reason."""
    versions = FileVersion.objects.filter(file__resource=resource, withheld_on=None)
    for name in versions.exclude(stored="").values_list("stored", flat=True).distinct():
        erase_on_commit("default", name)
    for name in [resource.cover.name, *rendition_names(resource.renditions)]:
        if name:
            erase_on_commit("pictures", name)
    drop_picture(resource)
    Revision.objects.of(resource).delete()
    _keep_citations(resource)
    resource.delete()


def _keep_citations(resource: Resource) -> None:
    """Turn the relations of a public law into citations on the other instruments."""
    if not resource.was_public:
        return
    for near, far in (("source", "target"), ("target", "source")):
        relations = LegalRelation.objects.filter(**{near: resource, f"{far}__isnull": False})
        for relation in relations.exclude(**{far: resource}):
            if near == "source" and not _had_effect(resource):
                continue  # an outside source counts as in force: this one never was
            setattr(relation, near, None)
            setattr(relation, f"{near}_citation", resource.title)
            relation.save()


def _had_effect(resource: Resource) -> bool:
    """Return whether `resource` had taken effect before it was trashed."""
    in_effect = copy(resource)
    in_effect.deleted_at = None
    return isinstance(in_effect, LegalInstrument) and in_effect.has_taken_effect(
        timezone.localdate()
    )


ROOMS = {"section": "secciones", "tag": "etiquetas"}
"""Model → namespace of its addresses, where a deletion leaves a tombstone."""


def record_deletion(subject: Model, user: Any) -> Revision:
    """Record `subject` before its deletion; for a tag, with its resources."""
    state = state_of(subject) | {"name": str(subject)}
    if isinstance(subject, Tag):
        state["carried_by"] = list(subject.tagged.values_list("content_object", flat=True))
    return store_revision(subject, Revision.Action.DELETED, state, user)


def deletions(model: type[Model]) -> QuerySet[Revision]:
    """Return the deletions of rows of `model` that can still be undone, the last first."""
    kept = Revision.objects.filter(
        subject=subject_name(model),
        action=Revision.Action.DELETED,
        at__gt=timezone.now() - TRASH_RETENTION,
    )
    newest = {edit.subject_id: edit.pk for edit in kept.order_by("pk").only("subject_id")}
    here = model._base_manager.filter(pk__in=newest).values_list("pk", flat=True)
    gone = newest.keys() - set(here)
    return kept.filter(pk__in=[newest[pk] for pk in gone]).select_related("by")


@transaction.atomic
def undelete(edit: Revision, user: Any) -> tuple[Model, list[str]]:
    """Undelete the row that `edit` recorded, at its address; return it with remarks in Spanish.

    Raises ValidationError where something new has taken its place.
    """
    remarks: list[str] = []
    subject: Any = subject_model(edit.subject)(pk=edit.subject_id)
    set_fields(subject, edit.state, remarks)
    if "slug" in edit.state["fields"]:
        subject.slug = edit.state["fields"]["slug"]
    subject.full_clean(exclude={"id", "folded"})
    if edit.subject in ROOMS:
        Redirect.reopen(ROOMS[edit.subject], subject.slug)
    subject.save(force_insert=True)
    with batch_index_updates():
        for resource in Resource.objects.filter(pk__in=edit.state.get("carried_by", ())):
            resource.tags.add(subject)
    record(subject, user, Revision.Action.UNDELETED)
    return subject, remarks
