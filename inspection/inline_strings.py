"""Read inline strings of a workbook: text in its sheets, outside the shared strings (ECMA-376-1, 18.3.1.4 and 18.3.1.53)."""

import zipfile
from xml.etree.ElementTree import ParseError, XMLParser

from inspection.zip_container import chunks, refuse_damaged

SHEETS = "xl/worksheets/"
_HAS_WORDS = (b"inlineStr", b'"str"', b"'str'", b"\0")
"""A sheet without any of these has numbers and references to shared strings alone, and is not parsed."""
_OVERLAP = 16
_MAX_XML = 30_000_000
"""Bytes of sheets that are parsed for their words: a hundred megabytes would take all the time that an inspection has."""


class _Full(Exception):
    """Ends the parsing once enough text was read."""


class _Words:
    """A parser target that collects inline strings and the text results of formulas, one cell per line."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.found: list[str] = []
        self.is_string_result = False
        self.is_phonetic = False
        self.is_kept = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Note whether the following data is text."""
        name = tag.rpartition("}")[2]
        if name == "c":
            self.is_string_result = attributes.get("t") == "str"
        elif name == "rPh":
            self.is_phonetic = True
        self.is_kept = (name == "t" and not self.is_phonetic) or (
            name == "v" and self.is_string_result
        )

    def data(self, text: str) -> None:
        """Collect text, up to the limit."""
        if self.is_kept:
            self.found.append(text)
            self.room -= len(text)
            if self.room < 0:
                raise _Full

    def end(self, tag: str) -> None:
        """End the line at the end of a cell."""
        name = tag.rpartition("}")[2]
        self.is_kept = False
        if name == "rPh":
            self.is_phonetic = False
        elif name == "c" and self.found and self.found[-1] != "\n":
            self.found.append("\n")

    def doctype(self, name: str, public: str, system: str) -> None:
        """Refuse entities, as `parse_xml` does."""
        refuse_damaged("DTD in office XML")

    def close(self) -> None:
        """Do nothing at the end of the part."""


def inline_strings(archive: zipfile.ZipFile, room: int) -> tuple[list[str], bool]:
    """Return the inline text of all sheets, about `room` characters at most, and whether it is complete."""
    found: list[str] = []
    left = _MAX_XML
    names = [name for name in archive.namelist() if name.lower().startswith(SHEETS)]
    for name in sorted(names, key=lambda name: (len(name), name)):
        if not (name.lower().endswith(".xml") and _has_words(archive, name)):
            continue
        if room < 0 or left < 0:
            return found, False
        words = _Words(room)
        left -= _read(archive, name, words, left)
        found += words.found
        room = words.room
    return found, room >= 0 and left >= 0


def _has_words(archive: zipfile.ZipFile, name: str) -> bool:
    before = b""
    for chunk in chunks(archive, archive.getinfo(name)):
        if any(word in before + chunk for word in _HAS_WORDS):
            return True
        before = chunk[-_OVERLAP:]
    return False


def _read(archive: zipfile.ZipFile, name: str, words: _Words, most: int) -> int:
    """Parse a sheet up to `most` bytes, and return the number of bytes read."""
    parser, done = XMLParser(target=words), 0  # noqa: S314 - no DTD, no tree, and the child has its limits
    try:
        for chunk in chunks(archive, archive.getinfo(name)):
            parser.feed(chunk)
            done += len(chunk)
            if done > most:
                return done
        parser.close()
    except (ParseError, ValueError, LookupError, _Full):
        pass  # what was read until then stands
    return done
