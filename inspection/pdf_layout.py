"""Extract a PDF page's text with its line breaks, and without the artefacts of typesetting."""

import re
from collections.abc import Iterator
from itertools import islice, pairwise
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from inspection.text_cleanup import clean_text
from inspection.title_detection import letter_height

_SMALLER = 0.9
"""A mark's digits are at most so many times as high as the letters of its word."""
_MARK = re.compile(r"\d(?<=[a-záéíóúñü´ı]{4}\d)\d{0,2}\b")
_NOTE = re.compile(r"\n(\d{1,3})(?=[A-ZÁÉÍÓÚÑ][a-záéíóúñ]{2,} )")
_CAPITAL = "[´˜¨]?[A-ZÁÉÍÓÚÜÑ]"
_SPACED = re.compile(rf"^(?:{_CAPITAL} ){{3,}}{_CAPITAL}(?!\S)(?=([^\r\n]*))", re.MULTILINE)
_ROMAN = re.compile(r"\s*[IVXLC]*\s*")
_MOST = 1_000
"""Marks, and headings, that are looked at on one page: more are no text."""
_SURELY_WORDS = 7
"""So many letters in a row are words whatever follows on their line."""
_VOWELS = frozenset("AEIOUÁÉÍÓÚÜ")


def page_text(page: pypdfium2.PdfPage) -> str:
    """Return the text visible on the page. Raises PdfiumError.

    PDFium returns either the text within the page, without breaks between lines that begin at one height, or all text
    with its breaks: the letters come from the first, the breaks from the second.
    """
    text_page = page.get_textpage()
    try:
        seen = text_page.get_text_bounded().replace("\u0002", "\ufffe")
        whole = _whole(text_page)
        meant = _as_meant(text_page, whole)
    finally:
        text_page.close()
    if whole != seen:
        meant = _cut_at_the_edge(meant, _letters(seen)) or seen
    return _NOTE.sub(r"\n\1 ", "\n" + clean_text(meant))[1:]


def lines_of(text_page: pypdfium2.PdfTextPage) -> Iterator[tuple[str, int, str]]:
    """Yield the visible lines as `page_text` has them, before words split at line ends are joined.

    With each goes where it begins in PDFium's own text, and its letters there. Where PDFium gives no line breaks, all
    text is one line.
    """
    seen = text_page.get_text_bounded().replace("\u0002", "\ufffe")
    whole = _whole(text_page)
    meant = _as_meant(text_page, whole)
    if whole != seen:
        meant = _cut_at_the_edge(meant, _letters(seen))
        if not meant:
            yield seen, 0, ""
            return
    start = 0
    for line, raw in zip(meant.split("\n"), whole.split("\n"), strict=True):
        if line.strip():
            yield line.strip("\r "), start, raw.rstrip("\r")
        start += len(raw) + 1


def _whole(text_page: pypdfium2.PdfTextPage) -> str:
    try:
        return text_page.get_text_range()
    except (AssertionError, RecursionError):  # of the library, where many characters have no text
        return ""


def _letters(text: str) -> str:
    """Return a text without blanks and without the hyphens at line ends."""
    return "".join(text.replace("\ufffe", "").split())


def _cut_at_the_edge(whole: str, letters: str) -> str:
    """Return the lines whose letters are these, in this order; "" where some would be left over."""
    kept, used = [], 0
    for line in whole.split("\n"):
        inside = _letters(line)
        if not letters.startswith(inside, used):
            line = _common(line, letters[used : used + len(inside)])
            inside = _letters(line)
        kept.append(line)
        used += len(inside)
    return "\n".join(kept) if used == len(letters) else ""


def _common(line: str, letters: str) -> str:
    """Return the beginning of a line that has these letters, in this order."""
    used = 0
    for at, letter in enumerate(line):
        if _letters(letter):
            if letters[used : used + 1] != letter:
                return line[:at]
            used += 1
    return line


def _as_meant(text_page: pypdfium2.PdfTextPage, text: str) -> str:
    """Return the text with footnote marks apart from their words and letter-spaced headings closed up."""
    parts, done = [], 0
    for start, end, new in sorted([*_marks(text_page, text), *_headings(text_page, text)]):
        parts += [text[done:start], new]
        done = end
    return "".join([*parts, text[done:]])


def _marks(text_page: pypdfium2.PdfTextPage, text: str) -> Iterator[tuple[int, int, str]]:
    """Yield a space before each number that is smaller than the word before it: "disposición¹²", and not "covid19"."""
    for match in islice(_MARK.finditer(text), _MOST):
        at = _places(text_page, text, [match.start() - 1, match.start()])
        if at and letter_height(text_page, at[1]) < _SMALLER * letter_height(text_page, at[0]):
            yield match.start(), match.start(), " "


def _headings(text_page: pypdfium2.PdfTextPage, text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the words of letter-spaced lines such as "T Í T U L O  I", separated at the wider gaps."""
    for match in islice(_SPACED.finditer(text), _MOST):
        letters = match[0].split()
        if len(letters) < _SURELY_WORDS and not _ROMAN.fullmatch(match[1]):
            continue
        ends = [found.end() for found in re.finditer(_CAPITAL, match[0])]
        at = _places(text_page, text, [match.start() + end - 1 for end in ends])
        if at and _are_words("".join(letters)):
            yield match.start(), match.end(), _closed_up(text_page, letters, at)


def _are_words(letters: str) -> bool:
    """Return whether capitals in a row may be words; a table's columns are not: A B C D, X X X X."""
    found = set(letters)
    in_turn = all(ord(after) - ord(before) == 1 for before, after in pairwise(letters))
    return len(found) > 2 and bool(found & _VOWELS) and bool(found - _VOWELS) and not in_turn


def _closed_up(text_page: pypdfium2.PdfTextPage, letters: list[str], at: list[int]) -> str:
    """Return letters joined to words, or unchanged where gaps are wider than letters are high, as in a table."""
    boxes = [_sides(text_page, index) for index in at]
    gaps = [right[0] - left[1] for left, right in pairwise(boxes)]
    usual, height = median(gaps), letter_height(text_page, at[0])
    if usual > height:
        return " ".join(letters)
    wide = max(1.5 * usual, usual + height / 10)
    return letters[0] + "".join(
        (" " if gap > wide else "") + letter for gap, letter in zip(gaps, letters[1:], strict=True)
    )


def _sides(text_page: pypdfium2.PdfTextPage, index: int) -> tuple[float, float]:
    """Return where a character begins and ends on its line, in points, the blank around it included."""
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text_page, index, box)
    return box.left, box.right


def _places(text_page: pypdfium2.PdfTextPage, text: str, at: list[int]) -> list[int]:
    """Return PDFium's numbers of characters of the text; [] where it counts them otherwise."""
    places = [pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, index) for index in at]
    same = all(
        place >= 0 and pdfium.FPDFText_GetUnicode(text_page, place) == ord(text[index])
        for place, index in zip(places, at, strict=True)
    )
    return places if same else []
