"""The one receiver of model signals: it raises content_version, queues index updates, pack and picture comparisons.

All in the transaction of the write, so that no caller has to remember it.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model, Q
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.utils import timezone

from resources.files.packs.builder import request_refresh
from resources.files.sharing_pictures.builder import request_refresh as request_sharing_pictures
from resources.kinds.legislation.models import LegalRelation
from resources.lost_tasks import when_lost
from resources.models import (
    FileVersion,
    Organization,
    Pack,
    Page,
    Redirect,
    Resource,
    ResourceFile,
    ResourceTag,
    Section,
    SharingPicture,
    SiteSettings,
    Tag,
)
from resources.models.base import InternalModel, compose_texts, content_changed
from search.index.rebuild import refresh_index
from search.index.writer import index_pending, queue_index_updates
from search.models import Synonym

COMPOSED_APPS = frozenset({"resources", "search", "participation", "maintenance", "auth"})
LABELS = frozenset({Organization, Tag, ResourceTag})
"""Models that label resources. No visibility follows from them, so a document may have the old label for a while."""
PATHS: dict[type[Model], str] = {
    ResourceTag: "tagged__in",
    ResourceFile: "files__in",
    FileVersion: "files__versions__in",
    Tag: "tagged__tag__in",
    Organization: "issuer__in",
}
"""Model → the lookup from Resource to its rows."""

for task in (index_pending, refresh_index):
    when_lost("El índice de búsqueda no se terminó de poner al día", repeats=True)(task)


def connect() -> None:
    """Connect the receivers; called once, when all apps are ready."""
    pre_save.connect(compose, dispatch_uid="compose-texts")
    for signal in (post_save, post_delete, m2m_changed):
        signal.connect(on_change, dispatch_uid=f"content-version-{id(signal)}")
    content_changed.connect(on_change, dispatch_uid="content-version-bulk")


def compose(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    """Store texts in NFC, whichever form or command they come from."""
    if sender._meta.app_label in COMPOSED_APPS:
        compose_texts(instance)


def on_change(
    sender: type[Model],
    instance: Model | None = None,
    due: datetime | None = None,
    **kwargs: Any,
) -> None:
    """Raise content_version for a write that visitors may see, note when time will change the row, update the index."""
    if not _is_ours(sender) or kwargs.get("raw") or issubclass(sender, InternalModel):
        return
    if instance is not None and hasattr(instance, "next_due"):
        due = instance.next_due(timezone.now())
    is_shown = getattr(instance, "is_shown", lambda: True)()
    if is_shown:
        is_same = (
            isinstance(instance, Resource)
            and kwargs.get("signal") is post_save
            and not kwargs.get("created")
            and instance.is_counted_as_read
        )
        SiteSettings.content_changed(due, recounts=issubclass(sender, Resource) and not is_same)
    elif due is not None:
        SiteSettings.note_due(due)
    is_deleted = kwargs.pop("signal", None) is post_delete
    changed = _update_index(
        sender, instance, kwargs.pop("rows", ()), is_deleted=is_deleted, **kwargs
    )
    if is_shown and sender not in (Pack, SharingPicture):  # a pack that was built asks for no other
        _note_changes_of_packs(sender, instance, kwargs.get("created", False))
        transaction.on_commit(request_refresh)
    if is_shown and (changed or sender in (Section, SiteSettings)):
        _note_changes_of_sharing_pictures(sender, instance, changed)
        transaction.on_commit(request_sharing_pictures)


def _note_changes_of_packs(sender: type[Model], instance: Any, created: bool) -> None:
    """Mark the packs that a write may change: of one row those of its section and resource, of several rows all."""
    if sender in LABELS or sender in (LegalRelation, Page, Redirect, Synonym):
        return
    if isinstance(instance, Section):
        Pack.note_change(Q(section=instance.pk))
    elif isinstance(instance, ResourceFile | FileVersion):
        slot = instance if isinstance(instance, ResourceFile) else instance.file
        section = Resource.objects.filter(pk=slot.resource_id).values("section")
        Pack.note_change(Q(section__in=section) | Q(resource=slot.resource_id))
    elif isinstance(instance, Resource) and (created or instance.as_read):
        read = instance.as_read or {}
        sections = {instance.section_id, read.get("section_id", instance.section_id)}
        Pack.note_change(Q(section__in=sections) | Q(resource=instance.pk))
    else:
        Pack.note_changes_of_all()


def _note_changes_of_sharing_pictures(
    sender: type[Model], instance: Any, resources: Collection[int]
) -> None:
    """Mark the pictures that a write may change: those of the resources, of a section or, with the site's name, all."""
    pictures = SharingPicture.objects.all()
    if sender is Section:
        pictures = pictures.filter(section=instance) if instance else pictures.filter(resource=None)
    elif sender is not SiteSettings:
        pictures = pictures.filter(resource__in=resources)
    pictures.note_changes()


def _is_ours(model: type[Model]) -> bool:
    """Return whether `model` is of the catalogue as it is now, not as a migration has it."""
    if model is Synonym:
        return True
    known = apps.get_app_config("resources").models
    return known.get(str(model._meta.model_name)) is model


def _update_index(
    sender: type[Model],
    instance: Any,
    rows: Iterable[int],
    *,
    is_deleted: bool,
    resources: Collection[int] = (),
    update_fields: Collection[str] | None = None,
    **about: Any,
) -> Collection[int]:
    """Queue the documents and derive the dates of change of an `instance`, of `rows` of a bulk write or of these `resources`.

    Returns the primary keys of the resources that changed.
    """
    searched: frozenset[str] = getattr(sender, "SEARCHED", frozenset())
    if update_fields is not None and not searched & set(update_fields):
        return ()
    ids = [instance.pk] if instance is not None else list(rows)
    changed = resources or _resources_of(sender, ids, instance, is_deleted=is_deleted, **about)
    if issubclass(sender, Resource | ResourceFile | FileVersion) and changed:
        Resource.objects.filter(pk__in=changed).refresh_changed_on()
    queue_index_updates(changed, may_wait=sender in LABELS)
    return changed


def _resources_of(
    sender: type[Model], rows: list[int], instance: Any, *, is_deleted: bool, **about: Any
) -> set[int]:
    """Return the ids of the resources whose document follows from these rows."""
    if is_deleted and issubclass(sender, Resource):
        return set(rows) if sender is Resource else set()  # its kind's row is deleted first
    if is_deleted and _begins_at_resource(about.get("origin")):
        return set()
    if "action" in about:  # tags, reported by taggit: the instance is the resource
        is_done = about["action"].startswith("post") and isinstance(instance, Resource)
        return {instance.pk} if is_done else set()
    if issubclass(sender, Resource):
        return set(rows)
    if sender is ResourceTag and instance is not None:
        return {instance.content_object_id}
    if sender is ResourceFile and instance is not None:
        return {instance.resource_id}
    if sender is FileVersion and instance is not None:
        return {instance.file.resource_id}
    if sender is LegalRelation:
        return _ends_of(rows, instance)
    if about.get("created") or sender not in PATHS:
        return set()
    return set(Resource.objects.filter(**{PATHS[sender]: rows}).values_list("pk", flat=True))


def _ends_of(rows: list[int], relation: LegalRelation | None) -> set[int]:
    """Return the ids of the resources that these relations join, and joined before."""
    ends: list[tuple[int | None, int | None]]
    if relation is not None:
        ends = [(relation.source_id, relation.target_id), relation.ends_before]
    else:
        ends = [*LegalRelation.objects.filter(pk__in=rows).values_list("source", "target")]
    return {end for pair in ends for end in pair if end is not None}


def _begins_at_resource(origin: Any) -> bool:
    """Return whether a deletion began at a resource or a queryset of them."""
    return issubclass(getattr(origin, "model", type(origin)), Resource)
