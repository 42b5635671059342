"""The API, version 1: sections, tags, resources by the list page's filters, one resource, OpenAPI, documentation."""

from dataclasses import replace
from typing import Any

from django.db.models import Count, Q
from django.http import (
    Http404,
    HttpResponse,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import render

from resources.addresses import reverse
from resources.current_site import SiteRequest
from resources.http_caching import public_page
from resources.listing.hits import Hit, build_hits
from resources.listing.request import PAGE, ResourceSearch, ResultPage, no_such_page
from resources.models import Redirect, Resource, Section, Tag
from resources.opendata.api import serializers
from resources.opendata.api.documentation import calls, shapes
from resources.opendata.api.openapi import openapi
from resources.opendata.api.parameters import DEFAULT_PER_PAGE, PER_PAGE, errors, parameters
from resources.opendata.record import absolute
from resources.opendata.record_builder import (
    facts_of,
    long_text,
    shelf_facts,
    site_facts,
    with_record_fields,
)
from resources.opendata.schema_org import plain_page
from resources.opendata.tabular import columns
from resources.text import printable
from resources.views.access import RevalidatedRedirect
from resources.views.public_api import TITLES, ApiError, api_view


@api_view
def resources(request: SiteRequest) -> JsonResponse:
    """Answer a page of the list, with the filters and search of the list page and its highlights."""
    refuse_bad_parameters(request.GET, parameters())
    listing = ResourceSearch(request.GET, request.site.content_version)
    per_page = int(request.GET.get(PER_PAGE, DEFAULT_PER_PAGE))
    page = listing.answer(per_page)
    answer = page.answer
    pages = max(1, -(-answer.found.total // per_page))
    if listing.page_number > pages:
        raise ApiError(404, no_such_page(listing.page_number, pages))
    links = page_links(request.GET, listing.page_number, pages)
    body = {
        "total": answer.found.total,
        "total_es_minimo": answer.found.capped,
        "pagina": listing.page_number,
        "paginas": pages,
        "por_pagina": per_page,
        "enlaces": links,
        "corregido": answer.corrected or None,
        "alguna_palabra": answer.is_any_word,
        "recursos": rows(page),
    }
    response = as_json(body)
    response["Link"] = link_header(links)
    return response


def rows(page: ResultPage) -> list[dict[str, Any]]:
    """Return the results of a response, in its order: six queries for any number."""
    found: list[Hit] = build_hits(page) if page.answer.parsed.clauses else []
    ids = [hit.resource.pk for hit in found] or page.ids
    described = {
        resource.pk: facts_of(resource)
        for resource in with_record_fields(Resource.objects.published().filter(pk__in=ids))
    }
    by_id = {hit.resource.pk: hit for hit in found}
    return [
        serializers.resource_json(described[pk])
        | {
            "pasajes": [serializers.passage_json(p) for p in by_id[pk].passages]
            if pk in by_id
            else [],
            "mas_pasajes": by_id[pk].more if pk in by_id else 0,
        }
        for pk in ids
        if pk in described
    ]


@api_view
def resource(request: SiteRequest, slug: str) -> HttpResponse:
    """Answer one resource. An old address redirects; a withdrawn resource is 410 with the reason."""
    refuse_bad_parameters(request.GET, {})
    found = with_record_fields(Resource.objects.published()).filter(slug=slug).first()
    if found is not None:
        facts = replace(facts_of(found), text=printable(long_text(found.specific)))
        return as_json(serializers.whole_resource_json(facts))
    return gone_or_moved(slug)


def gone_or_moved(slug: str) -> HttpResponse:
    """Answer for an address without a public resource: redirect, 410 or 404."""
    hidden = Resource.objects.filter(slug=slug).first()
    former = None if hidden else Redirect.find("recursos", slug)
    if former and former.resource and former.resource.is_public:
        return RevalidatedRedirect(absolute(reverse("api-resource", args=[former.resource.slug])))
    hidden = hidden or (former.resource if former else None)
    if hidden and hidden.is_gone:
        raise ApiError(410, f"«{hidden.title}» se retiró. Motivo: {hidden.withdrawn_reason}")
    if former and not former.resource:
        raise ApiError(410, f"«{former.title}» se retiró. Motivo: {former.reason}")
    raise Http404("No hay ningún recurso publicado con ese nombre.")


@api_view
def sections(request: SiteRequest) -> JsonResponse:
    """Answer the sections in their order, with the number of resources in each."""
    refuse_bad_parameters(request.GET, {})
    shown = Q(resources__in=Resource.objects.published())
    found = Section.objects.annotate(n=Count("resources", filter=shown)).order_by("position", "pk")
    listed = [serializers.section_json(shelf_facts(row), row.description, row.n) for row in found]
    return as_json({"secciones": listed})


@api_view
def tags(request: SiteRequest) -> JsonResponse:
    """Answer the tags of published resources."""
    refuse_bad_parameters(request.GET, {})
    found = Tag.objects.carried_by(Resource.objects.published()).order_by("folded")
    return as_json(
        {"etiquetas": [serializers.tag_json(shelf_facts(row), row.uses) for row in found]}
    )


@api_view
def document(request: SiteRequest) -> JsonResponse:
    """Answer the OpenAPI document."""
    refuse_bad_parameters(request.GET, {})
    return as_json(openapi(site_facts(request.site)))


@api_view
def unknown_address(request: SiteRequest, rest: str) -> HttpResponse:
    """Answer 404 in the API's format for an unknown address below it."""
    raise Http404(
        f"La API no tiene nada en esa dirección. Su documentación: {absolute(reverse('api'))}"
    )


@public_page
def documentation(request: SiteRequest) -> HttpResponse:
    """Show the documentation of the API, the exports and their columns, from the OpenAPI document."""
    site = site_facts(request.site)
    contract = openapi(site)
    context = {
        "openapi_version": contract["openapi"],
        "calls": list(calls(contract)),
        "shapes": list(shapes()),
        "parameters": parameters().values(),
        "columns": columns(),
        "problems": TITLES,
        "json_ld": plain_page(absolute(reverse("api")), "Datos abiertos y API", site),
    }
    return render(request, "open/api.html", context)


def refuse_bad_parameters(params: QueryDict, allowed: dict) -> None:
    """Raise ApiError for unknown or invalid parameters."""
    wrong = errors(params, allowed)
    if wrong:
        detail = " ".join(f"«{fault['nombre']}»: {fault['detalle']}" for fault in wrong[:5])
        raise ApiError(400, detail, parametros=wrong, permitidos=list(allowed))


def page_links(params: QueryDict, number: int, pages: int) -> dict[str, str | None]:
    """Return the addresses of the current, first, previous, next and last page."""
    wanted = {
        "esta": number,
        "primera": 1,
        "anterior": number - 1 if number > 1 else None,
        "siguiente": number + 1 if number < pages else None,
        "ultima": pages,
    }
    return {name: page_address(params, page) if page else None for name, page in wanted.items()}


def page_address(params: QueryDict, number: int) -> str:
    """Return the address of one page of the list with `params`."""
    changed = params.copy()
    changed.pop(PAGE, None)
    if number > 1:
        changed[PAGE] = str(number)
    query = changed.urlencode()
    return absolute(reverse("api-resources")) + (f"?{query}" if query else "")


def link_header(links: dict[str, str | None]) -> str:
    """Return the same links as a Link header (RFC 8288)."""
    relations = {"primera": "first", "anterior": "prev", "siguiente": "next", "ultima": "last"}
    return ", ".join(
        f'<{links[name]}>; rel="{relation}"' for name, relation in relations.items() if links[name]
    )


def as_json(body: dict[str, Any]) -> JsonResponse:
    """Return indented JSON with unescaped accents."""
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})
