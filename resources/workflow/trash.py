"""What is put aside is kept for a month, then it is gone for good; what was ever public leaves its tombstone."""

import datetime as dt
from copy import copy
from functools import partial

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from resources.files.covers import rendition_names
from resources.locking import lock
from resources.models import (
    CatalogueImport,
    Discarded,
    Edit,
    FileVersion,
    HeldUpload,
    LegalInstrument,
    LegalRelation,
    Portal,
    Resource,
)
from resources.models.resource import IN_BIN

HELD = dt.timedelta(days=2)  # uploads that nobody came back for
AT_ONCE = 20  # resources, each in a transaction of its own; the rest follows with the next request


def empty(now: dt.datetime) -> int:
    """Delete for good what has been in the bin, or put aside, for longer than it is kept; return how many resources."""
    old = Resource.objects.filter(deleted_at__lte=now - IN_BIN).with_kind().order_by("deleted_at")
    doomed = list(old[:AT_ONCE])
    failures = []
    for resource in doomed:
        try:
            _delete_old(resource.specific, now)
        except (
            Exception
        ) as failure:  # the others go all the same; the caller logs it and tries again
            failures.append(failure)
    for row in Discarded.objects.filter(since__lte=now - IN_BIN):
        if not _is_in_use(row.name):
            _erase(row.storage, row.name)
        row.delete()
    for held in HeldUpload.objects.filter(at__lte=now - HELD):
        _erase("default", held.stored.name)
        held.delete()
    CatalogueImport.objects.filter(at__lte=now - IN_BIN).delete()
    if failures:
        raise failures[0]
    return len(doomed)


@transaction.atomic
def _delete_old(resource: Resource, now: dt.datetime) -> None:
    """Delete `resource` for good, unless someone has taken it out of the bin meanwhile."""
    lock(resource)
    if resource.deleted_at and resource.deleted_at <= now - IN_BIN:
        delete_for_good(resource)


def _is_in_use(name: str) -> bool:
    """Tell whether a stored file that was put aside belongs to something again."""
    return (
        Resource.objects.filter(cover=name).exists()
        or Portal.objects.filter(logo=name).exists()
        or FileVersion.objects.filter(stored=name, withheld_on=None).exists()
    )


def next_emptying() -> dt.datetime | None:
    """Return when the oldest thing in the bin, or put aside, is to go; None where there is nothing."""
    dues = [
        (Resource.objects.aggregate(first=Min("deleted_at"))["first"], IN_BIN),
        (Discarded.objects.aggregate(first=Min("since"))["first"], IN_BIN),
        (HeldUpload.objects.aggregate(first=Min("at"))["first"], HELD),
        (CatalogueImport.objects.aggregate(first=Min("at"))["first"], IN_BIN),
    ]
    return min((first + kept for first, kept in dues if first), default=None)


@transaction.atomic
def delete_for_good(resource: Resource) -> None:
    """Delete `resource` (the child) with its files, its cover and its history; its addresses keep title and reason."""
    versions = FileVersion.objects.filter(file__resource=resource, withheld_on=None)
    for name in versions.exclude(stored="").values_list("stored", flat=True).distinct():
        _erase("default", name)
    for name in [resource.cover.name, *rendition_names(resource.renditions)]:
        if name:
            _erase("pictures", name)
    Edit.objects.of(resource).delete()
    _keep_citations(resource)
    resource.delete()


def _keep_citations(resource: Resource) -> None:
    """Let other instruments still say what a law that was public did to them, or they to it, as a citation."""
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
    """Tell whether what `resource` says of others counted, but for its lying in the bin."""
    in_effect = copy(resource)
    in_effect.deleted_at = None
    return isinstance(resource, LegalInstrument) and in_effect.has_taken_effect(
        timezone.localdate()
    )


def discard(storage: str, name: str, sha256: str = "") -> None:
    """Put the stored file `name` aside: it is erased when the bin is emptied."""
    if name:
        values = {"storage": storage, "sha256": sha256, "since": timezone.now()}
        Discarded.objects.update_or_create(name=name, defaults=values)


def erase_discarded(sha256: str) -> None:
    """Erase what was put aside with these bytes: a version that holds them was withheld."""
    for row in Discarded.objects.filter(sha256=sha256):
        _erase(row.storage, row.name)
        row.delete()


def _erase(storage: str, name: str) -> None:
    transaction.on_commit(partial(storages[storage].delete, name))
