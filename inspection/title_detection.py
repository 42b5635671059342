"""Detect a PDF's title by the largest type on page one, whatever the metadata say."""

import ctypes
from math import hypot
from statistics import median
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from inspection.text_cleanup import clean_text, one_line

MAX_CHARACTERS = 6_000
"""How many characters of the page are measured."""
_LARGER = 1.15
"""How many times larger than the page's usual line a heading is."""
_LIKE = 0.9
"""Lines at least this share of the largest one's height belong to it."""
_ENOUGH_WORDS = 3
"""A heading of fewer words ("GUÍA") takes in the large lines that follow."""
_LONGEST = 300
_SLANT = 0.1
"""Radians beyond which a character is no part of the text."""


class TextLine(NamedTuple):
    """One line of the page: its words, and the height of its letters in points."""

    text: str
    height: float


def detect_title(page: pypdfium2.PdfPage) -> str:
    """Return the largest lines of a page as one, or "" where no line is larger than the others."""
    text_page = page.get_textpage()
    try:
        lines = _lines(text_page)
    finally:
        text_page.close()
    largest = max((line.height for line in lines), default=0.0)
    others = [line.height for line in lines if line.height < _LIKE * largest]
    if not others or largest < _LARGER * median(others):
        return ""
    return one_line(" ".join(_run(lines, largest, median(others))), _LONGEST)


def _run(lines: list[TextLine], largest: float, usual: float) -> list[str]:
    """Return the first lines of the largest size; a heading too short for a title continues in the next large lines."""
    start = next(i for i, line in enumerate(lines) if line.height >= _LIKE * largest)
    run: list[str] = []
    for line in lines[start:]:
        words = " ".join(run).split()
        same = line.height >= _LIKE * largest
        if not same and (len(words) >= _ENOUGH_WORDS or line.height < _LARGER * usual):
            break
        run.append(line.text)
    return run


def _lines(text_page: pypdfium2.PdfTextPage) -> list[TextLine]:
    """Return the lines with at least two letters; slanted ones (a watermark) are left out.

    PDFium joins what overlaps in height, so a line also ends where the next letter stands on another one.
    """
    found: list[TextLine] = []
    letters: list[str] = []
    heights: list[float] = []
    ground = 0.0
    for index in range(min(text_page.count_chars(), MAX_CHARACTERS)):
        letter = chr(pdfium.FPDFText_GetUnicode(text_page, index))
        if abs(pdfium.FPDFText_GetCharAngle(text_page, index)) > _SLANT:
            continue
        if letter.isalnum():
            height, before, ground = (
                letter_height(text_page, index),
                ground,
                _ground(text_page, index),
            )
            if heights and abs(ground - before) > min(height, heights[-1]) / 2:
                _close(found, letters, heights)
            heights.append(height)
        letters.append(letter)
    _close(found, letters, heights)
    return found


def _close(found: list[TextLine], letters: list[str], heights: list[float]) -> None:
    text = " ".join(clean_text("".join(letters)).split())
    if sum(letter.isalpha() for letter in text) >= 2:
        found.append(TextLine(text, median(heights)))
    letters.clear()
    heights.clear()


def letter_height(text_page: pypdfium2.PdfTextPage, index: int) -> float:
    """Return the size of a character in points: its font's, times the scale of its matrix."""
    matrix = pdfium.FS_MATRIX()
    size = pdfium.FPDFText_GetFontSize(text_page, index)
    if pdfium.FPDFText_GetMatrix(text_page, index, ctypes.byref(matrix)):
        size *= hypot(matrix.c, matrix.d)
    return round(size, 1)


def _ground(text_page: pypdfium2.PdfTextPage, index: int) -> float:
    """Return the height on the page, in points, of a character's baseline."""
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text_page, index, ctypes.byref(x), ctypes.byref(y))
    return y.value
