"""Write blocks as HTML, with the words of a search marked. Python, not templates: a part has some thousand blocks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from inspection.blocks import Block
from reading.articles import label_end
from search.query.parser import Query
from search.results.highlights import mark

TOP = 2
"""The HTML level of a document's largest headings: the page's own title is h1."""


@dataclass(frozen=True)
class Anchor:
    """The id of a block, and the address of the article that begins with it."""

    name: str
    url: str = ""


@dataclass
class Marker:
    """Marks the words of a search in the texts of one page, each with an anchor of its own: `h14-1`."""

    parsed: Query | None
    page: int
    anchors: list[str] = field(default_factory=list)

    def __call__(self, text: str) -> str:
        """Return `text` escaped, its words marked."""
        if not self.parsed:
            return escape(text)
        return "".join(
            self._marked(piece.text) if piece.hit else escape(piece.text)
            for piece in mark(text, self.parsed)
        )

    def _marked(self, text: str) -> str:
        self.anchors.append(f"h{self.page}-{len(self.anchors) + 1}")
        return f'<mark id="{self.anchors[-1]}">{escape(text)}</mark>'


def blocks_html(
    blocks: Sequence[Block], marker: Marker, anchors: Mapping[int, Anchor] | None = None
) -> SafeString:
    """Return blocks as HTML; `anchors` gives the id of headings by their place among the blocks, from 0."""
    numbered = enumerate(blocks)
    parts: list[str] = []
    for is_item, group in groupby(numbered, key=lambda pair: pair[1].kind == "item"):
        if is_item:
            parts += _lists([block for _, block in group], marker)
        else:
            parts += (_block(block, marker, (anchors or {}).get(at)) for at, block in group)
    return mark_safe("\n".join(parts))  # noqa: S308 - every text in it has been escaped


def _block(block: Block, marker: Marker, anchor: Anchor | None) -> str:
    if block.kind == "table":
        return _table(block, marker)
    text = _linked(block.text, marker, anchor.url) if anchor and anchor.url else marker(block.text)
    named = f' id="{escape(anchor.name)}"' if anchor else ""
    if block.kind == "heading":
        level = TOP + min(max(block.level, 1), 3) - 1
        return f"<h{level}{named}>{text}</h{level}>"
    if block.kind == "note":
        return f'<p class="note">{text}</p>'
    return f"<p{named}>{text}</p>"


def _linked(text: str, marker: Marker, url: str) -> str:
    """Return the beginning of an article: its label, as the text has it, leads to the article's own page."""
    end = label_end(text)
    label, rest = marker(text[:end]), marker(text[end:])
    return f'<a class="art-label" href="{escape(url)}">{label}</a>{rest}' if end else rest


def _lists(items: Sequence[Block], marker: Marker) -> Iterator[str]:
    """Yield lists; those whose items have a number or letter of their own show it as it is written."""
    for has_mark, group in groupby(items, key=lambda item: bool(item.mark)):
        rows = "".join(f"<li{_deep(item)}>{_item(item, marker)}</li>" for item in group)
        yield f'<ul class="marked">{rows}</ul>' if has_mark else f"<ul>{rows}</ul>"


def _deep(item: Block) -> str:
    return ' class="deep"' if item.level > 1 else ""


def _item(item: Block, marker: Marker) -> str:
    text = marker(item.text)
    return f"<span>{escape(item.mark)}</span> {text}" if item.mark else text


def _table(block: Block, marker: Marker) -> str:
    """Return a table that stays inside the page: a region that scrolls by keyboard."""
    heads = [_row(row, marker, "th") for row in block.rows[: block.level]]
    rows = [_row(row, marker, "td") for row in block.rows[block.level :]]
    head = f"<thead>{''.join(heads)}</thead>" if heads else ""
    return (
        '<div class="scroll" role="region" aria-label="Tabla del documento" tabindex="0"><table>'
        f"{head}<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _row(row: Iterable[str], marker: Marker, name: str) -> str:
    scope = ' scope="col"' if name == "th" else ""
    cells = "".join(f"<{name}{scope}>{marker(cell)}</{name}>" for cell in row)
    return f"<tr>{cells}</tr>"


def markdown(blocks: Iterable[Block]) -> str:
    """Return blocks as CommonMark; tables in the form of GitHub."""
    return "\n\n".join(filter(None, map(_markdown, blocks)))


def _markdown(block: Block) -> str:
    if block.kind == "table":
        width = max(map(len, block.rows))
        lines = [_cells((*row, *[""] * (width - len(row)))) for row in block.rows]
        return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])
    text = _plain(block.text)
    if block.kind == "heading":
        return f"{'#' * (TOP + min(max(block.level, 1), 3) - 1)} {text}"
    if block.kind == "item":
        return f"{'  ' * (max(block.level, 1) - 1)}- {f'{_plain(block.mark)} ' if block.mark else ''}{text}"
    return text


def _cells(row: Iterable[str]) -> str:
    return "| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in row) + " |"


def _plain(text: str) -> str:
    """Return a text in which nothing counts as Markdown."""
    for sign in "\\`*_[]<>#":
        text = text.replace(sign, f"\\{sign}")
    return text
