"""Prefixes: words of which only the beginning was typed, and the neighbours that complete them."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from search.backends import prepared
from search.language.analyzer import fold
from search.language.spelling import is_spanish
from search.language.stemming import stem
from search.language.words import IRREGULAR, PLACES, STOP_WORDS
from search.models import Term
from search.query.parser import Clause, Query

LAST_LETTERS = (
    "aeiounsrldzxyj"  # of Spanish words; a word that ends otherwise is the beginning of one
)
MOST_WORDS = 6  # of a query that are completed
MOST_PAIRS = 200  # pairs of neighbours that are looked through for each word

FEMININE = re.compile("(?:as?|cion|ciones|dad|dades|tud|tudes)$")
ARTICLES = {
    **dict.fromkeys(("el", "un", "del", "al"), (False, False)),
    **dict.fromkeys(("la", "una"), (True, False)),
    **dict.fromkeys(("los", "unos"), (False, True)),
    **dict.fromkeys(("las", "unas"), (True, True)),
}
"""Article → whether it is feminine, whether it is plural."""


def may_be_wrong(clause: Clause) -> bool:
    """Return True if a clause is a word that may be misspelt or unfinished: no quote, synonym, place or listed form."""
    word = fold(clause.text)
    is_word = len(clause.alternatives[0]) == 1 and clause.text.isalpha()
    is_meant = clause.is_quoted or clause.synonyms or word in PLACES or word in IRREGULAR
    return is_word and not is_meant


def term_frequencies(words: Collection[str]) -> dict[str, int]:
    """Return folded word → frequency, of those that are terms."""
    if not words:
        return {}
    sql = f"SELECT text, frequency FROM {Term._meta.db_table} WHERE {prepared.in_list('text')}"  # noqa: S608 our own names
    return dict(prepared.rows(sql, [prepared.list_param(words)]))


def beginning_with(start: str, count: int) -> list[tuple[str, str]]:
    """Return text and label of the most frequent terms with a folded prefix, one of each stem."""
    terms = Term.objects.beginning_with(start).filter(frequency__gt=0)
    rows = terms.order_by("-frequency", "text").values_list("text", "label")[: count * 3]
    by_stem: dict[str, tuple[str, str]] = {}
    for text, label in rows:
        by_stem.setdefault(text if " " in text else stem(text) or text, (text, label))
    return list(by_stem.values())[:count]


def completed_beside(words: Sequence[str], count: int) -> Iterator[str]:
    """Yield these words with the last one completed to a neighbour of the word before it, the most frequent first.

    An article alone before it stays only if it agrees: los datos, but no "el ciudadana".
    """
    folded = [fold(word) for word in words]
    before = [n for n, word in enumerate(folded[:-1]) if word not in STOP_WORDS]
    first = before[-1] if before else len(words) - 1
    start = (Term.PAIR if before else "") + " ".join(folded[first:])
    is_begun = len(words) > 1 and (before or folded[-1] not in STOP_WORDS)
    for text, label in beginning_with(start, count) if is_begun else ():
        if before or (" " not in text and _agree(folded[-2], text)):
            yield " ".join([*words[:first], label])
        elif " " not in text and text != folded[-1]:
            yield label


def _agree(article: str, word: str) -> bool:
    is_feminine = bool(FEMININE.search(word))
    return article in ARTICLES and ARTICLES[article] == (is_feminine, word.endswith("s"))


def pairs_begun(first: str, last: str) -> list[str]:
    """Return the pairs of neighbours whose words begin with these folded ones, the most frequent first."""
    return _pairs_with(_pairs_beginning([Term.PAIR + first]), first, last)


def _pairs_beginning(starts: Sequence[str]) -> list[tuple[str, str]]:
    """Return text and label of the pairs with these prefixes, the most frequent first."""
    if not starts:
        return []
    pairs = Term.objects.beginning_with(*starts).filter(frequency__gt=0)
    rows = pairs.order_by("-frequency", "text").values_list("text", "label")
    return list(rows[: MOST_PAIRS * len(starts)])


def _pairs_with(pairs: Sequence[tuple[str, str]], first: str, last: str) -> list[str]:
    begun = [
        (text.split(" ")[-1], label) for text, label in pairs if text.startswith(Term.PAIR + first)
    ]
    return [label for word, label in begun if word.startswith(last) or stem(word) == stem(last)]


def completed_neighbours(typed: Sequence[str], numbers: Sequence[int]) -> dict[int, str]:
    """Return for words of a query, by their numbers, the word that they begin and that is written beside their neighbour.

    That is the word before (codigo org, orgánico), else the one after (gob abierto, gobierno). One statement for all.
    """
    folded = [fold(word) for word in typed]
    befores: dict[int, str] = {}
    for n in numbers:
        earlier = [m for m in range(n) if folded[m] not in STOP_WORDS]
        if earlier:
            befores[n] = Term.PAIR + " ".join(folded[earlier[-1] : n + 1])
    afters = {
        n: after
        for n in numbers
        if (after := next((word for word in folded[n + 1 :] if word not in STOP_WORDS), ""))
    }
    starts = [*befores.values(), *(Term.PAIR + folded[n] for n in afters)]
    pairs = _pairs_beginning(starts)
    found: dict[int, str] = {}
    for n in numbers:
        before = befores.get(n)
        beside = [
            label.split(" ")[-1] for text, label in pairs if before and text.startswith(before)
        ]
        if not beside and n in afters:
            beside = [label.split(" ")[0] for label in _pairs_with(pairs, folded[n], afters[n])]
        if beside and fold(beside[0]) != folded[n]:
            found[n] = beside[0]
    return found


def completions(query: Query, frequencies: Mapping[str, int]) -> dict[str, str]:
    """Return the unfinished words of a query → whole ones, by their neighbours.

    A word of a title, summary or tag is finished, and so is one of the pages that ends as Spanish words do.
    """
    words = [word.rstrip(".") for word in query.text.split()]
    single = {clause.text for clause in query.clauses if may_be_wrong(clause)}
    begun = [
        n
        for n, word in enumerate(words)
        if word in single
        and len(word) > 1
        and not frequencies.get(fold(word))
        and (fold(word) not in frequencies or _is_cut(fold(word)))
    ]
    found = completed_neighbours(words, begun[:MOST_WORDS])
    after = [n for n in begun if any(m in found for m in range(n))]
    if after:  # beside the completed word: código org, orgánico
        so_far = [found.get(n, word) if n not in after else word for n, word in enumerate(words)]
        found |= completed_neighbours(so_far, after)
    return {words[n]: whole for n, whole in found.items()}


def _is_cut(word: str) -> bool:
    return word[-1] not in LAST_LETTERS and not is_spanish(word)
