"""The words that an entry lends to suggestions and corrections: those of its names and summary, and those inside its files."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

from search.language.analyzer import fold, tokens
from search.language.words import STOP_WORDS
from search.models import Term

_SURFACE = re.compile(r"[^\W\d_]{4,25}")


class Word(NamedTuple):
    """A word of a text: folded, as people write it, and whether only a space stands between it and the one before."""

    folded: str
    label: str
    is_beside: bool


class NewTerms:
    """Words of a document that corrections do not know yet, and on how many of its pages each stands."""

    def __init__(self, known: Set[str]) -> None:
        self._known = known
        self._pages: Counter[str] = Counter()
        self._written: dict[str, str] = {}

    def read(self, folded: Iterable[str], text: str) -> None:
        """Add the words of one page; only a page with new words is searched for their accents."""
        new = {w for w in set(folded) - self._known if 4 <= len(w) <= 25 and w.isalpha()}
        new -= STOP_WORDS
        self._pages.update(new)
        missing = new - self._written.keys()
        if missing:
            self._written |= dict(zip(missing, missing, strict=True))
            for surface in set(_SURFACE.findall(text.lower())):
                if not surface.isascii() and (word := fold(surface)) in missing:
                    self._written[word] = surface

    def on_pages(self, least: int) -> dict[str, str]:
        """Return folded term → spelling of the words on at least so many pages."""
        return {w: surface for w, surface in self._written.items() if self._pages[w] >= least}


def words_in(text: str) -> dict[str, str]:
    """Return folded word → as written, of a text without pages."""
    return {fold(word): word for word in _SURFACE.findall(text.lower())}


def suggest_terms(names: Sequence[str], summary: str, tags: Sequence[str]) -> dict[str, str]:
    """Return folded term → spelling: words of names and summary, whole tags, word pairs of names."""
    written = [_written(text) for text in names]
    return _labels([*written, _written(summary)], tags) | _neighbours(written)


def _written(text: str) -> list[Word]:
    """Return the words of a text; people write them in lower case, but for acronyms."""
    text = unicodedata.normalize("NFC", text)
    shouted = len(text) > 12 and (sum(map(str.isupper, text)) * 2 > sum(map(str.isalpha, text)))
    words, end = [], 0
    for token in tokens(text):
        word = text[token.start : token.end]
        label = word if word.isupper() and not shouted else word.lower()
        is_beside = token.start == end + 1 and text[end].isspace()
        words.append(Word(token.folded, label, is_beside))
        end = token.end
    return words


def _labels(texts: Iterable[list[Word]], tags: Iterable[str]) -> dict[str, str]:
    """Return folded word → as people write it; tags of several words stand whole."""
    labels: dict[str, str] = {}
    for text in texts:
        for folded, label, _ in text:
            if len(folded) < 3 or folded in STOP_WORDS or folded.isdigit():
                continue
            if folded not in labels or label.isupper():
                labels[folded] = label
    return labels | {
        " ".join(fold(tag).split()): tag for tag in tags if " " in tag.strip() and len(tag) <= 100
    }


def _neighbours(texts: Iterable[list[Word]]) -> dict[str, str]:
    """Return `Term.PAIR` and two folded words that stand side by side, with stop words between → as people write them."""
    pairs: dict[str, str] = {}
    for text in texts:
        first: tuple[str, str] | None = None
        for folded, label, is_beside in text:
            before = first if is_beside else None
            here = (f"{before[0]} {folded}", f"{before[1]} {label}") if before else None
            if folded in STOP_WORDS:
                first = here
                continue
            if here and len(here[0]) < 100:
                pairs[Term.PAIR + here[0]] = here[1]
            first = (folded, label)
    return pairs
