"""Phrases in quotes to the letter: no index has words such as "de" or "la", so the texts that have the others are read."""

from collections.abc import Mapping, Sequence

from search.language.analyzer import acronym, exact_tokens, fold, written_words
from search.query.parser import Clause, Query
from search.results.matches import DocumentMatch, TextLocation, locations_of
from search.source import get_source

MOST_READ = 50  # documents that are read at most to leave out those without the phrase
MOST_LINES = 100  # of one document that are read


def is_asked(parsed: Query) -> bool:
    """Tell whether there is a phrase in quotes of which the index does not have every word; any word needs none."""
    return not parsed.any_word and any(clause.exact_tokens for clause in parsed.clauses)


def filter_exact_phrases(
    evidence: Mapping[int, DocumentMatch], parsed: Query
) -> dict[int, DocumentMatch]:
    """Return those of the documents that have each phrase in quotes to the letter, answering only where they do: few queries.

    A word of the phrase may stand there in another form, as anywhere; one that the index does not have, may not.
    """
    phrases = {
        n: clause.exact_tokens for n, clause in enumerate(parsed.clauses) if clause.exact_tokens
    }
    lines = {
        pk: sorted(set[int]().union(*(doc.clauses[n] for n in phrases)))[:MOST_LINES]
        for pk, doc in evidence.items()
    }
    places = {pk: locations_of(doc.layout, lines[pk]) for pk, doc in evidence.items()}
    texts = _texts(places)
    heads = get_source().texts(list(evidence), tails=False)
    in_heads = {pk: [_spaced(head.title), _spaced(head.summary)] for pk, head in heads.items()}
    exact = {}
    for pk, doc in evidence.items():
        having = {
            n: {line for line, text in zip(lines[pk], texts[pk], strict=True) if _has(text, phrase)}
            for n, phrase in phrases.items()
        }
        in_head = in_heads.get(pk, ())
        if all(having[n] or any(_has(t, p) for t in in_head) for n, p in phrases.items()):
            exact[pk] = doc.narrowed(having)
    return exact


def is_written(clause: Clause, evidence: Mapping[int, DocumentMatch], parsed: Query) -> bool:
    """Tell whether any of these documents has a single word as it was typed, or as initials, and not only its stem."""
    number, word = parsed.clauses.index(clause), fold(clause.text)
    places = {
        pk: locations_of(doc.layout, sorted(doc.clauses[number])[:MOST_LINES])
        for pk, doc in evidence.items()
    }
    heads = get_source().texts(list(evidence), tails=False).values()
    texts = [text for found in _read(places).values() for text in found]
    texts += [text for head in heads for text in (head.title, head.summary, acronym(head.title))]
    return any(word in written_words(text) for text in texts)


def _texts(places: Mapping[int, Sequence[TextLocation]]) -> dict[int, list[str]]:
    """Return the texts of these places, by resource, in letters."""
    return {pk: list(map(_spaced, texts)) for pk, texts in _read(places).items()}


def _read(places: Mapping[int, Sequence[TextLocation]]) -> dict[int, list[str]]:
    """Return the texts of these places, by resource."""
    every = [place for found in places.values() for place in found]
    source = get_source()
    pages = source.page_texts({(place.version, place.page) for place in every if place.version})
    tailed = [pk for pk, found in places.items() if any(place.tail for place in found)]
    tails = {pk: texts.tails for pk, texts in source.texts(tailed, tails=True).items()}
    return {
        pk: [
            tails[pk][place.tail]
            if place.tail
            else (page.text if (page := pages.get((place.version, place.page))) else "")
            for place in found
        ]
        for pk, found in places.items()
    }


def _spaced(text: str) -> str:
    return f" {' '.join(exact_tokens(text))} "


def _has(text: str, phrase: Sequence[str]) -> bool:
    return f" {' '.join(phrase)} " in text
