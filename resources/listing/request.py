"""What an address asks of the catalogue: words, filters, order. The list page, the API and the feeds read it alike."""

from dataclasses import replace
from functools import cached_property

from django.db import connection
from django.db.models.expressions import RawSQL
from django.http import Http404, QueryDict

from resources.listing.cards import cards
from resources.listing.facets import FACETS
from resources.models import Resource, ResourceQuerySet
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


def page_number(params: QueryDict) -> int:
    """Return the page of a list that an address asks for. Raises BadPageNumber for what is no number of a page."""
    asked = params.get(PAGE, "1")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= len(str(LAST_PAGE))
    if not is_number or not 1 <= int(asked) <= LAST_PAGE:
        raise BadPageNumber("Esa página de la lista no existe.")
    return int(asked)


class ResultPage:
    """One page of results: the response of the search and its public resources, in order."""

    def __init__(self, answer: SearchResponse, listed: list[Resource] | None = None) -> None:
        self.answer, self._listed = answer, listed

    @property
    def ids(self) -> list[int]:
        """The ids of the resources; one may no longer be public."""
        return self.answer.found.ids if self._listed is None else [r.pk for r in self._listed]

    @cached_property
    def resources(self) -> list[Resource]:
        """The resources with what a card shows."""
        return cards(self.ids) if self._listed is None else self._listed


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
        """The page that is asked for. Raises BadPageNumber for what is no number of a page."""
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
        return ResultPage(self._search(self.query, offset, per_page, ORDERS[self.order]))

    def _search(self, text: str, offset: int, limit: int, order: str) -> SearchResponse:
        request = SearchRequest(text, self.filters, self.version, offset, limit, order)
        return SearchService().execute(request)

    def _browse(self, offset: int, limit: int) -> "ResultPage":
        """List without words in the editors' order; a whole catalogue is counted to its end."""
        filters = self.filters
        answer = self._search("", 0, 0, "newest")
        resources = self.matching().in_page_order()
        if answer.found.capped and not filters:
            total = resources.order_by().count()
            answer = replace(answer, found=replace(answer.found, total=total, capped=False))
        if offset >= answer.found.total:  # no list has such a page
            return ResultPage(answer, [])
        # Only keys are sorted: with all that a card shows, thousands of wide rows would be.
        page = Resource.objects.filter(pk__in=resources.values("pk")[offset : offset + limit])
        return ResultPage(answer, list(page.with_card().in_page_order()))

    def matching(self) -> ResourceQuerySet:
        """Return all that has every word and passes the filters, in no order: what a feed follows."""
        resources = Resource.objects.published()
        filters = self.filters
        parsed = parse(self.query, synonyms.synonyms_of(self.version) if self.query else None)
        if not filters and not self.query:
            return resources
        if (self.query and parsed.is_empty) or not all(filters.values()):
            return resources.none()
        sql, params = get_backend(connection.vendor).matching_sql(parsed, filters, now_micros())
        return resources.filter(pk__in=RawSQL(sql, params))  # noqa: S611 our own words and placeholders
