"""Read a page's part of a tagged PDF's structure tree (ISO 32000-1, 14.7): which block each marked content is in."""

import ctypes
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

_MOST = 20_000
"""Elements of one page that are looked at."""
_DEEPEST = 60
_HEADINGS = {"Title": 1, "H": 2} | {f"H{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    {"P", "Caption", "BlockQuote", "TOCI", "Lbl", "LBody", "Note", "FENote", "Formula"}
)
_CONTAINERS = frozenset({"Document", "Part", "Art", "Sect", "Div", "Aside", "NonStruct"})


@dataclass(frozen=True)
class Tag:
    """The block that a marked content is in. Numbers tell elements of one page apart."""

    block: int = 0
    heading: int = 0
    """1 to 6, or 0."""
    item: int = 0
    """Number of the list item that it is in, or 0."""
    depth: int = 0
    """How many lists it is in."""
    is_note: bool = False
    table: int = 0
    row: int = 0
    cell: int = 0
    is_header: bool = False


def tags_of(page: pypdfium2.PdfPage) -> dict[int, Tag]:
    """Return marked content identifier → tag; {} for a page without tags."""
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    if not tree:
        return {}
    try:
        return _Walk().read(tree)
    finally:
        pdfium.FPDF_StructTree_Close(tree)


class _Walk:
    """A walk through the elements of one page, numbered as they come."""

    def __init__(self) -> None:
        self._tags: dict[int, Tag] = {}
        self._count = 0

    def read(self, tree: Any) -> dict[int, Tag]:
        for place in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            self._visit(pdfium.FPDF_StructTree_GetChildAtIndex(tree, place), Tag(), 0)
        return self._tags

    def _visit(self, element: Any, outer: Tag, depth: int) -> None:
        self._count += 1
        if not element or depth > _DEEPEST or self._count > _MOST:
            return
        tag = _inside(_type(element), self._count, outer)
        for place in range(max(0, pdfium.FPDF_StructElement_CountChildren(element))):
            mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, place)
            if mark >= 0:
                self._tags[mark] = tag
            else:
                child = pdfium.FPDF_StructElement_GetChildAtIndex(element, place)
                self._visit(child, tag, depth + 1)


def _inside(name: str, number: int, outer: Tag) -> Tag:
    """Return the tag of what is in an element of this type."""
    if name in _HEADINGS:
        return replace(outer, block=number, heading=_HEADINGS[name])
    if name == "L":
        return replace(outer, depth=outer.depth + 1)
    if name == "LI":
        return replace(outer, item=number, block=number)
    if name == "Table":
        return replace(outer, table=number, row=0, cell=0)
    if name == "TR":
        return replace(outer, row=number)
    if name in ("TD", "TH"):
        return replace(outer, cell=number, block=number, is_header=name == "TH")
    if name in _CONTAINERS:
        return replace(outer, block=number)
    if name in _BLOCKS:
        is_note = outer.is_note or name in ("Note", "FENote")
        block = outer.block if outer.item else number  # an item is one block, however it is divided
        return replace(outer, block=block, is_note=is_note)
    return outer if outer.block else replace(outer, block=number)


def _type(element: Any) -> str:
    size = pdfium.FPDF_StructElement_GetType(element, None, 0)
    if not 2 < size <= 200:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDF_StructElement_GetType(element, buffer, size)
    return buffer.raw[: size - 2].decode("utf-16-le", "ignore")
