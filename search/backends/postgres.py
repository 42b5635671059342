"""PostgreSQL's engine: a tsvector of opaque stems and hashed pairs of neighbours for phrases, both under GIN.

No extension and no text search configuration is used: the stems come from our own analyser. What is stored of a document
stands in `postgres_columns.py`, how a question becomes SQL in `postgres_conditions.py`, how the best are found in `postgres_tiers.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from search.backends import postgres_columns as columns
from search.backends.base import Backend
from search.backends.orderings import NEWEST, scans, sort_keys
from search.backends.postgres_conditions import (
    asks_within,
    condition,
    condition_of_rows,
    conditions,
    every_word,
    having_phrase,
    of_bands,
)
from search.backends.postgres_tiers import Tiers, rank
from search.backends.schema import TABLE, Doc, ListParameters
from search.backends.types import NOTHING, Filters, Matched, Page, Part
from search.query.parser import Alternative, Query
from search.source import get_source

RANKED = 1000  # more hits than this are ranked by tiers
NEWEST_BANDS = 4  # bands that are looked at first
MOST_BANDS = 32  # that are looked at before all
BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0;"


class PostgresBackend(Backend):
    """GIN over tsvector and int[]."""

    scan_window = 1500
    lists = ListParameters(
        one_of="{} = ANY(%s)",
        parameter=list,
        pairs="(SELECT (value ->> 0)::bigint AS {}, (value ->> 1)::bigint AS {} FROM jsonb_array_elements(%s::jsonb))",
    )

    def sort_cost(self, parsed: Query) -> int:
        """Return the number of rows worth sorting: few for phrases, whose vectors or pairs are read row by row."""
        asked = [*parsed.excluded, *(clause.alternatives[0] for clause in parsed.clauses)]
        return 2 if any(len(stems) > 1 for stems in asked) else 20

    def install(self, cursor: Any) -> None:
        """Add the columns and indexes that Django's model does not know of."""
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relname = ANY(%s) AND reloptions @> ARRAY[%s] AND pg_table_is_visible(oid)",
            [columns.INDEXES, columns.PENDING],
        )
        if cursor.fetchone()[0] == len(columns.INDEXES):
            return
        cursor.execute(
            "SELECT 1 FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)"
        )
        for statement in columns.schema(has_lz4=cursor.fetchone() is not None):
            cursor.execute(statement)

    def store(self, cursor: Any, docs: Sequence[Doc]) -> None:
        """Write the shared columns and this engine's own."""
        names = [name for name in Doc.__dataclass_fields__ if name != "id"]
        own = {
            "vector": "%s::tsvector || %s::tsvector",
            "head": "%s::tsvector",
            "pairs": "%s::integer[]",
        }
        sets = ", ".join(f"{name} = excluded.{name}" for name in (*names, *own))
        statement = (
            f"INSERT INTO {TABLE} (doc_id, {', '.join((*names, *own))}) "
            f"VALUES ({', '.join(['%s'] * (len(names) + 1))}, {', '.join(own.values())}) "
            f"ON CONFLICT (doc_id) DO UPDATE SET {sets}"
        )
        for doc in docs:
            head = columns.head(doc)
            values = [getattr(doc, name) for name in ("id", *names)]
            cursor.execute(
                statement, [*values, head, columns.body(doc, head), head, columns.pairs(doc)]
            )

    def count(self, cursor: Any, parsed: Query, filters: Filters, now: int, cap: int) -> Matched:
        """Count by the GIN indexes: among the newest documents, and among more while these are too few.

        Only so is a frequent word no bitmap of the whole catalogue, of which no more than `cap` are counted.
        """
        if parsed.is_empty and not filters:
            return self._count(cursor, parsed, filters, now, cap)
        bands = self._last_band(cursor)
        found, looked_at, newest = Matched(0, "", cap), 0, NEWEST_BANDS
        while 2 * newest <= bands:  # each time among those that were not looked at
            more = {**filters, **of_bands(bands - looked_at, newest - looked_at)}
            found = found.joined(self._count(cursor, parsed, more, now, cap - found.total))
            if found.is_capped:
                return found
            looked_at, newest = newest, max(2 * newest, newest * cap * 5 // (found.total * 4 + 1))
            if newest > MOST_BANDS:  # a bitmap of them all is made sooner
                break
        return self._count(cursor, parsed, filters, now, cap)

    def _count(self, cursor: Any, parsed: Query, filters: Filters, now: int, cap: int) -> Matched:
        found = Matched(0, "", cap)
        for where, params in conditions(parsed, filters):
            ((facets,),) = _rows(
                cursor,
                f"SELECT string_agg(facets, chr(10)) FROM (SELECT d.facets FROM {TABLE} d WHERE {where} "
                "AND d.visible_from <= %s AND d.visible_until > %s LIMIT %s) hits",
                [*params, now, now, cap + 1],
                only_bitmaps=bool(parsed.clauses or parsed.excluded or filters),
            )
            found = found.with_lines(facets or "")
            if found.is_capped:
                break
        return found

    def read_newest_id(self, cursor: Any) -> int:
        """Look at the end of the key's index."""
        newest = f"SELECT doc_id FROM {TABLE} ORDER BY doc_id DESC LIMIT 1"
        return next((row[0] for row in _rows(cursor, newest, ())), 0)

    def _last_band(self, cursor: Any) -> int:
        return columns.band_of(self.newest_id(cursor))

    def _newest_then_all(self, cursor: Any, filters: Filters, newest: int = 0) -> Iterator[Filters]:
        """Yield filters for the newest documents alone, where these are a small part of all; then those for all."""
        bands = self._last_band(cursor)
        if bands >= 2 * NEWEST_BANDS:
            yield {**filters, **of_bands(bands, NEWEST_BANDS)}
        yield filters

    def scan_in_order(
        self, cursor: Any, parsed: Query, filters: Filters, page: Page, limit: int
    ) -> list[int]:
        """Read the vectors of one document after another; the planner knows that the inner query is in order."""
        walk, keys = scans()[page.order]
        where, params = condition_of_rows(parsed, filters)
        outer = keys.replace("c.", "d.")  # outside, what was consulted stands beside the document
        times = f", c.{get_source().popularity.count}" if outer != keys else ""
        rows = _rows(
            cursor,
            f"SELECT d.doc_id FROM (SELECT d.*{times} FROM {walk} ORDER BY {keys} LIMIT {limit:d}) d "
            f"WHERE {where} ORDER BY {outer} LIMIT %s",
            [page.now, page.now, *params, page.end],
        )
        return [row[0] for row in rows]

    def matching_sql(self, parsed: Query, filters: Filters, now: int) -> tuple[str, list]:
        """Return all that answers (see `Engine.matching_sql`)."""
        if not all(filters.values()):
            return NOTHING
        where, params = condition(parsed, filters)
        return (
            f"SELECT d.doc_id FROM {TABLE} d WHERE {where} AND d.visible_from <= %s AND d.visible_until > %s",
            [*params, now, now],
        )

    def answered(self, cursor: Any, queries: Sequence[Query], now: int) -> set[int]:
        """Look among the newest, then among all for those that these do not answer."""
        found: set[int] = set()
        for looked_at in self._newest_then_all(cursor, {}) if queries else ():
            selects, params = [], []
            for number, query in enumerate(queries):
                for where, values in conditions(query, looked_at) if number not in found else ():
                    selects.append(
                        f"SELECT {number} WHERE EXISTS (SELECT 1 FROM {TABLE} d WHERE {where} "
                        "AND d.visible_from <= %s AND d.visible_until > %s)"
                    )
                    params += [*values, now, now]
            if selects:
                rows = _rows(cursor, " UNION ALL ".join(selects), params, only_bitmaps=True)
                found.update(row[0] for row in rows)
        return found

    def title_matches(self, cursor: Any, stems: Sequence[str], limit: int) -> list[int]:
        """Look among the newest, else among all."""
        words = " & ".join(f"'{columns.TITLE}{stem}'" for stem in stems)
        ids: list[int] = []
        for looked_at in self._newest_then_all(cursor, {}):
            where, params = asks_within(words, "head", looked_at.get(columns.BANDS, ()))
            rows = _rows(
                cursor,
                f"SELECT d.doc_id FROM {TABLE} d WHERE {where} LIMIT {limit:d}",
                params,
                only_bitmaps=True,
            )
            ids = [row[0] for row in rows]
            if len(ids) == limit:
                break
        return ids

    def term_sql(self, stem: str, limit: int) -> tuple[str, list]:
        """Look at any: to know the newest, all would have to be read."""
        return (
            f"SELECT doc_id AS id FROM {TABLE} WHERE head @@ %s::tsquery LIMIT {limit:d}",
            [f"'{stem}'"],
        )

    def ids(
        self, cursor: Any, parsed: Query, filters: Filters, page: Page, matched: Matched
    ) -> list[int]:
        """Rank few hits one by one, many by tiers."""
        is_ranked, total = page.order == "relevance" and parsed.clauses, matched.total
        if is_ranked and not parsed.any_word:
            return self._by_tiers(cursor, parsed, filters, page, total)
        if is_ranked and total > RANKED:
            return self.rank_any(cursor, parsed, filters, page, matched)
        where, params = "d.doc_id = ANY(%s)", [matched.ids()]
        if matched.is_capped:  # not all are known
            where, params = condition(parsed, filters)
        ranking, ranked = sort_keys().get(page.order), []
        if ranking is None and parsed.clauses:
            ranking = f"{rank('vector', total)} DESC, {NEWEST}"
            ranked = [every_word(parsed)]
        rows = _rows(
            cursor,
            f"SELECT d.doc_id FROM {TABLE} d WHERE {where} AND d.visible_from <= %s AND d.visible_until > %s "
            f"ORDER BY {ranking or NEWEST} LIMIT %s OFFSET %s",
            [*params, page.now, page.now, *ranked, page.limit, page.offset],
            only_bitmaps=matched.is_capped and not parsed.is_empty,  # all are sorted
        )
        return [row[0] for row in rows]

    def _by_tiers(
        self, cursor: Any, parsed: Query, filters: Filters, page: Page, total: int
    ) -> list[int]:
        """Return those with the words in the title, then in title, tags and summary, then anywhere.

        Each by rank; where these are many, the newest first, and those of the last tier where they would be long to read.
        """
        is_ranked = total <= RANKED
        looked_at = list(self._newer_and_older(cursor, filters, is_whole=is_ranked))
        tiers = Tiers(parsed, page, total, looked_at, is_ranked)
        ids: dict[int, None] = {}
        for at_once in tiers.at_once():
            rows = _rows(cursor, *tiers.sql(at_once), only_bitmaps=True)
            ids.update(dict.fromkeys(row[0] for row in rows))
            if len(ids) >= page.end:
                break
        return list(ids)[page.offset : page.end]

    def postings(
        self, cursor: Any, parts: Sequence[Part], filters: Filters, now: int, limit: int
    ) -> list[tuple[list[int], float]]:
        """Read postings of the newest documents, and of all for rare terms: a bitmap scan returns rows unordered."""
        found: dict[int, tuple[list[int], float]] = {}
        newer = self._last_band(cursor) / NEWEST_BANDS
        for looked_at in self._newest_then_all(cursor, filters):
            ids: dict[int, list[int]] = {
                number: [] for number in range(len(parts)) if number not in found
            }
            selects, params, is_last = [], [], looked_at is filters
            for number in ids:
                words = replace(parts[number].parsed, excluded=parts[number].parsed.excluded_words)
                column = "head" if parts[number].is_head else "vector"
                for where, values in conditions(words, looked_at, column):
                    selects.append(
                        f"(SELECT {number}, d.doc_id FROM {TABLE} d WHERE {where} "
                        "AND d.visible_from <= %s AND d.visible_until > %s LIMIT %s)"
                    )
                    params += [*values, now, now, 2 * limit if is_last else limit]
            union = " UNION ALL ".join(selects)
            for number, pk in _rows(cursor, union, params, only_bitmaps=True) if selects else ():
                ids[number].append(pk)
            for number, those in ids.items():
                if is_last or len(those) >= limit // 4:
                    found[number] = those, len(those) * (1 if is_last else newer)
        return [found[number] for number in range(len(parts))]

    def without_phrases(
        self, cursor: Any, ids: Sequence[int], phrases: Sequence[Alternative]
    ) -> list[int]:
        """Read the pairs of these alone."""
        having, params = having_phrase(phrases)
        rows = _rows(
            cursor,
            f"SELECT d.doc_id FROM {TABLE} d WHERE d.doc_id = ANY(%s) AND {having}",
            [list(ids), *params],
        )
        unwanted = {row[0] for row in rows}
        return [pk for pk in ids if pk not in unwanted]

    def _newer_and_older(
        self, cursor: Any, filters: Filters, *, is_whole: bool
    ) -> Iterator[tuple[Filters, str]]:
        """Yield filters for the newest documents and the rest with their id bounds, or one for all."""
        newest, *others = self._newest_then_all(cursor, filters)
        if is_whole or not others:
            yield filters, "true"
            return
        last = (self._last_band(cursor) + 1) * columns.BAND - 1
        yield newest, "true"
        yield filters, f"d.doc_id NOT BETWEEN {last - NEWEST_BANDS * columns.BAND + 1} AND {last}"


def _rows(
    cursor: Any, sql: str, params: Sequence[Any], *, only_bitmaps: bool = False
) -> list[tuple]:
    """Run one query by the indexes: the planner takes a common stem for a reason to read a million pages' rows.

    `only_bitmaps`: nor does it walk along the newest ones, reading the vector of each. An append is read in its order.
    """
    walk = "off" if only_bitmaps else "on"
    cursor.execute(f"{BY_INDEX} SET LOCAL enable_indexscan = {walk}; {sql}", params)
    while cursor.description is None and cursor.nextset():
        pass
    return cursor.fetchall()
