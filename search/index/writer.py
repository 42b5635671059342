"""The writer of the index: documents are written in the transaction of their change, or by the worker.

The source's project calls `queue_index_updates`; its writes of many rows run inside `batch_index_updates`.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django_tasks import task

from search.backends.base import get_backend
from search.index.documents import IndexedDocument, build_documents
from search.index.term_dictionary import TermDictionary
from search.models import IndexQueue, SearchDoc
from search.source import get_source
from search.utils import batched

BATCH = 20  # documents in memory at once
MOST_AT_ONCE = 200  # documents that may wait and are written at once all the same, some 4 ms each

Row = dict[str, Any]
_here = threading.local()


@contextmanager
def batch_index_updates() -> Iterator[None]:
    """Write the updates of the block once, at its end, in one transaction with it: a form saves a row and its tags."""
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


def queue_index_updates(ids: Iterable[int], *, may_wait: bool = False) -> None:
    """Update documents at the end of the batch, or at once. If they `may_wait` and are many, the worker does it."""
    pending = getattr(_here, "pending", None)
    now, waiting = pending or (set[int](), set[int]())
    (waiting if may_wait else now).update(ids)
    if pending is None:
        _index(now, waiting)


def _index(now: set[int], waiting: set[int]) -> None:
    waiting = waiting - now
    if len(waiting) > MOST_AT_ONCE:
        IndexQueue.objects.bulk_create(IndexQueue(doc_id=pk) for pk in sorted(waiting))
        index_pending.enqueue()
        waiting = set()
    index_documents(now | waiting)


@task()
def index_pending() -> None:
    """Write the queued documents: each batch is a transaction of its own."""
    terms, is_any = TermDictionary(), False
    while queued := dict(IndexQueue.objects.order_by("pk").values_list("pk", "doc_id")[:BATCH]):
        with transaction.atomic():
            IndexQueue.objects.filter(pk__in=queued).delete()
            index_documents(queued.values(), terms)
        is_any = True
    if is_any:
        get_source().index_changed()


def index_documents(
    ids: Iterable[int], terms: TermDictionary | None = None, *, afresh: bool = False
) -> int:
    """Write or remove the documents of these ids; return the number of pages read.

    An unchanged document is not written again; `afresh` reads every page anew.
    """
    terms, pages = terms or TermDictionary(), 0
    for batch in batched(sorted(set(ids)), BATCH):
        with transaction.atomic():
            stored = stored_rows(batch)
            documents = list(build_documents(batch, {} if afresh else stored, terms.seen))
            write_documents(documents, stored, terms, afresh=afresh)
        pages += sum(document.pages_read for document in documents)
    return pages


def stored_rows(ids: Sequence[int]) -> dict[int, Row]:
    """Return the stored rows, locked inside a transaction."""
    rows = SearchDoc.objects.filter(pk__in=ids).order_by("pk")
    if connection.in_atomic_block:
        rows = rows.select_for_update()
    return {row["doc_id"]: dict(row) for row in rows.values()}


def write_documents(
    documents: Sequence[IndexedDocument],
    stored: dict[int, Row],
    terms: TermDictionary,
    *,
    afresh: bool,
) -> None:
    """Write `documents` over the `stored` rows, and delete the rows without a document."""
    gone = stored.keys() - {document.doc.id for document in documents}
    _delete([stored[pk] for pk in gone], terms)
    changed = [
        each for each in documents if afresh or not each.is_stored_as(stored.get(each.doc.id))
    ]
    with connection.cursor() as cursor:
        get_backend(connection.vendor).store(cursor, [document.doc for document in changed])
    for document in changed:
        before = stored.get(document.doc.id)
        terms.replace(
            before["words"].split() if before else [], document.doc.words.split(), document.labels
        )
        terms.learn(document.body_words)
    terms.write()


def _delete(rows: Sequence[Row], terms: TermDictionary) -> None:
    if not rows:
        return
    ids = [row["doc_id"] for row in rows]
    with connection.cursor() as cursor:  # past the ORM, which would read every row for its signals
        marks = ", ".join(["%s"] * len(ids))
        cursor.execute(f"DELETE FROM {SearchDoc._meta.db_table} WHERE doc_id IN ({marks})", ids)
    for row in rows:
        terms.replace(row["words"].split(), [], {})
