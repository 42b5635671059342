"""Rebuild of the index while the site goes on searching: after new code, or on demand."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django_tasks import task

from search.index.documents import build_documents
from search.index.term_dictionary import TermDictionary
from search.index.writer import BATCH, index_documents, index_pending, stored_rows, write_documents
from search.language.analyzer import ANALYZER_VERSION
from search.models import ReindexState, SearchDoc
from search.source import get_source
from search.utils import batched

AT_ONCE = 2000  # ids
PAGES = 300  # of the documents of a batch, unless one alone has more


def start_rebuild() -> None:
    """Mark all documents to be written anew, by this process or by another that continues."""
    with transaction.atomic():
        ReindexState.objects.all().delete()
        ReindexState.objects.create()


def remaining() -> Iterator[int]:
    """Yield the ids that are still to be indexed, in order.

    During a rebuild, those that it has not reached; else those without a document of this analyzer.
    """
    state = ReindexState.objects.first()
    last = state.up_to if state else 0
    # Asked again and again: SQLite lets nobody write who is still reading.
    while ids := get_source().ids(last, AT_ONCE):
        last = ids[-1]
        current = SearchDoc.objects.filter(
            analyzer=ANALYZER_VERSION, pk__gte=ids[0], pk__lte=last
        ).values_list("pk", flat=True)
        done = set() if state else set(current)
        yield from (pk for pk in ids if pk not in done)


def continue_rebuild(progress: Callable[[int, int], None] = lambda done, pages: None) -> None:
    """Index all that remains, delete stale documents, recount the terms.

    Each batch is a transaction of its own. `progress` gets documents and pages so far.
    """
    index_pending.call()
    terms, done, pages = TermDictionary(counts=False), 0, 0
    is_rebuild = ReindexState.objects.exists()
    if is_rebuild or SearchDoc.objects.exclude(analyzer=ANALYZER_VERSION).exists():
        TermDictionary.renew_keys()
    for is_first in (True, False) if is_rebuild else (False,):
        for batch in _batches(remaining()):
            pages += _rewrite(batch, terms, is_rebuild=is_first)
            done += len(batch)
            progress(done, pages)
        if is_first:
            ReindexState.objects.all().delete()
    index_documents(_stale())
    TermDictionary.recount(
        SearchDoc.objects.values_list("words", flat=True).iterator(chunk_size=2000)
    )


def _stale() -> list[int]:
    """Return the ids of stored documents that the source no longer has."""
    stale: list[int] = []
    last = 0
    rows = SearchDoc.objects.order_by("pk").values_list("pk", flat=True)
    while stored := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        present = set(get_source().ids(last, AT_ONCE))
        stale += [pk for pk in stored if pk not in present]  # one too many does no harm
        last = stored[-1]
    return stale


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    """Yield a few ids at a time, fewer of documents with many pages: a save waits for one batch at most."""
    for few in batched(ids, BATCH):
        pages = get_source().page_counts(few)
        batch: list[int] = []
        for pk in few:
            if batch and sum(pages.get(one, 0) for one in (*batch, pk)) > PAGES:
                yield batch
                batch = []
            batch.append(pk)
        yield batch


def _rewrite(ids: list[int], terms: TermDictionary, *, is_rebuild: bool) -> int:
    """Write these documents anew and return the number of pages read; during a rebuild, record its progress.

    They are built before the transaction, so that a save does not wait; a document that changes meanwhile is built again.
    """
    seen = _state(ids)
    built = {each.doc.id: each for each in build_documents(ids, {}, terms.seen)}
    with transaction.atomic():
        now = _state(ids)
        if changed := [pk for pk in ids if now.get(pk) != seen.get(pk)]:
            for pk in changed:
                built.pop(pk, None)
            built |= {each.doc.id: each for each in build_documents(changed, {}, terms.seen)}
        stored = {pk: row for pk, (row, _) in now.items() if row}
        write_documents([built[pk] for pk in sorted(built)], stored, terms, afresh=True)
        if is_rebuild:
            ReindexState.objects.update(up_to=ids[-1])
    return sum(each.pages_read for each in built.values())


def _state(ids: Sequence[int]) -> dict[int, tuple[dict[str, Any] | None, Hashable]]:
    """Return the stored row of each id, and the source's revision."""
    revisions = get_source().revisions(ids, lock=connection.in_atomic_block)
    stored = stored_rows(ids)
    return {pk: (stored.get(pk), revisions.get(pk)) for pk in ids}


@task()
def refresh_index() -> None:
    """Bring the index up to date in the background, after an update of the code."""
    continue_rebuild()
