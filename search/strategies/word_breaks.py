"""Word breaks: words that were cut in two or glued together (presu puesto, gobiernoabierto)."""

import re
from collections.abc import Callable, Collection, Sequence, Set
from itertools import pairwise

from search.language.analyzer import fold
from search.language.stemming import stem
from search.language.words import STOP_WORDS
from search.strategies.candidates import Existing
from search.strategies.prefix_completion import term_frequencies

MOST_SPLITS = 4  # of a word that are looked for
SHORTEST_PART = 3  # letters of a part
LINKS = {
    words.replace(" ", ""): words
    for words in (
        *("del", "de", "la", "los", "las", "el", "en", "al", "por", "y"),
        *("de la", "de las", "de los", "a la", "a las", "a los", "en el", "en la"),
    )
}
"""Short words that are glued to the next one, as they are typed then → as they are written."""

Answered = Callable[[Sequence[str]], list[bool]]
"""Queries → whether a visible document answers each."""


def replaced(text: str, typed: str, meant: str) -> str:
    """Return a query with the first occurrence of a word replaced, outside quotes."""
    return re.sub(rf'(?<![\w"]){re.escape(typed)}(?![\w"])', lambda _: meant, text, count=1)


def joined_pairs(
    text: str, words: Set[str], existing: Existing, *, least: int = 0
) -> list[tuple[str, str]]:
    """Return neighbouring words of a query, one of them in `words`, that are one word in enough titles or tags."""
    pairs = [(one, other) for one, other in pairwise(text.split()) if {one, other} & words]
    pairs = [pair for pair in pairs if fold(pair[1]) not in STOP_WORDS]  # pedir la
    frequencies = term_frequencies({fold(one + other) for one, other in pairs})
    stems = {word: stem(word) for word, times in frequencies.items() if times >= least}
    present = existing(set(stems.values()) - {""}) if stems else set()
    return [pair for pair in pairs if stems.get(fold("".join(pair))) in present]


def split_words(words: Collection[str], existing: Existing, answered: Answered) -> dict[str, str]:
    """Return the words that were typed as one → these (gobiernoabierto, gobierno abierto), as some document has them.

    Parts side by side come first; apart, both must be long. A short word before another must begin a word of a title,
    summary or tag: lámina is not la mina.
    """
    splits = {word: _splits_of(word) for word in words}
    parts = {
        fold(part) for every in splits.values() for split in every for part in (split[0], split[-1])
    }
    if not parts:
        return {}
    frequencies = term_frequencies(parts)
    written = STOP_WORDS | frequencies.keys() | {part for part in parts if len(part) < 3}
    present = existing({stem(part) for part in parts & written} - {""})

    def is_likely(split: Sequence[str]) -> bool:
        first, last = fold(split[0]), fold(split[-1])
        if last not in written or stem(last) not in present:
            return False
        if len(split) == 2 and split[0].lower() in LINKS:
            return bool(frequencies.get(last))
        return first in written and stem(first) in present

    questions: dict[str, str] = {}  # query → the word that it is for
    for word, every in splits.items():
        likely = sorted(
            filter(is_likely, every), key=lambda split: -min(len(split[0]), len(split[-1]))
        )
        phrases = [" ".join(split) for split in likely[:MOST_SPLITS]]
        apart = [
            " ".join(split)
            for split in likely[:MOST_SPLITS]
            if min(len(split[0]), len(split[-1])) >= SHORTEST_PART or split[0] in LINKS
        ]
        questions |= dict.fromkeys([*(f'"{phrase}"' for phrase in phrases), *apart], word)
    found: dict[str, str] = {}
    for (question, word), is_found in zip(
        questions.items(), answered(list(questions)), strict=True
    ):
        if is_found:
            found.setdefault(word, question.strip('"'))
    return found


def _splits_of(word: str) -> list[tuple[str, ...]]:
    """Return the ways to split a word in two, with a short word between or not."""
    pairs = [
        (word[:n], word[n:]) for n in range(2, len(word) - 1) if word[:n] != word[n:]
    ]  # caca is not ca ca
    linked = [
        (one, words, other)
        for one, rest in pairs
        for link, words in LINKS.items()
        if (other := rest.removeprefix(link)) != rest
        and min(len(one), len(other)) >= SHORTEST_PART  # Cuenca is not cu en ca
    ]
    return [*pairs, *linked]
