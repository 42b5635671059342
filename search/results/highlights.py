"""Passages: the piece of a page that shows how it answers, with the words marked."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from search.language.analyzer import AFTER_LETTERS, Token, tokens, tokens_at
from search.language.stemming import other_forms
from search.query.parser import Clause, Query

WIDTH = 200  # characters of a passage
LEADERS = re.compile(r"[.…·_](?: ?[.…·_]){4,}")
SPACE_BEFORE_MARK = re.compile(r" ([,;:.])(?= |$)")
HEADING = 90  # characters of a heading at most
HEADING_SHARE = 0.8  # of the usual line, which a heading does not fill
LONGEST_PAGE = 200_000  # characters in which a passage is looked for


class Fragment(NamedTuple):
    """A stretch of text, marked or not. Templates escape it: searched text is never HTML."""

    text: str
    hit: bool = False


def mark(text: str, parsed: Query) -> list[Fragment]:
    """Return the whole of `text` with the words of the question marked."""
    text = text[:LONGEST_PAGE]
    return _pieces(text, _hits(text, parsed.clauses))


def snippet(text: str, parsed: Query, width: int = WIDTH) -> list[Fragment]:
    """Return the stretch of `text`, about `width` characters, that has most of the question, words marked.

    Dots that lead to a page number are one mark, and the space that some PDFs have before a comma is left out.
    """
    text = " ".join(_with_headings_apart(text[:LONGEST_PAGE]).split())
    text = LEADERS.sub(" …", text).replace("  …", " …")
    text = SPACE_BEFORE_MARK.sub(r"\1", text)
    hits = _hits(text, parsed.clauses)
    if not hits:
        return []
    start, end = _window(hits, width)
    start, end = _to_words(text, start, end)
    start = min(start, next(a for a, b, _ in hits if b > start))
    inside = [(a - start, b - start, n) for a, b, n in hits if a >= start and b <= end]
    return [
        *([Fragment("… ")] if start > 0 else []),
        *_pieces(text[start:end], inside),
        *([Fragment(" …")] if end < len(text) else []),
    ]


def _with_headings_apart(text: str) -> str:
    """Return `text` with a sign after each line that is a heading: on one line it would run into what follows."""
    lines = text.split("\n")
    if len(lines) < 3:
        return text
    usual = median(map(len, lines))
    for at, (line, after) in enumerate(pairwise(lines)):
        bare, first = line.strip(), after.lstrip('¿¡«“"( ')[:1]
        is_short = 0 < len(bare) < min(HEADING, HEADING_SHARE * usual)
        if is_short and bare[-1].isalnum() and first.isupper() and bare[:1].isupper():
            lines[at] = f"{bare} ·"
    return "\n".join(lines)


def _hits(text: str, clauses: Sequence[Clause]) -> list[tuple[int, int, int]]:
    """Return start, end and clause number of all that answers in a text, in order and without overlaps.

    Only words that begin as a stem does are looked at: to read a whole page word by word takes ten times as long.
    """
    wanted: dict[str, list[tuple[Sequence[str], int]]] = {}
    exact: list[tuple[int, int, int]] = []
    for number, clause in enumerate(clauses):
        phrases = _to_the_letter(text, clause.exact_tokens) if clause.exact_tokens else []
        exact += ((start, end, number) for start, end in phrases)
        for stems in clause.alternatives if not phrases else ():
            wanted.setdefault(stems[0], []).append((stems, number))
    return _apart([*exact, *_words(text, wanted)]) if exact else _words(text, wanted)


def _words(
    text: str, wanted: Mapping[str, Sequence[tuple[Sequence[str], int]]]
) -> list[tuple[int, int, int]]:
    """Return where the `wanted` stand, by their first stem, each with its clause number."""
    if not wanted:
        return []
    hits: list[tuple[int, int, int]] = []
    for match in _beginnings(tuple(sorted(wanted))).finditer(text):
        start = match.start()
        if hits and start < hits[-1][1]:
            continue
        for first in tokens_at(text, start):
            here = _Here(text, start, first)
            ends = ((here.end_of(stems), number) for stems, number in wanted.get(first.stem, ()))
            if found := next(((end, number) for end, number in ends if end), None):
                hits.append((start, *found))
                break
    return hits


def _to_the_letter(text: str, phrase: Sequence[str]) -> list[tuple[int, int]]:
    """Return where a phrase stands with all its words (see `analyzer.exact_tokens`), start and end."""
    words = list(tokens(text))
    spelt = [word.stem or word.folded for word in words]
    return [
        (words[n].start, words[n + len(phrase) - 1].end)
        for n in range(len(words) - len(phrase) + 1)
        if spelt[n] == phrase[0] and spelt[n : n + len(phrase)] == list(phrase)
    ]


def _apart(hits: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return those in order that do not overlap one before."""
    kept: list[tuple[int, int, int]] = []
    for hit in sorted(hits):
        if not kept or hit[0] >= kept[-1][1]:
            kept.append(hit)
    return kept


class _Here:
    """A word of a text and, as far as somebody wants to know, those that follow it, stop words left out."""

    def __init__(self, text: str, start: int, first: Token) -> None:
        self._stems, self._ends = [first.stem], [start + first.end]
        self._text = text
        self._rest: Iterator[Token] | None = None

    def end_of(self, stems: Sequence[str]) -> int:
        """Return where `stems` end that begin with this word; 0 if they do not stand here."""
        for place in range(1, len(stems)):
            if place == len(self._stems):
                self._read_on()
            if self._stems[place] != stems[place]:
                return 0
        return self._ends[len(stems) - 1]

    def _read_on(self) -> None:
        if self._rest is None:
            self._rest = (word for word in tokens(self._text, self._ends[0]) if word.stem)
        word = next(self._rest, None)
        self._stems.append(word.stem if word else "")
        self._ends.append(word.end if word else 0)


@lru_cache(maxsize=256)
def _beginnings(stems: tuple[str, ...]) -> re.Pattern:
    """Return a pattern for where words begin that may have one of `stems`, accents and capitals aside.

    It begins with a set of letters, which `re` looks for several times as fast as for a word's border.
    """
    spelt = [word for stem in stems for word in (stem, *other_forms(stem))]
    spelt += [zeros + stem for stem in stems if stem.isdigit() for zeros in ("0", "00")]
    starts = sorted(
        {word[:1] if word.isdigit() else word[: max(1, min(3, len(word) - 1))] for word in spelt}
    )
    firsts = "".join(_letter(start[0]) for start in starts)
    words = "|".join(
        f"(?<=[{_letter(start[0])}])" + "".join(f"[{_letter(c)}]" for c in start[1:])
        for start in starts
    )
    borders = [r"(?<![^\W_].)", "(?<=[a-záéíóúüñ][A-ZÁÉÍÓÚÜÑ])"]
    if any(start[0].isdigit() for start in starts):
        borders.append(AFTER_LETTERS)
    border = f"(?:{'|'.join(borders)})"
    return re.compile(f"[{firsts}]{border}(?:{words})", re.DOTALL)


def _letter(c: str) -> str:
    """Return how a letter of a stem may be written."""
    return _LETTERS.get(c) or (c + c.upper() if len(c.upper()) == 1 else c)


_LETTERS = {
    "a": "aàáâãäåªAÀÁÂÃÄÅ",
    "c": "cçCÇzZ",
    "e": "eèéêëEÈÉÊË",
    "i": "iìíîïIÌÍÎÏ",
    "o": "oòóôõöºOÒÓÔÕÖ",
    "u": "uùúûüUÙÚÛÜ",
}


def _window(hits: list[tuple[int, int, int]], width: int) -> tuple[int, int]:
    """Return where the stretch with most different clauses begins and ends: the one where these stand closest."""
    scored = []
    for first, (start, _, _) in enumerate(hits):
        inside = [hit for hit in hits[first : first + 40] if hit[1] <= start + width]
        ends: dict[int, int] = {}
        for _, end, number in inside:
            ends.setdefault(number, end)
        closest = max(ends.values(), default=start) - start
        scored.append((len(ends), -closest, len(inside), -first))
    first = -max(scored)[3]
    start = hits[first][0]
    last = max(
        (hit[1] for hit in hits[first : first + 40] if hit[1] <= start + width),
        default=hits[first][1],
    )
    spare = max(0, width - (last - start))
    return start - spare // 3, last + spare - spare // 3


def _to_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Move both ends outwards, a little, to where a sentence or at least a word begins and ends."""
    start, end = max(0, start), min(len(text), end)
    if start:
        sentence = max(
            text.rfind(". ", start - 30, start + 30), text.rfind(": ", start - 30, start)
        )
        space = text.find(" ", start, start + 30)
        start = (
            sentence + 2
            if sentence >= 0 and sentence + 2 <= start
            else (space + 1 if space >= 0 else start)
        )
    if end < len(text):
        space = f"{text} ".find(" ", end)
        end = space if space < end + 40 else end
    return start, end


def _pieces(text: str, hits: Sequence[tuple[int, int, int]]) -> list[Fragment]:
    pieces, here = [], 0
    for start, end, _ in hits:
        if start > here:
            pieces.append(Fragment(text[here:start]))
        pieces.append(Fragment(text[start:end], hit=True))
        here = end
    if here < len(text):
        pieces.append(Fragment(text[here:]))
    return pieces


def plain(markdown: str) -> str:
    """Return Markdown without its marks, for a passage."""
    return re.sub(r"^[#>\-|: ]+|[*_`|]+|^\d+\. ", " ", markdown, flags=re.MULTILINE)
