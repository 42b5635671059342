"""Match a text with existing tags and organizations."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from resources.text import fold
from search.language.analyzer import analyze

MOST = 5  # tags suggested
PAGES = 30  # pages read for tags
IN_TITLE = 100  # what one mention in the title weighs in mentions in the text
EVERY = 1_500  # words of text in which a tag has to be mentioned once more to count
SHORTEST_ACRONYM = 3


def tags(known: Iterable[str], title: str, pages: Sequence[str]) -> tuple[str, ...]:
    """Return the `known` tags that occur in the title or often enough in the text, the likeliest first."""
    text = analyze("\n".join(pages[:PAGES]))
    heading = analyze(title)
    needed = 2 + len(text) // EVERY
    weights: Counter[str] = Counter()
    for name in known:
        stems = analyze(name)
        if stems:
            mentions = _count(stems, heading) * IN_TITLE + _count(stems, text)
            if mentions >= needed:
                weights[name] = mentions
    return tuple(name for name, _ in weights.most_common(MOST))


def _count(phrase: list[str], text: list[str]) -> int:
    """Count where the stems of `phrase` follow one another in `text`."""
    first, length = phrase[0], len(phrase)
    return sum(
        stem == first and text[place : place + length] == phrase for place, stem in enumerate(text)
    )


def issuer(organizations: Iterable[tuple[int, str, str]], text: str) -> int | None:
    """Return the id of the organization that `text` names first; the longer name wins.

    An acronym counts only as it is written, in capitals and whole: "CIES", not "especies".
    """
    folded = fold(text)
    named: list[tuple[int, int, int]] = []
    for number, name, acronym in organizations:
        place = _whole(fold(name), folded)
        if place < 0 and len(acronym) >= SHORTEST_ACRONYM:
            mention = _whole(acronym, text)
            place = len(folded) + mention if mention >= 0 else -1  # after every name in full
        if place >= 0:
            named.append((place, -len(name), number))
    return min(named)[2] if named else None


def _whole(words: str, text: str) -> int:
    """Return the index of `words` in `text` as whole words, or -1."""
    match = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text)
    return match.start() if match else -1
