"""Words of which only the beginning was typed, and the words that these are."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from search.backends import prepared
from search.language.analyzer import fold
from search.language.spelling import is_spanish
from search.language.stemming import stem
from search.language.words import IRREGULAR, PLACES, STOP_WORDS
from search.models import Term
from search.query.parser import Clause, Query

VOWELS = "aeiou"
LAST_LETTERS = f"{VOWELS}nsrldzxyj"  # of Spanish words; what ends otherwise is the beginning of one
MOST_WORDS = 6  # of a question that are completed
MOST_PAIRS = 200  # of words side by side, the first with a beginning, that are looked through
MOST_LIKELY = 5  # words with a beginning that are looked for in the documents
RARE = 2  # documents at most that have the beginning of a word as one of its own

FEMININE = re.compile("(?:as?|cion|ciones|dad|dades|tud|tudes)$")
ARTICLES = {
    **dict.fromkeys(("el", "un", "del", "al"), (False, False)),
    **dict.fromkeys(("la", "una"), (True, False)),
    **dict.fromkeys(("los", "unos"), (False, True)),
    **dict.fromkeys(("las", "unas"), (True, True)),
}
"""Article → whether it is feminine, whether it is plural."""

Known = Callable[[Sequence[str]], set[str]]
"""Stems → those that any document has."""

Count = Callable[[str], int]
"""Question → how many answer it."""


def may_be_wrong(clause: Clause) -> bool:
    """Tell whether a clause is a word that may be misspelt, or begun.

    What has synonyms is meant (excel, plata), and places, and forms that are listed (info).
    """
    word = fold(clause.text)
    is_word = len(clause.alternatives[0]) == 1 and clause.text.isalpha()
    is_meant = clause.is_quoted or clause.synonyms or word in PLACES or word in IRREGULAR
    return is_word and not is_meant


def frequencies(parsed: Query) -> dict[str, int]:
    """Return folded word → in how many titles, summaries and tags it stands, of the words of a question that somebody writes."""
    words = {fold(clause.text) for clause in parsed.clauses if may_be_wrong(clause)}
    if not words:
        return {}
    sql = f"SELECT text, frequency FROM {Term._meta.db_table} WHERE {prepared.in_list('text')}"  # noqa: S608 our own names
    return dict(prepared.rows(sql, [prepared.list_param(words)]))


def beginning_with(start: str, count: int) -> list[tuple[str, str]]:
    """Return text and label of the most frequent terms that begin so, folded; one word for each stem."""
    terms = Term.objects.beginning_with(start).filter(frequency__gt=0)
    rows = terms.order_by("-frequency", "text").values_list("text", "label")[: count * 3]
    by_stem: dict[str, tuple[str, str]] = {}
    for text, label in rows:
        by_stem.setdefault(text if " " in text else stem(text) or text, (text, label))
    return list(by_stem.values())[:count]


def completed_beside(words: Sequence[str], count: int) -> Iterator[str]:
    """Yield these words with the last one completed to one that stands beside the word before it, the most frequent first.

    Articles and the like alone before it stay only where they agree: los datos, but no "el ciudadana".
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
    """Tell whether two folded words may stand together, as far as endings tell; only articles agree."""
    is_feminine = bool(FEMININE.search(word))
    return article in ARTICLES and ARTICLES[article] == (is_feminine, word.endswith("s"))


def completed(word: str, known: Known, *, least: int = 0) -> list[str]:
    """Return the words that begin with the folded `word` (adhes: adhesión) and are public, the likeliest first.

    They stand in so many titles, summaries or tags at `least`.
    """
    terms = (
        Term.objects.beginning_with(word)
        .exclude(text__contains=" ")
        .filter(frequency__gte=least)
        .order_by("-frequency", "text")
    )
    by_stem: dict[str, str] = {}
    for text, label in terms.values_list("text", "label")[: 2 * MOST_LIKELY]:
        by_stem.setdefault(stem(text), label)
    stems = [one for one in by_stem if one][:MOST_LIKELY]
    public = known(stems)
    return [by_stem[one] for one in stems if one in public]


def finished_beside(words: Sequence[str], n: int) -> str:
    """Return the word that begins as the one at `n` and stands beside the word before it; "" for none."""
    if all(fold(word) in STOP_WORDS for word in words[:n]):
        return ""
    return next(completed_beside(words[: n + 1], 1), "").split(" ")[-1]


def pairs_begun(first: str, last: str) -> list[str]:
    """Return what stands side by side where these folded words, or what they begin, come first and last; the most frequent first."""
    pairs = Term.objects.beginning_with(Term.PAIR + first).filter(frequency__gt=0)
    rows = pairs.order_by("-frequency", "text").values_list("text", "label")[:MOST_PAIRS]
    words = [(text.split(" ")[-1], label) for text, label in rows]
    return [label for word, label in words if word.startswith(last) or stem(word) == stem(last)]


def finished_before(words: Sequence[str], n: int) -> str:
    """Return the word that begins as the one at `n` and stands before the next one, or one that begins so; "" for none."""
    after = next((word for word in map(fold, words[n + 1 :]) if word not in STOP_WORDS), "")
    pairs = pairs_begun(fold(words[n]), after) if after else []
    return pairs[0].split(" ")[0] if pairs else ""


def finished(parsed: Query, count: Count, written: Mapping[str, int]) -> dict[str, str]:
    """Return the prefixes among the words of a query → the completed words.

    A completion stands beside the word before (codigo org, orgánico) or the word after (gob abierto, gobierno).
    What a title, summary or tag has is no beginning, nor what ends as Spanish words do and stands in more than a few texts.
    `written`: see `frequencies`.
    """
    words = [word.rstrip(".") for word in parsed.text.split()]
    single = {clause.text for clause in parsed.clauses if may_be_wrong(clause)}
    begun = [n for n, word in enumerate(words) if word in single and len(word) > 1]
    meant: dict[str, str] = {}
    for n in begun[:MOST_WORDS]:
        times = written.get(fold(words[n]))
        if times or (times is not None and not _may_be_begun(words[n], count)):
            continue
        so_far = [meant.get(word, word) for word in words]
        whole = finished_beside(so_far, n) or finished_before(so_far, n)
        if whole and fold(whole) != fold(words[n]):
            meant[words[n]] = whole
    return meant


def _may_be_begun(word: str, count: Count) -> bool:
    is_cut = fold(word)[-1] not in LAST_LETTERS and not is_spanish(fold(word))
    return is_cut or count(word) <= RARE
