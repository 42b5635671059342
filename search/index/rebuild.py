"""The search index is written anew, while the site goes on: after new code, or because somebody asks for it."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django_tasks import task

from resources.lost_tasks import when_lost
from resources.models import ReindexState, Resource, SearchDoc
from search.index.documents import build_documents
from search.index.term_dictionary import TermDictionary
from search.index.writer import BATCH, index_documents, index_pending, stored_of, write_entries
from search.language.analyzer import ANALYZER_VERSION
from search.utils import batched

AT_ONCE = 2000  # ids
PAGES = 300  # of the resources of a batch, unless one alone has more


def start_rebuild() -> None:
    """Have all entries written anew, by this process or by whichever goes on with it."""
    with transaction.atomic():
        ReindexState.objects.all().delete()
        ReindexState.objects.create()


def remaining() -> QuerySet:
    """Return, in order, the ids of the resources that are still to be indexed.

    All that a rewriting has not reached; where none is under way, those whose entry is missing or of another analyser.
    """
    public = Resource.objects.filter(status=Resource.Status.PUBLISHED, deleted_at=None)
    if rewriting := ReindexState.objects.first():
        left = public.filter(pk__gt=rewriting.up_to)
    else:
        left = public.exclude(
            pk__in=SearchDoc.objects.filter(analyzer=ANALYZER_VERSION).values("pk")
        )
    return left.order_by("pk").values_list("pk", flat=True)


def continue_rebuild(progress: Callable[[int, int], None] = lambda done, pages: None) -> None:
    """Index all that is left, drop what is no longer public, count the suggestions' words anew.

    Each batch is a transaction of its own: what is done stays done. `progress` gets resources and pages so far.
    """
    index_pending.call()
    vocabulary, done, pages = TermDictionary(counts=False), 0, 0
    rewriting = ReindexState.objects.exists()
    if rewriting or SearchDoc.objects.exclude(analyzer=ANALYZER_VERSION).exists():
        TermDictionary.renew_keys()
    for is_rewriting in (True, False) if rewriting else (False,):
        for batch in _batches(_left()):
            pages += _rewrite(batch, vocabulary, goes_on=is_rewriting)
            done += len(batch)
            progress(done, pages)
        if is_rewriting:
            ReindexState.objects.all().delete()
    gone = SearchDoc.objects.exclude(
        resource__status=Resource.Status.PUBLISHED, resource__deleted_at=None
    )
    index_documents(gone.values_list("pk", flat=True))
    TermDictionary.recount(
        SearchDoc.objects.values_list("words", flat=True).iterator(chunk_size=2000)
    )


def _left() -> Iterator[int]:
    """Yield the ids of `left_to_index`, asking again and again: SQLite lets nobody write who is still reading what others changed."""
    last = 0
    while ids := list(remaining().filter(pk__gt=last)[:AT_ONCE]):
        yield from ids
        last = ids[-1]


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    """Yield some ids at a time, fewer of resources that have many pages: whoever saves waits for one batch at most."""
    for few in batched(ids, BATCH):
        of_pages = Sum("files__current__pages", default=0)
        pages = dict(Resource.objects.filter(pk__in=few).values_list("pk").annotate(n=of_pages))
        batch: list[int] = []
        for pk in few:
            if batch and sum(pages.get(one, 0) for one in (*batch, pk)) > PAGES:
                yield batch
                batch = []
            batch.append(pk)
        yield batch


def _rewrite(ids: list[int], vocabulary: TermDictionary, *, goes_on: bool) -> int:
    """Write the entries of these resources anew, and return how many pages were read; `goes_on` moves the rewriting forward.

    They are made before the database is locked, so that a save does not wait for that. Whoever changes a resource writes
    its entry, so what was changed meanwhile is seen, and made again.
    """
    seen = _state(ids)
    made = {entry.doc.id: entry for entry in build_documents(ids, {}, vocabulary.seen)}
    with transaction.atomic():
        now = _state(ids)
        if changed := [pk for pk in ids if now.get(pk) != seen.get(pk)]:
            for pk in changed:
                made.pop(pk, None)
            made |= {entry.doc.id: entry for entry in build_documents(changed, {}, vocabulary.seen)}
        stored = {pk: doc for pk, (doc, _) in now.items() if doc}
        write_entries([made[pk] for pk in sorted(made)], stored, vocabulary, afresh=True)
        if goes_on:
            ReindexState.objects.update(up_to=ids[-1])
    return sum(entry.pages_read for entry in made.values())


def _state(ids: Sequence[int]) -> dict[int, tuple[dict | None, tuple]]:
    """Return of each resource its entry, and what may change while it has none."""
    rows = Resource.objects.filter(pk__in=ids).order_by("pk")
    if connection.in_atomic_block:
        rows = rows.select_for_update(no_key=True)
    facts = rows.values_list("pk", "updated", "status", "published_at", "withdraw_at", "deleted_at")
    facts, stored = list(facts), stored_of(ids)
    return {pk: (stored.get(pk), rest) for pk, *rest in facts}


@when_lost("El índice de búsqueda no se terminó de poner al día", repeats=True)
@task()
def refresh_index() -> None:
    """Bring the index up to date, by the worker: after new code, whose analyser may be another."""
    continue_rebuild()
