"""SQLite's engine: two external-content FTS5 tables over SearchDoc, kept in step by triggers."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from search.backends.base import Backend
from search.backends.orderings import NEWEST, scans, sort_keys
from search.backends.schema import TABLE, Doc, ListParameters
from search.backends.sqlite_conditions import (
    all_of,
    has_phrase,
    match,
    phrase,
    table_of,
    tiers_of,
    whole,
)
from search.backends.types import NOTHING, Filters, Matched, Page, Part, with_the_rest
from search.query.parser import Query

CAP_PHRASES = 300  # for each hit the positions of its words are read in many documents
RANKED = 1000  # more hits than this are ranked by tiers, more documents are long to look through
WEIGHTS = "bm25(10.0, 6.0, 3.0, 1.0, 0.0)"
HEAD_WEIGHTS = "bm25(10.0, 6.0, 3.0, 0.0)"

COLUMNS = {
    "search_all": "title, tags, summary, body, facets",
    "search_head": "title, tags, summary, facets",
}
COVER, TITLES = "search_cover", "search_titles"
SCHEMA = [
    f"CREATE INDEX IF NOT EXISTS {COVER} ON {TABLE} (doc_id, visible_from, visible_until, facets)",
    f"CREATE INDEX IF NOT EXISTS {TITLES} ON {TABLE} (doc_id, visible_from, visible_until, sort_title)",
    *(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5({columns}, content='{TABLE}', "
        "content_rowid='doc_id', tokenize=\"ascii tokenchars '_'\")"
        for name, columns in COLUMNS.items()
    ),
]


def _triggers() -> Iterator[str]:
    """Yield the triggers that keep both tables in step; Django drops them where a migration rebuilds the table."""

    def values(row: str, columns: str) -> str:
        return ", ".join(f"{row}.{column}" for column in columns.split(", "))

    put = "".join(
        f"INSERT INTO {t}(rowid, {c}) VALUES (new.doc_id, {values('new', c)}); "
        for t, c in COLUMNS.items()
    )
    take = "".join(
        f"INSERT INTO {t}({t}, rowid, {c}) VALUES ('delete', old.doc_id, {values('old', c)}); "
        for t, c in COLUMNS.items()
    )
    changed = " OR ".join(f"old.{c} IS NOT new.{c}" for c in COLUMNS["search_all"].split(", "))
    yield f"CREATE TRIGGER IF NOT EXISTS search_insert AFTER INSERT ON {TABLE} BEGIN {put}END"
    yield f"CREATE TRIGGER IF NOT EXISTS search_delete AFTER DELETE ON {TABLE} BEGIN {take}END"
    yield f"CREATE TRIGGER IF NOT EXISTS search_update AFTER UPDATE ON {TABLE} WHEN {changed} BEGIN {take}{put}END"


class SqliteBackend(Backend):
    """FTS5. Facet tokens stand inside MATCH; count, facets and ids come from index pages alone."""

    scan_window = 400
    lists = ListParameters(
        one_of="{} IN (SELECT value FROM json_each(%s))",
        parameter=json.dumps,
        pairs="(SELECT json_extract(value, '$[0]') AS {}, json_extract(value, '$[1]') AS {} FROM json_each(%s))",
    )

    def sort_cost(self, parsed: Query) -> int:
        """Return the number of rows worth sorting, the same for phrases: positions are read either way."""
        return 50

    def install(self, cursor: Any) -> None:
        """Create missing tables and fill them from SearchDoc."""
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE name IN ('search_all', 'search_head', 'search_update')"
        )
        stands = len(cursor.fetchall()) == 3
        for statement in [*SCHEMA, *_triggers()]:
            cursor.execute(statement)
        if not stands:
            for table in COLUMNS:
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')")

    def store(self, cursor: Any, docs: Sequence[Doc]) -> None:
        """Write; the triggers do the rest."""
        names = [name for name in Doc.__dataclass_fields__ if name != "id"]
        sets = ", ".join(f"{name} = excluded.{name}" for name in names)
        cursor.executemany(
            f"INSERT INTO {TABLE} (doc_id, {', '.join(names)}) VALUES ({', '.join(['%s'] * (len(names) + 1))}) "
            f"ON CONFLICT (doc_id) DO UPDATE SET {sets}",
            [tuple(getattr(doc, name) for name in ("id", *names)) for doc in docs],
        )

    def scan_limit(self, cursor: Any, parsed: Query) -> int:
        """Count fewer phrases of words that stand in many documents."""
        if self._is_long_to_look_for(cursor, parsed):
            return CAP_PHRASES
        return super().scan_limit(cursor, parsed)

    def read_newest_id(self, cursor: Any) -> int:
        """Look at the end of the key's index."""
        cursor.execute(f"SELECT max(doc_id) FROM {TABLE}")
        return cursor.fetchone()[0] or 0

    def count(self, cursor: Any, parsed: Query, filters: Filters, now: int, cap: int) -> Matched:
        """Count from index pages alone."""
        source, params = _source(match(parsed, filters))
        cursor.execute(
            f"SELECT count(*), group_concat(facets, char(10)) FROM (SELECT d.facets {source} "
            "AND d.visible_from <= %s AND d.visible_until > %s LIMIT %s)",
            [*params, now, now, cap + 1],
        )
        total, facets = cursor.fetchone()
        return Matched(total, facets or "", cap)

    def scan_in_order(
        self, cursor: Any, parsed: Query, filters: Filters, page: Page, limit: int
    ) -> list[int]:
        """Query FTS5 document by document, in the order of the inner query."""
        walk, keys = scans()[page.order]
        cursor.execute(
            f"SELECT s.rowid FROM (SELECT d.doc_id AS id FROM {walk} ORDER BY {keys} LIMIT {limit:d}) w "
            "CROSS JOIN search_all s WHERE search_all MATCH %s AND s.rowid = w.id LIMIT %s",
            [page.now, page.now, match(parsed, filters), page.end],
        )
        return [row[0] for row in cursor.fetchall()]

    def matching_sql(self, parsed: Query, filters: Filters, now: int) -> tuple[str, list]:
        """Return all that answers (see `Engine.matching_sql`)."""
        if not all(filters.values()):
            return NOTHING
        source, params = _source(match(parsed, filters))
        return (
            f"SELECT d.doc_id {source} AND d.visible_from <= %s AND d.visible_until > %s",
            [*params, now, now],
        )

    def answered(self, cursor: Any, queries: Sequence[Query], now: int) -> set[int]:
        """Stop at the first document of each."""
        if not queries:
            return set()
        source, _ = _source("query")
        one = f"SELECT %s WHERE EXISTS (SELECT 1 {source} AND d.visible_from <= %s AND d.visible_until > %s)"
        cursor.execute(
            " UNION ALL ".join([one] * len(queries)),
            [p for n, query in enumerate(queries) for p in (n, match(query, {}), now, now)],
        )
        return {int(row[0]) for row in cursor.fetchall()}

    def title_matches(self, cursor: Any, stems: Sequence[str], limit: int) -> list[int]:
        """Look at the newest."""
        words = " AND ".join(phrase((stem,)) for stem in stems)
        cursor.execute(
            f"SELECT rowid FROM search_head WHERE search_head MATCH %s ORDER BY rowid DESC LIMIT {limit:d}",
            [f"title : ({words})"],
        )
        return [row[0] for row in cursor.fetchall()]

    def term_sql(self, stem: str, limit: int) -> tuple[str, list]:
        """Look at the newest."""
        return (
            f"SELECT rowid AS id FROM search_head WHERE search_head MATCH %s ORDER BY rowid DESC LIMIT {limit:d}",
            [f'"{stem}"'],
        )

    def ids(
        self, cursor: Any, parsed: Query, filters: Filters, page: Page, matched: Matched
    ) -> list[int]:
        """Rank few hits one by one, many by tiers."""
        is_ranked = page.order == "relevance" and parsed.clauses
        is_many = matched.total > RANKED or matched.is_capped
        if is_ranked and not parsed.any_word:
            return self._by_tiers(cursor, parsed, filters, page, matched)
        if is_ranked and is_many:
            return self.rank_any(cursor, parsed, filters, page, matched)
        index = TITLES if page.order == "title" else COVER
        if is_ranked or is_many:
            source, params = _source(match(parsed, filters, ranked=bool(is_ranked)), index)
        else:
            source, params = _of_these(matched.ids(), index)
        ranking = f"s.rank, {NEWEST}" if is_ranked else sort_keys().get(page.order, NEWEST)
        weights = f" AND s.rank MATCH '{WEIGHTS}'" if is_ranked else ""
        cursor.execute(
            f"SELECT d.doc_id {source}{weights} AND d.visible_from <= %s AND d.visible_until > %s "
            f"ORDER BY {ranking} LIMIT %s",
            [*params, page.now, page.now, page.end],
        )
        ids = dict.fromkeys(row[0] for row in cursor.fetchall())
        return with_the_rest(ids, matched, page) if is_ranked else list(ids)[page.offset :]

    def _by_tiers(
        self, cursor: Any, parsed: Query, filters: Filters, page: Page, matched: Matched
    ) -> list[int]:
        """Return those with the words in the title, then in title, tags and summary, then anywhere.

        Each by BM25; where that would read too much, newest first, and the last tier of phrases is what was counted.
        """
        is_small = matched.total <= RANKED and not self._is_long_to_look_for(cursor, parsed)
        counted = has_phrase(parsed) and not (is_small or matched.is_capped)
        tiers = tiers_of(parsed, filters, ranked=is_small)[: 2 if counted else 3]
        params: list[Any] = []
        parts = []
        for tier, (table, expression) in enumerate(tiers):
            weights = HEAD_WEIGHTS if table == "search_head" else WEIGHTS
            place = "s.rank" if is_small else "-s.rowid"
            also = f" AND s.rank MATCH '{weights}'" if is_small else ""
            parts.append(
                f"SELECT * FROM (SELECT s.rowid AS id, {tier} AS tier, {place} AS place {_from(table)}{also} "
                f"ORDER BY {'s.rank, s.rowid DESC' if is_small else 's.rowid DESC'} LIMIT %s)"
            )
            params += [expression, page.now, page.now, page.end]
        cursor.execute(" UNION ALL ".join(parts) + " ORDER BY tier, place, id DESC", params)
        ids = dict.fromkeys(row[0] for row in cursor.fetchall())
        if counted or is_small:
            return with_the_rest(ids, matched, page)
        return list(ids)[page.offset : page.end]

    def postings(
        self, cursor: Any, parts: Sequence[Part], filters: Filters, now: int, limit: int
    ) -> list[tuple[list[int], float]]:
        """Read all postings in one statement; phrases only where few documents contain their words."""
        found: list[list[int]] = [[] for _ in parts]
        asked = [
            (number, part)
            for number, part in enumerate(parts)
            if part.parsed.clauses[0].is_quoted
            or not self._is_long_to_look_for(cursor, part.parsed)
        ]  # never none: who asks for a phrase by its words asks for these too
        one = "SELECT * FROM (SELECT {} AS part, s.rowid AS id {} ORDER BY s.rowid DESC LIMIT {})"
        selects, params = [], []
        for number, part in asked:
            table, column = table_of(part.parsed) if part.is_head else ("search_all", "")
            selects.append(one.format(number, _from(table), limit))
            words = all_of(part.parsed.clauses, ranked=False)
            params += [whole(words, part.parsed, filters, column), now, now]
        cursor.execute(" UNION ALL ".join(selects), params)
        for number, pk in cursor.fetchall():
            found[number].append(pk)
        return [(ids, len(ids)) for ids in found]

    def _is_long_to_look_for(self, cursor: Any, parsed: Query) -> bool:
        """Return whether a phrase has many candidate documents; BM25 would scan them twice."""
        if not has_phrase(parsed):
            return False
        words = {stem for clause in parsed.clauses for stem in clause.alternatives[0]}
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM search_all WHERE search_all MATCH %s LIMIT %s)",
            [" AND ".join(phrase((stem,)) for stem in sorted(words)), RANKED + 1],
        )
        return cursor.fetchone()[0] > RANKED


def _source(expression: str, index: str = COVER) -> tuple[str, list[str]]:
    """Return FROM and WHERE for an FTS5 expression, all of it read from an `index`; an empty one means every document."""
    if not expression:
        return f"FROM {TABLE} d WHERE true", []
    return (
        f"FROM search_all s CROSS JOIN {TABLE} d INDEXED BY {index} ON d.doc_id = s.rowid WHERE search_all MATCH %s",
        [expression],
    )


def _of_these(ids: Sequence[int], index: str) -> tuple[str, list[str]]:
    """Return FROM and WHERE for the documents that were counted: to look for them once more takes longer."""
    return (
        f"FROM json_each(%s) j CROSS JOIN {TABLE} d INDEXED BY {index} ON d.doc_id = j.value WHERE true",
        [json.dumps(ids)],
    )


def _from(table: str) -> str:
    """Return FROM and WHERE for the visible documents of a table, by index pages."""
    return (
        f"FROM {table} s CROSS JOIN {TABLE} d INDEXED BY {COVER} ON d.doc_id = s.rowid "
        f"WHERE {table} MATCH %s AND d.visible_from <= %s AND d.visible_until > %s"
    )
