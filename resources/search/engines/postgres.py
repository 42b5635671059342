"""PostgreSQL's engine: a tsvector of opaque stems and hashed pairs of neighbours for phrases, both under GIN.

No extension and no text search configuration is used: the stems come from our own analyser and are quoted one by one.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any
from zlib import crc32

from resources.search.engines import (
    APART,
    CAP,
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

RANKED = 1000  # more hits than this are ranked by tiers
READ = 200  # results whose whole vectors are read to rank them
WEIGHTS = "{0.02, 0.2, 0.5, 1}"  # body, summary, tags, title
MOST_BYTES = 900_000  # of body stems in one tsvector; PostgreSQL holds 1 MB
MOST_POSITION = 16_383
TITLE = "="  # before a title's stem; no stem has it

SCHEMA = [
    f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS vector tsvector NOT NULL DEFAULT ''",
    f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS head tsvector NOT NULL DEFAULT ''",
    f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS pairs integer[] NOT NULL DEFAULT '{{}}'",
    f"CREATE INDEX IF NOT EXISTS search_vector ON {TABLE} USING gin (vector) WITH (fastupdate = off)",
    f"CREATE INDEX IF NOT EXISTS search_head ON {TABLE} USING gin (head) WITH (fastupdate = off)",
    f"CREATE INDEX IF NOT EXISTS search_pairs ON {TABLE} USING gin (pairs) WITH (fastupdate = off)",
]

Condition = tuple[str, list[Any]]
"""SQL with its parameters."""


class PostgresEngine(Engine):
    """GIN over tsvector and int[]."""

    def install(self, cursor: Any) -> None:
        """Add the columns and indexes that Django's model does not know of."""
        cursor.execute(
            "SELECT count(*) FROM pg_indexes WHERE indexname IN ('search_vector', 'search_head', 'search_pairs')"
        )
        if cursor.fetchone()[0] < 3:
            for statement in SCHEMA:
                cursor.execute(statement)

    def store(self, cursor: Any, docs: Sequence[Doc]) -> None:
        """Write the shared columns and this engine's own."""
        names = [name for name in Doc.__dataclass_fields__ if name != "id"]
        own = {
            "vector": "%s::tsvector || array_to_tsvector(%s::text[])",
            "head": "%s::tsvector",
            "pairs": "%s::integer[]",
        }
        sets = ", ".join(f"{name} = excluded.{name}" for name in (*names, *own))
        statement = (
            f"INSERT INTO {TABLE} (resource_id, {', '.join((*names, *own))}) "
            f"VALUES ({', '.join(['%s'] * (len(names) + 1))}, {', '.join(own.values())}) "
            f"ON CONFLICT (resource_id) DO UPDATE SET {sets}"
        )
        for doc in docs:
            head = _head(doc)
            values = [getattr(doc, name) for name in ("id", *names)]
            cursor.execute(statement, [*values, head, _body(doc), head, _pairs(doc)])

    def count(self, cursor: Any, parsed: Parsed, filters: Filters, now: int, cap: int) -> Matched:
        """Count by the GIN indexes."""
        where, params = condition(parsed, filters)
        total, facets = _rows(
            cursor,
            "SELECT count(*), string_agg(facets, chr(10)) FROM ("
            f"SELECT d.facets FROM {TABLE} d WHERE {where} "
            "AND d.visible_from <= %s AND d.visible_until > %s LIMIT %s) hits",
            [*params, now, now, cap + 1],
            only_bitmaps=bool(params),
        )[0]
        return Matched(total, facets or "", cap)

    def matching_sql(self, parsed: Parsed, filters: Filters, now: int) -> tuple[str, list]:
        """Return all that answers (see `Engine.matching_sql`)."""
        where, params = condition(parsed, filters)
        nothing = "" if all(filters.values()) else " AND false"
        return (
            f"SELECT d.resource_id FROM {TABLE} d WHERE {where} AND d.visible_from <= %s AND d.visible_until > %s{nothing}",
            [*params, now, now],
        )

    def known(self, cursor: Any, stems: Sequence[str]) -> set[str]:
        """Look each stem up in the index."""
        if not stems:
            return set()
        one = f"SELECT %s WHERE EXISTS (SELECT 1 FROM {TABLE} WHERE vector @@ %s::tsquery)"
        rows = _rows(
            cursor,
            " UNION ALL ".join([one] * len(stems)),
            [part for s in stems for part in (s, f"'{s}'")],
        )
        return {row[0] for row in rows}

    def with_stem_sql(self, stem: str, limit: int) -> tuple[str, list]:
        """Look at any: to know the newest, all would have to be read."""
        return (
            f"SELECT resource_id AS id FROM {TABLE} WHERE head @@ %s::tsquery LIMIT {limit:d}",
            [f"'{stem}'"],
        )

    def ids(
        self, cursor: Any, parsed: Parsed, filters: Filters, page: Page, matched: Matched
    ) -> list[int]:
        """Rank few hits one by one, many by tiers."""
        is_ranked, total = page.order not in ORDERS and parsed.clauses, matched.total
        if is_ranked and (total > RANKED or not parsed.any_word):
            return self._by_tiers(cursor, parsed, filters, page, total)
        where, params = condition(parsed, filters)
        ranking, ranked = ORDERS.get(page.order), []
        if ranking is None and parsed.clauses:
            ranking = f"ts_rank('{WEIGHTS}', {'vector' if total <= READ else 'head'}, %s::tsquery, 1) DESC, {ORDERS['newest']}"
            ranked = [_every_word(parsed)]
        rows = _rows(
            cursor,
            f"SELECT d.resource_id FROM {TABLE} d WHERE {where} AND d.visible_from <= %s AND d.visible_until > %s "
            f"ORDER BY {ranking or ORDERS['newest']} LIMIT %s OFFSET %s",
            [*params, page.now, page.now, *ranked, page.limit, page.offset],
        )
        return [row[0] for row in rows]

    def _by_tiers(
        self, cursor: Any, parsed: Parsed, filters: Filters, page: Page, total: int
    ) -> list[int]:
        """Return those with the words in the title, then in title, tags and summary, then anywhere.

        The first two by rank, which is read from short rows; the last by rank only where it is few.
        """
        ids: dict[int, None] = {}
        for column, (where, params) in _tiers(parsed, filters):
            ranking, ranked = "d.resource_id DESC", []
            if column != "vector" or total <= READ:
                ranked = [_every_word(parsed)]
                ranking = f"ts_rank('{WEIGHTS}', d.{'head' if column != 'vector' else column}, %s::tsquery, 1) DESC, {ranking}"
            inner = (
                f"SELECT * FROM {TABLE} d WHERE {where} AND d.visible_from <= %s "
                f"AND d.visible_until > %s LIMIT {max(CAP, page.end)}"
            )
            rows = _rows(
                cursor,
                f"SELECT d.resource_id FROM ({inner}) d ORDER BY {ranking} LIMIT %s",
                [*params, page.now, page.now, *ranked, page.end],
                only_bitmaps=True,
            )
            ids.update(dict.fromkeys(row[0] for row in rows))
            if len(ids) >= page.end:
                break
        return list(ids)[page.offset : page.end]


def _rows(
    cursor: Any, sql: str, params: Sequence[Any], *, only_bitmaps: bool = False
) -> list[tuple]:
    """Run one query by the indexes: the planner takes a common stem for a reason to read a million pages' rows.

    `only_bitmaps`: nor does it walk along the newest ones, reading the vector of each.
    """
    walk = "off" if only_bitmaps else "on"
    settings = f"SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = {walk}; "
    cursor.execute(settings + sql, params)
    while cursor.description is None and cursor.nextset():
        pass
    return cursor.fetchall()


def condition(
    parsed: Parsed, filters: Filters, column: str = "vector", needed: int = 0
) -> Condition:
    """Return the WHERE of a question, its words looked for in `column`; `needed` clauses are enough (0: all or any).

    What words can say is one tsquery: an index that knows all of it skips what a rare word excludes.
    """
    clauses = [_clause(clause.loosest, column) for clause in parsed.clauses]
    size = needed or (1 if parsed.any_word else len(clauses))
    chosen = [" | ".join(f"'{token}'" for token in tokens) for tokens in filters.values()]
    if parsed.excluded and not clauses and not chosen:
        chosen = [f"'{EVERY}'"]
    queries: list[str] = []
    mixed: list[Condition] = []
    for group in list(combinations(clauses, size))[:40] if clauses else [()]:
        words = [query for query, pairs in group if not pairs] + chosen
        query = " & ".join(f"({part})" for part in words)
        parts = [_either(query, pairs, column) for query, pairs in group if pairs]
        if parts:
            mixed.append(_join(" AND ", [*parts, *([_asks(query, column)] if query else [])]))
        elif query:
            queries.append(query)
    wanted = ([_asks(" | ".join(f"({q})" for q in queries), column)] if queries else []) + mixed
    parts = [_join(" OR ", wanted)] if wanted else []
    if parsed.excluded:
        unwanted = [_clause((stems,), "vector") for stems in parsed.excluded]
        sql, params = _join(" OR ", [_either(*clause, "vector") for clause in unwanted])
        parts.append((f"NOT {sql}", params))
    return _join(" AND ", parts) if parts else ("true", [])


def _tiers(parsed: Parsed, filters: Filters) -> Iterator[tuple[str, Condition]]:
    """Yield columns and conditions from the strictest to the loosest."""
    size = len(parsed.clauses)
    for needed in range(size, 0, -1) if parsed.any_word else [size]:
        for column in ("title", "head", "vector"):
            yield column, condition(parsed, filters, column, needed)


def _join(word: str, parts: Sequence[Condition]) -> Condition:
    return "(" + word.join(sql for sql, _ in parts) + ")", [
        value for _, params in parts for value in params
    ]


def _clause(alternatives: Sequence[Alternative], column: str) -> tuple[str, list[list[int]]]:
    """Return of one clause what a tsquery can ask, and its phrases as pairs of neighbours.

    A phrase in a whole document is asked by its pairs: as good as positions, and twenty times as fast.
    """
    words = [stems for stems in alternatives if len(stems) == 1 or column != "vector"]
    query = " | ".join(
        " <-> ".join(_lexeme(stem, column) for stem in stems).join("()") for stems in words
    )
    phrases = [stems for stems in alternatives if stems not in words]
    return query, [sorted({pair_hash(a, b) for a, b in pairwise(stems)}) for stems in phrases]


def _either(query: str, phrases: Sequence[list[int]], column: str) -> Condition:
    parts: list[Condition] = [("d.pairs @> %s::integer[]", [pairs]) for pairs in phrases]
    return _join(" OR ", [*([_asks(query, column)] if query else []), *parts])


def _asks(query: str, column: str) -> Condition:
    return f"d.{'vector' if column == 'vector' else 'head'} @@ %s::tsquery", [query]


def _lexeme(stem: str, column: str) -> str:
    """Return a stem as a tsquery has it; a title's stems stand once more with a mark, for no index knows weights."""
    return f"'{TITLE}{stem}'" if column == "title" else f"'{stem}'"


def _every_word(parsed: Parsed) -> str:
    return (
        " | ".join(
            dict.fromkeys(f"'{stem}'" for c in parsed.clauses for a in c.alternatives for stem in a)
        )
        or "''"
    )


def pair_hash(first: str, second: str) -> int:
    """Return the signed 32-bit number of two neighbouring stems."""
    number = crc32(f"{first} {second}".encode())
    return number - 2**32 if number >= 2**31 else number


def _head(doc: Doc) -> str:
    """Return title, tags, summary and facets as the text of a tsvector, with positions and weights."""
    places: dict[str, list[str]] = {}
    position = 0
    for text, weight in ((doc.title, "A"), (doc.tags, "B"), (doc.summary, "C")):
        for stem in [*text.split(), APART]:
            position = min(position + 1, MOST_POSITION)
            places.setdefault(stem, []).append(f"{position}{weight}")
            if weight == "A" and stem != APART:
                places.setdefault(TITLE + stem, []).append(f"{position}")
    stems = [f"'{stem}':{','.join(where[:250])}" for stem, where in places.items()]
    return " ".join([*stems, *(f"'{token}'" for token in doc.facets.split())])


def _body(doc: Doc) -> list[str]:
    """Return the distinct stems of the body, as many as one tsvector holds."""
    room, kept = MOST_BYTES, []
    for stem in dict.fromkeys(doc.body.split()):
        room -= len(stem.encode()) + 4
        if room < 0:
            break
        kept.append(stem)
    return kept


def _pairs(doc: Doc) -> list[int]:
    """Return the hashes of all neighbours; phrases may run from one page to the next, not from one field to another."""
    found: set[int] = set()
    for text in (doc.title, doc.tags, doc.summary, doc.body):
        found.update(pair_hash(a, b) for a, b in pairwise(text.split()))
    return sorted(found)
