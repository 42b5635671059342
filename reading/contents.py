"""List of contents, heading levels and parts of a document, from its blocks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from inspection.blocks import Block, DocumentText, ReadPage
from resources.text import slug_of

PART_CHARACTERS = 60_000
"""Text of one part of a long document; compressed a part then weighs some 20 to 30 kB."""
FEWEST_BOOKMARKS = 3
MOST_ENTRIES = 300
DEEPEST = 3
"""Levels of headings that are told apart; a page shows them as h2 to h4."""
LONGEST = 160
"""Characters of a heading in the list of contents."""


@dataclass(frozen=True)
class Entry:
    """An entry of the list of contents. `block` is the heading's place on its page, or -1 for a bookmark."""

    title: str
    level: int
    page: int
    anchor: str
    block: int = -1


def levelled(pages: Sequence[ReadPage]) -> list[ReadPage]:
    """Return the pages with heading levels 1 to 3, the largest of the document first.

    One heading larger than all others is the document's title, which the page has already: it counts as the next ones.
    """
    headings = [b for page in pages for b in page.blocks if b.kind == "heading"]
    used = sorted({block.level for block in headings})
    first = 1
    if len(used) > 1 and sum(block.level == used[0] for block in headings) == 1:
        first = 0
    level = {old: max(1, min(new, DEEPEST)) for new, old in enumerate(used, first)}
    return [
        replace(page, blocks=tuple(_levelled(block, level) for block in page.blocks))
        for page in pages
    ]


def _levelled(block: Block, level: dict[int, int]) -> Block:
    return replace(block, level=level[block.level]) if block.kind == "heading" else block


def contents_of(document: DocumentText) -> list[Entry]:
    """Return the list of contents: the document's bookmarks where it has some, else its headings."""
    headings = headings_of((number, page.blocks) for number, page in enumerate(document.pages, 1))
    marks = [mark for mark in document.bookmarks if mark[1]]
    if len(marks) < FEWEST_BOOKMARKS:
        return headings
    known = {(entry.page, _letters(entry.title)): entry for entry in headings}
    entries = []
    for title, page, level in marks[:MOST_ENTRIES]:
        same = known.get((page or 1, _letters(title[:LONGEST])))
        entry = same or Entry(title[:LONGEST], level, page or 1, f"p{page}")
        entries.append(replace(entry, level=min(level, DEEPEST)))
    return entries


def _letters(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))


def headings_of(pages: Iterable[tuple[int, Sequence[Block]]]) -> list[Entry]:
    """Return the headings of pages, by their numbers, each with an anchor of its own."""
    found: list[Entry] = []
    taken: dict[str, int] = {}
    for number, blocks in pages:
        for place, block in enumerate(blocks):
            if block.kind == "heading" and len(found) < MOST_ENTRIES:
                anchor = slug_of(block.text)[:60].strip("-") or f"p{number}-{place}"
                taken[anchor] = taken.get(anchor, 0) + 1
                if taken[anchor] > 1:
                    anchor = f"{anchor}-{taken[anchor]}"
                found.append(Entry(block.text[:LONGEST], block.level, number, anchor, place))
    return found


def parts_of(pages: Sequence[ReadPage]) -> list[int]:
    """Return the part, from 1, in which each page is shown: a full part ends, if it can, before a large heading."""
    parts, part, length = [], 1, 0
    for page in pages:
        size = sum(len(block.plain) for block in page.blocks)
        opens = bool(page.blocks) and page.blocks[0].kind == "heading" and page.blocks[0].level == 1
        is_full = length + size > PART_CHARACTERS or (opens and length > 0.7 * PART_CHARACTERS)
        if length and is_full:
            part, length = part + 1, 0
        parts.append(part)
        length += size
    return parts
