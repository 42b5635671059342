"""Spanish word frequencies, folded: they tell a slip from a word, and a verb from a noun."""

from collections.abc import Iterable
from functools import cache

from search.language.folding import fold

BEGINNING = 4  # letters that words stored together share
RARE = 50  # how frequent a word is at most of which the dictionary knows only that it exists


class WordFrequencies:
    """Folded word → how frequent it is.

    Words that begin alike are lines of one string: a dictionary of 86,000 strings takes four times the memory.
    """

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self._lines: dict[str, str] = {}
        # Of words that fold alike the most frequent one comes first, and is found.
        for written, times in sorted(words, key=lambda word: (word[1], word[0]), reverse=True):
            folded = fold(written)
            start, accented = folded[:BEGINNING], "" if written == folded else written
            former = self._lines.get(start, "\n")
            self._lines[start] = f"{former}{folded}\t{times}\t{accented}\n"

    def __contains__(self, folded: str) -> bool:
        lines = self._lines.get(folded[:BEGINNING])
        return lines is not None and f"\n{folded}\t" in lines

    def _entry(self, folded: str) -> list[str]:
        """Return frequency and spelling of a word, or nothing."""
        _, found, rest = self._lines.get(folded[:BEGINNING], "").partition(f"\n{folded}\t")
        return rest.partition("\n")[0].split("\t") if found else []

    def __getitem__(self, folded: str) -> int:
        """Return how frequent a word is, 0 for what is none."""
        entry = self._entry(folded)
        return int(entry[0]) if entry else 0

    def written(self, folded: str) -> str:
        """Return a word as it is written, with its accents."""
        entry = self._entry(folded)
        return (entry[1] if entry else "") or folded


@cache
def word_frequencies() -> WordFrequencies:
    """Return the dictionary: 86,000 words, read in a fifth of a second when a process first needs one."""
    from spellchecker import SpellChecker

    return WordFrequencies(SpellChecker(language="es").word_frequency.items())


def is_common(folded: str) -> bool:
    """Return whether a word is in frequent use."""
    return word_frequencies()[folded] > RARE
