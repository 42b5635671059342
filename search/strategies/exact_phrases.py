"""Exact phrases with stop words ("de", "la"), which no index contains: verified in the texts of the matches."""

from collections.abc import Mapping, Sequence

from search.language.analyzer import acronym, exact_tokens, fold, written_words
from search.query.parser import Clause, Query
from search.results.matches import DocumentMatch, TextLocation, locations_of
from search.source import get_source

MOST_READ = 60  # documents that are read at most to leave out those without the phrase
MOST_LINES = 100  # of one document that are read


def has_exact_phrase(query: Query) -> bool:
    """Return True if all of the words are wanted and a quoted phrase has words that no index has."""
    return not query.any_word and any(clause.exact_tokens for clause in query.clauses)


def filter_exact_phrases(
    matches: Mapping[int, DocumentMatch], query: Query
) -> dict[int, DocumentMatch]:
    """Return the documents that have each quoted phrase to the letter, matching only where they do.

    A word of the phrase may have another form in the text; one that the index does not have may not.
    """
    phrases = {n: c.exact_tokens for n, c in enumerate(query.clauses) if c.exact_tokens}
    lines = {
        pk: sorted(set[int]().union(*(doc.clauses[n] for n in phrases)))[:MOST_LINES]
        for pk, doc in matches.items()
    }
    texts = _read({pk: locations_of(doc.layout, lines[pk]) for pk, doc in matches.items()})
    heads = get_source().texts(list(matches), tails=False)
    exact = {}
    for pk, doc in matches.items():
        spaced = list(map(_spaced, texts[pk]))
        having = {
            n: {line for line, text in zip(lines[pk], spaced, strict=True) if _has(text, phrase)}
            for n, phrase in phrases.items()
        }
        head = heads.get(pk)
        in_head = [_spaced(head.title), _spaced(head.summary)] if head else []
        if all(having[n] or any(_has(t, p) for t in in_head) for n, p in phrases.items()):
            exact[pk] = doc.narrowed(having)
    return exact


def is_written(clause: Clause, matches: Mapping[int, DocumentMatch], query: Query) -> bool:
    """Return True if any of these documents has a word as it was typed, or as initials, and not only its stem."""
    number, word = query.clauses.index(clause), fold(clause.text)
    locations = {
        pk: locations_of(doc.layout, sorted(doc.clauses[number])[:MOST_LINES])
        for pk, doc in matches.items()
    }
    texts = [text for found in _read(locations).values() for text in found]
    for head in get_source().texts(list(matches), tails=False).values():
        texts += [head.title, head.summary, acronym(head.title)]
    return any(word in written_words(text) for text in texts)


def _read(locations: Mapping[int, Sequence[TextLocation]]) -> dict[int, list[str]]:
    """Return the texts of these locations, by document."""
    source, every = get_source(), [place for found in locations.values() for place in found]
    pages = source.page_texts({(place.version, place.page) for place in every if place.version})
    tailed = [pk for pk, found in locations.items() if any(place.tail for place in found)]
    tails = source.texts(tailed, tails=True)

    def text(pk: int, place: TextLocation) -> str:
        if place.tail:  # the index may be behind its source
            return tails[pk].tails.get(place.tail, "") if pk in tails else ""
        page = pages.get((place.version, place.page))
        return page.text if page else ""

    return {pk: [text(pk, place) for place in found] for pk, found in locations.items()}


def _spaced(text: str) -> str:
    return f" {' '.join(exact_tokens(text))} "


def _has(text: str, phrase: Sequence[str]) -> bool:
    return f" {' '.join(phrase)} " in text
