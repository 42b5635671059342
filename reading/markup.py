"""Write blocks as a plain text that an editor can correct, and read it back.

`# ` begins a heading (`## ` and `### ` smaller ones), `- ` an item of a list, `^ ` a note; `|` parts the cells of a table,
whose headings stand above a line of dashes. Everything else is a paragraph; a blank line ends it.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from inspection.blocks import Block

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_ITEM = re.compile(r"(\s*)-\s+(.*)")
_MARK = re.compile(r"((?:\d{1,3}(?:\.\d{1,3}){0,3}[.)]|[a-zñ]\)|[ivx]{1,5}[.)]))\s+(.+)")
_RULE = re.compile(r"\|(?:\s*-+\s*\|)+\s*")
_SPECIAL = re.compile(r"(?=#{1,6}\s|-\s|\^\s|\|)|(?=" + _MARK.pattern + ")")


def write(blocks: Iterable[Block]) -> str:
    """Return blocks as text."""
    return "\n\n".join(map(_written, blocks))


def read(text: str) -> tuple[Block, ...]:
    """Return the blocks of a text."""
    return tuple(_blocks(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))


def _written(block: Block) -> str:
    if block.kind == "table":
        lines = [
            "| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in block.rows
        ]
        if 0 < block.level <= len(lines):
            lines.insert(block.level, "|" + " --- |" * len(block.rows[0]))
        return "\n".join(lines)
    if block.kind == "heading":
        return f"{'#' * max(1, block.level)} {block.text}"
    if block.kind == "item":
        return f"{'  ' * (max(block.level, 1) - 1)}- {block.plain}"
    if block.kind == "note":
        return f"^ {block.text}"
    return f"\\{block.text}" if _SPECIAL.match(block.text) else block.text


def _blocks(lines: Iterable[str]) -> Iterator[Block]:
    for is_table, group in groupby(lines, key=lambda line: line.lstrip().startswith("|")):
        if is_table:
            yield _table(list(group))
        else:
            yield from _texts(group)


def _texts(lines: Iterable[str]) -> Iterator[Block]:
    waiting: list[str] = []
    for line in lines:
        block = _alone(line)
        if block or not line.strip():
            yield from _paragraph(waiting)
            waiting = []
        if block:
            yield block
        elif line.strip():
            waiting.append(line.strip())
    yield from _paragraph(waiting)


def _alone(line: str) -> Block | None:
    """Return the block that is one line: a heading, an item, a note."""
    if match := _HEADING.match(line.strip()):
        return Block("heading", _joined(match[2]), min(len(match[1]), 3))
    if match := _ITEM.match(line):
        level, text = 1 + min(len(match[1]) // 2, 5), _joined(match[2])
        mark = _MARK.match(text)
        return Block("item", mark[2], level, mark[1]) if mark else Block("item", text, level)
    if line.strip().startswith("^ "):
        return Block("note", _joined(line.strip()[2:]))
    return None


def _paragraph(lines: list[str]) -> Iterator[Block]:
    if text := _joined(" ".join(lines)).removeprefix("\\"):
        yield Block("paragraph", text)


def _table(lines: list[str]) -> Block:
    rows: list[tuple[str, ...]] = []
    heads = 0
    for line in lines:
        if _RULE.fullmatch(line.strip()):
            heads = heads or len(rows)
            continue
        rows.append(tuple(_joined(cell) for cell in line.strip().strip("|").split("|")))
    return Block("table", level=heads, rows=tuple(rows))


def _joined(text: str) -> str:
    return " ".join(text.split())
