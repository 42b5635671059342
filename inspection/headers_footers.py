"""Strip running headers and footers: lines that most pages of a document begin or end with."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

MIN_PAGES = 5
"""Of fewer pages with text, a line must stand on each to be a running one; of left or of right pages, none is."""
FEW_PAGES = 3
"""Of fewer pages with text nobody can tell what repeats."""
MOST_LINES = 3
"""So many lines at the top of a page, and as many at its foot, may be running ones."""
_LONGEST = 200
"""Characters beyond which a line is a paragraph."""
_MOST_NUMBERS = 4
"""So many numbers at a line's beginning, and as many at its end, may be the page's."""
_NUMBER = re.compile(r"\d{1,6}")
_UNIT = re.compile(
    r"(?!p[aá]g|page\b|hoja|folio)[^\W\d_]{3,}\.?\s+(?:n\.?\s?[º°o]\.?\s*)?\d{1,6}\W*",
    re.IGNORECASE,
)
"""One word and a number that names what stands on the page, though there may be one for each: Compromiso 7, Ficha N.º 12."""

_COUNTED = re.compile(r"\W*[+-]\d+\W*")
"""A line that is a page's number and nothing else, counted from the page (see `_forms`)."""
_OWN_NUMBER = re.compile(r"\W*\+1\W*")
_CUT_AT_END = re.compile(r"(?<=[a-záéíóúñü]{2})[-\u2010]\s*(?P<foot>\n[^\n]{0,30}\d[^\n]{0,10})?\Z")
"""A hyphen at a page's end, behind which one line may stand that counts the pages."""
_REST_OF_WORD = re.compile(r"\s*([a-záéíóúñü]++[.,;:)»”]*+)\s*+(?=\S)")

Edge = dict[int, set[str]]
"""The lines at the top and at the foot of one page, by their place: what each may share with those of other pages."""


def strip_headers_footers(pages: Sequence[str]) -> list[str]:
    """Return the pages without the lines at their edges that more than half of them share, page numbers aside.

    Left and right pages may have lines of their own. Each line with words stays where it first stands, so that these are
    still found once, and a page that has no other line keeps its own.
    """
    return [
        _without(page, places) for page, places in zip(pages, running_lines(pages), strict=True)
    ]


def running_lines(pages: Sequence[str]) -> list[set[int]]:
    """Return for each page the places, from 0, of the lines that `strip_headers_footers` takes away."""
    edges = [_edge(number, page) for number, page in enumerate(pages)]
    running = _shared_by_most(edges, least=1)
    for side in (0, 1):
        running |= _shared_by_most(edges[side::2], least=MIN_PAGES)
    known = _page_numbers(edges, running)
    found = []
    for edge in edges:
        found.append({at for at, forms in edge.items() if forms & known})
        known.update(*(forms & running for forms in edge.values()))
    return found


def rejoin_split_words(pages: Sequence[str]) -> list[str]:
    """Return the pages with each word that a page break splits moved whole to the page where it begins."""
    whole = list(pages)
    for at in range(len(whole) - 1):
        cut, rest = _CUT_AT_END.search(whole[at]), _REST_OF_WORD.match(whole[at + 1])
        if cut and rest:
            whole[at] = whole[at][: cut.start()] + rest[1] + (cut["foot"] or "")
            whole[at + 1] = whole[at + 1][rest.end() :]
    return whole


def _page_numbers(edges: Sequence[Edge], running: set[str]) -> set[str]:
    """Return the forms that only count pages; no page keeps them, as they would split a sentence between two pages.

    Of two pages, a number counts them if each has its own.
    """
    filled = [set[str]().union(*edge.values()) for edge in edges if edge]
    if len(filled) >= FEW_PAGES:
        return {form for form in running if _COUNTED.fullmatch(form)}
    on_each = set.intersection(*filled) if len(filled) > 1 else set()
    return {form for form in on_each if _OWN_NUMBER.fullmatch(form)}


def _shared_by_most(edges: Iterable[Edge], least: int) -> set[str]:
    """Return the forms on more than half of these pages, or on all but one of a few, and on at least `least`."""
    filled = [edge for edge in edges if edge]
    if len(filled) < FEW_PAGES:
        return set()
    most = len(filled) / 2 if len(filled) >= MIN_PAGES else len(filled) - 1
    counts = Counter(form for edge in filled for form in set().union(*edge.values()))
    return {form for form, count in counts.items() if count > most and count >= least}


def _edge(number: int, page: str) -> Edge:
    lines = page.split("\n")
    filled = [at for at, line in enumerate(lines) if line.strip()]
    places = {*filled[:MOST_LINES], *filled[-MOST_LINES:]}
    return {at: _forms(number, lines[at].strip()) for at in places if len(lines[at]) <= _LONGEST}


def _forms(number: int, line: str) -> set[str]:
    """Return a line as it is, and with each of its numbers relative to the page's: "Página 14 de 210" is "Página +1 de 210".

    Numbers that follow no page tell lines apart: a table's figures, or notes that cite one gazette after another. So do those
    of units, which may follow the pages.
    """
    if _UNIT.fullmatch(line):
        return {line}
    found = list(_NUMBER.finditer(line))
    return {line} | {
        f"{line[: match.start()]}{int(match[0]) - number:+}{line[match.end() :]}"
        for match in found[:_MOST_NUMBERS] + found[-_MOST_NUMBERS:]
    }


def _without(page: str, places: set[int]) -> str:
    """Return the page without the lines at these places, or the page itself where nothing would be left."""
    lines = page.split("\n")
    rest = "\n".join(line for at, line in enumerate(lines) if at not in places).strip()
    return rest if places and rest else page
