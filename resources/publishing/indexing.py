"""The one writer of the search index: a resource's entry is written in the transaction that writes the resource."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django_tasks import task

from resources.models import (
    FileVersion,
    IndexRewriting,
    LegalRelation,
    Organization,
    Resource,
    ResourceFile,
    ResourceTag,
    SearchDoc,
    Tag,
)
from resources.publishing.entries import entries_of
from resources.publishing.vocabulary import Vocabulary
from resources.search.analysis import ANALYZER_VERSION
from resources.search.engines.choose import engine_for

BATCH = 20  # resources that are in memory at once
_here = threading.local()


@contextmanager
def indexed_once() -> Iterator[None]:
    """Write what changes inside once, at the end, in one transaction with it: a form saves a resource and its tags."""
    if getattr(_here, "pending", None) is not None:
        yield
        return
    _here.pending = set()
    try:
        with transaction.atomic():
            yield
            pending, _here.pending = _here.pending, None
            index_resources(pending)
    finally:
        _here.pending = None


def note_change(
    sender: type[Model], instance: Model | None, rows: Iterable[int], **about: Any
) -> None:
    """Index what a write to `sender` changes: a saved or deleted `instance`, or the `rows` of a bulk write.

    Called by the receiver in resources/apps.py, inside the transaction of the write.
    """
    if sender is SearchDoc:
        if instance is not None and about.get("deleted"):
            vocabulary = Vocabulary()
            vocabulary.replace(instance.words.split(), [], {})
            vocabulary.write()
        return
    fields = about.get("update_fields")
    if fields is not None and not sender_searched(sender) & set(fields):
        return
    changed = _resources_of(
        sender, [instance.pk] if instance is not None else list(rows), instance, **about
    )
    if getattr(_here, "pending", None) is not None:
        _here.pending.update(changed)
    elif changed:
        index_resources(changed)


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


def index_resources(
    ids: Iterable[int], vocabulary: Vocabulary | None = None, *, afresh: bool = False
) -> int:
    """Write the entries of these resources, or take them out where a visitor will not see them; return how many pages were read.

    What has not changed is not written again; `afresh` reads every page anew.
    """
    ids, vocabulary, pages = sorted(set(ids)), vocabulary or Vocabulary(), 0
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with transaction.atomic(), connection.cursor() as cursor:
            stored = {
                doc["resource_id"]: doc for doc in SearchDoc.objects.filter(pk__in=batch).values()
            }
            entries = list(entries_of(batch, {} if afresh else stored, vocabulary.seen))
            _drop(
                {pk: stored[pk] for pk in stored.keys() - {entry.doc.id for entry in entries}},
                vocabulary,
            )
            changed = [
                entry
                for entry in entries
                if afresh or not entry.is_stored_as(stored.get(entry.doc.id))
            ]
            engine_for(connection.vendor).store(cursor, [entry.doc for entry in changed])
            for entry in changed:
                before = stored.get(entry.doc.id)
                vocabulary.replace(
                    before["words"].split() if before else [], entry.doc.words.split(), entry.labels
                )
                vocabulary.learn(entry.body_words)
            vocabulary.write()
            pages += sum(entry.pages_read for entry in entries)
    return pages


def _drop(docs: dict[int, dict], vocabulary: Vocabulary) -> None:
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


def begin_rewriting() -> None:
    """Have all entries written anew, by this process or by whichever goes on with it."""
    with transaction.atomic():
        IndexRewriting.objects.all().delete()
        IndexRewriting.objects.create()


def left_to_index() -> QuerySet:
    """Return, in order, the ids of the resources that are still to be indexed.

    All that a rewriting has not reached; where none is under way, those whose entry is missing or of another analyser.
    """
    public = Resource.objects.filter(status=Resource.Status.PUBLISHED, deleted_at=None)
    if rewriting := IndexRewriting.objects.first():
        left = public.filter(pk__gt=rewriting.up_to)
    else:
        left = public.exclude(
            pk__in=SearchDoc.objects.filter(analyzer=ANALYZER_VERSION).values("pk")
        )
    return left.order_by("pk").values_list("pk", flat=True)


def bring_up_to_date(progress: Callable[[int, int], None] = lambda done, pages: None) -> None:
    """Index all that is left, drop what is no longer public, count the suggestions' words anew.

    Each batch is a transaction of its own: what is done stays done. `progress` gets resources and pages so far.
    """
    vocabulary, done, pages = Vocabulary(), 0, 0
    rewriting = IndexRewriting.objects.exists()
    if rewriting or SearchDoc.objects.exclude(analyzer=ANALYZER_VERSION).exists():
        Vocabulary.renew_keys()
    for is_rewriting in (True, False) if rewriting else (False,):
        ids = left_to_index().iterator(chunk_size=2000)
        while batch := list(islice(ids, BATCH)):
            with transaction.atomic():
                pages += index_resources(batch, vocabulary, afresh=True)
                if is_rewriting:
                    IndexRewriting.objects.update(up_to=batch[-1])
            done += len(batch)
            progress(done, pages)
        if is_rewriting:
            IndexRewriting.objects.all().delete()
    gone = SearchDoc.objects.exclude(
        resource__status=Resource.Status.PUBLISHED, resource__deleted_at=None
    )
    index_resources(gone.values_list("pk", flat=True))
    Vocabulary.recount(SearchDoc.objects.values_list("words", flat=True).iterator(chunk_size=2000))


@task()
def refresh_index() -> None:
    """Bring the index up to date, by the worker: after new code, whose analyser may be another."""
    bring_up_to_date()
