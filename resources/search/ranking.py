"""The order of one page of results, for every engine alike: what the title says, then the labels, then the best single page.

An engine ranks what it has, cheaply; here the few results that are about to be shown, whose texts are read for
their passages anyway, are put in order by what a person would look at.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from resources.search.parser import Alternative, Parsed
from resources.search.snippets import Evidence, best_together

TITLE, HEAD, PAGE, TOGETHER, WHOLE, ENGINE = 3.0, 2.0, 1.5, 2.0, 1.0, 0.8
"""Weights: words in the title; in title, tags or summary; together on one page; side by side;
how much of the title they are; the engine's order."""
IN_BODY = 0.7  # as good are neighbours in the body as in title, tags or summary


class Read(NamedTuple):
    """The stems of one document, and what the lines of its body are."""

    title: str
    tags: str
    summary: str
    body: str
    layout: str


def in_order(
    ids: Sequence[int], docs: Mapping[int, Read], evidence: Mapping[int, Evidence], parsed: Parsed
) -> list[int]:
    """Return `ids`, an engine's order of them, in the order in which they are shown."""
    clauses = [clause.alternatives for clause in parsed.clauses]
    here = [pk for pk in ids if pk in docs]
    if not clauses or len(here) < 2:
        return here
    heads = {pk: _head(docs[pk]) for pk in here}
    found = {
        pk: [bool(evidence[pk][n]) or _has(heads[pk], clause) for n, clause in enumerate(clauses)]
        for pk in here
    }
    weights = [
        math.log(1 + len(here) / (1 + sum(found[pk][n] for pk in here))) + 0.2
        for n in range(len(clauses))
    ]
    scores = {}
    for place, pk in enumerate(here):
        doc = docs[pk]
        in_title = _share([_has(f" {doc.title} ", clause) for clause in clauses], weights)
        in_head = _share([_has(heads[pk], clause) for clause in clauses], weights)
        on_page = _share(best_together(evidence[pk]), weights)
        scores[pk] = TITLE * in_title + HEAD * in_head + PAGE * on_page + ENGINE / (1 + place / 3)
        scores[pk] += (
            TOGETHER * _side_by_side(heads[pk], doc.body, clauses)
            + WHOLE * _covered(doc.title, clauses) * in_title
        )
    return sorted(here, key=lambda pk: -scores[pk])


def stand_together(doc: Read, evidence: Evidence, parsed: Parsed) -> bool:
    """Tell whether a document has all that was asked for on one page, what its title, tags and summary have set aside."""
    head = _head(doc)
    pages = [
        set(lines)
        for clause, lines in zip(parsed.clauses, evidence, strict=True)
        if not _has(head, clause.alternatives)
    ]
    return not pages or bool(set.intersection(*pages))


def has_in_head(doc: Read, parsed: Parsed) -> bool:
    """Tell whether title, tags and summary have all that was asked for."""
    head = _head(doc)
    return all(_has(head, clause.alternatives) for clause in parsed.clauses)


def _head(doc: Read) -> str:
    return f" {doc.title} _ {doc.tags} _ {doc.summary} "


def _has(text: str, alternatives: Sequence[Alternative]) -> bool:
    """Tell whether `text`, stems with a space before and after each, has one of the alternatives."""
    return any(f" {' '.join(stems)} " in text for stems in alternatives)


def _share(has: Sequence[bool], weights: Sequence[float]) -> float:
    return sum(weight for yes, weight in zip(has, weights, strict=True) if yes) / sum(weights)


def _side_by_side(head: str, body: str, clauses: Sequence[Sequence[Alternative]]) -> float:
    """Return which share of the neighbours in the question are neighbours in the document, somewhat less in its body."""
    found = 0.0
    for one, other in pairwise(clauses):
        pair = [(*one[0], *other[0]), (*other[0], *one[0])]  # datos abiertos, abrir datos
        found += 1 if _has(head, pair) else IN_BODY if _has(body, pair) else 0
    return found / (len(clauses) - 1) if len(clauses) > 1 else 0.0


def _covered(title: str, clauses: Sequence[Sequence[Alternative]]) -> float:
    """Return which share of the title's words was asked for."""
    words = title.split()
    asked = {stem for alternatives in clauses for stems in alternatives[:1] for stem in stems}
    return sum(word in asked for word in words) / len(words) if words else 0.0
