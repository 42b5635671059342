"""Blocks of a document's text: headings, paragraphs, list items, notes and tables, page by page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["heading", "paragraph", "item", "note", "table"]
Doubt = Literal["", "table", "illegible", "scan"]
"""Why the text of a page cannot be trusted: columns without tags, unreadable letters, a picture without text."""

Row = tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """One block of text, on one line. A table has rows instead, the first `level` of them headings."""

    kind: Kind
    text: str = ""
    level: int = 0
    """Of a heading, 1 to 6; of a list item, how deep it lies, from 1; of a table, how many rows are headings."""
    mark: str = ""
    """The number or letter of an ordered item, as it is written: "a)", "1."; "" for a bullet."""
    rows: tuple[Row, ...] = ()

    @property
    def plain(self) -> str:
        """The text with its mark; of a table, a line for each row."""
        if self.kind == "table":
            return "\n".join(" ".join(filter(None, row)) for row in self.rows)
        return f"{self.mark} {self.text}" if self.mark else self.text


@dataclass(frozen=True)
class ReadPage:
    """One page as blocks in reading order, and whether the text can be trusted."""

    blocks: tuple[Block, ...] = ()
    doubt: Doubt = ""


@dataclass(frozen=True)
class Recognised:
    """The text that was recognised in the picture of a page, and how sure the recognition is, in per cent."""

    blocks: tuple[Block, ...] = ()
    confidence: int = 0


@dataclass(frozen=True)
class DocumentText:
    """A whole document, page by page, with its bookmarks: title, page (from 1, or None) and level (from 1)."""

    pages: tuple[ReadPage, ...] = ()
    bookmarks: tuple[tuple[str, int | None, int], ...] = ()


def plain_text(blocks: Iterable[Block]) -> str:
    """Return the text of blocks, one a line."""
    return "\n".join(block.plain for block in blocks)


def to_json(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Return blocks as JSON values, without what is empty."""
    return [
        {name: value for name, value in vars(block).items() if value or name == "kind"}
        for block in blocks
    ]


def from_json(stored: Sequence[dict[str, Any]]) -> tuple[Block, ...]:
    """Return the blocks that `to_json` wrote."""
    return tuple(
        Block(**(value | {"rows": tuple(tuple(map(str, row)) for row in value.get("rows", ()))}))
        for value in stored
    )
