"""Rescore one page of results, for every backend: by title, then labels, then the best single page.

An engine ranks what it has, cheaply; here the few results that are about to be shown, whose texts are read for
their passages anyway, are put in order by what a person would look at.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from operator import mul

from search.query.parser import Clause, Query
from search.results.matches import DocumentMatch, has, how_well, side_by_side

TITLE, HEAD, PAGE, ANYWHERE, OFTEN, TOGETHER, WHOLE, ENGINE = 3.0, 2.0, 1.5, 0.5, 0.3, 2.0, 1.0, 0.2
"""Weights: words in the title; in title, tags or summary; together on one page; somewhere; often for the body's length; side
by side; how much of the title they are; the engine's order."""
PARTLY = 1.5  # power of the share of the words that a title has: half of them count for a third
LONG = 30_000  # characters of stems, some twenty pages: in a longer body words stand together by chance
BY_CHANCE = 0.07  # power of how much longer it is
IN_BODY = 0.7  # as good are neighbours in the body as in title, tags or summary


def in_order(ids: Sequence[int], evidence: Mapping[int, DocumentMatch], parsed: Query) -> list[int]:
    """Return `ids`, an engine's order of them, in the order in which they are shown."""
    here = [pk for pk in ids if pk in evidence]
    if not parsed.clauses or len(here) < 2:
        return here
    found = {pk: _found(evidence[pk], parsed.clauses) for pk in here}
    weights = [
        math.log(1 + len(here) / (1 + sum(having))) + 0.2
        for having in zip(*found.values(), strict=True)
    ]
    usual = sum(evidence[pk].length for pk in here) / len(here) or 1
    scores = {}
    for place, pk in enumerate(here):
        somewhere = ANYWHERE * _share(found[pk], weights) + ENGINE / (1 + place / 3)
        scores[pk] = somewhere + _score(evidence[pk], parsed.clauses, weights, usual)
    return sorted(here, key=lambda pk: -scores[pk])


def _found(doc: DocumentMatch, clauses: Sequence[Clause]) -> list[bool]:
    return [
        bool(lines) or has(doc.head, clause.alternatives)
        for clause, lines in zip(clauses, doc.clauses, strict=True)
    ]


def _score(
    doc: DocumentMatch, clauses: Sequence[Clause], weights: Sequence[float], usual: float
) -> float:
    """Return how well a document answers by itself; `usual`: characters of a body among those that are compared."""
    in_title = _share([how_well(f" {doc.title} ", clause) for clause in clauses], weights)
    return (
        TITLE * in_title**PARTLY
        + HEAD * _share([how_well(doc.head, clause) for clause in clauses], weights) ** PARTLY
        + PAGE * _share(doc.together, weights) * min(1, LONG / (doc.length or 1)) ** BY_CHANCE
        + OFTEN * _share(_often(doc, usual), weights)
        + TOGETHER * _neighbours(doc, clauses)
        + WHOLE * _covered(doc.title, clauses) * in_title
    )


def stand_together(doc: DocumentMatch, parsed: Query) -> bool:
    """Return whether one page contains all clauses that title, tags and summary do not."""
    pages = [
        set(lines)
        for clause, lines in zip(parsed.clauses, doc.clauses, strict=True)
        if not has(doc.head, clause.alternatives)
    ]
    return not pages or bool(set.intersection(*pages))


def has_in_head(doc: DocumentMatch, parsed: Query) -> bool:
    """Return whether title, tags and summary contain all clauses."""
    return all(has(doc.head, clause.alternatives) for clause in parsed.clauses)


def _often(doc: DocumentMatch, usual: float) -> list[float]:
    """Return for each clause how often the body has it, 0 to 1: as BM25 counts, less in one longer than is `usual`."""
    doubt = 2 * (0.25 + 0.75 * doc.length / usual)
    return [(times := sum(lines.values())) / (times + doubt) for lines in doc.typed]


def _share(found: Sequence[float], weights: Sequence[float]) -> float:
    return sum(map(mul, found, weights)) / sum(weights)


def _neighbours(doc: DocumentMatch, clauses: Sequence[Clause]) -> float:
    """Return which share of the neighbours in the question are neighbours in the document, somewhat less in its body."""
    found = 0.0
    for lines, (one, other) in zip(doc.pairs, pairwise(clauses), strict=True):
        found += (
            1 if has(doc.head, side_by_side(one.typed, other.typed)) else IN_BODY if lines else 0
        )
    return found / len(doc.pairs) if doc.pairs else 0.0


def _covered(title: str, clauses: Sequence[Clause]) -> float:
    """Return which share of the title's words was asked for."""
    words = title.split()
    asked = {stem for clause in clauses for stems in clause.typed for stem in stems}
    return sum(word in asked for word in words) / len(words) if words else 0.0
