"""Set text in lines: the portal's own typefaces, balanced lines, and what they have no letters for."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path(__file__).parent / "fonts"
SERIF = "source-serif-4-latin-600-normal.woff2"
SANS = "source-sans-3-latin-400-normal.woff2"
SANS_BOLD = "source-sans-3-latin-600-normal.woff2"
Font = ImageFont.FreeTypeFont
NO_LETTER = "\uffff"  # a character that no typeface has: it is drawn as the box for missing ones


class NoLetters(ValueError):
    """The typeface lacks letters of a text."""


@lru_cache(maxsize=40)
def font(name: str, size: int) -> Font:
    """Return a typeface of this package at `size` pixels."""
    return ImageFont.truetype(str(FONTS / name), size)


@lru_cache(maxsize=2000)
def has_letter(name: str, letter: str) -> bool:
    """Return whether a typeface has this character."""
    face = font(name, 24)
    return letter.isspace() or bytes(face.getmask(letter)) != bytes(face.getmask(NO_LETTER))


def legible(name: str, text: str) -> str:
    """Return `text` in letters that the typeface has: "№ 5" as "No 5", a foreign accent left out, signs too.

    Raises NoLetters where a letter has no such form: a title in another script.
    """
    drawn = []
    for letter in " ".join(unicodedata.normalize("NFC", text).split()):
        plain = unicodedata.normalize("NFKD", letter)
        for form in (letter, plain, plain[0]):
            if all(has_letter(name, each) for each in form):
                drawn.append(form)
                break
        else:
            if unicodedata.category(letter)[0] in "LN":
                raise NoLetters(letter)
    return " ".join("".join(drawn).split())


def legible_or_none(name: str, text: str) -> str:
    """Return `text` as `legible` does, or "" where the typeface lacks its letters."""
    try:
        return legible(name, text)
    except NoLetters:
        return ""


def balanced(text: str, face: Font, width: int) -> list[str]:
    """Break `text` into as few lines as `width` pixels allow, and those as equal as they can be."""
    lines = broken(text, face, width)
    narrow, wide = 0, width
    while wide - narrow > 4:
        middle = (narrow + wide) // 2
        if len(broken(text, face, middle)) > len(lines):
            narrow = middle
        else:
            wide = middle
    return broken(text, face, wide)


def broken(text: str, face: Font, width: int) -> list[str]:
    """Break `text` into lines of at most `width` pixels; a word that is longer is broken too."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if face.getlength(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while face.getlength(line) > width and len(line) > 1:
            head = _head(line, face, width)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line] if line else lines


def _head(word: str, face: Font, width: int) -> str:
    """Return as much of `word` as `width` holds, one letter at least."""
    length = len(word)
    while length > 1 and face.getlength(word[:length]) > width:
        length -= 1
    return word[:length]


def cut(text: str, face: Font, width: int, lines: int) -> list[str]:
    """Break `text` into at most `lines` lines; where it is longer, the last ends in an ellipsis."""
    found = broken(text, face, width)
    if len(found) <= lines:
        return found
    last = " ".join(found[lines - 1 :])
    while last and face.getlength(f"{last}…") > width:
        last = last[:-1].rstrip()
    return [*found[: lines - 1], f"{last}…"]
