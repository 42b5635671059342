"""PostgreSQL's engine: a tsvector of opaque stems and hashed pairs of neighbours for phrases, both under GIN.

No extension and no text search configuration is used: the stems come from our own analyser and are quoted one by one.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, islice, pairwise, product
from typing import Any
from zlib import crc32

from resources.search.engines import (
    APART,
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
READ = 100  # results whose whole vectors are read to rank them
WEIGHTS = "{0.02, 0.2, 0.5, 1}"  # body, summary, tags, title
MOST_BYTES = 900_000  # of body stems in one tsvector; PostgreSQL holds 1 MB
MOST_POSITION = 16_383
OFTEN = [(10, ":1,2,3,4"), (6, ":1,2,3"), (3, ":1,2")]
"""Times that a stem stands in a body, and the places that are stored of it."""
TITLE = "="  # before a title's stem; no stem has it
BAND = 1024  # ids of which a token says that a document has one of them
NEWEST = 4  # bands that are looked at first
BANDS = "z"  # the group of these tokens among the filters

ROW = (
    512  # bytes to which a row is kept by storing longer texts apart: facets are read of thousands
)

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

    def __init__(self) -> None:
        self._last_id: int | None = None  # read once: an engine answers one question

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
            "vector": "%s::tsvector || %s::tsvector",
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
        """Count by the GIN indexes: among the newest documents, and among more while these are too few.

        Only so is a frequent word no bitmap of the whole catalogue, of which no more than `cap` are counted.
        """
        if parsed.is_empty and not filters:
            return self._count(cursor, parsed, filters, now, cap)
        newest, bands = NEWEST, self._last_band(cursor)
        while 2 * newest <= bands:
            matched = self._count(cursor, parsed, _newest(filters, bands, newest), now, cap)
            if matched.is_capped:
                return matched
            in_all = matched.total * bands // newest
            newest = max(2 * newest, newest * cap * 5 // (matched.total * 4 + 1))
            if 2 * newest * BAND > in_all:  # a bitmap of them all is made sooner
                break
        return self._count(cursor, parsed, filters, now, cap)

    def _count(self, cursor: Any, parsed: Parsed, filters: Filters, now: int, cap: int) -> Matched:
        one = (
            f"(SELECT d.facets FROM {TABLE} d WHERE {{}} "
            "AND d.visible_from <= %s AND d.visible_until > %s LIMIT %s)"
        )
        parts, params, before = [], [], []
        for way in _ways(parsed, filters):  # not by OR: for that every row's vector would be read
            where, values = _join(" AND ", [way, *((f"NOT {sql}", v) for sql, v in before)])
            parts.append(one.format(where))
            params += [*values, now, now, cap + 1]
            before.append(_join(" AND ", [way]))
        total, facets = _rows(
            cursor,
            "SELECT count(*), string_agg(facets, chr(10)) FROM "
            f"(SELECT * FROM ({' UNION ALL '.join(parts)}) found LIMIT {cap + 1:d}) hits",
            params,
            only_bitmaps=bool(parsed.clauses or parsed.excluded or filters),
        )[0]
        return Matched(total, facets or "", cap)

    def _last_band(self, cursor: Any) -> int:
        if self._last_id is None:
            newest = f"SELECT resource_id FROM {TABLE} ORDER BY resource_id DESC LIMIT 1"
            self._last_id = next((row[0] for row in _rows(cursor, newest, ())), 0)
        return self._last_id // BAND

    def _newest_then_all(self, cursor: Any, filters: Filters) -> Iterator[Filters]:
        """Yield filters for the newest documents alone, where these are a small part of all; then those for all."""
        bands = self._last_band(cursor)
        if bands >= 2 * NEWEST:
            yield _newest(filters, bands, NEWEST)
        yield filters

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
        found: set[str] = set()
        for looked_at in self._newest_then_all(cursor, {}) if stems else ():
            newest = "".join(f" & ({' | '.join(tokens)})" for tokens in looked_at.values())
            one = f"SELECT %s WHERE EXISTS (SELECT 1 FROM {TABLE} WHERE vector @@ %s::tsquery)"
            if missing := [stem for stem in stems if stem not in found]:
                params = [part for stem in missing for part in (stem, f"'{stem}'{newest}")]
                rows = _rows(cursor, " UNION ALL ".join([one] * len(missing)), params)
                found.update(row[0] for row in rows)
        return found

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

        Each by rank; where these are many, the newest first, and those of the last tier where they would be long to read.
        """
        ids: dict[int, None] = {}
        choices = [filters] if total <= RANKED else list(self._newest_then_all(cursor, filters))
        for column, needed in _tiers(parsed):
            is_ranked = total <= (READ if column == "vector" else RANKED)
            ranking, ranked = "d.resource_id DESC", []
            if is_ranked:
                ranked = [_every_word(parsed)]
                ranking = f"ts_rank('{WEIGHTS}', d.{column if column == 'vector' else 'head'}, %s::tsquery, 1) DESC, {ranking}"
            for looked_at in choices:
                where, params = condition(parsed, looked_at, column, needed)
                rows = _rows(
                    cursor,
                    f"SELECT d.resource_id FROM {TABLE} d WHERE {where} AND d.visible_from <= %s "
                    f"AND d.visible_until > %s ORDER BY {ranking} LIMIT %s",
                    [*params, page.now, page.now, *ranked, page.end],
                    only_bitmaps=True,
                )
                ids.update(dict.fromkeys(row[0] for row in rows))
                if len(ids) >= page.end:
                    return list(ids)[page.offset : page.end]
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


def _newest(filters: Filters, last: int, count: int) -> Filters:
    """Return `filters` for the `count` bands up to the `last` one."""
    return dict(filters) | {BANDS: [f"{BANDS}_{last - n}" for n in range(count)]}


def condition(
    parsed: Parsed, filters: Filters, column: str = "vector", needed: int = 0
) -> Condition:
    """Return the WHERE of a question, its words looked for in `column`; `needed` clauses are enough (0: all or any)."""
    return _join(" OR ", _ways(parsed, filters, column, needed))


def _ways(
    parsed: Parsed, filters: Filters, column: str = "vector", needed: int = 0
) -> list[Condition]:
    """Return the ways in which a document may answer, the one that words alone can say first.

    That is one tsquery: an index that knows all of it skips what a rare word excludes, and nobody reads a vector.
    """
    bands = filters.get(BANDS, ())
    clauses = [_clause(clause.loosest, column, bands) for clause in parsed.clauses]
    size = needed or (1 if parsed.any_word else len(clauses))
    chosen = [" | ".join(f"'{token}'" for token in tokens) for tokens in filters.values()]
    if parsed.excluded and not clauses and not chosen:
        chosen = [f"'{EVERY}'"]
    queries: list[str] = []
    ways: list[Condition] = []
    for group in list(combinations(clauses, size))[:40] if clauses else [()]:
        for way in islice(product(*map(_choices, group)), 40):
            words = [*(part for part in way if isinstance(part, str)), *chosen]
            phrases = [part for part in way if not isinstance(part, str)]
            query = " & ".join(f"({part})" for part in words)
            if phrases:
                ways.append(_join(" AND ", [*phrases, *([_asks(query, column)] if query else [])]))
            elif query:
                queries.append(query)
    if queries:
        ways.insert(0, _asks(" | ".join(f"({query})" for query in queries), column))
    if not parsed.excluded:
        return ways or [("true", [])]
    unwanted = [
        part if not isinstance(part, str) else _asks(part, "vector")
        for stems in parsed.excluded
        for part in _choices(_clause((stems,), "vector"))
    ]
    sql, params = _join(" OR ", unwanted)
    return [_join(" AND ", [way, (f"NOT {sql}", params)]) for way in ways]


def _choices(clause: tuple[str, list[list[int]]]) -> list[str | Condition]:
    """Return what can answer a clause: its words, as a tsquery, or any of its phrases, as a condition."""
    query, phrases = clause
    pairs = [("d.pairs @> %s::integer[]", [numbers]) for numbers in phrases]
    return [*([query] if query else []), *([_join(" OR ", pairs)] if pairs else [])]


def _tiers(parsed: Parsed) -> Iterator[tuple[str, int]]:
    """Yield where the words are looked for and how many of them are needed, from the strictest to the loosest."""
    size = len(parsed.clauses)
    for needed in range(size, 0, -1) if parsed.any_word else [size]:
        for column in ("title", "head", "vector"):
            yield column, needed


def _join(word: str, parts: Sequence[Condition]) -> Condition:
    return "(" + word.join(sql for sql, _ in parts) + ")", [
        value for _, params in parts for value in params
    ]


def _clause(
    alternatives: Sequence[Alternative], column: str, bands: Sequence[str] = ()
) -> tuple[str, list[list[int]]]:
    """Return of one clause what a tsquery can ask, and its phrases as pairs of neighbours, once for each of `bands`.

    A phrase in a whole document is asked by its pairs: as good as positions, and twenty times as fast.
    """
    words = [stems for stems in alternatives if len(stems) == 1 or column != "vector"]
    query = " | ".join(
        " <-> ".join(_lexeme(stem, column) for stem in stems).join("()") for stems in words
    )
    phrases = [
        sorted({pair_hash(a, b) for a, b in pairwise(stems)})
        for stems in alternatives
        if stems not in words
    ]
    if bands:
        phrases = [[*pairs, pair_hash(BANDS, band)] for pairs in phrases for band in bands]
    return query, phrases


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
    return _signed(crc32(f"{first} {second}".encode()))


def _signed(number: int) -> int:
    return number - 2**32 if number >= 2**31 else number


def _band(doc: Doc) -> str:
    """Return the token of the band in which a document's id is."""
    return f"{BANDS}_{doc.id // BAND}"


def _head(doc: Doc) -> str:
    """Return title, tags, summary, facets and band as the text of a tsvector, with positions and weights."""
    places: dict[str, list[str]] = {}
    position = 0
    for text, weight in ((doc.title, "A"), (doc.tags, "B"), (doc.summary, "C")):
        for stem in [*text.split(), APART]:
            position = min(position + 1, MOST_POSITION)
            places.setdefault(stem, []).append(f"{position}{weight}")
            if weight == "A" and stem != APART:
                places.setdefault(TITLE + stem, []).append(f"{position}")
    stems = [f"'{stem}':{','.join(where[:250])}" for stem, where in places.items()]
    return " ".join([*stems, *(f"'{token}'" for token in (*doc.facets.split(), _band(doc)))])


def _body(doc: Doc) -> str:
    """Return the distinct stems of the body, as many as one tsvector holds, as its text; letters and digits need no quotes.

    One that stands there often is given more places than one: `ts_rank` counts them.
    """
    room, kept = MOST_BYTES, []
    for stem, times in Counter(doc.body.split()).items():
        places = next((places for least, places in OFTEN if times >= least), "")
        room -= len(stem.encode()) + len(places) + 4
        if room < 0:
            break
        kept.append(stem + places)
    return " ".join(kept)


def _pairs(doc: Doc) -> str:
    """Return the hashes of all neighbours, and of the band, as the text of an array.

    Phrases may run from one page to the next, not from one field to another.
    """
    found: set[int] = set()
    for text in (doc.title, doc.tags, doc.summary, doc.body):  # what pair_hash does, in C
        found.update(map(crc32, map(str.encode, map(" ".join, pairwise(text.split())))))
    return f"{{{','.join(map(str, [pair_hash(BANDS, _band(doc)), *map(_signed, found)]))}}}"
