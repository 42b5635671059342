"""A question as PostgreSQL asks it: words as tsqueries of quoted stems, phrases as pairs of neighbours."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, product
from math import prod
from typing import Any

from resources.search.engines import EVERY, Filters
from resources.search.engines.postgres_columns import (
    BANDS,
    TITLE,
    band_hash,
    band_token,
    pair_hash,
)
from resources.search.parser import Alternative, Parsed

MOST_WAYS = 16  # of words and phrases that answer a question, told apart

Condition = tuple[str, list[Any]]
"""SQL with its parameters."""


def of_bands(last: int, count: int) -> Filters:
    """Return a filter for the documents of the `count` bands up to the `last` one."""
    return {BANDS: [band_token(last - n) for n in range(count)]}


def condition(
    parsed: Parsed, filters: Filters, column: str = "vector", needed: int = 0
) -> Condition:
    """Return the WHERE of a question, its words looked for in `column`; `needed` clauses are enough (0: all or any)."""
    return join(" OR ", ways(parsed, filters, column, needed))


def ways(
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
    found: list[Condition] = []
    for group in list(combinations(clauses, size))[:40] if clauses else [()]:
        for way in _told_apart([_choices(clause) for clause in group]):
            words = [*(part for part in way if isinstance(part, str)), *chosen]
            phrases = [part for part in way if not isinstance(part, str)]
            query = " & ".join(f"({part})" for part in words)
            if phrases:
                also = [_asks(query, column)] if query else []
                found.append(join(" AND ", [*phrases, *also]))
            elif query:
                queries.append(query)
    if queries:
        found.insert(0, _asks(" | ".join(f"({query})" for query in queries), column))
    if not parsed.excluded:
        return found or [("true", [])]
    unwanted = [_choices(_clause((stems,), "vector")) for stems in parsed.excluded]
    sql, params = join(" OR ", [_any_of(choices) for choices in unwanted])
    return [join(" AND ", [way, (f"NOT {sql}", params)]) for way in found]


def _told_apart(choices: Sequence[list[str | Condition]]) -> list[tuple[str | Condition, ...]]:
    """Return each way to choose one of every clause's `choices`; where these are many, one way that leaves all open."""
    if prod(map(len, choices)) <= MOST_WAYS:
        return list(product(*choices))
    return [tuple(part[0] if len(part) == 1 else _any_of(part) for part in choices)]


def _any_of(choices: Sequence[str | Condition]) -> Condition:
    return join(
        " OR ", [_asks(part, "vector") if isinstance(part, str) else part for part in choices]
    )


def _choices(clause: tuple[str, list[list[int]]]) -> list[str | Condition]:
    """Return what can answer a clause: its words, as a tsquery, or any of its phrases, as a condition."""
    query, phrases = clause
    pairs = [("d.pairs @> %s::integer[]", [numbers]) for numbers in phrases]
    return [*([query] if query else []), *([join(" OR ", pairs)] if pairs else [])]


def tiers(parsed: Parsed) -> Iterator[tuple[str, int]]:
    """Yield where the words are looked for and how many of them are needed, from the strictest to the loosest."""
    size = len(parsed.clauses)
    for needed in range(size, 0, -1) if parsed.any_word else [size]:
        for column in ("title", "head", "vector"):
            yield column, needed


def join(word: str, parts: Sequence[Condition]) -> Condition:
    """Join conditions by `word`, with spaces around it, in parentheses."""
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
        phrases = [[*pairs, band_hash(band)] for pairs in phrases for band in bands]
    return query, phrases


def _asks(query: str, column: str) -> Condition:
    return f"d.{'vector' if column == 'vector' else 'head'} @@ %s::tsquery", [query]


def _lexeme(stem: str, column: str) -> str:
    """Return a stem as a tsquery has it; a title's stems stand once more with a mark, for no index knows weights."""
    return f"'{TITLE}{stem}'" if column == "title" else f"'{stem}'"


def every_word(parsed: Parsed) -> str:
    """Return a tsquery of all words of a question, any of which counts for a rank."""
    return (
        " | ".join(
            dict.fromkeys(f"'{stem}'" for c in parsed.clauses for a in c.alternatives for stem in a)
        )
        or "''"
    )
