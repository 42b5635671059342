"""SQLite's engine: two external-content FTS5 tables over SearchDoc, kept in step by triggers."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from resources.search.engines import (
    EVERY,
    ORDERS,
    TABLE,
    Doc,
    Engine,
    Filters,
    Matched,
    Page,
)
from resources.search.parser import Alternative, Parsed

CAP_PHRASES = 300  # for each hit the positions of its words are read in many documents
RANKED = 1000  # more hits than this are ranked by tiers, more documents are long to look through
WEIGHTS = "bm25(10.0, 6.0, 3.0, 1.0, 0.0)"
HEAD_WEIGHTS = "bm25(10.0, 6.0, 3.0, 0.0)"

COLUMNS = {
    "search_all": "title, tags, summary, body, facets",
    "search_head": "title, tags, summary, facets",
}
HEAD = "title tags summary"
COVER = "search_cover"
SCHEMA = [
    f"CREATE INDEX IF NOT EXISTS {COVER} ON {TABLE} (resource_id, visible_from, visible_until, facets)",
    *(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5({columns}, content='{TABLE}', "
        "content_rowid='resource_id', tokenize=\"ascii tokenchars '_'\")"
        for name, columns in COLUMNS.items()
    ),
]


def _triggers() -> Iterator[str]:
    """Yield the triggers that keep both tables in step; Django drops them where a migration rebuilds the table."""

    def values(row: str, columns: str) -> str:
        return ", ".join(f"{row}.{column}" for column in columns.split(", "))

    put = "".join(
        f"INSERT INTO {t}(rowid, {c}) VALUES (new.resource_id, {values('new', c)}); "
        for t, c in COLUMNS.items()
    )
    take = "".join(
        f"INSERT INTO {t}({t}, rowid, {c}) VALUES ('delete', old.resource_id, {values('old', c)}); "
        for t, c in COLUMNS.items()
    )
    changed = " OR ".join(f"old.{c} IS NOT new.{c}" for c in COLUMNS["search_all"].split(", "))
    yield f"CREATE TRIGGER IF NOT EXISTS search_insert AFTER INSERT ON {TABLE} BEGIN {put}END"
    yield f"CREATE TRIGGER IF NOT EXISTS search_delete AFTER DELETE ON {TABLE} BEGIN {take}END"
    yield f"CREATE TRIGGER IF NOT EXISTS search_update AFTER UPDATE ON {TABLE} WHEN {changed} BEGIN {take}{put}END"


class SqliteEngine(Engine):
    """FTS5. Facet tokens stand inside MATCH; count, facets and ids come from index pages alone."""

    def install(self, cursor: Any) -> None:
        """Make what is missing; what is new is filled from SearchDoc."""
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
            f"INSERT INTO {TABLE} (resource_id, {', '.join(names)}) VALUES ({', '.join(['%s'] * (len(names) + 1))}) "
            f"ON CONFLICT (resource_id) DO UPDATE SET {sets}",
            [tuple(getattr(doc, name) for name in ("id", *names)) for doc in docs],
        )

    def cap(self, cursor: Any, parsed: Parsed) -> int:
        """Count fewer phrases of words that stand in many documents."""
        if self._is_long_to_look_for(cursor, parsed):
            return CAP_PHRASES
        return super().cap(cursor, parsed)

    def count(self, cursor: Any, parsed: Parsed, filters: Filters, now: int, cap: int) -> Matched:
        """Count from index pages alone."""
        source, params = _source(match(parsed, filters))
        cursor.execute(
            f"SELECT count(*), group_concat(facets, char(10)) FROM (SELECT d.facets {source} "
            "AND d.visible_from <= %s AND d.visible_until > %s LIMIT %s)",
            [*params, now, now, cap + 1],
        )
        total, facets = cursor.fetchone()
        return Matched(total, facets or "", cap)

    def matching_sql(self, parsed: Parsed, filters: Filters, now: int) -> tuple[str, list]:
        """Return all that answers (see `Engine.matching_sql`)."""
        source, params = _source(match(parsed, filters))
        nothing = "" if all(filters.values()) else " AND false"
        return (
            f"SELECT d.resource_id {source} AND d.visible_from <= %s AND d.visible_until > %s{nothing}",
            [*params, now, now],
        )

    def known(self, cursor: Any, stems: Sequence[str], now: int) -> set[str]:
        """Look each stem up in the index."""
        if not stems:
            return set()
        source, _ = _source("stem")
        one = f"SELECT %s WHERE EXISTS (SELECT 1 {source} AND d.visible_from <= %s AND d.visible_until > %s)"
        cursor.execute(
            " UNION ALL ".join([one] * len(stems)),
            [part for stem in stems for part in (stem, _phrase((stem,)), now, now)],
        )
        return {row[0] for row in cursor.fetchall()}

    def with_stem_sql(self, stem: str, limit: int) -> tuple[str, list]:
        """Look at the newest."""
        return (
            f"SELECT rowid AS id FROM search_head WHERE search_head MATCH %s ORDER BY rowid DESC LIMIT {limit:d}",
            [f'"{stem}"'],
        )

    def ids(
        self, cursor: Any, parsed: Parsed, filters: Filters, page: Page, matched: Matched
    ) -> list[int]:
        """Rank few hits one by one, many by tiers."""
        is_ranked = page.order not in ORDERS and parsed.clauses
        if is_ranked and (matched.total > RANKED or not parsed.any_word):
            return self._by_tiers(cursor, parsed, filters, page, matched)
        source, params = _source(match(parsed, filters, ranked=True))
        ranking = ORDERS.get(page.order)
        if ranking is None:
            ranking = (
                "s.rank, d.visible_from DESC, d.resource_id DESC"
                if parsed.clauses
                else ORDERS["newest"]
            )
        weights = f" AND s.rank MATCH '{WEIGHTS}'" if "s.rank" in ranking else ""
        cursor.execute(
            f"SELECT d.resource_id {source}{weights} AND d.visible_from <= %s AND d.visible_until > %s "
            f"ORDER BY {ranking} LIMIT %s OFFSET %s",
            [*params, page.now, page.now, page.limit, page.offset],
        )
        return [row[0] for row in cursor.fetchall()]

    def _by_tiers(
        self, cursor: Any, parsed: Parsed, filters: Filters, page: Page, matched: Matched
    ) -> list[int]:
        """Return those with the words in the title, then in title, tags and summary, then anywhere.

        Each by BM25; where that would read too much, newest first, and the last tier of phrases is what was counted.
        """
        is_small = matched.total <= RANKED and not self._is_long_to_look_for(cursor, parsed)
        counted = _has_phrase(parsed) and not (is_small or parsed.any_word or matched.is_capped)
        ids: dict[int, None] = {}
        tiers = list(_tiers(parsed, filters, ranked=is_small))
        for start in range(0, len(tiers), 3):  # one strictness: one statement
            params: list[Any] = []
            parts = []
            for tier, (table, expression) in enumerate(
                tiers[start : start + (2 if counted else 3)]
            ):
                weights = HEAD_WEIGHTS if table == "search_head" else WEIGHTS
                place = "s.rank" if is_small else "-s.rowid"
                also = f" AND s.rank MATCH '{weights}'" if is_small else ""
                parts.append(
                    f"SELECT * FROM (SELECT s.rowid AS id, {tier} AS tier, {place} AS place "
                    f"FROM {table} s CROSS JOIN {TABLE} d INDEXED BY {COVER} ON d.resource_id = s.rowid "
                    f"WHERE {table} MATCH %s AND d.visible_from <= %s AND d.visible_until > %s{also} "
                    f"ORDER BY {'s.rank, s.rowid DESC' if is_small else 's.rowid DESC'} LIMIT %s)"
                )
                params += [expression, page.now, page.now, page.end]
            cursor.execute(" UNION ALL ".join(parts) + " ORDER BY tier, place, id DESC", params)
            ids.update(dict.fromkeys(row[0] for row in cursor.fetchall()))
            if len(ids) >= page.end:
                break
        if counted and len(ids) < page.end:
            ids.update(dict.fromkeys(sorted(matched.ids(), reverse=True)))
        return list(ids)[page.offset : page.end]

    def _is_long_to_look_for(self, cursor: Any, parsed: Parsed) -> bool:
        """Tell whether a phrase would be looked for in many documents: all those that have its words. BM25 does so twice."""
        if not _has_phrase(parsed):
            return False
        words = {stem for clause in parsed.clauses for stem in clause.alternatives[0]}
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM search_all WHERE search_all MATCH %s LIMIT %s)",
            [" AND ".join(_phrase((stem,)) for stem in sorted(words)), RANKED + 1],
        )
        return cursor.fetchone()[0] > RANKED


def _source(expression: str) -> tuple[str, list[str]]:
    """Return FROM and WHERE for an FTS5 expression; an empty one means every document."""
    if not expression:
        return f"FROM {TABLE} d WHERE true", []
    return (
        f"FROM search_all s CROSS JOIN {TABLE} d INDEXED BY {COVER} ON d.resource_id = s.rowid WHERE search_all MATCH %s",
        [expression],
    )


def _has_phrase(parsed: Parsed) -> bool:
    return any(len(clause.alternatives[0]) > 1 for clause in parsed.clauses)


def match(parsed: Parsed, filters: Filters, *, ranked: bool = False) -> str:
    """Return the FTS5 expression for a question."""
    words = (" OR " if parsed.any_word else " AND ").join(_clauses(parsed, ranked))
    return _whole(words, parsed, filters, "")


def _tiers(parsed: Parsed, filters: Filters, *, ranked: bool) -> Iterator[tuple[str, str]]:
    """Yield tables and expressions from the strictest to the loosest.

    What is excluded may stand in a body, which only the larger table knows.
    """
    head, columns = ("search_all", HEAD) if parsed.excluded else ("search_head", "")
    clauses = _clauses(parsed, ranked)
    counts = range(len(clauses), 0, -1) if parsed.any_word else [len(clauses)]
    for needed in counts:
        groups = list(combinations(clauses, needed))[:40]
        words = " OR ".join(f"({' AND '.join(group)})" for group in groups)
        yield head, _whole(words, parsed, filters, "title")
        yield head, _whole(words, parsed, filters, columns)
        yield "search_all", _whole(words, parsed, filters, "")


def _whole(words: str, parsed: Parsed, filters: Filters, column: str) -> str:
    """Join words, facets and exclusions."""
    parts = [f"{{{column}}} : ({words})" if column else f"({words})"] if words else []
    parts += [
        "(" + " OR ".join(f'"{token}"' for token in tokens) + ")" for tokens in filters.values()
    ]
    expression = " AND ".join(parts)
    for stems in parsed.excluded:
        expression = f"({expression or _phrase((EVERY,))}) NOT {_phrase(stems)}"
    return expression


def _clauses(parsed: Parsed, ranked: bool) -> list[str]:
    """Return each clause as an expression; where BM25 ranks, every alternative adds to it, the needless ones too."""
    chosen = [clause.alternatives if ranked else clause.loosest for clause in parsed.clauses]
    return ["(" + " OR ".join(map(_phrase, alternatives)) + ")" for alternatives in chosen]


def _phrase(stems: Alternative) -> str:
    return '"' + " ".join(stems) + '"'
