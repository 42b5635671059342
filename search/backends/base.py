"""The engines: each stores SearchDocs its own way and answers the same questions alike.

A third engine is a module here with a subclass of `Engine`, and a line in `ENGINES`.
"""

import math
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.module_loading import import_string

from search.backends.orderings import UNCOUNTED, are_few_counted, most_popular, scans
from search.backends.schema import (
    DOC_ID_FACET,
    TABLE,
    Doc,
    ListParameters,
)
from search.backends.types import (
    NOTHING,
    Filters,
    Found,
    Matched,
    Page,
    Part,
    group_of,
    parts_of,
    with_the_rest,
    without,
)
from search.query.parser import Alternative, Clause, Query

__all__ = ["TABLE", "Backend", "Doc", "Filters", "Found"]

COUNT_LIMIT = 2000  # hits that are counted; "más de 2.000" says the rest
LARGE = 5000  # a catalogue with higher ids has words that stand nearly everywhere
COUNT_LIMIT_LARGE = (
    1000  # hits that are counted there: to count is half of what a frequent word costs
)
POSTINGS_LIMIT = 1000  # documents with one word that are weighed
IN_HEAD = 0.5  # what a word weighs more that stands in title, tags or summary
LOOKED_AT = 300  # documents with one stem among which the nearest are looked for


class Backend(ABC):
    """The operations of a search engine. `cursor` is a DB-API cursor inside the caller's transaction; nothing is committed."""

    known_newest_id: int | None = None
    """The highest id of a document, where whoever asks knows it; else it is looked up once."""

    scan_window: int
    """Documents that are looked at one by one in an order, whatever it would take to sort all that answer."""

    lists: ListParameters
    """How its database takes a list as one parameter."""

    def query(
        self,
        cursor: Any,
        parsed: Query,
        filters: Filters,
        *,
        now: int,
        offset: int = 0,
        limit: int = 20,
        order: str = "relevance",
    ) -> Found:
        """Run `parsed` (empty: all documents) with `filters`, for documents visible at `now` (microseconds).

        `order` is relevance or one of ORDERS. Counts of a facet group disregard that group's own filter.
        """
        if not all(filters.values()):
            return Found([], 0)
        cap = self.scan_limit(cursor, parsed)
        wider = {
            group: self.count(cursor, parsed, without(filters, group), now, cap)
            for group in filters
            if group != DOC_ID_FACET
        }
        matched = next(
            (found.among(filters[group]) for group, found in wider.items() if not found.is_capped),
            None,
        ) or self.count(cursor, parsed, filters, now, cap)
        counts = matched.counts()
        for group, found in wider.items():
            counts = Counter({t: n for t, n in counts.items() if group_of(t) != group})
            counts.update({t: n for t, n in found.counts().items() if group_of(t) == group})
        if order == "relevance" and not parsed.clauses:
            order = "newest"
        page, total = Page(now, offset, limit, order), min(matched.total, cap)
        if not limit or offset >= total:  # nobody computes a page that no list has
            ids = []
        elif order == "popular" and parsed.is_empty and not filters:
            ids = most_popular(cursor, page)
        else:
            ids = self._scanned(cursor, parsed, filters, page, matched)
            ids = ids or self.ids(cursor, parsed, filters, page, matched)
        return Found(ids, total, matched.is_capped, counts)

    def _scanned(
        self, cursor: Any, parsed: Query, filters: Filters, page: Page, matched: Matched
    ) -> list[int]:
        """Return the ids of one page of many answers, of the first documents in its order; [] if these do not fill it.

        What many documents answer is soon found so, and would be long to sort. Not tried where that is not to be expected.
        """
        if page.order not in scans() or not matched.is_capped or (parsed.is_empty and not filters):
            return []
        share, last = matched.share()
        rows = page.end / share
        if rows > max(self.scan_window / 2, share * last / self.sort_cost(parsed)):
            return []
        limit = max(self.scan_window, int(2 * rows))
        ids = self.scan_in_order(cursor, parsed, filters, page, limit)
        if page.order == "popular" and len(ids) < page.end and are_few_counted(cursor, limit):
            others = replace(page, offset=0, limit=page.end - len(ids), order=UNCOUNTED)
            ids += self.scan_in_order(cursor, parsed, filters, others, limit)
        return ids[page.offset :] if len(ids) == page.end else []

    @abstractmethod
    def sort_cost(self, parsed: Query) -> int:
        """Return about how many documents are sorted in the time in which one is looked at by itself."""

    @abstractmethod
    def install(self, cursor: Any) -> None:
        """Make, where they are missing, the tables, triggers and indexes beside SearchDoc's table."""

    @abstractmethod
    def store(self, cursor: Any, docs: Sequence[Doc]) -> None:
        """Insert or replace `docs` by id."""

    def scan_limit(self, cursor: Any, parsed: Query) -> int:
        """Return how many hits are counted; "más de" says the rest."""
        if parsed.is_empty or self.newest_id(cursor) <= LARGE:
            return COUNT_LIMIT
        return min(COUNT_LIMIT, COUNT_LIMIT_LARGE)

    def newest_id(self, cursor: Any) -> int:
        """Return the highest id of a document; 0 where there is none."""
        if self.known_newest_id is None:
            self.known_newest_id = self.read_newest_id(cursor)
        return self.known_newest_id

    @abstractmethod
    def read_newest_id(self, cursor: Any) -> int:
        """Look at the end of the key's index."""

    @abstractmethod
    def count(self, cursor: Any, parsed: Query, filters: Filters, now: int, cap: int) -> Matched:
        """Return the matches, up to one more than `cap`."""

    @abstractmethod
    def ids(
        self, cursor: Any, parsed: Query, filters: Filters, page: Page, matched: Matched
    ) -> list[int]:
        """Return the ids of one page of the matches of `count`."""

    @abstractmethod
    def scan_in_order(
        self, cursor: Any, parsed: Query, filters: Filters, page: Page, limit: int
    ) -> list[int]:
        """Return the ids that answer among the first `limit` of WALKS, up to the page's end.

        It looks at one after another, in the order, and stops where the page ends.
        """

    @abstractmethod
    def postings(
        self, cursor: Any, parts: Sequence[Part], filters: Filters, now: int, limit: int
    ) -> list[tuple[list[int], float]]:
        """Return for each part which documents have it, and about how many do.

        Where these are many, about `limit` of the newest will do; what has an excluded phrase may be among them.
        """

    def without_phrases(
        self, cursor: Any, ids: Sequence[int], phrases: Sequence[Alternative]
    ) -> list[int]:
        """Return those that have none of the excluded phrases, where `having` has not seen to that."""
        return list(ids)

    def rank_any(
        self, cursor: Any, parsed: Query, filters: Filters, page: Page, matched: Matched
    ) -> list[int]:
        """Return the ids of one page of many that have any of the words: more of them, and rarer ones, come first.

        Of a frequent word only some documents are looked at, so that the time does not grow with what is asked.
        """
        weights: defaultdict[int, float] = defaultdict(float)
        parts = parts_of(parsed)
        having = self.postings(cursor, parts, filters, page.now, POSTINGS_LIMIT)
        for part, (ids, total) in zip(parts, having, strict=True):
            weight = math.log2(1 + 2 * POSTINGS_LIMIT / (1 + min(total, POSTINGS_LIMIT))) * (
                IN_HEAD if part.is_head else 1
            )
            for pk in set(ids):
                weights[pk] += weight
        ranked = sorted(weights, key=lambda pk: (-weights[pk], -pk))
        if parsed.excluded_phrases:
            ranked = self._best_without(cursor, parsed.excluded_phrases, ranked, page.end)
        return with_the_rest(dict.fromkeys(ranked[: page.end]), matched, page)

    def _best_without(
        self, cursor: Any, phrases: Sequence[Alternative], ranked: Sequence[int], count: int
    ) -> list[int]:
        """Return the first `count` of these ids that contain none of the excluded phrases."""
        best: list[int] = []
        for start in range(0, len(ranked), 2 * count):
            best += self.without_phrases(cursor, ranked[start : start + 2 * count], phrases)
            if len(best) >= count:
                break
        return best

    @abstractmethod
    def matching_sql(self, parsed: Query, filters: Filters, now: int) -> tuple[str, list]:
        """Return a query, with its parameters, of the ids of all that answers, in no order."""

    @abstractmethod
    def answered(self, cursor: Any, queries: Sequence[Query], now: int) -> set[int]:
        """Return the numbers of the queries that a document visible at `now` answers, in one statement."""

    def existing_terms(self, cursor: Any, stems: Sequence[str], now: int) -> set[str]:
        """Return the stems that a document visible at `now` has."""
        queries = [Query((Clause(((stem,),), stem),)) for stem in stems]
        return {stems[number] for number in self.answered(cursor, queries, now)}

    @abstractmethod
    def title_matches(self, cursor: Any, stems: Sequence[str], limit: int) -> list[int]:
        """Return the ids of documents, rather the newest, that have all of `stems` in the title. Some may not be visible."""

    @abstractmethod
    def term_sql(self, stem: str, limit: int) -> tuple[str, list]:
        """Return a query, with its parameters, of `id`s of documents that have `stem` in title, tags or summary."""

    def nearest_sql(self, stems: Sequence[str], limit: int) -> tuple[str, list]:
        """Return a query, with its parameters, of the ids of the documents nearest to `stems`: rarer ones weigh more.

        Of a frequent stem only some documents are looked at, so that the time does not grow with the catalogue.
        """
        if not stems:
            return NOTHING
        parts = [self.term_sql(stem, LOOKED_AT) for stem in stems]
        weighed = " UNION ALL ".join(
            f"SELECT id, 1.0 / (20 + count(*) OVER ()) AS weight FROM ({sql}) has"
            for sql, _ in parts
        )
        near = f"SELECT id, sum(weight) AS nearness FROM ({weighed}) words GROUP BY id"
        return (
            f"SELECT id FROM ({near} ORDER BY nearness DESC, id DESC LIMIT {limit:d}) nearest",
            [value for _, params in parts for value in params],
        )


BACKENDS = {
    "sqlite": "search.backends.sqlite.SqliteBackend",
    "postgresql": "search.backends.postgres.PostgresBackend",
}


def get_backend(vendor: str) -> Backend:
    """Return the engine of a database, by Django's word for it (`connection.vendor`)."""
    return import_string(BACKENDS[vendor])()
