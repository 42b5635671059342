"""Read the lines of a PDF page with their place, type size and role in the structure tree."""

import ctypes
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from inspection.pdf_layout import lines_of
from inspection.pdf_tags import Tag, tags_of
from inspection.title_detection import letter_height

SAMPLES = 9
"""Letters of a line that are measured."""
_BOLD = 600
"""Weight from which a type is bold (CSS Fonts, font-weight)."""
_WIDE = 0.6
"""A line whose letters take more than so many times their height, on average, may have gaps."""
_GAP = 1.8
"""A blank wider than so many times the type's size parts two columns."""


_BETWEEN = re.compile(r"(?<=[^\s.…]) +(?=[^\s.…])")


@dataclass(frozen=True)
class Line:
    """A line of text; places and sizes in points, from the lower left corner of the page."""

    text: str
    size: float = 0.0
    is_bold: bool = False
    left: float = 0.0
    right: float = 0.0
    ground: float = 0.0
    """The height of its baseline; 0 where nothing could be measured."""
    has_gaps: bool = False
    tag: Tag | None = None
    cells: tuple[tuple[Tag, str], ...] = ()
    """The pieces of a line in a tagged table, each with the tag of its cell."""


def page_lines(page: pypdfium2.PdfPage) -> list[Line]:
    """Return the lines of a page in reading order, empty ones left out. Raises PdfiumError."""
    text_page = page.get_textpage()
    try:
        tags = tags_of(page)
        return [_measured(text_page, *found, tags) for found in lines_of(text_page)]
    finally:
        text_page.close()


def _measured(
    text_page: pypdfium2.PdfTextPage, text: str, start: int, raw: str, tags: dict[int, Tag]
) -> Line:
    """Return a line with what a few of its letters tell; `start` and `raw` are its place and letters in PDFium's text."""
    letters = [at for at, letter in enumerate(raw) if letter.isalnum()] or [
        at for at, letter in enumerate(raw) if not letter.isspace()
    ]
    step = max(1, len(letters) // SAMPLES)
    places = [_place(text_page, start + at) for at in {*letters[::step], *letters[-1:]}]
    places = sorted(place for place in places if place >= 0)
    if not places:
        return Line(text)
    sizes = [letter_height(text_page, place) for place in places]
    bold = sum(_is_bold(text_page, place) for place in places)
    (left, _, ground), (_, right, _) = _box(text_page, places[0]), _box(text_page, places[-1])
    size = median(sizes)
    found = (
        [tag for place in places if (tag := tags.get(_mark_of(text_page, place)))] if tags else []
    )
    tag = max(found, key=found.count) if found else None
    return Line(
        text,
        size,
        bold * 2 > len(places),
        left,
        right,
        ground,
        right - left > _WIDE * size * len(raw.strip()) and _has_gap(text_page, start, raw, size),
        tag,
        _cells(text_page, start, raw, tags) if tag and tag.cell else (),
    )


def _has_gap(text_page: pypdfium2.PdfTextPage, start: int, raw: str, size: float) -> bool:
    """Return whether two words of a line are as far apart as columns are; dots that lead to a number are no gap."""
    for match in _BETWEEN.finditer(raw):
        before = _place(text_page, start + match.start() - 1)
        after = _place(text_page, start + match.end())
        if min(before, after) >= 0:
            gap = _box(text_page, after)[0] - _box(text_page, before)[1]
            if gap > _GAP * size:
                return True
    return False


def _cells(
    text_page: pypdfium2.PdfTextPage, start: int, raw: str, tags: dict[int, Tag]
) -> tuple[tuple[Tag, str], ...]:
    """Return the pieces of a table's line, letter by letter: PDFium writes cells side by side on one line."""
    letters = (
        (tags.get(_mark_of(text_page, _place(text_page, start + at))), c)
        for at, c in enumerate(raw)
    )
    known: list[tuple[Tag | None, str]] = []
    for tag, letter in letters:
        known.append((known[-1][0] if known and (letter.isspace() or not tag) else tag, letter))
    pieces = groupby(known, key=lambda pair: pair[0])
    return tuple((tag, "".join(c for _, c in group)) for tag, group in pieces if tag)


def _place(text_page: pypdfium2.PdfTextPage, index: int) -> int:
    return pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, index)


def _mark_of(text_page: pypdfium2.PdfTextPage, place: int) -> int:
    """Return the identifier of the marked content that a letter is in, or -1."""
    if place < 0:
        return -1
    thing = pdfium.FPDFText_GetTextObject(text_page, place)
    return pdfium.FPDFPageObj_GetMarkedContentID(thing) if thing else -1


def _is_bold(text_page: pypdfium2.PdfTextPage, place: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(text_page, place) >= _BOLD:
        return True
    flags, name = ctypes.c_int(), ctypes.create_string_buffer(120)
    size = pdfium.FPDFText_GetFontInfo(text_page, place, name, len(name), ctypes.byref(flags))
    return 0 < size <= len(name) and any(
        word in name.value for word in (b"Bold", b"Black", b"Heavy")
    )


def _box(text_page: pypdfium2.PdfTextPage, place: int) -> tuple[float, float, float]:
    """Return left, right and baseline of a letter."""
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetLooseCharBox(text_page, place, box)
    pdfium.FPDFText_GetCharOrigin(text_page, place, ctypes.byref(x), ctypes.byref(y))
    return box.left, box.right, y.value


def has_picture(page: pypdfium2.PdfPage) -> bool:
    """Return whether a page holds a picture or drawing, as a scanned one does."""
    with suppress(pypdfium2.PdfiumError):
        return any(_drawn(page))
    return False


def _drawn(page: pypdfium2.PdfPage) -> Iterator[bool]:
    for thing in page.get_objects(max_depth=2):
        yield thing.type in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH)
