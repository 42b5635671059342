"""Words that were probably meant: how Spanish words are misspelt, and how far two spellings are apart."""

import re
from collections.abc import Iterable
from functools import cache

from resources.search.analysis import fold
from resources.search.spanish import singular

SHORTEST = 4  # letters; shorter words have too many neighbours
LONGEST_KEY = 40

BEFORE = frozenset("cgpq")  # letters that sound as the next one makes them

_SOUNDS = [
    (re.compile("ph"), "f"),
    (re.compile("(?<!c)h"), ""),
    (re.compile("c(?=[ei])|[zx]"), "s"),
    (re.compile("qu(?=[ei])|[qk]"), "c"),  # no s any more: Quito is no sito
    (re.compile("g(?=[ei])"), "j"),
    (re.compile("gu(?=[ei])"), "g"),
    (re.compile("ll"), "y"),
    (re.compile("[vw]"), "b"),
    (re.compile("ñ"), "n"),
    (re.compile(r"(.)\1+"), r"\1"),
]


@cache
def _dictionary() -> frozenset[str]:
    """Return the folded words of the dictionary: 86,000, read in a tenth of a second at the first search of a process."""
    from spellchecker import SpellChecker

    return frozenset(map(fold, SpellChecker(language="es").word_frequency.words()))


def is_spanish(folded: str) -> bool:
    """Tell whether a folded word is a Spanish one, in singular or plural, perhaps with n for ñ (contrasena)."""
    spelt = [folded, *(f"{folded[:n]}ñ{folded[n + 1 :]}" for n, c in enumerate(folded) if c == "n")]
    return any(word in _dictionary() or singular(word) in _dictionary() for word in spelt)


def sound(folded: str) -> str:
    """Return how a folded word sounds in Ecuador: b and v, s, c and z, ll and y are one; h is none."""
    for pattern, heard in _SOUNDS:
        folded = pattern.sub(heard, folded)
    return folded[:LONGEST_KEY]


def keys(folded: str) -> set[str]:
    """Return how a word sounds, whole and with one letter missing: two words that share a key are one slip apart.

    The letter may be missing from the sound or, where that makes another one sound otherwise, from the spelling (accón).
    """
    if len(folded) < SHORTEST:
        return set()
    heard = sound(folded)
    return {
        heard,
        *(heard[:n] + heard[n + 1 :] for n in range(len(heard))),
        *(
            sound(folded[:n] + folded[n + 1 :])
            for n in range(1, len(folded))
            if folded[n - 1] in BEFORE
        ),
    }


def other_gender(folded: str) -> str:
    """Return a word as it would be of the other gender; itself where that cannot be seen."""
    ending = {"a": "o", "o": "a"}.get(folded[-1:])
    return folded[:-1] + ending if ending else folded


_SMALL = re.compile("(?P<base>.{2,}?)(?P<joint>e?c|qu|gu)?it(?P<end>[oa])s?")


def not_small(folded: str) -> list[str]:
    """Return what a diminutive may be made of, folded: perrito, perro; callecita, calle; barquito, barco; arbolito, árbol."""
    small = _SMALL.fullmatch(folded)
    if not small:
        return []
    base, joint, end = small["base"], small["joint"] or "", small["end"]
    if joint.endswith("c"):
        return [base + "e", base]
    spelt = base + {"qu": "c", "gu": "g"}.get(joint, "")
    return [spelt + end, *([base] if base[-1] == "l" and not joint else [])]


def distance(a: str, b: str, most: int = 3) -> int:
    """Return how many slips lead from `a` to `b`: a letter more, less, other, or two exchanged (Damerau); at most `most`."""
    if abs(len(a) - len(b)) >= most:
        return most
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return min(last[-1], most)


def begins_nearly(typed: str, word: str) -> bool:
    """Tell whether one slip keeps `word` from beginning as `typed`: a letter more, less, other, or two exchanged.

    After it a right letter follows: else every word with the same letters before it would begin so.
    """
    same = next((n for n, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), len(word))
    rest, there = typed[same:], word[same:]
    if not rest or there[1:].startswith(rest):
        return bool(rest)
    exchanged = rest[1:2] + rest[:1] + rest[2:]
    return len(rest) > 1 and (
        there.startswith((rest[1:], exchanged)) or there[1:].startswith(rest[1:])
    )


def near(typed: str, candidates: Iterable[tuple[str, int]]) -> list[str]:
    """Return which of `candidates` (folded word, how frequent) were perhaps meant by `typed`, the most probable first.

    What sounds the same is nearer than any other slip, however it is spelt where titles, tags or summaries have it (kito,
    Quito); then spelling, the first letter, and frequency decide.
    """
    one, heard = singular(typed), sound(typed)
    scored = []
    for word, frequency in candidates:
        slips = min(distance(typed, word), distance(one, singular(word)))  # horarois, horarios
        heard_slips = distance(heard, sound(word))
        allowed = 2 if len(typed) > 8 else 1
        if word != typed and (heard_slips == 0 or slips <= allowed):
            least = min(
                heard_slips, slips
            )  # one letter less may sound quite otherwise: participacón
            spelt = 0 if frequency and not heard_slips else slips / 2
            scored.append((least + spelt, word[0] != typed[0], -frequency, word))
    return [word for *_, word in sorted(scored)]
