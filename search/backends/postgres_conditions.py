"""A question as PostgreSQL asks it: words as tsqueries of quoted stems, phrases as pairs of neighbours."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, product
from math import prod
from typing import Any

from search.backends.postgres_columns import BANDS, TITLE, band_hash, band_token, pair_hash
from search.backends.schema import ALL_DOCS_TOKEN, TABLE
from search.backends.types import Filters
from search.query.parser import Alternative, Query

MOST_WAYS = 16  # of words and phrases that answer a question, told apart

Condition = tuple[str, list[Any]]
"""SQL with its parameters."""


def of_bands(last: int, count: int) -> Filters:
    """Return a filter for the documents of the `count` bands up to the `last` one."""
    return {BANDS: [band_token(last - n) for n in range(count)]}


def condition(parsed: Query, filters: Filters) -> Condition:
    """Return the WHERE of a question. Ways are not joined by OR: for that every row's vector would be read."""
    found = conditions(parsed, filters)
    if len(found) == 1:
        return found[0]
    sql, params = join(
        " UNION ", [(f"SELECT d.doc_id FROM {TABLE} d WHERE {w}", v) for w, v in found]
    )
    return f"d.doc_id IN {sql}", params


def conditions(parsed: Query, filters: Filters, column: str = "vector") -> list[Condition]:
    """Return the conditions any of which a document meets that answers, that of words alone first.

    That is one tsquery: an index that knows all of it skips what a rare word excludes, and nobody reads a vector. Bands are
    asked for beside it: so the index leaps from band to band, and looks at each word and phrase only there.
    What is excluded may stand in a body, of which only `vector` knows.
    """
    bands = filters.get(BANDS, ())
    chosen = [_any_token(tokens) for group, tokens in filters.items() if group != BANDS]
    stems = " & ".join(f"!'{stem}'" for (stem,) in parsed.excluded_words)
    queries: dict[str, None] = {}
    found: list[Condition] = []
    ways = _any_of if parsed.any_word else _all_of
    for words, pairs in ways(parsed, column, bands):
        query = " & ".join(f"({part})" for part in [*words, *chosen])
        if pairs:
            query = " & ".join(filter(None, [query or (stems and f"'{ALL_DOCS_TOKEN}'"), stems]))
            also = [asks_within(query, "vector", bands)] if query else []
            found.append(join(" AND ", [*pairs, *also]))
        elif query:
            queries[f"({query})"] = None
    if queries or (not found and (parsed.excluded or bands)):
        found.insert(0, _of_words(" | ".join(queries), stems, chosen, column, bands))
    phrases = _without_phrases(parsed, bands)
    return [join(" AND ", [each, *phrases]) for each in found or [("true", [])]]


def condition_of_rows(parsed: Query, filters: Filters) -> Condition:
    """Return the WHERE of a question for rows that are read one after another anyway."""
    words = replace(parsed, excluded=parsed.excluded_words)
    asked = join(" OR ", conditions(words, filters))
    return join(" AND ", [asked, *_without_phrases(parsed)])


def _of_words(
    query: str, without: str, chosen: Sequence[str], column: str, bands: Sequence[str]
) -> Condition:
    """Return the condition of words in a column, and of stems that stand nowhere: they never make up a tsquery alone."""
    every = f"'{ALL_DOCS_TOKEN}'"
    if not without:
        return asks_within(query or every, column, bands)
    if column == "vector":
        return asks_within(f"({query or every}) & {without}", column, bands)
    somewhere = " & ".join([*(f"({part})" for part in chosen or [every]), without])
    asked = [asks_within(query, column, bands), asks_within(somewhere, "vector", bands)]
    return join(" AND ", asked)


def _without_phrases(parsed: Query, bands: Sequence[str] = ()) -> list[Condition]:
    """Return the condition that excludes documents with an excluded phrase, or "".

    What has one is listed first, by the index: to look for its pairs in each row that answers takes longer.
    """
    if not parsed.excluded_phrases:
        return []
    having, params = having_phrase(parsed.excluded_phrases, bands)
    having = f"SELECT d.doc_id FROM {TABLE} d WHERE {having}"
    return [(f"d.doc_id NOT IN ({having})", params)]


def having_phrase(phrases: Sequence[Alternative], bands: Sequence[str] = ()) -> Condition:
    """Return the condition of containing any of these phrases."""
    return _any_pairs(_clause(phrases, "vector")[1], bands)


def _any_of(
    parsed: Query, column: str, bands: Sequence[str]
) -> Iterator[tuple[list[str], list[Condition]]]:
    """Yield the alternatives of a disjunction: words as one tsquery, each phrase as a condition."""
    clauses = [_clause(clause.loosest, column) for clause in parsed.one_of()]
    if words := [query for query, _ in clauses if query]:
        yield [" | ".join(f"({query})" for query in words)], []
    for _, phrases in clauses:
        if phrases:
            yield [], [_any_pairs(phrases, bands)]


def _all_of(
    parsed: Query, column: str, bands: Sequence[str]
) -> Iterator[tuple[list[str], list[Condition]]]:
    """Yield the conjunctions of each combination of words and phrases, for an index to serve all of it."""
    clauses = [_clause(clause.loosest, column) for clause in parsed.clauses]
    for choice in _choices(clauses, bands):
        yield (
            [part for part in choice if isinstance(part, str)],
            [part for part in choice if not isinstance(part, str)],
        )


def _choices(
    clauses: Sequence[tuple[str, list[list[int]]]], bands: Sequence[str]
) -> Iterator[tuple[str | Condition, ...]]:
    """Yield each way to choose of every clause its words or its phrases, of some only one condition for both."""
    each: list[list[str | Condition]] = []
    for query, phrases in clauses:
        choices: list[str | Condition] = [
            *([query] if query else []),
            *([_any_pairs(phrases, bands)] if phrases else []),
        ]
        if prod(map(len, each)) * len(choices) > MOST_WAYS:
            words = asks_within(query, "vector", bands)
            choices = [join(" OR ", [words, _any_pairs(phrases, bands)])]
        each.append(choices)
    yield from product(*each)


def _any_pairs(phrases: Sequence[Sequence[int]], bands: Sequence[str]) -> Condition:
    within = [("d.pairs && %s::integer[]", [[band_hash(band) for band in bands]])] if bands else []
    return join(
        " OR ",
        [join(" AND ", [("d.pairs @> %s::integer[]", [pairs]), *within]) for pairs in phrases],
    )


def join(word: str, parts: Sequence[Condition]) -> Condition:
    """Join conditions by `word`, with spaces around it, in parentheses."""
    return "(" + word.join(sql for sql, _ in parts) + ")", [
        value for _, params in parts for value in params
    ]


def _clause(alternatives: Sequence[Alternative], column: str) -> tuple[str, list[list[int]]]:
    """Return the tsquery of a clause, and its phrases as word pairs.

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
    return query, phrases


def _any_token(tokens: Sequence[str]) -> str:
    return " | ".join(f"'{token}'" for token in tokens)


def _asks(query: str, column: str) -> Condition:
    return f"d.{'vector' if column == 'vector' else 'head'} @@ %s::tsquery", [query]


def asks_within(query: str, column: str, bands: Sequence[str]) -> Condition:
    """Return the condition of a tsquery among the documents of `bands`, of all where there are none."""
    within = [_asks(_any_token(bands), column)] if bands else []
    return join(" AND ", [_asks(query, column), *within])


def _lexeme(stem: str, column: str) -> str:
    """Return a stem as a tsquery has it; a title's stems stand once more with a mark, for no index knows weights."""
    return f"'{TITLE}{stem}'" if column == "title" else f"'{stem}'"


def every_word(parsed: Query) -> str:
    """Return a tsquery of all words of a question, any of which counts for a rank."""
    return (
        " | ".join(
            dict.fromkeys(f"'{stem}'" for c in parsed.clauses for a in c.alternatives for stem in a)
        )
        or "''"
    )
