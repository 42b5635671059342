"""Queries as FTS5 expressions: quoted stems, phrases, facet tokens, exclusions."""

from collections.abc import Sequence

from search.backends.schema import ALL_DOCS_TOKEN
from search.backends.types import Filters
from search.query.parser import Alternative, Clause, Query

HEAD = "title tags summary"


def has_phrase(parsed: Query) -> bool:
    """Return whether any clause is a phrase."""
    clauses = parsed.one_of() if parsed.any_word else parsed.clauses
    return any(len(clause.alternatives[0]) > 1 for clause in clauses)


def match(parsed: Query, filters: Filters, *, ranked: bool = False) -> str:
    """Return the FTS5 expression for a question."""
    if not parsed.any_word:
        words = all_of(parsed.clauses, ranked)
    else:  # a phrase whose words are asked for finds nothing more, but adds to a rank
        clauses = parsed.clauses if ranked else parsed.one_of()
        words = " OR ".join(_clause(clause, ranked, in_body=True) for clause in clauses)
    return whole(words, parsed, filters, "")


def tiers_of(parsed: Query, filters: Filters, *, ranked: bool) -> list[tuple[str, str]]:
    """Return tables and expressions: all words in the title, in title, tags and summary, anywhere."""
    head, columns = table_of(parsed)
    words = all_of(parsed.clauses, ranked)
    return [
        (head, whole(words, parsed, filters, "title")),
        (head, whole(words, parsed, filters, columns)),
        (
            "search_all",
            whole(all_of(parsed.clauses, ranked, in_body=True), parsed, filters, ""),
        ),
    ]


def table_of(parsed: Query) -> tuple[str, str]:
    """Return the FTS5 table for title, tags and summary; exclusions need the one with the body."""
    return ("search_all", HEAD) if parsed.excluded else ("search_head", "")


def whole(words: str, parsed: Query, filters: Filters, column: str) -> str:
    """Join words, facets and exclusions."""
    parts = [f"{{{column}}} : ({words})" if column else f"({words})"] if words else []
    parts += [
        "(" + " OR ".join(f'"{token}"' for token in tokens) + ")" for tokens in filters.values()
    ]
    expression = " AND ".join(parts)
    for stems in parsed.excluded:
        expression = f"({expression or phrase((ALL_DOCS_TOKEN,))}) NOT {phrase(stems)}"
    return expression


def all_of(clauses: Sequence[Clause], ranked: bool, *, in_body: bool = False) -> str:
    """Return the conjunction of the clauses."""
    return " AND ".join(_clause(clause, ranked, in_body=in_body) for clause in clauses)


def _clause(clause: Clause, ranked: bool, *, in_body: bool) -> str:
    """Return a clause as an expression; where BM25 ranks, every alternative adds to it, the needless ones too.

    In bodies none of several words where one word was asked for: to weigh it, BM25 looks for it in every document.
    """
    chosen = clause.alternatives if ranked else clause.loosest
    if ranked and in_body and len(clause.alternatives[0]) == 1:
        chosen = tuple(stems for stems in chosen if len(stems) == 1)
    return "(" + " OR ".join(map(phrase, chosen)) + ")"


def phrase(stems: Alternative) -> str:
    """Return the expression of one word or phrase."""
    return '"' + " ".join(stems) + '"'
