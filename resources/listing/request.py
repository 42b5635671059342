"""Parse the query string of a listing: words, filters, order, page. Shared by list page, API and feeds."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from django.db import connection
from django.db.models.expressions import RawSQL
from django.http import Http404, QueryDict
from django.utils import timezone

from resources.listing.cards import Card, cards, ids_of_section
from resources.listing.counts import Counts, catalogue_counts
from resources.listing.facets import FACETS
from resources.models import Resource, ResourceQuerySet
from resources.models.taxonomy import sections
from search import synonyms
from search.backends.base import Filters, get_backend
from search.backends.schema import DOC_ID_FACET
from search.facets import Facets
from search.query.parser import normalise, parse
from search.results.response import SearchResponse
from search.service import SearchRequest, SearchService
from search.utils import now_micros

ORDERS = {
    "relevancia": "relevance",
    "recientes": "newest",
    "titulo": "title",
    "consultas": "popular",
}
LAST_PAGE = 999_999
WORDS, INSIDE, ORDER, PAGE = "q", "recurso", "orden", "pagina"
EXPLAIN = "explicar"  # of editors: show the trail of strategies
FILTERS = tuple(facet.param for facet in FACETS)
NARROWING = (*FILTERS, INSIDE, ORDER)
"""Parameters that make another view of the same list: robots are kept off them, and they are not canonical."""


class BadPageNumber(Http404, ValueError):
    """The address asks for a page that no list has; its message says in Spanish how many there are."""


def no_such_page(asked: int, pages: int) -> str:
    """Return in Spanish that a list of `pages` pages has not the one that was `asked` for."""
    length = "una sola página" if pages == 1 else f"{pages} páginas"
    return f"Esta lista tiene {length}: la {asked} no existe."


def ids_in_page_order(version: int, counts: Counts, offset: int, limit: int) -> Iterator[int]:
    """Yield the primary keys of a part of the catalogue in page order, section after section: none is read to be skipped."""
    now = timezone.now()
    for section in sections(version):
        size = counts.of_section[section.pk]
        if limit and offset < size:
            part = ids_of_section(section.pk, limit, offset, now)
            limit -= len(part)
            yield from part
        offset = max(offset - size, 0)


def page_number(params: QueryDict) -> int:
    """Parse the page number of a list. Raises BadPageNumber for anything else."""
    asked = params.get(PAGE, "1")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= len(str(LAST_PAGE))
    if not is_number or not 1 <= int(asked) <= LAST_PAGE:
        raise BadPageNumber("Esa página de la lista no existe.")
    return int(asked)


class ResultPage:
    """One page of results: the response of the search and the cards of its public resources, in order."""

    def __init__(self, answer: SearchResponse, ids: list[int]) -> None:
        self.answer, self.ids = answer, ids

    @cached_property
    def cards(self) -> list[Card]:
        """The cards; a resource may no longer be public."""
        return cards(self.ids)


class ResourceSearch:
    """One question to the catalogue, as its address puts it; `version` is the portal's content_version."""

    def __init__(self, params: QueryDict, version: int) -> None:
        self.params, self.version = params, version
        self.query = normalise(params.get(WORDS, ""))
        self.facets = Facets(FACETS, params, version)
        asked = params.get(ORDER, "")
        self.order = asked if asked in ORDERS else "relevancia"

    @cached_property
    def inside(self) -> Resource | None:
        """The one resource inside which is searched, if the address names one that a visitor may see."""
        slug = self.params.get(INSIDE)
        if not slug or "\0" in slug:
            return None
        return Resource.objects.published().filter(slug=slug).first()

    @property
    def filters(self) -> Filters:
        """The filters in the engine's tokens."""
        if not self.params.get(INSIDE):
            return self.facets.filters
        return self.facets.filters | {
            DOC_ID_FACET: [f"{DOC_ID_FACET}_{self.inside.pk}"] if self.inside else []
        }

    @property
    def page_number(self) -> int:
        """The requested page number. Raises BadPageNumber for anything else."""
        return page_number(self.params)

    @property
    def followed(self) -> str:
        """The part of the address after "?" that a feed of this list takes: all but order and page."""
        kept = self.params.copy()
        for name in (ORDER, PAGE):
            kept.pop(name, None)
        return kept.urlencode()

    def answer(self, per_page: int) -> "ResultPage":
        """Answer with one page of results. Inside one resource pages are counted by passages: it is always the one result."""
        offset = 0 if self.inside and self.query else (self.page_number - 1) * per_page
        if not self.query and self.order == "relevancia":
            return self._browse(offset, per_page)
        answer = self._search(self.query, offset, per_page, ORDERS[self.order])
        return ResultPage(answer, answer.found.ids)

    def _search(self, text: str, offset: int, limit: int, order: str) -> SearchResponse:
        request = SearchRequest(text, self.filters, self.version, offset, limit, order)
        return SearchService().execute(request)

    def _browse(self, offset: int, limit: int) -> "ResultPage":
        """List without words in the editors' order; a whole catalogue is counted to its end."""
        answer = self._search("", 0, 0, "newest")
        if not self.filters:
            counts = catalogue_counts()
            found = replace(answer.found, total=counts.total, capped=False)
            ids = list(ids_in_page_order(self.version, counts, offset, limit))
            return ResultPage(replace(answer, found=found), ids)
        if offset >= answer.found.total:  # no list has such a page
            return ResultPage(answer, [])
        in_order = self.matching().in_page_order().values_list("pk", flat=True)
        return ResultPage(answer, list(in_order[offset : offset + limit]))

    def matching(self) -> ResourceQuerySet:
        """Return the resources that match all words and filters, unordered: the content of a feed."""
        resources = Resource.objects.published()
        filters = self.filters
        parsed = parse(self.query, synonyms.synonyms_of(self.version) if self.query else None)
        if not filters and not self.query:
            return resources
        if (self.query and parsed.is_empty) or not all(filters.values()):
            return resources.none()
        sql, params = get_backend(connection.vendor).matching_sql(parsed, filters, now_micros())
        return resources.filter(pk__in=RawSQL(sql, params))  # noqa: S611 our own words and placeholders
