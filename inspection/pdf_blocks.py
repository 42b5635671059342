"""Build the blocks of a PDF's pages from its lines: by tags where it has them, else by place and size of the type."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from inspection.blocks import Block, Doubt, ReadPage
from inspection.headers_footers import running_lines
from inspection.pdf_lines import Line
from inspection.text_cleanup import clean_text
from inspection.text_quality import is_gibberish

_LARGER = 1.12
"""How many times larger than the document's usual type a heading is."""
_SMALLER = 0.87
"""Type at most so many times the usual size, at the foot of a page, is of a note."""
_APART = 1.45
"""Lines further apart than so many times the usual distance are of two paragraphs."""
_INDENT = 0.9
"""A line that begins so many times its size further right begins a paragraph."""
_SAME_ROW = 0.6
"""Lines nearer than so many times their size, from baseline to baseline, stand beside one another."""
_SHORT = 0.8
"""A line that ends before this share of the column ends a paragraph if it ends a sentence."""
_MOST_TAGGED = 0.7
"""Of a document of which a larger share is tagged, lines without tag are headers, footers and decoration."""
_HALF = 0.55
"""A line that ends before this share of the column is the last of its paragraph, if a capital follows."""
_LONGEST_HEADING = 200
_LONGEST_BOLD = 110
_MOST_LEVELS = 3
_COLUMNS = 4
"""Lines with gaps from which a page without tags has a table."""
_BULLET = re.compile(
    r"[•●▪■◦○□▫‣⁃·✓✔➢➤❖\uf0b7\uf0a7\uf0d8–—-]\s+(?=\S)|[•●▪■◦○□▫‣⁃✓✔➢➤❖\uf0b7\uf0a7\uf0d8]"
)
_MARK = re.compile(
    r"(?:\d{1,3}(?:\.\d{1,3}){0,3}[.)]|[a-zñ]\)|[ivx]{1,5}[.)]|\d{1,2}\.\d{1,2})\s+(?=\S)"
)
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:p[áa]g(?:ina|\.)?|page)\W*)?(?:\d{1,4}|[ivxlc]{1,7})\W*(?:de|of|/)?\W*\d{0,4}\W*",
    re.IGNORECASE,
)
_NUMBERED_HEADING = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.?\s")
_LAW_PART = re.compile(
    r"(?:Art(?:[íi]culo)?|ART(?:[ÍI]CULO)?)\.?\s*(?:\d|[Úú]nico|[ÚU]NICO|\()|(?:LIBRO|T[ÍI]TULO|CAP[ÍI]TULO|SECCI[ÓO]N)\s|"
    r"DISPOSICI[ÓO]N(?:ES)?\s|(?:PRIMER|SEGUND|TERCER|CUART|QUINT|SEXT|S[ÉE]PTIM|OCTAV|NOVEN|D[ÉE]CIM|[ÚU]NIC)[AO]\W",
)
"""How the parts of laws begin, which often stand no further apart than lines do."""
_ENDS = re.compile(r"[.:;?!»”)]\W*\Z")
_LEADERS = re.compile(r"(?:[.…·_] ?){5,}")
_CUT = re.compile(r"(?<=[a-záéíóúñü]{2})[-\u2010\u0002\ufffe]\Z")
_REST = re.compile(r"[a-záéíóúñü]+[.,;:)»”]*\s*")


@dataclass(frozen=True)
class _Type:
    """The type of a document: usual size and leading in points, and the sizes of its headings, largest first."""

    size: float
    leading: float
    headings: tuple[float, ...]

    def level(self, line: Line) -> int:
        """Return the heading level of a line by its type, from 2 on; 0 for text."""
        if len(line.text) > _LONGEST_HEADING or not any(c.isalpha() for c in line.text):
            return 0
        if line.size >= _LARGER * self.size:
            nearest = min(self.headings, key=lambda size: abs(size - line.size), default=0)
            return 2 + self.headings.index(nearest) if self.headings else 2
        is_short = len(line.text) <= _LONGEST_BOLD and not line.text.endswith((".", ";", ","))
        if line.is_bold and is_short and line.size >= 0.98 * self.size:
            return 2 + min(len(self.headings), _MOST_LEVELS)
        return 0


def build_pages(pages: Sequence[list[Line]], pictured: Sequence[bool]) -> list[ReadPage]:
    """Return the blocks of each page; `pictured` tells which pages hold a picture or drawing."""
    tagged = _is_tagged(pages)
    running = running_lines(["\n".join(line.text for line in lines) for lines in pages])
    kept = [
        _without_artefacts([line for at, line in enumerate(lines) if at not in gone], tagged)
        for lines, gone in zip(pages, running, strict=True)
    ]
    kept = _without_page_numbers(kept)
    kind = _type_of(kept)
    built = [list(_blocks(lines, kind)) for lines in kept]
    _rejoin(built)
    return [
        ReadPage(tuple(_cleaned(_notes_last(blocks))), _doubt(lines, picture))
        for lines, blocks, picture in zip(kept, built, pictured, strict=True)
    ]


def _is_tagged(pages: Sequence[list[Line]]) -> bool:
    """Return whether so much of the document is tagged that the rest is decoration (ISO 32000-1, 14.8.2.2)."""
    every = sum(len(line.text) for lines in pages for line in lines)
    tagged = sum(len(line.text) for lines in pages for line in lines if line.tag)
    return tagged > _MOST_TAGGED * every


def _without_artefacts(lines: list[Line], is_tagged: bool) -> list[Line]:
    found = [line for line in lines if line.tag] if is_tagged else []
    return found or lines


def _without_page_numbers(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Return the pages without edge lines that only number them or repeat that of the page before: a chapter's name."""
    found: list[list[Line]] = []
    before: set[str] = set()
    for lines in pages:
        edges = {line.text for line in (*lines[:1], *lines[-1:])}
        gone = {
            text
            for text in edges
            if _PAGE_NUMBER.fullmatch(text) or (text in before and len(text) < _LONGEST_BOLD)
        }
        found.append([line for line in lines if line.text not in gone] if len(lines) > 1 else lines)
        before = edges
    return found


def _type_of(pages: Sequence[list[Line]]) -> _Type:
    letters: Counter[float] = Counter()
    steps: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            letters[line.size] += len(line.text)
        for before, line in pairwise(lines):
            step = round(before.ground - line.ground, 1)
            if before.size == line.size and 0 < step < 4 * line.size:
                steps[step] += 1
    size = letters.most_common(1)[0][0] if letters else 0.0
    leading = steps.most_common(1)[0][0] if steps else 1.3 * size
    large = Counter(
        line.size
        for lines in pages
        for line in lines
        if size and line.size >= _LARGER * size and len(line.text) <= _LONGEST_HEADING
    )
    return _Type(size, leading, _grouped(sorted(large, reverse=True)))


def _grouped(sizes: Sequence[float]) -> tuple[float, ...]:
    """Return at most three sizes, those that differ by less than a twelfth taken as one."""
    groups: list[float] = []
    for size in sizes:
        if not groups or size < groups[-1] * 0.92:
            groups.append(size)
    return tuple(groups[-_MOST_LEVELS:] if len(groups) > _MOST_LEVELS else groups)


def _blocks(lines: Sequence[Line], kind: _Type) -> Iterator[Block]:
    """Yield the blocks of one page: stretches of tagged and of untagged lines in turn."""
    for is_tagged, group in groupby(lines, key=lambda line: line.tag is not None):
        stretch = list(group)
        yield from _tagged(stretch) if is_tagged else _untagged(stretch, kind)


def _tagged(lines: Sequence[Line]) -> Iterator[Block]:
    for (table, block), group in groupby(lines, key=_group):
        found = list(group)
        if table:
            yield _table(found)
            continue
        tag, text = found[-1].tag, _joined(found)
        assert tag
        if tag.heading:
            yield Block("heading", text, tag.heading)
        elif tag.item:
            yield _item(text, max(1, tag.depth))
        elif tag.is_note:
            yield Block("note", text)
        elif block:
            yield Block("paragraph", text)
        else:
            yield from (Block("paragraph", clean_text(line.text)) for line in found)


def _group(line: Line) -> tuple[int, int]:
    tag = line.tag
    assert tag
    return (tag.table, 0) if tag.table and tag.cell else (0, tag.item or tag.block)


def _table(lines: Sequence[Line]) -> Block:
    """Return the table in which these lines stand, its cells by their tags."""
    cells: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    headers: dict[int, list[bool]] = defaultdict(list)
    for line in lines:
        for tag, text in line.cells:
            cells[tag.row][tag.cell].append(text)
            headers[tag.row].append(tag.is_header)
    rows = [
        tuple(_words("\n".join(texts)) for _, texts in sorted(row.items()))
        for _, row in sorted(cells.items())
    ]
    heads = [all(headers[number]) for number in sorted(cells)]
    top = heads.index(False) if False in heads else min(1, len(heads))
    return Block("table", level=top, rows=tuple(rows))


def _untagged(lines: Sequence[Line], kind: _Type) -> Iterator[Block]:
    right = max((line.right for line in lines), default=0.0)
    open_lines: list[Line] = []
    level = 0
    for line in lines:
        here = kind.level(line)
        if open_lines and _begins(open_lines, line, level, here, kind, right):
            yield _closed(open_lines, level, kind)
            open_lines = []
        if not open_lines:
            level = here
        open_lines.append(line)
    if open_lines:
        yield _closed(open_lines, level, kind)


def _begins(
    before: Sequence[Line], line: Line, level: int, here: int, kind: _Type, right: float
) -> bool:
    """Return whether a line begins a new block after these."""
    last = before[-1]
    step = last.ground - line.ground
    if last.size and line.size and abs(step) < _SAME_ROW * max(last.size, line.size):
        return line.has_gaps  # an exponent, a number of a note: PDFium takes it for a line
    if here != level or (last.size and line.size and not _alike(last.size, line.size)):
        return True
    usual = max(kind.leading, 1.25 * line.size)
    if step > _APART * usual or step < -line.size:  # further down, or up in another column
        return True
    if level:
        return bool(_NUMBERED_HEADING.match(line.text))
    if _BULLET.match(line.text) or (_MARK.match(line.text) and _ENDS.search(last.text)):
        return True
    is_end = bool(_ENDS.search(last.text))
    if _LAW_PART.match(line.text) and (is_end or last.text.isupper()):
        return True
    width = right - min(one.left for one in before)
    is_short = last.right < right - (1 - _SHORT) * width
    announces = last.text.rstrip().endswith(":") or last.right < right - (1 - _HALF) * width
    if announces and line.text[:1].isupper():
        return True  # a list without bullets: no line of a paragraph but its last is as short
    is_item = bool(_BULLET.match(before[0].text) or _MARK.match(before[0].text))
    if is_end and (is_short or (not is_item and line.left - last.left > _INDENT * line.size)):
        return True
    return bool(_LEADERS.search(last.text))


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= 0.08 * max(one, other)


def _closed(lines: Sequence[Line], level: int, kind: _Type) -> Block:
    text = _joined(lines)
    if level:
        return Block("heading", text, level)
    if _BULLET.match(text) or _MARK.match(text):
        return _item(text, 1)
    is_small = kind.size and max(line.size for line in lines) <= _SMALLER * kind.size
    return Block("note" if is_small else "paragraph", text)


def _item(text: str, depth: int) -> Block:
    if bullet := _BULLET.match(text):
        return Block("item", text[bullet.end() :], depth)
    if mark := _MARK.match(text):
        return Block("item", text[mark.end() :], depth, mark[0].strip())
    return Block("item", text, depth)


def _joined(lines: Sequence[Line]) -> str:
    return _words("\n".join(line.text for line in lines))


def _words(text: str) -> str:
    """Return lines as one; a hyphen at the very end stays, as the word may go on on the next page."""
    cut = "-" if text.rstrip().endswith(("\u0002", "\ufffe")) else ""
    return " ".join(clean_text(text.rstrip("\u0002\ufffe \r\n")).split()) + cut


def _rejoin(pages: Sequence[list[Block]]) -> None:
    """Move the rest of a word that a page break splits to the page where it begins."""
    for here, after in pairwise(pages):
        if not here or not after or "table" in (here[-1].kind, after[0].kind):
            continue
        rest = _REST.match(after[0].text)
        if rest and not after[0].mark and _CUT.search(here[-1].text):
            here[-1] = replace(here[-1], text=here[-1].text[:-1] + rest[0].strip())
            left = after[0].text[rest.end() :]
            after[:1] = [replace(after[0], text=left)] if left else []


def _cleaned(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        text = _LEADERS.sub(" … ", block.text).strip()
        if text or any(any(row) for row in block.rows):
            yield replace(block, text=" ".join(text.split()))


def _notes_last(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with small type only at the foot of the page taken for notes."""
    rest = len(blocks)
    while rest and blocks[rest - 1].kind == "note":
        rest -= 1
    return [
        replace(block, kind="paragraph") if block.kind == "note" and at < rest else block
        for at, block in enumerate(blocks)
    ]


def _doubt(lines: Sequence[Line], has_picture: bool) -> Doubt:
    text = "\n".join(line.text for line in lines)
    if not any(c.isalnum() for c in text):
        return "scan" if has_picture else ""
    if is_gibberish(text):
        return "illegible"
    gaps = sum(line.has_gaps and not line.tag for line in lines)
    return "table" if gaps >= _COLUMNS else ""
