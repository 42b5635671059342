"""The one analyser: text becomes the stems of its words, for every engine alike.

text → words without accents, CamelCase split → stems, stop words left out (`spanish.py`). Raising `ANALYZER_VERSION` when
any of this, or what an engine stores, changes makes a system check ask for `manage.py reindex`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from search.language.folding import fold
from search.language.stemming import LONGEST, STEMS, stem
from search.language.words import STOP_WORDS

ANALYZER_VERSION = 12

_WORD = re.compile(r"[^\W_]+")
_WRITTEN = re.compile(r"[^\W_]+(?:(?<=\d)\.[ºª])?")  # "2.º" is one word
_ORDINAL_POINT = re.compile(r"(?<=\d)\.(?=[ºª])")
_CAMEL = re.compile(r"[A-ZÁÉÍÓÚÜÑ](?<=[a-záéíóúüñ].)(?=[a-záéíóúüñ])")  # the capital first: rare
AFTER_LETTERS = r"(?<=[^\W\d_]{2}[0-9])"  # the first figure is read already: rare
_GLUED = re.compile(f"[0-9]{AFTER_LETTERS}")
_GROUPED = re.compile(r"\d[-., ]\d{3}")
_AMOUNT = re.compile(
    r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?!\d)|(?<![\d-])\d{2,4}(?:[- ]\d{3,4}){2}(?![\d-])"
)
"""A number in groups of figures: 252.441, 1800-836-366."""
_MARKS = re.compile(r"[^\x00-\xff\w\u0300-\u036f]+")


class Token(NamedTuple):
    """One word of a text: its stem ("" for a stop word), its folded form, and where it stands (characters)."""

    stem: str
    folded: str
    start: int
    end: int


def _folding_table() -> bytes:
    """Return the translation of Latin-1 characters to bare letters, digits or spaces."""
    letters = (fold(chr(code)) for code in range(256))
    kept = (c if len(c) == 1 and _WORD.fullmatch(c) and ord(c) < 256 else " " for c in letters)
    return "".join(kept).encode("latin-1")


_TABLE = _folding_table()


def folded_words(text: str) -> list[str]:
    """Return the folded words of `text`, stop words included, CamelCase split.

    Nearly every page fits Latin-1 once typographic marks are spaces: then one table folds it, five times as fast.
    """
    if _CAMEL.search(text):
        text = _CAMEL.sub(r" \g<0>", text)
    if "º" in text or "ª" in text:
        text = _ORDINAL_POINT.sub("", text)
    try:
        return text.encode("latin-1").translate(_TABLE).decode("latin-1").split()
    except UnicodeEncodeError:
        text = _MARKS.sub(" ", unicodedata.normalize("NFC", text))
    try:
        return text.encode("latin-1").translate(_TABLE).decode("latin-1").split()
    except UnicodeEncodeError:
        return _WORD.findall(fold(text))


def analyze(text: str) -> list[str]:
    """Return the stems of `text` in order; the same for documents and queries."""
    return stems_of(folded_words(text))


def exact_tokens(text: str) -> list[str]:
    """Return the stems of a quoted `text` in order, with its stop words, folded, between them."""
    return [STEMS[word] or word for word in folded_words(text)]


def joined_words(text: str) -> list[str]:
    """Return CamelCase words of `text` in lower case (#GobiernoAbiertoEc), as some people type them."""
    return [word.lower() for word in _WORD.findall(text) if _CAMEL.search(word)]


def written_words(text: str) -> list[str]:
    """Return the folded words of a document's text, each followed by its alternative tokens.

    What capitals alone cut is one word too (TikTok: tiktok), letters before figures are two (PT100: pt, 100), and a number in
    groups is one (252.441: 252441).
    """
    words = folded_words(text)
    if _CAMEL.search(text):
        words += folded_words(" ".join(joined_words(text)))
    if _GLUED.search(text):
        glued = " ".join(word for word in _WORD.findall(text) if _GLUED.search(word))
        words += folded_words(figures_apart(glued))
    if _GROUPED.search(text):
        words += [ungrouped(amount.group()) for amount in _AMOUNT.finditer(text)]
    return words


def ungrouped(amount: str) -> str:
    """Return a number without its group separators."""
    return "".join(filter(str.isdigit, amount))


def is_amount(text: str) -> bool:
    """Return whether the text is exactly one number with group separators."""
    return bool(_AMOUNT.fullmatch(text))


def figures_apart(text: str) -> str:
    """Return `text` with a space between letters and the figures that follow them: ISO9001, PT100."""
    return _GLUED.sub(r" \g<0>", text)


def stems_of(folded: Iterable[str]) -> list[str]:
    """Return the stems of folded words, stop words left out: the inner loop of indexing, in C but for new words."""
    return list(filter(None, map(STEMS.__getitem__, folded)))


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """Yield the words of `text` from `start` on, with their places, for marking; the stems are those of `analyze`."""
    for match in _WRITTEN.finditer(text, start):
        surface = match.group()
        parts = _parts if len(surface) <= LONGEST else _parts.__wrapped__
        for stemmed, folded, first, last in parts(surface):
            yield Token(stemmed, folded, match.start() + first, match.start() + last)


def tokens_at(text: str, start: int) -> list[Token]:
    """Return the token of `text` that begins at `start`, with its alternatives (see `written_words`) and their positions."""
    match = _WRITTEN.match(text, start)
    if not match:
        return []
    first, *others = _parts(match.group())
    if first.folded.isdigit() and (amount := _AMOUNT.match(text, start)):
        word = ungrouped(amount.group())
        return [first, Token(stem(word), word, 0, amount.end() - start)]
    if others:
        return [first, _token(match.group())]
    if cut := _GLUED.search(match.group()):
        return [first, _token(match.group()[: cut.start()])]
    return [first]


def _token(word: str) -> Token:
    folded = fold(word)
    return Token(stem(folded), folded, 0, len(word))


@lru_cache(maxsize=50_000)
def _parts(surface: str) -> tuple[Token, ...]:
    """Return the words of one run of letters and digits, split at CamelCase."""
    cuts = [0, *(cut.start() for cut in _CAMEL.finditer(surface)), len(surface)]
    return tuple(
        Token(stem(word) if word else "", word, first, last)
        for first, last in pairwise(cuts)
        for word in _WORD.findall(fold(surface[first:last].replace(".", ""))) or [""]
    )


def acronym(title: str) -> str:
    """Return the folded initials of the content words of `title` (COOTAD, LOTAIP); "" for fewer than three."""
    initials = [
        word[0] for word in folded_words(title) if word not in STOP_WORDS and not word[0].isdigit()
    ]
    return "".join(initials) if 3 <= len(initials) <= 12 else ""
