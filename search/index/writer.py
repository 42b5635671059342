"""The one writer of the search index: a resource's entry is written in the transaction that writes the resource.

Where many resources only change what labels them, such as the name of their entity, the worker writes their entries.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django_tasks import task

from resources.kinds.legislation.models import LegalRelation
from resources.lost_tasks import when_lost
from resources.models import (
    FileVersion,
    IndexQueue,
    Organization,
    Resource,
    ResourceFile,
    ResourceTag,
    SearchDoc,
    SiteSettings,
    Tag,
)
from search.backends.base import get_backend
from search.index.documents import IndexedDocument, build_documents
from search.index.term_dictionary import TermDictionary
from search.utils import batched

BATCH = 20  # resources that are in memory at once
MOST_AT_ONCE = 200  # entries that may wait and are written all the same, some 4 ms each
LABELS = frozenset({Organization, Tag, ResourceTag})
"""Models that label resources. No visibility follows from them, so an entry may tell the old label for a while."""

_here = threading.local()


@contextmanager
def batch_index_updates() -> Iterator[None]:
    """Write what changes inside once, at the end, in one transaction with it: a form saves a resource and its tags."""
    if getattr(_here, "pending", None) is not None:
        yield
        return
    _here.pending = (set(), set())
    try:
        with transaction.atomic():
            yield
            pending, _here.pending = _here.pending, None
            _index(*pending)
    finally:
        _here.pending = None


def queue_index_updates(
    sender: type[Model], instance: Model | None, rows: Iterable[int], **about: Any
) -> None:
    """Index what a write to `sender` changes: a saved or deleted `instance`, the `rows` of a bulk write, or these `resources`.

    Called by the receiver in resources/apps.py, inside the transaction of the write.
    """
    if sender is SearchDoc:
        if instance is not None and about.get("deleted"):
            vocabulary = TermDictionary()
            vocabulary.replace(instance.words.split(), [], {})
            vocabulary.write()
        return
    fields = about.get("update_fields")
    if fields is not None and not sender_searched(sender) & set(fields):
        return
    ids = [instance.pk] if instance is not None else list(rows)
    changed = about.get("resources") or _resources_of(sender, ids, instance, **about)
    now, labelled = getattr(_here, "pending", None) or (set(), set())
    (labelled if sender in LABELS else now).update(changed)
    if getattr(_here, "pending", None) is None:
        _index(now, labelled)


def _index(now: set[int], labelled: set[int]) -> None:
    """Index what changed, or leave it to the worker where many are only `labelled` in another way."""
    labelled = labelled - now
    if len(labelled) > MOST_AT_ONCE:
        index_later(labelled)
        labelled = set()
    index_documents(now | labelled)


def index_later(ids: Iterable[int]) -> None:
    """Leave the entries of these resources to the worker."""
    IndexQueue.objects.bulk_create(IndexQueue(resource_id=pk) for pk in sorted(ids))
    index_pending.enqueue()


@when_lost("El índice de búsqueda no se terminó de poner al día", repeats=True)
@task()
def index_pending() -> None:
    """Write the entries that were left to the worker: each batch is a transaction, and what is done stays done."""
    vocabulary, is_any = TermDictionary(), False
    while waiting := dict(
        IndexQueue.objects.order_by("pk").values_list("pk", "resource_id")[:BATCH]
    ):
        with transaction.atomic():
            IndexQueue.objects.filter(pk__in=waiting).delete()
            index_documents(waiting.values(), vocabulary)
        is_any = True
    if is_any:
        SiteSettings.content_changed()  # pages that were kept meanwhile tell the old labels


def sender_searched(sender: type[Model]) -> frozenset[str]:
    """Return the fields of a model that search reads."""
    return getattr(sender, "SEARCHED", frozenset())


def _resources_of(sender: type[Model], rows: list[int], instance: Any, **about: Any) -> set[int]:
    """Return the ids of the resources whose entry follows from these rows."""
    if about.get("deleted") and (
        issubclass(sender, Resource) or _goes_with_its_resource(about.get("origin"))
    ):
        return set()  # the entry goes with the resource
    if "action" in about:  # tags, told of by taggit: the instance is the resource
        return (
            {instance.pk}
            if about["action"].startswith("post") and isinstance(instance, Resource)
            else set()
        )
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
    if about.get("created"):
        return set()
    paths = {
        ResourceTag: "tagged__in",
        ResourceFile: "files__in",
        FileVersion: "files__versions__in",
        Tag: "tagged__tag__in",
    }
    paths[Organization] = "issuer__in"
    if sender not in paths:
        return set()
    return set(Resource.objects.filter(**{paths[sender]: rows}).values_list("pk", flat=True))


def _ends_of(rows: list[int], relation: LegalRelation | None) -> set[int]:
    """Return the ids of what these relations join, and joined before."""
    ends = LegalRelation.objects.filter(pk__in=rows).values_list("source", "target")
    if relation is not None:
        ends = [(relation.source_id, relation.target_id), relation.ends_before]
    return {end for pair in ends for end in pair} - {None}


def _goes_with_its_resource(origin: Any) -> bool:
    """Tell whether a deletion began at a resource or a queryset of them."""
    return issubclass(getattr(origin, "model", type(origin)), Resource)


def index_documents(
    ids: Iterable[int], vocabulary: TermDictionary | None = None, *, afresh: bool = False
) -> int:
    """Write the entries of these resources, or take them out where a visitor will not see them; return how many pages were read.

    What has not changed is not written again; `afresh` reads every page anew.
    """
    ids, vocabulary, pages = sorted(set(ids)), vocabulary or TermDictionary(), 0
    for batch in batched(ids, BATCH):
        with transaction.atomic():
            stored = stored_of(batch)
            entries = list(build_documents(batch, {} if afresh else stored, vocabulary.seen))
            write_entries(entries, stored, vocabulary, afresh=afresh)
        pages += sum(entry.pages_read for entry in entries)
    return pages


def stored_of(ids: Sequence[int]) -> dict[int, dict]:
    """Return what is stored of these resources; inside a transaction nobody else writes that before its end."""
    rows = SearchDoc.objects.filter(pk__in=ids).order_by("pk")
    if connection.in_atomic_block:
        rows = rows.select_for_update()
    return {doc["resource_id"]: doc for doc in rows.values()}


def write_entries(
    entries: Sequence[IndexedDocument],
    stored: dict[int, dict],
    vocabulary: TermDictionary,
    *,
    afresh: bool,
) -> None:
    """Write `entries` over what is `stored`, and take out what has no entry any more."""
    gone = stored.keys() - {entry.doc.id for entry in entries}
    _drop({pk: stored[pk] for pk in gone}, vocabulary)
    changed = [
        entry for entry in entries if afresh or not entry.is_stored_as(stored.get(entry.doc.id))
    ]
    with connection.cursor() as cursor:
        get_backend(connection.vendor).store(cursor, [entry.doc for entry in changed])
    for entry in changed:
        before = stored.get(entry.doc.id)
        vocabulary.replace(
            before["words"].split() if before else [], entry.doc.words.split(), entry.labels
        )
        vocabulary.learn(entry.body_words)
    vocabulary.write()


def _drop(docs: dict[int, dict], vocabulary: TermDictionary) -> None:
    """Take entries out, and their words from the suggestions."""
    if not docs:
        return
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(docs))
        cursor.execute(
            f"DELETE FROM {SearchDoc._meta.db_table} WHERE resource_id IN ({marks})", list(docs)
        )
    for doc in docs.values():
        vocabulary.replace(doc["words"].split(), [], {})
