"""The text of a PDF's page as it lies on the page: with its lines apart, and without what only type-setting put in or took out."""

import pypdfium2

from .text import clean_text


def page_text(page: pypdfium2.PdfPage) -> str:
    """The text that a reader of the page sees. Raises PdfiumError.

    PDFium tells either what lies within the page, without the break between lines that begin at one height, or
    everything with its breaks: the letters are taken from the first, the breaks from the second.
    """
    text_page = page.get_textpage()
    try:
        seen = text_page.get_text_bounded().replace("\u0002", "\ufffe")
        whole = _whole(text_page)
    finally:
        text_page.close()
    if whole != seen:
        whole = _cut_at_the_edge(whole, _letters(seen)) or seen
    return clean_text(whole)


def _whole(text_page: pypdfium2.PdfTextPage) -> str:
    try:
        return text_page.get_text_range()
    except (AssertionError, RecursionError):  # of the library, where many characters have no text
        return ""


def _letters(text: str) -> str:
    """A text without blanks and without the hyphens of lines' ends."""
    return "".join(text.replace("\ufffe", "").split())


def _cut_at_the_edge(whole: str, letters: str) -> str:
    """The lines of a text as far as its letters are these, in this order; nothing where some would be left over."""
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
    """The beginning of a line that has these letters, in this order."""
    used = 0
    for at, letter in enumerate(line):
        if _letters(letter):
            if letters[used : used + 1] != letter:
                return line[:at]
            used += 1
    return line
