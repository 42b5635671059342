"""Words that were cut in two or glued together: presu puesto, gobiernoabierto."""

import re
from collections.abc import Collection, Mapping, Set
from itertools import pairwise

from search.language.analyzer import fold
from search.language.stemming import stem
from search.language.words import STOP_WORDS
from search.models import Term
from search.query.parser import Clause, Query
from search.strategies.prefix_completion import Count, Known, may_be_wrong

MOST_CUTS = 4  # of a word in pieces that are looked for
SHORTEST_PART = 3  # letters of a word in pieces, where these stand apart
LINKS = {
    words.replace(" ", ""): words
    for words in (
        *("del", "de", "la", "los", "las", "el", "en", "al", "por", "y"),
        *("de la", "de las", "de los", "a la", "a las", "a los", "en el", "en la"),
    )
}
"""Short words that are glued to the next one, as they are typed then → as they are written."""


def replaced(text: str, typed: str, meant: str) -> str:
    """Return a question with one of its words as it was meant, if it stands there outside quotes."""
    return re.sub(rf'(?<![\w"]){re.escape(typed)}(?![\w"])', lambda _: meant, text, count=1)


def join_words(
    parsed: Query,
    known: Known,
    apart: Collection[tuple[Clause, Clause]],
    written: Mapping[str, int],
) -> tuple[str, str]:
    """Return the question with two words as the one that a title, summary or tag has of them, and as it is taken literally.

    The two stand `apart` in texts, and one of them is no word that anybody writes (des centralización, co creación). Two ""
    where there are none.
    """
    words = {
        fold(clause.text): clause.text for two in apart for clause in two if may_be_wrong(clause)
    }
    pieces = {words[word] for word in words.keys() - written.keys()}
    pairs = {(one.text, other.text) for one, other in apart}
    text = literal = parsed.text
    for pair in split_once(parsed.text, pieces, known, least=1) if pieces else ():
        if pair in pairs:
            text = replaced(text, " ".join(pair), "".join(pair))
            for part in pair:
                literal = replaced(literal, part, f'"{part}"')
    return (text, literal) if text != parsed.text else ("", "")


def split_once(
    text: str, words: Set[str], known: Known, *, least: int = 0
) -> list[tuple[str, str]]:
    """Return the neighbours, one of them in `words`, that are one word of some document: presu puesto, anti corrupción.

    That stands in so many titles, summaries or tags at `least`.
    """
    typed = text.split()
    pairs = [(one, other) for one, other in pairwise(typed) if {one, other} & words]
    pairs = [pair for pair in pairs if fold(pair[1]) not in STOP_WORDS]  # pedir la
    joined = {fold(one + other) for one, other in pairs}
    terms = Term.objects.filter(text__in=joined, frequency__gte=least)
    written = terms.values_list("text", flat=True) if joined else ()
    stems = {word: stem(word) for word in written}
    seen = known(sorted({stemmed for stemmed in stems.values() if stemmed}))
    return [pair for pair in pairs if stems.get(fold("".join(pair))) in seen]


def split_words(word: str, known: Known, count: Count) -> str:
    """Return the words that were typed as one (gobiernoabierto, rendiciondecuentas); "" for none that stand in one document.

    Those that stand side by side come first: anio is not an io. A short word before another is only seen where that stands in
    a title, summary or tag: lámina is not la mina. The others must be words that somebody writes: pasaporte is not pas aporte.
    """
    cuts = [
        (word[:n], word[n:])
        for n in range(2, len(word) - 1)
        if word[:n] != word[n:]  # caca is not ca ca
    ]
    cuts += [
        (one, words, other)
        for one, rest in cuts
        for link, words in LINKS.items()
        if (other := rest.removeprefix(link)) != rest
        and min(len(one), len(other)) >= SHORTEST_PART  # Cuenca is not cu en ca
    ]
    parts = {fold(part) for cut in cuts for part in (cut[0], cut[-1])}
    written = STOP_WORDS.union(Term.objects.filter(text__in=parts).values_list("text", flat=True))
    written |= {part for part in parts if len(part) < 3}  # nobody keeps these
    cuts = [cut for cut in cuts if {fold(cut[0]), fold(cut[-1])} <= written]
    stems = {part: stem(fold(part)) for cut in cuts for part in cut}
    has = known(sorted({stemmed for stemmed in stems.values() if stemmed}))
    after_link = {cut[1]: fold(cut[1]) for cut in cuts if len(cut) == 2 and cut[0].lower() in LINKS}
    lent = set(
        Term.objects.filter(text__in=after_link.values(), frequency__gt=0).values_list(
            "text", flat=True
        )
    )
    likely = [
        cut
        for cut in cuts
        if stems[cut[-1]] in has
        and (stems[cut[0]] in has or (len(cut) == 2 and after_link.get(cut[1]) in lent))
    ]
    likely.sort(key=lambda cut: -min(len(cut[0]), len(cut[-1])))
    likely = likely[:MOST_CUTS]
    long = [c for c in likely if min(map(len, c)) >= SHORTEST_PART or len(c) > 2 or c[0] in LINKS]
    for question, texts in (('"{}"', likely), ("{}", long)):
        found = {text: count(question.format(text)) for text in map(" ".join, texts)}
        best = max(found, key=lambda text: found[text], default="")
        if best and found[best]:
            return best
    return ""
