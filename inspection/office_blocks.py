"""Build the blocks of a text document (DOCX, ODT): its own headings, lists and tables."""

import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from inspection.blocks import Block
from inspection.office import flow, local
from inspection.text_cleanup import clean_text
from inspection.zip_container import parse_xml, read_member

_HEADING_NAME = re.compile(r"(?:heading|t[íi]tulo|encabezado)\s*([1-6])$", re.IGNORECASE)
_TITLE_NAME = re.compile(r"(?:title|t[íi]tulo)$", re.IGNORECASE)
_DEEPEST = 40
_MOST_CELLS = 5_000
"""Cells of one table that are read."""

Headings = dict[str, int]
"""The heading level, 1 to 6, of each paragraph style that has one."""


def docx_blocks(archive: zipfile.ZipFile) -> Iterator[Block]:
    """Yield the blocks of a DOCX in reading order (ECMA-376-1, 17.2)."""
    headings = _docx_headings(archive)
    body = next(_named(parse_xml(read_member(archive, "word/document.xml")), "body"), None)
    if body is not None:
        yield from _docx(body, headings, 0)
    if "word/footnotes.xml" in archive.namelist():
        for note in _named(parse_xml(read_member(archive, "word/footnotes.xml")), "footnote"):
            if text := _text(note, mixed=False):
                yield Block("note", text)


def odt_blocks(archive: zipfile.ZipFile) -> Iterator[Block]:
    """Yield the blocks of an ODT in reading order (OpenDocument 1.3, part 3, 5)."""
    root = parse_xml(read_member(archive, "content.xml"))
    body = next((each for each in root.iter() if local(each) == "body"), None)
    if body is not None:
        yield from _odt(body, 0, 0)


def _docx(parent: Element, headings: Headings, depth: int) -> Iterator[Block]:
    for child in parent if depth < _DEEPEST else ():
        name = local(child)
        if name == "p":
            yield from _docx_paragraph(child, headings)
        elif name == "tbl":
            yield from _table(child, "tr", "tc", mixed=False)
        elif name in ("sdt", "sdtContent", "ins", "customXml", "smartTag"):
            yield from _docx(child, headings, depth + 1)


def _docx_paragraph(paragraph: Element, headings: Headings) -> Iterator[Block]:
    text = _text(paragraph, mixed=False)
    if not text:
        return
    style = _value(paragraph, "pStyle")
    level = headings.get(style, 0) or _level(_value(paragraph, "outlineLvl"))
    if level:
        yield Block("heading", text, level)
    elif any(local(each) == "numPr" for each in paragraph.iter()):
        yield Block("item", text, 1 + min(5, int(_value(paragraph, "ilvl") or 0)))
    else:
        yield Block("paragraph", text)


def _docx_headings(archive: zipfile.ZipFile) -> Headings:
    if "word/styles.xml" not in archive.namelist():
        return {f"Heading{level}": level for level in range(1, 7)} | {"Title": 1}
    found: Headings = {}
    for style in _named(parse_xml(read_member(archive, "word/styles.xml")), "style"):
        name = _value(style, "name")
        match = _HEADING_NAME.match(name)
        level = (
            int(match[1])
            if match
            else 1
            if _TITLE_NAME.match(name)
            else _level(_value(style, "outlineLvl"))
        )
        if level:
            found[_attribute(style, "styleId")] = level
    return found


def _level(outline: str) -> int:
    """Return the heading level of an outline level, which counts from 0; 9 is body text."""
    return int(outline) + 1 if outline.isdigit() and int(outline) < 6 else 0


def _odt(parent: Element, lists: int, depth: int) -> Iterator[Block]:
    for child in parent if depth < _DEEPEST else ():
        name = local(child)
        if name == "h":
            if text := _text(child, mixed=True):
                level = _attribute(child, "outline-level")
                yield Block("heading", text, min(6, max(1, int(level or 1))))
        elif name == "p":
            if text := _text(child, mixed=True):
                yield Block("item", text, lists) if lists else Block("paragraph", text)
        elif name == "table":
            yield from _table(child, "table-row", "table-cell", mixed=True)
        elif name not in ("tracked-changes", "forms", "sequence-decls"):
            yield from _odt(child, lists + (name == "list"), depth + 1)


def _table(table: Element, row: str, cell: str, *, mixed: bool) -> Iterator[Block]:
    rows, count = [], 0
    for line in _named(table, row):
        texts = tuple(_text(each, mixed=mixed) for each in _named(line, cell))
        count += len(texts)
        if any(texts) and count <= _MOST_CELLS:
            rows.append(texts)
    if len(rows) == 1 and len(rows[0]) == 1:  # a frame around a text
        yield Block("paragraph", rows[0][0])
    elif rows:
        yield Block("table", level=1, rows=tuple(rows))


def _named(parent: Element, name: str) -> Iterator[Element]:
    return (each for each in parent.iter() if local(each) == name)


def _text(element: Element, *, mixed: bool) -> str:
    return " ".join(clean_text("".join(flow(element, mixed=mixed))).split())


def _value(parent: Element, name: str) -> str:
    """Return the `val` of the first element of this name inside; "" without one."""
    found = next(_named(parent, name), None)
    return _attribute(found, "val") if found is not None else ""


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")
