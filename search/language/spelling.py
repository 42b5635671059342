"""Words that were probably meant: how Spanish words are misspelt, and how far two spellings are apart."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product
from string import ascii_lowercase

from search.language.dictionary import word_frequencies
from search.language.stemming import singular
from search.language.verbs import is_form

SHORTEST = 4  # letters; shorter words have too many neighbours
VERY_LONG = 8  # letters of a word that two slips make no other one
LONGEST = 25  # letters of a word that is looked for in the dictionary
LONGEST_KEY = 40

BEFORE = frozenset("cgpq")  # letters that sound as the next one makes them

MOST_SPELLINGS = 16  # of one word that are looked for
ALIKE = {
    **{"b": ("b", "v"), "v": ("v", "b"), "s": ("s", "c", "z"), "z": ("z", "c", "s")},
    **{"c": ("c", "s"), "k": ("c", "qu"), "qu": ("qu", "c"), "x": ("x", "cc", "s")},
    **{"y": ("y", "ll"), "ll": ("ll", "y"), "j": ("j", "g"), "g": ("g", "j"), "h": ("h", "")},
}
"""How else a letter may be spelt, where it sounds so or not: only words of the dictionary count."""
PIECES = re.compile("qu|ll|.")

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
    (re.compile("cs+"), "s"),  # asión, acción
    (re.compile(r"(.)\1+"), r"\1"),
]


def is_spanish(folded: str) -> bool:
    """Return whether a folded word is Spanish, plurals, verb forms and n for ñ (contrasena) included."""
    spelt = [folded, *(f"{folded[:n]}ñ{folded[n + 1 :]}" for n, c in enumerate(folded) if c == "n")]
    return any(
        word in word_frequencies() or singular(word) in word_frequencies() or is_form(word)
        for word in spelt
    )


def phonetic_key(folded: str) -> str:
    """Return how a folded word sounds in Ecuador: b and v, s, c and z, ll and y are one; h is none."""
    for pattern, heard in _SOUNDS:
        folded = pattern.sub(heard, folded)
    return folded[:LONGEST_KEY]


def deletion_variants(folded: str) -> set[str]:
    """Return how a word sounds, whole and with one letter missing: two words that share a key are one slip apart.

    The letter may be missing from the sound or, where that makes another one sound otherwise, from the spelling (accón).
    """
    if len(folded) < SHORTEST:
        return set()
    heard = phonetic_key(folded)
    return {
        heard,
        *(heard[:n] + heard[n + 1 :] for n in range(len(heard))),
        *(
            phonetic_key(folded[:n] + folded[n + 1 :])
            for n in range(1, len(folded))
            if folded[n - 1] in BEFORE
        ),
    }


def other_gender(folded: str) -> str:
    """Return a word as it would be of the other gender; itself where that cannot be seen."""
    ending = {"a": "o", "o": "a"}.get(folded[-1:])
    return folded[:-1] + ending if ending else folded


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


def is_variant(one: str, other: str) -> bool:
    """Return whether two folded words differ by an optional consonant: trasparente, setiembre, oscuro."""
    short, long = sorted((singular(one), singular(other)), key=len)
    same = next(
        (n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    left_out, rest = long[same : same + 1], long[same + 1 :]
    return rest == short[same:] and bool(re.match("[nbpcs][^aeiou]", left_out + rest))


def begins_nearly(typed: str, word: str) -> bool:
    """Return whether `word` begins like `typed` with at most one edit: insertion, deletion, substitution, transposition.

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


@lru_cache(maxsize=1000)
def from_dictionary(folded: str) -> tuple[str, ...]:
    """Return the Spanish words that were perhaps meant by a folded one that is none, as they are written, the likeliest first.

    One slip away, and however it may be spelt that sounds so (avertos, abierto): no index of sounds is needed for that.
    """
    if not SHORTEST <= len(folded) <= LONGEST:
        return ()
    dictionary, one = word_frequencies(), singular(folded)
    endings = {folded: "", one: folded[len(one) :] if folded.startswith(one) else ""}
    found: dict[str, tuple] = {}
    for word, ending in endings.items():
        spelt = spelt_alike(word)
        near = spelt.union(*map(_slips, spelt)) - endings.keys()
        for meant in filter(dictionary.__contains__, near):
            is_heard = phonetic_key(meant) == phonetic_key(word)
            found[dictionary.written(meant) + ending] = (
                not is_heard,
                meant not in spelt,
                meant[0] != word[0],
                -dictionary[meant],
            )
    return tuple(sorted(found, key=lambda spelling: found[spelling]))


def spelt_alike(word: str) -> set[str]:
    """Return the homophone spellings of a folded word, itself included."""
    pieces = [ALIKE.get(piece, (piece,)) for piece in PIECES.findall(word)]
    return {"".join(spelt) for spelt in islice(product(*pieces), MOST_SPELLINGS)}


def _slips(word: str) -> Iterator[str]:
    """Yield the words at edit distance one (Damerau-Levenshtein)."""
    for n in range(len(word) + 1):
        start, rest = word[:n], word[n:]
        yield start + rest[1:]
        yield start + rest[1:2] + rest[:1] + rest[2:]
        for letter in ascii_lowercase:
            yield start + letter + rest
            yield start + letter + rest[1:]


def near(typed: str, candidates: Iterable[tuple[str, int]]) -> list[str]:
    """Return which of `candidates` (folded word, how frequent) were perhaps meant by `typed`, the most probable first.

    What sounds the same is nearer than any other slip, however it is spelt where titles, tags or summaries have it (kito,
    Quito); then spelling, the first letter, and frequency decide.
    """
    one, heard = singular(typed), phonetic_key(typed)
    scored = []
    for word, frequency in candidates:
        slips = min(distance(typed, word), distance(one, singular(word)))  # horarois, horarios
        heard_slips = distance(heard, phonetic_key(word))
        allowed = 2 if len(typed) > VERY_LONG else 1
        if word != typed and (heard_slips == 0 or slips <= allowed):
            least = min(
                heard_slips, slips
            )  # one letter less may sound quite otherwise: participacón
            spelt = 0 if frequency and not heard_slips else slips / 2
            scored.append((least + spelt, word[0] != typed[0], -frequency, word))
    return [word for *_, word in sorted(scored)]
