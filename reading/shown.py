"""What the page of a document shows: its part, its pages, its list of contents, where else the words of a search are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.utils.safestring import SafeString

from reading.models import Article, Reading, ReadingPage
from reading.rendering import Anchor, Marker, blocks_html
from resources.addresses import reverse
from resources.current_site import SiteRequest
from resources.opendata.citations import Cited, in_text, ordinance
from search.query.parser import Query, parse
from search.synonyms import synonyms_of

LONGEST_QUERY = 200  # characters
Anchors = dict[tuple[int, int], Anchor]
"""Page, and place of a block on it → its anchor."""


@dataclass(frozen=True)
class ShownPage:
    """A page as the template shows it."""

    row: ReadingPage
    body: SafeString
    marks: list[str]
    address: str
    citation: str

    @property
    def number(self) -> int:
        """The number of the page in its document, from 1."""
        return self.row.number


@dataclass(frozen=True)
class FoundPage:
    """A page of another part that has the words of the search."""

    number: int
    address: str


def part_of(request: SiteRequest, reading: Reading) -> tuple[int, int]:
    """Return the part that the address asks for, by its number or by a page in it, and how many there are. Raises Http404."""
    parts = reading.pages.order_by("-part").values_list("part", flat=True).first() or 1
    asked, page = request.GET.get("parte", ""), request.GET.get("pagina", "")
    if not asked and page:
        row = reading.pages.filter(number=as_number(page)).values_list("part", flat=True).first()
        return row or 1, parts
    part = as_number(asked) if asked else 1
    if not 1 <= part <= parts:
        raise Http404(f"Este documento no tiene la parte {asked[:20]}.")
    return part, parts


def as_number(text: str) -> int:
    """Return a number of at most six digits, or 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def asked_words(request: SiteRequest) -> tuple[Query | None, str]:
    """Return the words of `?q=` as a query, if there are any, and as they were typed."""
    query = " ".join(request.GET.get("q", "")[:LONGEST_QUERY].split())
    parsed = parse(query, synonyms_of(request.site.content_version)) if query else None
    return (parsed if parsed and parsed.clauses else None), query


def shown_page(
    row: ReadingPage,
    parsed: Query | None,
    anchors: Anchors,
    address: str,
    cited: Cited,
    has_pages: bool,
) -> ShownPage:
    """Return a page with its words marked and how to cite it."""
    marker = Marker(parsed, row.number)
    places = {place: name for (page, place), name in anchors.items() if page == row.number}
    body = blocks_html(row.shown, marker, places)
    with_page = replace(cited, page=row.number if has_pages else 0)
    citation = str(ordinance(with_page) if cited.facts.law else in_text(with_page))
    return ShownPage(row, body, marker.anchors, address, citation)


def anchors_of(reading: Reading, articles: Sequence[Article]) -> Anchors:
    """Return the anchors of headings and articles by page and place on it, with the address of an article's own page."""
    slug = reading.version.file.resource.slug
    found: Anchors = {
        (entry["page"], entry["block"]): Anchor(entry["anchor"])
        for entry in reading.contents
        if entry["block"] >= 0
    }
    for part in articles:
        is_page = part.kind != Article.Kind.DIVISION
        url = reverse("article", [slug, part.key]) if is_page else ""
        found[part.page, part.block] = Anchor(part.anchor, url)
    return found


def contents_of(reading: Reading, address: str, parts: int) -> list[dict[str, Any]]:
    """Return the list of contents with the address of each entry."""
    part_of = dict(reading.pages.values_list("number", "part")) if parts > 1 else {}
    return [
        entry
        | {
            "url": f"{address}{f'?parte={part}' if (part := part_of.get(entry['page'], 1)) > 1 else ''}#{entry['anchor']}"
        }
        for entry in reading.contents
    ]


def pages_elsewhere(
    reading: Reading, part: int, parsed: Query | None, address: str, query: str
) -> list[FoundPage]:
    """Return the pages of other parts that have words of the search."""
    if not parsed:
        return []
    found = []
    for row in reading.pages.exclude(part=part):
        marker = Marker(parsed, row.number)
        marker(row.plain)
        if marker.anchors:
            words = urlencode({"pagina": row.number, "q": query})
            found.append(FoundPage(row.number, f"{address}?{words}#{marker.anchors[0]}"))
    return found
