"""Detect gibberish text layers, which fonts without a character map leave."""

import re

SAMPLE = 60_000
"""Characters that are enough to tell."""
_MIN_WORDS = 300
_MIN_PAGE_WORDS = 30
_UNSPOKEN = 0.4
"""A page of which a larger share of the words has no vowel is illegible."""
_VOWEL = re.compile("[aeiouáéíóúüy]", re.IGNORECASE)
_RARE = 0.01
"""Of the words of any page in Spanish or English, tables included, more than this share are the commonest ones."""
_USUAL = 0.15
"""A text in which so large a share are the commonest words of Spanish is in Spanish."""
_WORD = re.compile(r"[^\W\d_]+")
_SPANISH = frozenset(["de", "la", "el", "en", "que", "los", "las", "del"])
_COMMON = _SPANISH | {"the", "of", "and"}
_TELLING = frozenset(["", "es", "en"])
"""Languages that have those words; a file need not state its own. Kichwa and Shuar have none of them."""
_REMEDY = (
    "Para comprobarlo, copie un párrafo del PDF y péguelo en otro programa. Si tampoco ahí se lee bien, expórtelo de "
    "nuevo desde su programa de origen con las fuentes incrustadas, o páselo por un reconocimiento de texto (OCR), y "
    "reemplácelo."
)
_GIBBERISH = (
    "El texto que se lee del PDF no parece español legible, así que no se podrá buscar en él ni oírlo leído. "
    f"{_REMEDY} Si está en otra lengua, no hay nada que corregir."
)
_WITHOUT_ACCENTS = (
    "El texto que se lee del PDF no parece español legible: ninguna palabra lleva tilde ni eñe, quizá porque esas letras "
    f"se pierden, y las palabras que las llevan no se encontrarán. {_REMEDY}"
)


def quality_warning(text: str, language: str) -> str:
    """Return the Spanish warning about text that does not read as its language; "" where it does.

    `language` is the BCP 47 tag that its file states, or empty.
    """
    words = _WORD.findall(text)
    if len(words) < _MIN_WORDS:
        return ""
    if _share(words, _COMMON) < _RARE:
        return _GIBBERISH if language.partition("-")[0] in _TELLING else ""
    is_spanish = _share(words, _SPANISH) > _USUAL
    in_small_letters = sum(map(str.islower, words)) > len(words) / 2
    if is_spanish and in_small_letters and all(map(str.isascii, words)):
        return _WITHOUT_ACCENTS
    return ""


def is_gibberish(text: str) -> bool:
    """Return whether the words of a page look like those of no language: hardly any has a vowel."""
    words = [word for word in _WORD.findall(text) if len(word) > 2]
    if len(words) < _MIN_PAGE_WORDS:
        return False
    return sum(not _VOWEL.search(word) for word in words) > _UNSPOKEN * len(words)


def _share(words: list[str], common: frozenset[str]) -> float:
    return sum(word.lower() in common for word in words) / len(words)
