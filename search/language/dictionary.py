"""Spanish word frequencies, folded: they tell a slip from a word, and a verb from a noun."""

from functools import cache

from search.language.folding import fold

RARE = 50  # how frequent a word is at most of which the dictionary knows only that it exists


@cache
def word_frequencies() -> dict[str, int]:
    """Return folded word → how frequent it is.

    Of 86,000 words, read in a fifth of a second when a process first needs one.
    """
    return _read()[0]


def written(folded: str) -> str:
    """Return a word of the dictionary as it is written, with its accents."""
    return _read()[1].get(folded, folded)


@cache
def _read() -> tuple[dict[str, int], dict[str, str]]:
    """Return the frequencies and, by folded word, the spelling of the words that are written otherwise."""
    from spellchecker import SpellChecker

    times: dict[str, int] = {}
    spelt: dict[str, str] = {}
    numbers: dict[int, int] = {}  # most words share a frequency: one object for each in memory
    for word, frequency in SpellChecker(language="es").word_frequency.items():
        folded = fold(word)
        if folded == word:
            folded = word  # one string in memory instead of two
        former = times.get(folded)
        if former is None or (frequency, word) > (former, spelt.get(folded, folded)):
            times[folded] = numbers.setdefault(frequency, frequency)
            if folded is word:
                spelt.pop(folded, None)
            else:
                spelt[folded] = word
    return times, spelt


def is_common(folded: str) -> bool:
    """Return whether a word is in frequent use."""
    return word_frequencies().get(folded, 0) > RARE
