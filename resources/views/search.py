"""The list of resources, which is the search page as well; autocomplete; OpenSearch."""

from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render

from resources.addresses import reverse
from resources.current_site import SiteRequest
from resources.http_caching import public_page
from resources.listing.hits import build_hits
from resources.listing.request import (
    EXPLAIN,
    FILTERS,
    INSIDE,
    ORDER,
    PAGE,
    WORDS,
    BadPageNumber,
    ResourceSearch,
    ResultPage,
    no_such_page,
)
from resources.models import Resource, Tag, ViewCount
from resources.models.taxonomy import sections
from resources.opendata.record import absolute
from resources.opendata.record_builder import site_facts
from resources.opendata.schema_org import list_page
from resources.text import thousands
from resources.views.access import is_editor
from search.autocomplete import autocomplete
from search.facets import ActiveFilter, Facets
from search.query.parser import (
    LONGEST_QUERY,
    Query,
    is_cut,
    normalise,
    without_exclusions,
    without_quotes,
)
from search.results.response import SearchResponse
from search.utils import cached_for_version

ORDER_LABELS = {
    "relevancia": "Relevancia",
    "recientes": "Más recientes",
    "titulo": "Título",
    "consultas": "Más consultados",
}
IDEAS = 12  # tags where nothing was found
HIGHLIGHTS_INSIDE = 40  # when one resource alone is searched


@public_page
def resource_list(request: SiteRequest) -> HttpResponse:
    """Show all resources, or the results of a search with filters."""
    params = request.GET
    listing = ResourceSearch(params, request.site.content_version)
    query, facets, inside, order = listing.query, listing.facets, listing.inside, listing.order
    per_page = settings.HITS_PER_PAGE if query else settings.RESULTS_PER_PAGE
    results = listing.answer(per_page)
    answer = results.answer
    if inside and answer.parsed.clauses:
        page = _page_inside(results, listing.page_number)
    else:
        page = _page(answer.found.total, per_page, listing.page_number)
        page.object_list = build_hits(results) if answer.parsed.clauses else results.cards
    choices = [_with_removal(choice, params, facets) for choice in facets.active()]
    context = {
        "sections": sections(listing.version),  # the header's and the footer's too
        "query": query,
        "answer": answer,
        "total": page.paginator.count,
        "how_many": _count_in_words(page.paginator.count, bool(query), answer.found.capped),
        "is_any_word": answer.is_any_word
        and len(answer.parsed.clauses) > 1
        and bool(answer.found.total),
        "page_obj": page,
        "groups": facets.groups(answer.found.counts, answer.found.total) if not inside else [],
        "choices": choices,
        "inside": inside,
        "is_scattered": bool(inside and query and page.object_list)
        and not any(hit.have_all for hit in page.object_list),
        "read_letters": LONGEST_QUERY if is_cut(params.get(WORDS, "")) else 0,
        "is_nowhere": bool(params.get(INSIDE)) and not inside,
        "is_filtered": bool(query or choices or params.get(INSIDE) or params.get(ORDER)),
        "orders": _orders(order, answer.parsed, listing.version),
        "kept_search": [] if inside else _hidden_fields(params, *FILTERS),
        "kept_filters": _hidden_fields(params, WORDS, INSIDE, ORDER),
        "kept_order": _hidden_fields(params, WORDS, INSIDE, *FILTERS),
        "inside_url": _with_words(QueryDict(), query),
        "hint_url": _with_words(params, answer.hint),
        "literal_url": _with_words(params, answer.literal),
        "followed": _feed(listing, answer),
        "trail": answer.trail if params.get(EXPLAIN) == "1" and is_editor(request) else (),
        "bare_url": _unfiltered_url(params, query),
        "unfiltered_url": _unfiltered_url(params, query, inside=inside),
    }
    if not answer.found.total:
        context["ideas"] = _suggested_tags(listing.version)
        included, left_out = without_exclusions(query)
        if any(clause.is_quoted for clause in answer.parsed.clauses):
            context["unquoted_url"] = _with_words(params, without_quotes(query))
        if left_out:
            context["excluded"] = ", ".join(left_out)
            context["included_url"] = _with_words(params, included)
    elif not context["is_filtered"]:
        site, url = site_facts(request.site), absolute(reverse("resource-list"))
        context["json_ld"] = list_page(url, "Todos los recursos", "", site, page.object_list)
    return render(request, "resources/resource_list.html", context)


def _count_in_words(total: int, has_words: bool, is_capped: bool) -> str:
    """Return the number of results in words: "Más de 2.000 resultados", "1 recurso"."""
    what = "resultado" if has_words else "recurso"
    return f"{'Más de ' if is_capped else ''}{thousands(total)} {what}{'' if total == 1 else 's'}"


def _orders(order: str, parsed: Query, version: int) -> list[tuple[str, str, bool]]:
    """Return the orders to choose from; the first without words is the editors'. The last needs view counts.

    A search of exclusions alone has no relevance: the newest come first.
    """
    labels = dict(ORDER_LABELS)
    if parsed.is_empty:
        labels["relevancia"] = "Orden del portal"
    elif not parsed.clauses:
        del labels["relevancia"]
        order = "recientes" if order == "relevancia" else order
    if order != "consultas" and not cached_for_version(
        "counted", version, ViewCount.objects.exists
    ):
        del labels["consultas"]
    return [(slug, label, slug == order) for slug, label in labels.items()]


def _page(total: int, per_page: int, number: int) -> Page:
    """Return the requested page without its rows; an invalid page number is a 404."""
    paginator = Paginator(range(total), per_page)
    if number > paginator.num_pages:
        raise BadPageNumber(no_such_page(number, paginator.num_pages))
    return paginator.page(number)


def _page_inside(results: ResultPage, number: int) -> Page:
    """Return a page of the highlights of the one resource that is searched, each of them a result."""
    found = build_hits(results, HIGHLIGHTS_INSIDE, start=(number - 1) * HIGHLIGHTS_INSIDE)
    page = _page(sum(max(hit.total, 1) for hit in found), HIGHLIGHTS_INSIDE, number)
    for hit in found:
        hit.more = 0
    page.object_list = found
    return page


def _with_removal(choice: ActiveFilter, params: QueryDict, facets: Facets) -> dict[str, Any]:
    """Return an active filter with the address of the list without it."""
    left = params.copy()
    left.pop(PAGE, None)
    left.setlist(
        choice.name,
        [
            value
            for value in params.getlist(choice.name)
            if facets.read(choice.name, value) != choice.value
        ],
    )
    return {
        "title": choice.title,
        "label": choice.label,
        "is_known": choice.is_known,
        "url": _url(left),
    }


def _feed(listing: ResourceSearch, answer: SearchResponse) -> str | None:
    """Return the feed of the same results (see `ResourceSearch.followed`), or None where there is none.

    Feeds need all words, so a relaxed search has none; nor has a search inside one resource, where a minus excludes pages.
    """
    if answer.is_any_word or listing.inside:
        return None
    if not answer.corrected:
        return listing.followed
    meant = listing.params.copy()
    meant[WORDS] = answer.corrected
    return ResourceSearch(meant, listing.version).followed


def _unfiltered_url(params: QueryDict, query: str, inside: Resource | None = None) -> str:
    """Return the address of the same words and order without filters; `inside` keeps the one resource."""
    kept = QueryDict(mutable=True)
    slug = inside.slug if inside else ""
    for name, value in ((WORDS, query), (INSIDE, slug), (ORDER, params.get(ORDER, ""))):
        if value:
            kept[name] = value
    return _url(kept)


def _with_words(params: QueryDict, words: str) -> str:
    """Return the address of the list with other `words`, from its first page."""
    changed = params.copy()
    changed.pop(PAGE, None)
    changed[WORDS] = words
    return _url(changed)


def _url(params: QueryDict) -> str:
    query = params.urlencode()
    return reverse("resource-list") + (f"?{query}" if query else "")


def _hidden_fields(params: QueryDict, *names: str) -> list[tuple[str, str]]:
    """Return the hidden fields of a form, so that it changes nothing but its own fields."""
    return [
        (name, normalise(value))
        for name in names
        for value in params.getlist(name)[:20]
        if value.strip()
    ]


def _suggested_tags(version: int) -> list[Tag]:
    """Return the most used tags, to continue from an empty result."""
    tags = Tag.objects.carried_by(Resource.objects.published()).order_by("-uses", "folded")[:IDEAS]
    return cached_for_version("ideas", version, lambda: list(tags))


@public_page
def suggest(request: HttpRequest) -> HttpResponse:
    """Serve autocomplete for this site's search box, or for browsers (`formato=opensearch`)."""
    asked = request.GET.get(WORDS, "")
    typed = normalise(asked) + (" " if asked.endswith(" ") else "")
    found = autocomplete(typed)
    if request.GET.get("formato") == "opensearch":
        return JsonResponse(
            [typed, found], safe=False, content_type="application/x-suggestions+json"
        )
    return JsonResponse({"sugerencias": found})


@public_page
def opensearch(request: HttpRequest) -> HttpResponse:
    """Serve the OpenSearch 1.1 description, by which browsers offer the search."""
    context = {
        "search_url": f"{settings.SITE_URL}{reverse('resource-list')}?{WORDS}={{searchTerms}}",
        "suggestions_url": f"{settings.SITE_URL}{reverse('suggest')}?formato=opensearch&{WORDS}={{searchTerms}}",
    }
    return render(
        request,
        "opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )
