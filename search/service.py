"""The door to the search: a request is answered by the strategies, then its page is filtered and put in order."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import connection

from search.backends import prepared
from search.backends.base import TABLE, Filters, Found, get_backend
from search.backends.schema import DOC_ID_FACET
from search.query.parser import Query
from search.results.matches import DocumentMatch
from search.results.ranking import in_order
from search.results.response import BLOCK, Place, SearchResponse, Step, read_matches
from search.strategies.chain import decide, odd_words
from search.strategies.context import Answer, Search
from search.utils import cached_for_version


@dataclass(frozen=True)
class SearchRequest:
    """A search request: typed text and filters (facet code → tokens).

    `version` is the version of the content, a cache key; 0 bypasses the caches. Without words the order "relevance" is
    "newest".
    """

    text: str
    filters: Filters = field(default_factory=dict)
    version: int = 0
    offset: int = 0
    limit: int = 20
    order: str = "relevance"


class SearchService:
    """Answers requests."""

    def execute(self, request: SearchRequest) -> SearchResponse:
        """Answer a request with one page of ids, the total, and the facet counts."""
        backend = get_backend(connection.vendor)
        place = Place(request.offset, request.limit, request.order)
        with connection.cursor() as cursor:
            search = Search(backend, cursor, request.filters, place, request.version)
            query = search.read(request.text)
            if query.text and query.is_empty:  # only stop words or marks
                return SearchResponse(query, Found([], 0))
            if not query.is_empty:
                backend.known_newest_id = cached_for_version(
                    "newest-id", request.version, lambda: backend.read_newest_id(cursor)
                )
            if not query.clauses:
                found = search.run(query, place, request.filters)
                return SearchResponse(query, replace(found, ids=place.of(found.ids)))
            return self._answer(search, query)

    def _answer(self, search: Search, query: Query) -> SearchResponse:
        if not search.is_direct and not odd_words(search, query):
            found = search.run(query, search.place, search.filters)
            if found.total > BLOCK:  # enough for any strategy
                search.trail.append(Step("Todas las palabras", query.text, found.total, True))
                return _page(search, Answer(query, found))
        return _page(search, decide(search, query))


def _page(search: Search, answer: Answer) -> SearchResponse:
    """Return the page of an answer: filtered, in order, with how its documents match."""
    filters = dict(search.filters)
    if answer.is_narrowed:
        filters[DOC_ID_FACET] = [f"{DOC_ID_FACET}_{pk}" for pk in answer.exact]
    found = search.run(answer.query, search.place, filters)
    query, counts, is_loosened = answer.query, found.counts, False
    if not found.total and not query.any_word and filters != search.everywhere:
        loose = query.loosened()
        if len(loose.clauses) > 1 and search.queries_left >= 0:
            query, is_loosened = loose, True
            found = replace(search.run(loose, search.place, filters), counts=counts)
    matches = _matches(search, query, answer, found)
    found = search.with_lines(found, matches)
    ids = [pk for pk in found.ids if pk in matches]
    if search.place.order == "relevance":
        blocks = [ids[start : start + BLOCK] for start in range(0, len(ids), BLOCK)]
        ids = [
            pk
            for block in blocks
            for pk in sorted(in_order(block, matches, query), key=lambda pk: pk not in answer.exact)
        ]
    ids = search.place.of(ids)
    return SearchResponse(
        query,
        replace(found, ids=ids),
        corrected=answer.corrected,
        literal=answer.literal,
        hint=answer.hint,
        is_apart=answer.is_apart,
        is_loose=answer.is_loose,
        complete=_count_passing(answer.complete, search.filters),
        counts_all=is_loosened,
        evidence={pk: matches[pk] for pk in ids},
        trail=search.trail,
    )


def _matches(
    search: Search, query: Query, answer: Answer, found: Found
) -> dict[int, DocumentMatch]:
    """Return how documents match: those that were read already, else by reading them."""
    known = {**answer.matches, **answer.exact} if query == answer.query else {}
    missing = [pk for pk in found.ids if pk not in known]
    return {**known, **read_matches(missing, query, search.excluded_lines)}


def _count_passing(ids: Sequence[int], filters: Filters) -> int:
    """Count the documents that pass the filters."""
    if not ids or not filters:
        return len(ids)
    rows = prepared.rows(
        f"SELECT facets FROM {TABLE} WHERE {prepared.in_list('doc_id')}",  # noqa: S608 our own names
        [prepared.list_param(ids)],
    )
    return sum(
        all(not set(tokens).isdisjoint(facets.split()) for tokens in filters.values())
        for (facets,) in rows
    )
