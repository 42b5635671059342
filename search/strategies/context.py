"""The context of one search: memoised backend queries, lookups, and the trail of strategies."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from search import synonyms
from search.backends.base import Backend, Filters, Found
from search.backends.schema import DOC_ID_FACET
from search.language.analyzer import fold
from search.query.parser import Alternative, Query, parse
from search.results.matches import DocumentMatch
from search.results.ranking import stand_together
from search.results.response import BLOCK, FIRST, Place, Step, read_matches
from search.strategies.prefix_completion import may_be_wrong, term_frequencies
from search.utils import now_micros

MOST_QUERIES = 4  # to the engine, for any question


@dataclass(frozen=True)
class Answer:
    """The results so far, without filters: `found` and `matches` are of the first block.

    `exact` are the matches with every quoted phrase to the letter; the results are only these if `is_narrowed`, none has
    them if `is_loose`. `complete`: how many have all words where those with any are shown; `is_apart`: never together.
    """

    query: Query
    found: Found
    matches: Mapping[int, DocumentMatch] = field(default_factory=dict)
    corrected: str = ""
    literal: str = ""
    hint: str = ""
    exact: Mapping[int, DocumentMatch] = field(default_factory=dict)
    is_narrowed: bool = False
    is_loose: bool = False
    is_apart: bool = False
    is_nearer: bool = False
    complete: Sequence[int] = ()

    def is_strewn(self) -> bool:
        """Return True if no document has the words together: on a page, or in title, tags and summary."""
        return not any(stand_together(doc, self.query) for doc in self.matches.values())


class Search:
    """The state shared by strategies. `filters` are those of the request; `everywhere` only that for one document."""

    def __init__(
        self, backend: Backend, cursor: Any, filters: Filters, place: Place, version: int
    ) -> None:
        self.backend, self.version = backend, version
        self.filters, self.place = filters, place
        self.everywhere: Filters = {g: t for g, t in filters.items() if g == DOC_ID_FACET}
        self.is_inside = DOC_ID_FACET in filters
        self.excluded_lines: Sequence[Alternative] = ()
        self.trail: list[Step] = []
        self._cursor = cursor
        self._found: dict[tuple[Any, ...], Found] = {}
        self._stems: dict[str, bool] = {}
        self._frequencies: dict[str, dict[str, int]] = {}

    @property
    def queries_left(self) -> int:
        """How many engine queries may still be run, a last one for the page aside."""
        return MOST_QUERIES - len(self._found) - (not self.is_direct)

    @property
    def is_direct(self) -> bool:
        """Whether strategies decide by the very results that are asked for."""
        return self.filters == self.everywhere and self.place == self.first

    @cached_property
    def first(self) -> Place:
        """The results by which strategies decide: the page itself if it begins with the best."""
        is_first = self.place.order == "relevance" and self.place.offset == 0
        return self.place if is_first and self.filters == self.everywhere else FIRST

    def read(self, text: str) -> Query:
        """Parse a text with synonyms. Inside one document, exclusions remove lines, not the document."""
        query = parse(text, synonyms.synonyms_of(self.version) if text.strip() else None)
        if query.clauses and self.is_inside:
            self.excluded_lines = query.excluded
            return replace(query, excluded=())
        return query

    def run(
        self, query: Query, place: Place | None = None, filters: Filters | None = None
    ) -> Found:
        """Query the engine, once for equal queries; by default for the first results without filters."""
        place, filters = place or self.first, self.everywhere if filters is None else filters
        tokens = tuple((group, tuple(values)) for group, values in filters.items())
        key = (query, place.start, place.end, place.order, tokens)
        if key not in self._found:
            self._found[key] = self.backend.query(
                self._cursor,
                query,
                filters,
                now=now_micros(),
                offset=place.start,
                limit=place.end - place.start,
                order=place.order,
            )
        return self._found[key]

    def answer(self, query: Query, **about: Any) -> Answer:
        """Run a query and read how the first documents match."""
        return self.matched(query, self.run(query), **about)

    def matched(self, query: Query, found: Found, **about: Any) -> Answer:
        """Read how the documents that were found match."""
        matches = read_matches(found.ids, query, self.excluded_lines) if query.clauses else {}
        return Answer(query, self.with_lines(found, matches), matches, **about)

    def with_lines(self, found: Found, matches: Mapping[int, DocumentMatch]) -> Found:
        """Leave out the one document if it answers only on excluded lines."""
        if not self.excluded_lines:
            return found
        ids = [pk for pk in found.ids if any(matches[pk].clauses)]
        return replace(found, ids=ids, total=len(ids))

    def existing(self, stems: Collection[str]) -> set[str]:
        """Return the stems that a visible document has."""
        unknown = sorted(set(stems) - self._stems.keys())
        if unknown:
            present = self.backend.existing_terms(self._cursor, unknown, now_micros())
            self._stems |= {stem: stem in present for stem in unknown}
        return {stem for stem in stems if self._stems[stem]}

    def answered(self, texts: Sequence[str]) -> list[bool]:
        """Return for each text whether a visible document answers it."""
        queries = [parse(text) for text in texts]
        found = self.backend.answered(self._cursor, queries, now_micros()) if texts else set()
        return [n in found for n in range(len(texts))]

    def frequencies(self, query: Query) -> dict[str, int]:
        """Return the terms among the words of a query that may be wrong, with their frequencies."""
        if query.text not in self._frequencies:
            words = {fold(clause.text) for clause in query.clauses if may_be_wrong(clause)}
            self._frequencies[query.text] = term_frequencies(words)
        return self._frequencies[query.text]

    def is_few(self, answer: Answer, most: int = BLOCK) -> bool:
        """Return whether the results are few enough to be accidental; never for quoted phrases."""
        return (
            not answer.query.any_word
            and len(answer.query.clauses) > 1
            and 0 < answer.found.total <= most
            and not self.is_inside
            and not any(clause.is_quoted for clause in answer.query.clauses)
        )
